"""How often something may be tried in a while: guessing passwords, asking for mails, sending forms without an account.

Counted in the database, so that every process and machine counts together, and by the desk's clock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from firstline.people.models import Spent


class TooOften(Exception):
    """The limit is reached; tried again it may be from `until` on (429)."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until.isoformat()}")
        self.until = until


@dataclass(frozen=True)
class Limit:
    """At most `times` within `window`, counted from the first time."""

    name: str
    times: int
    window: timedelta


SIGN_IN_HERE = Limit("sign-in", 5, timedelta(minutes=10))  # one login from one address: wrong passwords only
SIGN_IN_ADDRESS = Limit("sign-in-address", 40, timedelta(minutes=10))  # one address, any login
SIGN_IN_LOGIN = Limit("sign-in-login", 30, timedelta(hours=1))  # one login, any address: many machines guess together
MAIL_TO = Limit("mail-to", 3, timedelta(hours=1))  # letters that a stranger can have sent to somebody
MAIL_ADDRESS = Limit("mail-address", 10, timedelta(hours=1))
FORM_ADDRESS = Limit("form-address", 10, timedelta(hours=1))  # forms without an account


def spend(limit: Limit, who: str, at: datetime) -> int:
    """Counts once and returns how many are left. Raises TooOften where there was none left; that is not counted."""
    with transaction.atomic():
        row, fresh = Spent.objects.get_or_create(
            key=_key(limit, who), defaults={"count": 1, "until": at + limit.window}
        )
        if fresh:
            return limit.times - 1
        if row.until <= at:
            Spent.objects.filter(pk=row.pk).update(count=1, until=at + limit.window)
            return limit.times - 1
        if not Spent.objects.filter(pk=row.pk, count__lt=limit.times).update(count=F("count") + 1):
            raise TooOften(row.until)
        return limit.times - row.count - 1


def check(limit: Limit, who: str, at: datetime) -> None:
    """Raises TooOften where nothing is left, without counting."""
    row = Spent.objects.filter(key=_key(limit, who)).first()
    if row is not None and row.until > at and row.count >= limit.times:
        raise TooOften(row.until)


def forgive(limit: Limit, who: str) -> None:
    """Forgets what was counted: the right password was given."""
    Spent.objects.filter(key=_key(limit, who)).delete()


def forget_old(at: datetime) -> int:
    """Deletes what is over; returns how many rows. A job runs it."""
    return Spent.objects.filter(until__lte=at).delete()[0]


def _key(limit: Limit, who: str) -> str:
    """Addresses and logins are kept as a hash: the table tells nobody who tried."""
    return f"{limit.name}:{hashlib.sha256(who.strip().lower().encode()).hexdigest()[:40]}"
