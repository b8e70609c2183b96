"""Who looks at a ticket, and up to where he has read it. A table of the tickets app; no history, nobody's event."""

from __future__ import annotations

from django.db import models

from firstline.people.models import Person


class Look(models.Model):
    """One for each person and ticket: `seen` is the newest event that his page has shown, `at` when that page was last
    heard of, `writes_until` how long he counts as writing there."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="looks")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="looks")
    seen = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    writes_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "ticket"], name="one_look_a_person")]
        indexes = [models.Index(fields=["ticket", "at"], name="look_of_ticket")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.ticket_id}"
