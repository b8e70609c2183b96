"""Whose letters out an agent sees: the outbox and its count in the sidebar ask here."""

from __future__ import annotations

from django.db.models import QuerySet

from firstline.people.models import Person
from firstline.people.permissions import may
from firstline.post.models import Delivery


def visible_to(person: Person) -> QuerySet[Delivery]:
    """Newest first. Line 1 and 2 see what leaves by their own team's mailboxes, leads and above see all."""
    rows = Delivery.objects.defer("mime").prefetch_related("tries").order_by("-id")
    if not may(person, "journal"):
        return rows.none()
    if may(person, "journal of all"):
        return rows
    return rows.filter(account__desk__team_id=person.team_id) if person.team_id else rows.none()
