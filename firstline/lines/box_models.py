"""The box of a line: what is set, and each stay of a ticket on a line that has one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from firstline.contracts.models import Category
from firstline.lib.claims import Leased
from firstline.tickets.models import Ticket


class Outcome(models.TextChoices):
    SOLVED = "solved", _("Solved on the line")
    HANDED_OVER = "handed_over", _("Handed over")
    RETURNED = "returned", _("Returned")
    MOVED = "moved", _("Moved without a card")
    CANCELLED = "cancelled", _("Cancelled or merged")


class BoxLimit(models.Model):
    """Minutes of one person's work on a line (0: no box), of a category or (without one) of every other."""

    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="boxes")
    line = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    policy = models.CharField(max_length=10, default="remind")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "line"], name="one_box_a_category"),
            models.UniqueConstraint(fields=["line"], condition=Q(category__isnull=True), name="one_box_a_line"),
            models.CheckConstraint(condition=Q(line__in=[1, 2, 3]), name="box_on_a_line"),
            models.CheckConstraint(condition=Q(minutes__lte=1440), name="box_within_a_day"),
            models.CheckConstraint(condition=Q(policy__in=["remind", "tell_lead", "hand_over"]), name="box_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min on line {self.line}"


class BoxStay(Leased):
    """A ticket is worked in on a line. Begun with the first touch; truth is the touch, `check_at` only finds it.

    `minutes`, `policy` and `category` are those of the last look, `touched` (seconds) of whoever worked longest.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="stays")
    line = models.PositiveSmallIntegerField()
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    minutes = models.PositiveIntegerField(default=0)
    policy = models.CharField(max_length=10, default="remind")
    extensions = models.PositiveIntegerField(default=0)
    hinted_at = models.DateTimeField(null=True, blank=True)
    full_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    touched = models.PositiveIntegerField(default=0)
    check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(left_at__isnull=True), name="one_stay_at_a_time")
        ]
        indexes = [
            models.Index(fields=["check_at", "id"], name="stay_due", condition=Q(check_at__isnull=False)),
            models.Index(fields=["full_at", "id"], name="stay_full", condition=Q(left_at__isnull=True)),
            models.Index(fields=["left_at", "line"], name="stay_left"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} on line {self.line}"
