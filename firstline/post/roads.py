"""The roads out (a mailbox's own server, or EMAIL_URL; the gateway of a number; a push service), and whether one is
open.

After three failures in a row nothing is tried on a road for a while: a server in trouble is not hammered, and the
deliveries that wait for it lose no attempt (research/reliability_security.md F5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import CharField

from firstline.lib.asked_often import Given, Question
from firstline.post.mime import plain_line
from firstline.post.models import Account, Delivery, Gateway, Outlet
from firstline.post.transports.failures import Failure, Temporary, Uncertain

OF_PUSHES = "push:"  # a push service's road begins so
FAILURES_IN_A_ROW = 3
CLOSED_FOR = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))


class Line(Protocol):
    """An open road: what a transport gives."""

    def send(self, sender: str, to: str, raw: bytes) -> str:
        """The server's answer. Raises Temporary, Permanent, Uncertain."""

    def close(self) -> None:
        """Never fails."""


@dataclass(frozen=True)
class Road:
    """`name` is the mailbox whose server it is, "" for EMAIL_URL; an empty `url` is the folder outgoing/. With a
    `gateway` it is that of text messages, called `sms:NAME`."""

    name: str
    url: str = field(repr=False)
    account: Account | None = None
    gateway: Gateway | None = None


def address_of(delivery: Delivery) -> str:
    """The address it is sent from, and answers come back to."""
    return delivery.account.address if delivery.account else settings.FIRSTLINE_MAIL_FROM


def outlet_name(account: Account) -> str:
    """The name of the road a mailbox sends by."""
    return account.address if account.smtp else ""


def road_from(account: Account | None) -> Road:
    """The road of a mailbox, or of who has none."""
    if account is not None and account.smtp:
        return Road(account.address, account.smtp, account)
    return Road("", settings.EMAIL_URL)


def closed_until(road: Road, at: datetime) -> datetime | None:
    """Until when nothing may be tried on the road, or None."""
    outlet = _OUTLET.first(address=road.name)
    return outlet.closed_until if outlet and outlet.closed_until and outlet.closed_until > at else None


def remember(road: Road, outcome: str | Failure, at: datetime) -> None:
    """Opens the road after anything that the server took or refused in order; closes it after failures in a row."""
    if not (isinstance(outcome, Temporary | Uncertain) and outcome.of_the_road):
        before = _OUTLET.first(address=road.name)
        if before is not None and before.failures:
            Outlet.objects.filter(pk=before.pk).update(failures=0, closed_until=None, problem="", problem_since=None)
        return
    outlet, _ = Outlet.objects.get_or_create(address=road.name)
    outlet.failures += 1
    outlet.problem = plain_line(outcome.answer)[:300]
    outlet.problem_since = outlet.problem_since or at
    over = outlet.failures - FAILURES_IN_A_ROW
    if over >= 0:
        outlet.closed_until = at + CLOSED_FOR[min(over, len(CLOSED_FOR) - 1)]
    outlet.save()


_OUTLET = Question(lambda: Outlet.objects.filter(address=Given("address", CharField())))


def problems() -> list[Outlet]:
    """The roads on which nothing passes now, for /readyz; but those of pushes, which whoever has a browser names, and
    which nobody here can mend."""
    troubled = Outlet.objects.filter(failures__gte=FAILURES_IN_A_ROW)
    return list(troubled.exclude(address__startswith=OF_PUSHES).order_by("address"))
