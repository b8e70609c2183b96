"""What was answered on the form of a service."""

from __future__ import annotations

from django.db import models

from firstline.contracts.models import ServiceForm


class FormAnswers(models.Model):
    """The answers that a ticket began with, and the version of the form that asked: neither changes any more. Its first
    event says the same; this is the summary for pages. `values` as in contracts.form_answers."""

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="answers")
    form = models.ForeignKey(ServiceForm, on_delete=models.PROTECT, related_name="answered")
    values = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"answers of {self.ticket_id}"
