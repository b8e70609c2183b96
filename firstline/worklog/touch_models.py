"""Touch: when who worked in which ticket, and the one timer that a person has."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from firstline.people.models import Person
from firstline.tickets.models import Ticket


class How(models.TextChoices):
    TIMER = "timer"
    CALL = "call"  # a logged call with its length
    WORK = "work"  # logged remote work or calls beyond what the timer saw
    GAP = "gap"  # he said afterwards what he did while the page saw nothing


class Touch(models.Model):
    """A person worked in a ticket from `started_at` to `ended_at`; `line` is the ticket's line then.

    The periods of one person never overlap: the database refuses it (migration 0003). The running one ends at the
    last activity so far.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="touches")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="touches")
    line = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    how = models.CharField(max_length=5, choices=How.choices, default=How.TIMER)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="touch_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["ticket", "started_at"], name="touch_of_ticket"),
            models.Index(fields=["person", "ended_at"], name="touch_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.ticket_id}"


class Timer(models.Model):
    """The one timer of a person. It runs while it has a `touch`; while it `is_on` it follows him from ticket to ticket.

    `pause_at` is when it pauses by itself, if nothing more is heard. `paused_at` is when it stopped counting,
    `gap_from` and `gap_until` what he is asked about.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="timer")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    touch = models.OneToOneField(Touch, null=True, on_delete=models.PROTECT, related_name="timer")
    is_on = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    pause_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    gap_from = models.DateTimeField(null=True)
    gap_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(touch__isnull=True)
                | Q(is_on=True, ticket__isnull=False, seen_at__isnull=False, pause_at__isnull=False),
                name="runs_in_a_ticket",
            )
        ]
        indexes = [models.Index(fields=["pause_at"], name="timer_to_pause", condition=Q(touch__isnull=False))]

    def __str__(self) -> str:
        return f"timer of {self.person_id}"

    @property
    def is_running(self) -> bool:
        return self.touch_id is not None


class Correction(models.Model):
    """A period of touch was corrected: by whom, why, and what it was before."""

    touch = models.ForeignKey(Touch, on_delete=models.PROTECT, related_name="corrections")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    was_started_at = models.DateTimeField()
    was_ended_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"correction of {self.touch_id}"
