"""When to come back to a mail server that is in trouble: soon after the first failures, then ever later, never in step.

A server that is hammered blocks us (research/reliability_security.md F5). After three failures in a row it is left
alone for a while that grows, with some chance in it so that many mailboxes of one server do not come back together.
Then it is tried once; any letter or any whole look sets everything back.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db.models import F

from firstline.post.models import Account
from firstline.post.roads import CLOSED_FOR, FAILURES_IN_A_ROW

CHANCE = 0.2  # of a pause, more or less


def pause_after(failures: int, chance: float) -> timedelta | None:
    """How long the server is left alone after so many failures in a row; `chance` is from 0 to 1. None: not at all."""
    over = failures - FAILURES_IN_A_ROW
    if over < 0:
        return None
    return CLOSED_FOR[min(over, len(CLOSED_FOR) - 1)] * (1 - CHANCE + 2 * CHANCE * chance)


def failed(account: Account, at: datetime) -> None:
    """One more failure of the server: no sign-in, no answer, a connection that broke before anything was taken."""
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1)
    account.refresh_from_db(fields=["failures"])
    pause = pause_after(account.failures, random.random())  # noqa: S311 - nobody gains by guessing it
    Account.objects.filter(pk=account.pk).update(closed_until=at + pause if pause else None)


def is_left_alone(account: Account, at: datetime) -> bool:
    """Whether it is not yet time for the next try."""
    return account.closed_until is not None and account.closed_until > at
