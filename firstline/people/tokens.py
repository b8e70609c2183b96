"""Keys to the API. The secret is shown once and never stored; what is stored recognises it and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Q

from firstline.audit import trail
from firstline.lib import tokens
from firstline.lib.asked_often import Given, Question
from firstline.people.models import ApiToken, Person

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
PREFIX = "fl_"  # lets secret scanners find a key that was pasted where it should not be
LONGEST_SECRET = 200
_TOLD_EVERY = timedelta(minutes=1)
_IN_FORCE = Question(
    lambda: ApiToken.objects.select_related("person__client", "person__team").filter(
        hash=Given("hash", CharField()), revoked_at__isnull=True, person__is_active=True
    )
)


class UnknownScope(Exception):
    """Not one of SCOPES."""


def create(
    person: Person, *, at: datetime, by: Person | None, scopes: Sequence[str] = SCOPES, note: str = ""
) -> tuple[ApiToken, str]:
    """A new key with the rights of `person`, and its secret. `by` None: from the command line. Raises UnknownScope."""
    if not scopes or (unknown := set(scopes) - set(SCOPES)):
        raise UnknownScope(", ".join(sorted(unknown)) if scopes else "no scope")
    secret = PREFIX + tokens.new_token()
    with transaction.atomic():
        token = ApiToken.objects.create(
            person=person,
            hash=tokens.hashed(secret),
            scopes=[scope for scope in SCOPES if scope in scopes],
            note=note[:120],
            created_at=at,
        )
        trail.note(
            at=at,
            actor=by.actor if by else "system",
            action="token created",
            target=f"person:{person.pk}",
            token=token.pk,
            scopes=token.scopes,
        )
    return token, secret


def find(secret: str, *, at: datetime) -> ApiToken | None:
    """The key with this secret, with its person (and his client and team), or None: unknown, revoked, person not
    active.

    Notes when it was used, at most once a minute.
    """
    if not secret or len(secret) > LONGEST_SECRET or not secret.isascii():
        return None
    token = _IN_FORCE.first(hash=tokens.hashed(secret))
    if token is not None and token.person.client is not None and token.person.client.closed_at is not None:
        return None
    if token is not None and (token.used_at is None or at - token.used_at >= _TOLD_EVERY):
        lately = Q(used_at__isnull=True) | Q(used_at__lte=at - _TOLD_EVERY)
        ApiToken.objects.filter(lately, pk=token.pk).update(used_at=at)
        token.used_at = at
    return token


def revoke(token: ApiToken, *, by: Person | None, at: datetime) -> None:
    """From now on it opens nothing. The row stays, so that the audit trail can name it."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
            trail.note(
                at=at,
                actor=by.actor if by else "system",
                action="token revoked",
                target=f"person:{token.person_id}",
                token=token.pk,
            )
