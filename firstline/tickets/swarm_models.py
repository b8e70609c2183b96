"""Who was called into a ticket without moving it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.people.models import Person


class Invitation(models.Model):
    """A colleague works along: he is told of answers and of the solution, until he leaves or it is solved."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="called_into")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "person"], condition=Q(left_at__isnull=True), name="called_in_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.ticket_id}"
