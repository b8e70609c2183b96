"""Calls, as a telephone exchange tells of them."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from firstline.people.models import Person
from firstline.post.models import Trunk
from firstline.tickets.models import Event, Ticket


class Call(models.Model):
    """One call of an exchange, by its own id; what was told of it may come in any order. `number` is the other side's
    ("": he hides it), `person` whom it names, `agent` who talks. `ticket` is what the call is about, `event` where it
    was written down there; `settled_by` says that it is about no ticket."""

    trunk = models.ForeignKey(Trunk, on_delete=models.PROTECT, related_name="calls")
    call_id = models.CharField(max_length=100)
    number = models.CharField(max_length=40, blank=True, default="")
    called = models.CharField(max_length=40, blank=True, default="", help_text="the number of ours, as it was told")
    is_ours = models.BooleanField(default=False, help_text="one of us called, or it went from one of us to another")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="phone_calls")
    event = models.OneToOneField(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="phone_call")
    begun_at = models.DateTimeField(help_text="when we first heard of it")
    rang_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    recording_url = models.CharField(max_length=1000, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trunk", "call_id"], name="call_of_exchange")]
        indexes = [
            models.Index(fields=["begun_at"], name="call_begun"),
            models.Index(fields=["agent", "begun_at"], name="call_of_agent"),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id} of {self.trunk_id}"

    @property
    def length(self) -> timedelta | None:
        return None if self.seconds is None else timedelta(seconds=self.seconds)

    @property
    def was_spoken(self) -> bool:
        return self.answered_at is not None or bool(self.seconds)

    @property
    def is_open(self) -> bool:
        """Whether it rings or somebody is talking, as far as was told."""
        return self.ended_at is None and self.missed_at is None

    @property
    def state(self) -> str:
        if self.was_spoken:
            return "talking" if self.ended_at is None else "ended"
        return "ringing" if self.is_open else "missed"


WITHOUT_TICKET = Q(ticket__isnull=True, settled_at__isnull=True)
