"""Lists of tickets: what is asked for, in which order, page by page.

Pages are keyset pages: the cursor is the place of the last row (`queue_at` and number, or the number alone), so that
the thousandth page costs what the first does, and a row that comes in between is neither shown twice nor skipped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from firstline.lib import clock, numbered
from firstline.lib.asked_often import GivenMoment
from firstline.lib.spelling import spellings
from firstline.people.models import Person
from firstline.tickets import queries, statuses, swarm
from firstline.tickets.models import Event, Kind, Ticket

PAGE = 50
# Said as IN, because Django writes `= True` as a bare column, which SQLite looks up in no index.
OPEN, DONE = Q(is_open__in=[True]), Q(is_open__in=[False])
NOBODYS = Value(0)  # no client has this number
WAITING = (statuses.WAITING_FOR_CLIENT, statuses.WAITING_FOR_VENDOR, statuses.ON_HOLD)
GROUPS_OF_STATUSES: dict[str, tuple[str, ...]] = {"waiting": WAITING, "done": tuple(sorted(statuses.DONE))}
_RANKED = re.compile(r"^w(-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:e[-+]?[0-9]{1,2})?)w([0-9]{1,15})$")
_MOST_WORDS = 6
_MINUTES = re.compile(r"^[1-9][0-9]{0,4}$")
LATELY = timedelta(hours=8)  # a shift
Moment = datetime | GivenMoment
HAPPENS = (Kind.HANDED_OVER, Kind.RETURNED, Kind.REOPENED)


@dataclass(frozen=True)
class Filters:
    """The words of the address bar. Empty means: not asked for. `status` empty means everything open, "any" everything;
    "waiting" and "done" are groups. `assignee` is a login, "me" or "none"; `category` a slug or "none". `handed`: by
    him; `called`: he was called in. `due` is "overdue" or a number of minutes within which it will be; `lately` what
    happened to it within LATELY."""

    status: str = ""
    line: str = ""
    team: str = ""
    assignee: str = ""
    client: str = ""
    priority: str = ""
    category: str = ""
    mine: str = ""
    handed: str = ""
    called: str = ""
    due: str = ""
    lately: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """From a query string; what is too long to be meant is cut."""
        return cls(
            **{field.name: str(asked.get(field.name, "")).replace("\x00", "").strip()[:200] for field in fields(cls)}
        )

    def given(self) -> dict[str, str]:
        """What was asked for, without what is empty."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def without(self, name: str) -> Filters:
        return replace(self, **{name: ""})

    @property
    def by_due(self) -> bool:
        """Whether the list is ordered by due time; what is done is listed newest first."""
        return self.status not in {"any", "done", *statuses.DONE}


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursor of the next, if there is one."""

    rows: list[dict[str, Any]]
    next_cursor: str


def found(person: Person, asked: Filters, at: Moment | None = None) -> QuerySet[Ticket]:
    """The tickets that the person may see and asked for, not yet ordered. `at`: the moment of `due` and `lately`; now,
    if not given."""
    return narrowed(in_order(person), asked, person, at)


def narrowed(
    rows: QuerySet[Ticket], asked: Filters, person: Person | None, at: Moment | None = None
) -> QuerySet[Ticket]:
    """Of these tickets those that were asked for. `person` None is nobody: nothing is his.

    A number is its ticket, whatever the other filters say; digits that are no ticket's number are words of a subject.
    """
    if number := numbered.read(asked.q):
        named = rows.filter(pk=number[0])
        if number[1] or named.exists():
            return named
    if asked.called and not asked.status:
        rows = rows.filter(status__in=sorted(statuses.OPEN))  # not OPEN: his invitations lead, not all that is open
    else:
        rows = _with_status(rows, asked.status)
    if asked.mine or asked.assignee == "me":
        rows = rows.filter(assignee=person)
    elif asked.assignee == "none":
        rows = rows.filter(assignee__isnull=True)
    elif asked.assignee:
        rows = rows.filter(assignee__login=asked.assignee)
    if asked.handed:
        rows = rows.filter(contact_owner=person).exclude(assignee=person)
    if asked.called:
        rows = rows.filter(pk__in=swarm.works_along(person))
    if asked.category == "none":
        rows = rows.filter(category__isnull=True)
    for name, column in (("line", "line"), ("priority", "priority")):
        if value := getattr(asked, name):
            rows = rows.filter(**{column: int(value)}) if value in {"1", "2", "3", "4"} else rows.none()
    for name in ("team", "client", "category"):
        value = getattr(asked, name)
        if value and value != "none":
            rows = rows.filter(**{f"{name}__slug": value})
    if asked.due or asked.lately:
        rows = _when(rows, asked, at or clock.now())
    for word in asked.q.split()[:_MOST_WORDS]:
        rows = rows.filter(_has(word))
    return rows


def in_order(person: Person) -> QuerySet[Ticket]:
    """The tickets of `queries.visible_to`, said so that the database walks the index of the queue and stops early.

    Asked for the clients themselves, it would collect all tickets of all of them first, and sort. That both are the
    same tickets is watched by tests/tickets/test_lists_show_what_may_be_seen.py.
    """
    if not person.is_active or not person.is_agent or person.sees_all_clients or person.granted:
        return queries.visible_to(person)
    scope = person.scope.through.objects.filter(person=person).values("client_id")
    whose = Coalesce("client_id", NOBODYS)
    return Ticket.objects.alias(whose=whose).filter(Q(whose=NOBODYS) | Q(whose__in=scope))


def page(
    person: Person,
    asked: Filters,
    cursor: str,
    columns: tuple[str, ...],
    size: int = PAGE,
    *,
    by_cost: bool = False,
    more: Mapping[str, Combinable] = MappingProxyType({}),
) -> Page:
    """One page of `values()` of the given columns, and of `more` that a page wants with each. A cursor that is none
    begins at the beginning. `by_cost`: what is open stands by what waiting costs (its rank), not by when it is due."""
    if by_cost and asked.by_due:
        return _page_by_cost(found(person, asked).annotate(**more), cursor, (*columns, *more), size)
    return paged(list(rows_of(person, asked, cursor, columns, size, more=more)), asked, size)


def rows_of(
    person: Person,
    asked: Filters,
    cursor: str,
    columns: tuple[str, ...],
    size: int = PAGE,
    *,
    more: Mapping[str, Combinable] = MappingProxyType({}),
) -> QuerySet[Ticket, dict[str, Any]]:
    """The rows of a page in the order of the index, and one more, which says that there is a next page."""
    rows = _after(found(person, asked).annotate(**more), asked, cursor)
    order = ("queue_at", "id") if asked.by_due else ("-id",)
    wanted: QuerySet[Ticket, dict[str, Any]] = rows.order_by(*order).values("id", "queue_at", *columns, *more)
    return wanted[: size + 1]


def paged(got: list[dict[str, Any]], asked: Filters, size: int = PAGE) -> Page:
    """The page of `rows_of`."""
    last = got[size - 1] if len(got) > size else None
    return Page(got[:size], _cursor_of(last, asked) if last else "")


def _page_by_cost(rows: QuerySet[Ticket], cursor: str, columns: tuple[str, ...], size: int) -> Page:
    place = _RANKED.match(cursor)
    if place is not None:
        rank = float(place[1])
        rows = rows.filter(rank__gte=rank).filter(Q(rank__gt=rank) | Q(id__gt=int(place[2])))
    got = list(rows.order_by("rank", "id").values("id", "queue_at", "rank", *columns)[: size + 1])
    last = got[size - 1] if len(got) > size else None
    return Page(got[:size], f"w{last['rank']!r}w{last['id']}" if last else "")


def _with_status(rows: QuerySet[Ticket], status: str) -> QuerySet[Ticket]:
    if status == "any":
        return rows
    if not status:
        return rows.filter(OPEN)
    wanted = GROUPS_OF_STATUSES.get(status, (status,))
    if not set(wanted) <= statuses.OPEN | statuses.DONE:
        return rows.none()
    return rows.filter(OPEN if wanted[0] in statuses.OPEN else DONE, status__in=wanted)


def _when(rows: QuerySet[Ticket], asked: Filters, at: Moment) -> QuerySet[Ticket]:
    if asked.due == "overdue":
        rows = rows.filter(queue_at__lte=at)
    elif _MINUTES.match(asked.due):
        rows = rows.filter(queue_at__gt=at, queue_at__lte=at + timedelta(minutes=int(asked.due)))
    elif asked.due:
        return rows.none()
    if asked.lately in HAPPENS:
        # Said with `=` for each kind: its own index has nothing else in it.
        rows = rows.filter(
            pk__in=Event.objects.order_by().filter(kind=asked.lately, happened_at__gt=at - LATELY).values("ticket")
        )
    elif asked.lately:
        return rows.none()
    return rows


def _has(word: str) -> Q:
    """A word of the subject."""
    return Q(*[("subject__icontains", spelling) for spelling in spellings(word)], _connector=Q.OR)


def _after(rows: QuerySet[Ticket], asked: Filters, cursor: str) -> QuerySet[Ticket]:
    place = re.fullmatch(r"(?:([0-9]{1,20})-)?([0-9]{1,15})", cursor)
    if place is None:
        return rows
    number = int(place[2])
    if not asked.by_due:
        return rows.filter(id__lt=number)
    if place[1] is None:
        return rows
    try:
        moment = datetime.fromtimestamp(int(place[1]) / 1_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return rows
    return rows.filter(queue_at__gte=moment).filter(Q(queue_at__gt=moment) | Q(id__gt=number))


def _cursor_of(row: dict[str, Any], asked: Filters) -> str:
    if not asked.by_due:
        return str(row["id"])
    since = row["queue_at"] - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return f"{microseconds}-{row['id']}"
