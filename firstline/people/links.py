"""Links that work once: to sign in, to accept an invitation, to set a new password. Only their hash is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from firstline.audit import trail
from firstline.lib import tokens
from firstline.people.models import OneTimeLink, Person

LOGIN = "login"
SUPPORT = "support"
INVITATION = "invitation"
RESET = "reset"
LIFETIMES = {
    LOGIN: timedelta(minutes=15),
    SUPPORT: timedelta(minutes=15),
    INVITATION: timedelta(days=7),
    RESET: timedelta(hours=2),
}
_PAGES = {LOGIN: "link", SUPPORT: "support", INVITATION: "invitation", RESET: "password/reset"}


class LinkRefused(Exception):
    """Unknown, used, over, or for something else: which of them is never told."""


def make(person: Person, purpose: str, at: datetime, lifetime: timedelta | None = None) -> str:
    """A fresh secret for this person and purpose (LOGIN, SUPPORT, INVITATION, RESET), by default for its usual time."""
    token = tokens.new_token()
    with transaction.atomic():
        OneTimeLink.objects.create(
            person=person,
            purpose=purpose,
            hash=tokens.hashed(token),
            created_at=at,
            expires_at=at + (lifetime or LIFETIMES[purpose]),
        )
        trail.note(at=at, actor="system", action="link_made", target=f"person:{person.pk}", purpose=purpose)
    return token


def url(token: str, purpose: str) -> str:
    """The full address of the page that uses the link."""
    return f"{settings.FIRSTLINE_BASE_URL}/account/{_PAGES[purpose]}/{token}/"


def peek(token: str, purpose: str, at: datetime) -> Person:
    """Whose link it is, without using it up: mail scanners open links too. Raises LinkRefused."""
    link = (
        OneTimeLink.objects.filter(hash=tokens.hashed(token), purpose=purpose)
        .select_related("person__client", "person__team")
        .first()
    )
    if link is None or not link.is_open(at) or not link.person.is_active:
        raise LinkRefused
    if link.person.client is not None and link.person.client.closed_at is not None:
        raise LinkRefused
    return link.person


def use(token: str, purpose: str, at: datetime) -> Person:
    """Uses the link up; of two at the same moment one succeeds. Raises LinkRefused."""
    with transaction.atomic():
        person = peek(token, purpose, at)
        if not OneTimeLink.objects.filter(hash=tokens.hashed(token), used_at__isnull=True).update(used_at=at):
            raise LinkRefused
        trail.note(at=at, actor=person.actor, action="link_used", target=f"person:{person.pk}", purpose=purpose)
    return person


def void(person: Person, at: datetime) -> None:
    """Every open link of the person is over: he has set a new password, has another address, or left."""
    void_all([person], at)


def void_all(people: Sequence[Person], at: datetime) -> None:
    """The same for several at once."""
    OneTimeLink.objects.filter(person__in=people, used_at__isnull=True).update(used_at=at)
