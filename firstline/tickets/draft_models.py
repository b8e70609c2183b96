"""Words that are not said yet: what somebody types, and what goes out in a moment. Tables of the tickets app."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.blobs.models import Blob
from firstline.people.models import Person


class DraftMode(models.TextChoices):
    REPLY = "reply"
    NOTE = "note"
    CALL = "call"


class Draft(models.Model):
    """One for each person, ticket and mode, as long as it is being written; nobody else reads it.

    `revision` grows with every save; whoever saves says on which one he wrote. `window` is the window that wrote last;
    what another window had written, and this one had not seen, lies in `overtaken`. With `send_at` it is on its way: it
    is said then, by `how`, as if the ticket were still the one that he had `seen`. `stopped` is why it was not.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="drafts")
    mode = models.CharField(max_length=5, choices=DraftMode.choices)
    body = models.TextField(blank=True, default="")
    is_html = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=40, blank=True, default="")
    overtaken = models.JSONField(default=list, blank=True)
    saved_at = models.DateTimeField()
    seen = models.BigIntegerField(null=True, blank=True)
    how = models.CharField(max_length=10, blank=True, default="")
    send_at = models.DateTimeField(null=True, blank=True)
    stopped = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ticket", "mode"], condition=Q(send_at__isnull=True), name="one_draft_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["send_at"], name="draft_to_send", condition=Q(send_at__isnull=False)),
            models.Index(fields=["person", "ticket"], name="draft_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} of {self.person_id} on {self.ticket_id}"


class DraftFile(models.Model):
    """A file that will go with the words. `inline`: a picture that stands within them."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    inline = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
