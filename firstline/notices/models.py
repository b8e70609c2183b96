"""What people of the desk were told inside the program."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from firstline.people.models import Person
from firstline.tickets.models import Event, Ticket


class Notice(models.Model):
    """One person was told of one event. `in_inbox`: it stands in his inbox until he has read it. `awaits`: it waits for
    his digest, `held` no longer than until his shift begins; `digest` is the delivery that took it along. `once`: of
    what goes on and on there is one row with these words (telling.tell_once)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    in_inbox = models.BooleanField(default=True)
    awaits = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    digest = models.BigIntegerField(null=True, blank=True)
    once = models.CharField(max_length=200, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["once"], name="one_notice_a_key", condition=Q(once__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["person", "ticket", "id"], name="notice_unread",
                         condition=Q(read_at__isnull=True, in_inbox=True)),
            models.Index(fields=["person", "ticket", "-id"], name="notice_of_person", condition=Q(in_inbox=True)),
            models.Index(fields=["person", "id"], name="notice_awaits", condition=Q(awaits=True)),
            models.Index(fields=["digest"], name="notice_in_digest", condition=Q(digest__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class LetterText(models.Model):
    """The house's own words in a letter that the product writes; `notices.texts` puts them in. `body` is paragraphs
    with a blank line between."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    headline = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="one_text_a_letter_and_language")]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
