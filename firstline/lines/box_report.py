"""What is over its box now, and how boxes were kept: by category and line, never by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from firstline.lines.box_models import BoxStay, Outcome
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.people.roles import Role
from firstline.tickets import queries

MOST = 200
_WHOLE = (F("minutes") + 5 * F("extensions")) * 60
# What a figure counts, by its name in the address of its list.
COUNTED: dict[str, Q] = {
    "stays": Q(),
    "kept": Q(extensions=0, touched__lte=F("minutes") * 60),
    "extended": Q(extensions__gt=0),
    "over": Q(touched__gt=_WHOLE),
    "solved": Q(outcome=Outcome.SOLVED),
    "handed_over": Q(outcome=Outcome.HANDED_OVER),
}


@dataclass(frozen=True)
class Figures:
    """A category on a line over a period."""

    line: int
    category: str
    category_id: int | None
    stays: int
    kept: int
    extended: int
    over: int
    solved: int
    handed_over: int

    @property
    def kept_percent(self) -> int:
        return round(100 * self.kept / self.stays) if self.stays else 0


def over_now(person: Person) -> list[BoxStay]:
    """What is full and not decided, on the lines that he looks after, fullest longest first."""
    rows = _seen(person).filter(left_at__isnull=True, full_at__isnull=False)
    return list(rows.select_related("ticket__assignee", "category").order_by("full_at", "id")[:MOST])


def figures(person: Person, since: datetime, until: datetime) -> list[Figures]:
    """One row a category and line, those with most stays first: one statement."""
    rows = _ended(person, since, until).values("line", "category_id", "category__slug")
    counted = {name: Count("id", filter=wanted) if wanted else Count("id") for name, wanted in COUNTED.items()}
    return [
        Figures(
            row["line"], row["category__slug"] or "", row["category_id"],
            *(row[name] for name in COUNTED),
        )
        for row in rows.annotate(**counted).order_by("-stays", "line", "category__slug")[:MOST]
    ]  # fmt: skip


def stays(person: Person, since: datetime, until: datetime, *, line: int, category: str, what: str) -> list[BoxStay]:
    """The stays behind one number, the newest first."""
    rows = _ended(person, since, until).filter(COUNTED.get(what, Q()), line=line)
    rows = rows.filter(category__slug=category) if category else rows.filter(category__isnull=True)
    return list(rows.select_related("ticket__client", "category").order_by("-left_at", "-id")[:MOST])


def _ended(person: Person, since: datetime, until: datetime) -> QuerySet[BoxStay]:
    return _seen(person).filter(left_at__gte=since, left_at__lt=until, minutes__gt=0)


def _seen(person: Person) -> QuerySet[BoxStay]:
    """Of tickets that he sees; a lead looks after his line and those below. Raises NotAllowed."""
    demand(person, "board")
    rows = BoxStay.objects.filter(queries.on_visible(person))
    return rows.filter(line__lte=person.line or 3) if person.role == Role.LEAD else rows
