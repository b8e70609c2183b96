"""Telling superiors: ladders as they are written, what was said on which ticket and whom it told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from firstline.calendars.models import Calendar
from firstline.lib.claims import Leased
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from firstline.tickets.ordered_rules import OrderedRule


class Ladder(OrderedRule):
    """`conditions` say for which tickets (those of routing), `rungs` are dicts of `ladder.Rung`. `hours`: outside of
    them who is on call is told; without any it is always day. `since`: marks reached before stay unsaid."""

    AUDITED_AS = "ladder"

    rungs = models.JSONField(default=list)
    hours = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    wait = models.PositiveSmallIntegerField(default=15, help_text="minutes until the next layer is called")
    since = models.DateTimeField(null=True, blank=True)


class LadderWatch(Leased):
    """A ticket to look at: `check_at` only finds it. `looked_at`: when it was looked at last."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="ladder_watch")
    check_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["check_at", "ticket"], name="ladder_due", condition=Q(check_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"look at #{self.ticket_id}"


class LadderRound(models.Model):
    """Ladders were changed: every open ticket above this number is still to be looked at. One row, or none."""

    reached = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"round at #{self.reached}"


class Through(models.TextChoices):
    """By which road somebody acknowledged."""

    LETTER = "letter", _("by the link in the letter")
    PAGE = "page", _("on the ticket")
    API = "api", _("by the API")


class Escalation(models.Model):
    """An occasion of which superiors were told (`ladder.Key`), once for a ticket. `marks` are those that were said.

    `call_at`: when the next layer on call is told, unless somebody acknowledges before; `called` are the people who
    were called so far."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="escalations")
    what = models.CharField(max_length=12)
    metric = models.CharField(max_length=20, blank=True, default="")
    number = models.BigIntegerField(default=0)
    ladder = models.ForeignKey(Ladder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120, help_text="of the ladder as it was")
    marks = models.JSONField(default=list)
    said_at = models.DateTimeField(help_text="the last time")
    call_at = models.DateTimeField(null=True, blank=True)
    called = models.JSONField(default=list, blank=True)
    channels = models.JSONField(default=list)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledged"
    )
    through = models.CharField(max_length=6, choices=Through.choices, blank=True, default="")

    class Meta:
        ordering = ["-said_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "what", "metric", "number"], name="one_escalation_an_occasion"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False, call_at__isnull=True),
                name="acknowledged_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="escalation_open", condition=Q(acknowledged_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.metric} of {self.ticket_id}"


class Told(models.Model):
    """One person who was told of an escalation, and by which event last."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="told")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="told_of")
    event = models.BigIntegerField()
    at = models.DateTimeField()
    in_app = models.BooleanField(default=True, help_text="it stands on his page until it is acknowledged")

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["escalation", "person"], name="told_once_an_escalation")]
        indexes = [models.Index(fields=["person", "escalation"], name="told_of_person", condition=Q(in_app=True))]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.escalation_id}"
