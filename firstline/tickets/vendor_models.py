"""What a vendor or the developers were asked about a ticket, with their own number and their own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from firstline.contracts.models import Vendor
from firstline.people.models import Person

if TYPE_CHECKING:
    from firstline.tickets.models import Ticket


class VendorState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("request to a vendor", "Asked")
    ANSWERED = "answered", pgettext_lazy("request to a vendor", "Answered")
    SOLVED = "solved", pgettext_lazy("request to a vendor", "Solved")
    WITHDRAWN = "withdrawn", pgettext_lazy("request to a vendor", "Withdrawn")


OPEN = (VendorState.ASKED, VendorState.ANSWERED)


class VendorRequest(models.Model):
    """A child of its ticket: number 2 of #1042 is "1042-2" in the vendor's mails.

    The due moments are those of the vendor's own terms and calendar, worked out when he was asked; `late_at` is when it
    was noticed that one of them had passed, so that it is said once. `due_at` is the next of them that is still owed.
    """

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="vendor_requests")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="requests")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=VendorState.choices, default=VendorState.ASKED)
    their_number = models.CharField(max_length=60, blank=True, default="")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    response_due_at = models.DateTimeField(null=True, blank=True)
    solution_due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="the first answer")
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="vendor_request_number"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, state__in=["asked", "answered"])
                | Q(closed_at__isnull=False, state__in=["solved", "withdrawn"]),
                name="vendor_request_closed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="vendor_request_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["vendor", "-asked_at"], name="vendor_request_vendor"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What it is called in mails and on pages."""
        return f"{self.ticket_id}-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def belongs_to(self, ticket: Ticket) -> bool:
        return self.ticket_id == ticket.pk
