"""The beginning of the queue as it is opened most, and its counts: asked in words that are made once for all who are
alike. What somebody narrowed further is put into words each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from firstline.contracts.terms import FAR_AHEAD
from firstline.lib import counting
from firstline.lib.asked_often import GivenMoment
from firstline.people import asking
from firstline.people.models import Person
from firstline.tickets import lists
from firstline.tickets.lists import Filters, Moment, Page
from firstline.tickets.models import Ticket

HOUR = timedelta(hours=1)
MOST = 200  # with different columns
_USUAL = frozenset({"line", "mine"})
_AT, _TONIGHT, _LATER = GivenMoment("at"), GivenMoment("tonight"), GivenMoment("later")

# What a row says of this person and of others, at a moment.
Beside = Callable[[Person, Moment], Mapping[str, Combinable]]
_pages: dict[tuple[Filters, tuple[str, ...]], asking.OfSomebody[dict[str, Any]]] = {}


def is_usual(asked: Filters) -> bool:
    """Whether nothing but a line and one's own was asked for: that many ways to ask there are, and no more."""
    given = asked.given()
    return given.keys() <= _USUAL and given.get("line", "1") in {"1", "2", "3"} and given.get("mine", "1") == "1"


def page(person: Person, asked: Filters, columns: tuple[str, ...], at: datetime, beside: Beside) -> Page:
    """The first page. `beside` must be the same function at each call."""
    key = asked, columns
    if key not in _pages:
        if len(_pages) >= MOST:
            _pages.clear()

        def wording(somebody: Person) -> QuerySet[Ticket, dict[str, Any]]:
            return lists.rows_of(somebody, asked, "", columns, more=beside(somebody, _AT))

        _pages[key] = asking.OfSomebody(wording)
    return lists.paged(_pages[key].all(person, at=at), asked)


def counts(person: Person, asked: Filters, at: datetime, tonight: datetime) -> dict[str, int]:
    """How many tickets each group of due times has, up to 99+, in one statement."""
    kind = asking.kind_of(person) if is_usual(asked) else None
    if kind is None:
        return counting.up_to_99(_wanted(person, asked, at, tonight, max(at + HOUR, tonight)))
    return _COUNTS.asked(
        (kind, asked), asking.stand_in(person), asked, _AT, _TONIGHT, _LATER,
        stands=asking.STANDS, asks=person.pk, at=at, tonight=tonight, later=max(at + HOUR, tonight),
    )  # fmt: skip


def _wanted(person: Person, asked: Filters, at: Moment, tonight: Moment, later: Moment) -> dict[str, QuerySet[Ticket]]:
    """The moments are given, or stand for those that will be. `later` begins when the hour and the day are over."""
    hour = at + HOUR
    rows = lists.found(person, asked, at)
    if not asked.by_due or asked.q:  # words are looked for row by row: once is enough
        return {"all": rows}
    return {
        "all": rows,
        "overdue": rows.filter(queue_at__lte=at),
        "hour": rows.filter(queue_at__gt=at, queue_at__lte=hour),
        "today": rows.filter(queue_at__gt=hour, queue_at__lt=tonight),
        "later": rows.filter(queue_at__gte=later, queue_at__lt=FAR_AHEAD),
        "stopped": rows.filter(queue_at__gte=FAR_AHEAD),
    }


_COUNTS = counting.Counts(_wanted)
