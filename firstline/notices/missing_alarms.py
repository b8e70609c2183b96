"""Administrators and managers are told once of what is not accounted for, in the transaction that remembers it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.intake.models import Missing
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK

NAMED = 5
AT_ONCE = 500
KIND = "not_accounted_for"


def tell(at: datetime) -> None:
    """Asked every minute: one letter a person about everything that nobody was told of yet."""
    with transaction.atomic():
        fresh = list(Missing.objects.select_related("account").filter(told_at__isnull=True).order_by("id")[:AT_ONCE])
        if not fresh or not Missing.objects.filter(pk__in=[one.pk for one in fresh], told_at=None).update(told_at=at):
            return
        named = [[one.sender, one.subject, one.account.address if one.account else ""] for one in fresh[:NAMED]]
        roles = (Role.ADMINISTRATOR, Role.MANAGER)
        for person in Person.objects.filter(role__in=roles, is_active=True).exclude(email=""):
            outbox.put(
                kind=KIND, to=person.email, language=person.language, at=at, person=person.pk,
                data={"count": len(fresh), "named": named, TO_THE_DESK: True},
                unique_key=f"missing:{fresh[0].pk}:{fresh[-1].pk}:{person.pk}",
            )  # fmt: skip
