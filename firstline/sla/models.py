"""How the promise is kept: what each clock of a ticket says, derived from the history and kept for lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.contracts.models import Duty, Metric, PauseReason
from firstline.lib.claims import Leased
from firstline.people.models import Person
from firstline.sla.statement_models import Statement, StatementState, StatementStep, WhatIf
from firstline.tickets.models import Ticket

__all__ = ["Clock", "ClockState", "Standstill", "Statement", "StatementState", "StatementStep", "WhatIf"]


class ClockState(models.TextChoices):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class Clock(Leased):
    """A reading as of the ticket's newest event. Truth is computed again from the events; `check_at` only finds it:
    the next moment at which time alone changes something (warning, breach).

    A clock that comes again and again (next response, update) has a row each time, known by the event that opened it
    (`opened_by`; 0 for the clocks that come once). Only the newest of a metric is not `is_past`; the others are what
    was judged before."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    metric = models.CharField(max_length=20, choices=Metric.choices)
    opened_by = models.BigIntegerField(default=0)
    is_past = models.BooleanField(default=False)
    target_minutes = models.PositiveIntegerField()
    calendar = models.CharField(max_length=60, help_text="slug")
    hours = models.PositiveIntegerField(null=True, blank=True, help_text="the calendar's version that it was read by")
    state = models.CharField(max_length=10, choices=ClockState.choices)
    is_over = models.BooleanField(default=False, help_text="answered, solved or cancelled: it does not run on")
    stands = models.BooleanField(default=False, help_text="broken, and in a pause when it was read")
    started_at = models.DateTimeField()
    read_at = models.DateTimeField(help_text="the moment that the reading is of")
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    consumed_seconds = models.BigIntegerField(default=0)
    verdict_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True, help_text="when the last warning was recorded")
    warned_shares = models.JSONField(default=list, blank=True, help_text="of the warnings that were recorded")
    inner_at = models.DateTimeField(null=True, blank=True, help_text="when the stage has used its share")
    inner_stage = models.CharField(max_length=10, blank=True, default="")
    inner_warned = models.JSONField(default=list, blank=True, help_text="stages whose share was used up")
    recorded_at = models.DateTimeField(null=True, blank=True, help_text="when the breach was recorded")
    excused = models.JSONField(null=True, blank=True)
    check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "metric", "opened_by"], name="one_clock_a_time")]
        indexes = [models.Index(fields=["check_at", "id"], name="clock_due", condition=Q(check_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.metric} of {self.ticket_id}"


class Standstill(Leased):
    """A stretch in which a ticket waited, as its event said; kept for lists and for what is due while it lasts.

    `seconds_left`: what was left of the resolution's time when it began, None where nothing was promised. `ordinal`:
    the how many-th of its ticket. `steps_done` and `next_at` are where the plan for a silent client stands
    (sla.waiting_plan).
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="standstills")
    event = models.BigIntegerField(unique=True)
    status = models.CharField(max_length=20)
    reason = models.ForeignKey(PauseReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True, default="")
    party = models.CharField(max_length=15)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ordinal = models.PositiveIntegerField(default=1)
    seconds_left = models.BigIntegerField(null=True, blank=True)
    duty = models.ForeignKey(Duty, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    duty_due_at = models.DateTimeField(null=True, blank=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    warned = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-began_at", "-id"]
        indexes = [
            models.Index(fields=["next_at", "id"], name="standstill_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["ticket"], name="standstill_now", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["-began_at", "-id"], name="standstill_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} waits since {self.began_at}"
