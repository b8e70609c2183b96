"""What is open, in the groups and the order that somebody chose: keyset pages over several columns.

By due time and by cost the queue walks its own indexes (lists.page). Any other arrangement sorts what is open and fits
the filters: the page costs by the number of open tickets, never by that of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from firstline.people import queue_columns
from firstline.people.models import Person
from firstline.tickets import lists, statuses
from firstline.tickets.lists import Filters, Page
from firstline.tickets.models import Ticket

GROUPS = ("due", "priority", "status", "assignee", "client", "line", "service", "none")
ORDERS = ("due", "cost", "priority", "created", "activity", "number", "client")
BY_NAME = ("assignee", "client", "service")
Key = tuple[Combinable, bool]  # what is compared, and whether the greater stands first
Borders = tuple[datetime, datetime, datetime, datetime]  # now, in an hour, tonight, when no clock runs


@dataclass(frozen=True)
class Arrangement:
    """`group` empty: as the order has it (by due time its own groups, by cost its reasons, else none)."""

    group: str = ""
    order: str = "due"

    @classmethod
    def of(cls, given: Mapping[str, Any], person: Person) -> Arrangement:
        """What the address or a view says, else what the person chose; an unknown word is no wish."""
        group, order = str(given.get("group", "")), str(given.get("order", ""))
        if group not in GROUPS and order not in ORDERS:
            group, order = person.queue_group, person.queue_order or "due"
        return cls(group if group in GROUPS else "", order if order in ORDERS else "due")

    @staticmethod
    def words(given: Mapping[str, Any]) -> dict[str, str]:
        """What of these words of an address is a wish for an arrangement, its columns with it."""
        known = {"group": GROUPS, "order": ORDERS}
        words = {name: str(given[name]) for name, values in known.items() if given.get(name) in values}
        columns = queue_columns.of_words(str(given.get("columns") or ""))
        return words if columns == queue_columns.DEFAULT else words | {"columns": ",".join(columns)}

    @staticmethod
    def columns(given: Mapping[str, Any], person: Person) -> tuple[str, ...]:
        """What the address or a view says, else what the person chose."""
        if words := given.get("columns"):
            return queue_columns.of_words(str(words))
        return queue_columns.chosen(person.queue_columns)

    @property
    def is_of_the_index(self) -> bool:
        """Whether the queue's own index has this order: by due time in its groups, by cost."""
        return (self.order == "due" and self.group in {"", "due"}) or (self.order == "cost" and not self.group)


def page(
    person: Person,
    asked: Filters,
    arrangement: Arrangement,
    cursor: str,
    columns: Sequence[str],
    *,
    borders: Borders,
    more: Mapping[str, Combinable],
    size: int = lists.PAGE,
) -> Page:
    """One page of what is open; a cursor that is none begins at the beginning."""
    keys = [*_group_keys(arrangement.group, borders), *_order_keys(arrangement.order)]
    names = [f"key{number}" for number in range(len(keys))]
    rows = lists.found(person, asked, borders[0]).annotate(**more)
    rows = rows.annotate(**{name: key for name, (key, _down) in zip(names, keys, strict=True)})
    place = _read(cursor, arrangement)
    if place is not None:
        rows = rows.filter(_after(names, [down for _key, down in keys], place))
    order = [f"-{name}" if down else name for name, (_key, down) in zip(names, keys, strict=True)]
    got = list(rows.order_by(*order).values("id", "queue_at", "rank", *columns, *more, *names)[: size + 1])
    last = got[size - 1] if len(got) > size else None
    return Page(got[:size], _written([last[name] for name in names], arrangement) if last else "")


def in_group(rows: QuerySet[Ticket], group: str, row: Mapping[str, Any], borders: Borders) -> QuerySet[Ticket]:
    """Of these tickets those of the group in which the row stands."""
    if group == "due":
        at, hour, tonight, far = borders
        ranges = (
            {"queue_at__lte": at}, {"queue_at__gt": at, "queue_at__lte": hour},
            {"queue_at__gt": hour, "queue_at__lte": tonight}, {"queue_at__gt": max(hour, tonight), "queue_at__lt": far},
            {"queue_at__gte": far},
        )  # fmt: skip
        return rows.filter(**ranges[_bucket_of(row["queue_at"], borders)])
    if group in BY_NAME:
        return rows.filter(**{group: row[f"{group}_id"]} if row[f"{group}_id"] else {f"{group}__isnull": True})
    return rows.filter(**{group: row[group]})


def key_of(group: str, row: Mapping[str, Any], borders: Borders) -> Any:
    """What the rows of one group have in common."""
    if group == "due":
        return _bucket_of(row["queue_at"], borders)
    return row[f"{group}_id"] if group in BY_NAME else row.get(group)


def _bucket_of(due: datetime, borders: Borders) -> int:
    at, hour, tonight, far = borders
    if due >= far:
        return 4
    return 0 if due <= at else 1 if due <= hour else 2 if due <= tonight else 3


def _group_keys(group: str, borders: Borders) -> list[Key]:
    if group == "due":
        at, hour, tonight, far = borders
        bucket = Case(
            When(queue_at__gte=far, then=Value(4)), When(queue_at__lte=at, then=Value(0)),
            When(queue_at__lte=hour, then=Value(1)), When(queue_at__lte=tonight, then=Value(2)), default=Value(3),
            output_field=IntegerField(),
        )  # fmt: skip
        return [(bucket, False)]
    if group == "status":
        steps = [When(status=status, then=Value(number)) for number, status in enumerate(statuses.ALL)]
        return [(Case(*steps, default=Value(len(steps)), output_field=IntegerField()), False)]
    if group in BY_NAME:
        return [(Coalesce(f"{group}__name", Value("")), False), (Coalesce(f"{group}_id", Value(0)), False)]
    return [(F(group), False)] if group in {"priority", "line"} else []


def _order_keys(order: str) -> list[Key]:
    if order == "number":
        return [(F("id"), True)]
    keys: dict[str, list[Key]] = {
        "due": [(F("queue_at"), False)],
        "cost": [(F("rank"), False)],
        "priority": [(F("priority"), False), (F("queue_at"), False)],
        "created": [(F("created_at"), False)],
        "activity": [(F("updated_at"), True)],
        "client": [(Coalesce("client__name", Value("")), False), (F("queue_at"), False)],
    }
    return [*keys[order], (F("id"), False)]


def _after(names: Sequence[str], down: Sequence[bool], place: Sequence[Any]) -> Q:
    """Behind the place, as a comparison of the first key in which a row differs from it."""
    behind = Q()
    for name, greater_first, value in reversed(list(zip(names, down, place, strict=True))):
        beyond = Q(**{f"{name}__{'lt' if greater_first else 'gt'}": value})
        behind = beyond | (Q(**{name: value}) & behind) if behind else beyond
    return behind


def _salt(arrangement: Arrangement) -> str:
    return f"queue {arrangement.group} {arrangement.order}"


def _written(values: Sequence[Any], arrangement: Arrangement) -> str:
    """Signed, and good for this arrangement alone: nobody compares a name with a moment."""
    plain = [["t", value.isoformat()] if isinstance(value, datetime) else ["v", value] for value in values]
    return signing.dumps(plain, salt=_salt(arrangement), compress=True)


def _read(cursor: str, arrangement: Arrangement) -> list[Any] | None:
    if not cursor or len(cursor) > 2_000:
        return None
    try:
        plain = signing.loads(cursor, salt=_salt(arrangement))
    except signing.BadSignature:
        return None
    return [datetime.fromisoformat(value) if kind == "t" else value for kind, value in plain]
