"""What a ticket was weighed by, so that its place in the queue can be explained in words."""

from __future__ import annotations

from django.db import models

from firstline.tickets.models import Ticket


class Weighed(models.Model):
    """As of `at`, when the ticket had this `version`. `penalty` is what the first late hour costs."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.PROTECT, related_name="weighed")
    version = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    penalty = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    chance = models.FloatField()
    left_minutes = models.PositiveIntegerField()
    is_old = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.at}"
