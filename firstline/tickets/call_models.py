"""Calls that the client's side asks for, and tickets that come from a known outage."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.contracts.models import Outage
from firstline.people.models import Person


class CallWish(models.Model):
    """Somebody of the client wants to be called: at `wished_at`, or as soon as it can be. One stands at a time; it is
    settled by a call that reached him, or did not."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="call_wishes")
    phone = models.CharField(max_length=40)
    wished_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reached = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(settled_at__isnull=True), name="one_call_wished"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, reached__isnull=True)
                | Q(settled_at__isnull=False, reached__isnull=False),
                name="call_settled_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"call about {self.ticket_id}"


class FromOutage(models.Model):
    """The ticket comes from this outage: whoever looks at one sees the other."""

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="from_outage")
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="tickets")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id} from {self.outage_id}"
