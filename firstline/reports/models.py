"""Roll-ups: what lists and charts need and what can be counted again from the events. Nothing here is the truth."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.people.models import Person
from firstline.tickets.models import Ticket


class Position(models.Model):
    """How far a roll-up has read the events (`read_to`), and up to where no older number can appear any more once every
    transaction older than `seen_by` has ended (rollups.settled)."""

    name = models.CharField(max_length=40, primary_key=True)
    read_to = models.BigIntegerField(default=0)
    seen_to = models.BigIntegerField(default=0)
    seen_by = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} has read to {self.read_to}"


class Standing(models.Model):
    """Where a ticket stands, as its events up to the position say (reports.course)."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.PROTECT, related_name="standing")
    is_open = models.BooleanField()
    was_open = models.BooleanField(default=True)
    line = models.PositiveSmallIntegerField()
    line_since = models.DateTimeField()
    assignee = models.CharField(max_length=150, null=True, blank=True, help_text="login")
    unanswered_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["is_open", "line", "line_since"], name="standing_on_line"),
            models.Index(
                fields=["line", "unanswered_since"], name="standing_unanswered",
                condition=Q(unanswered_since__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ticket_id} on line {self.line}"


class Flow(models.Model):
    """How much of one kind (course.MOVES) moved through a line in an hour (its beginning, UTC)."""

    hour = models.DateTimeField()
    line = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "line", "what"], name="one_flow_an_hour")]

    def __str__(self) -> str:
        return f"{self.what} {self.count} on line {self.line}"


class Deed(models.Model):
    """The last thing that somebody of the desk did to a ticket."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="last_deed")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class Hourly(models.Model):
    """The board's numbers of a line as they were in an hour: what the same hour a week later is compared with."""

    hour = models.DateTimeField()
    line = models.PositiveSmallIntegerField()
    numbers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "line"], name="one_note_an_hour")]

    def __str__(self) -> str:
        return f"line {self.line} at {self.hour}"
