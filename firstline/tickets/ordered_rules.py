"""Rules that an administrator writes and that are asked one after the other: what the rules for mail and those of
routing have in common. Each kind has its own conditions, and its own words for what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.db.models import Max
from django.utils.text import slugify

from firstline.audit import trail
from firstline.lib import clock

LONGEST_NAME = 120


class OrderedRule(models.Model):
    """`conditions` are dicts of the kind's Condition. `problem` says why it could not be asked or applied: the request
    was taken all the same (architecture.md, rule 4)."""

    AUDITED_AS: ClassVar[str]

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    position = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    conditions = models.JSONField(default=list)
    changed_at = models.DateTimeField(default=clock.now)
    problem = models.CharField(max_length=300, blank=True, default="")
    problem_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


Rule = TypeVar("Rule", bound=OrderedRule)


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with a rule: its field (`name`, `conditions[0].value` …) and what."""

    field: str
    problem: str


class WrongRule(Exception):
    def __init__(self, found: Sequence[Wrong]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.problem}" for one in found))
        self.found = list(found)


def name_of(typed: str, found: list[Wrong]) -> str:
    """The name as it is kept; what is wrong with it goes to `found`."""
    name = " ".join(typed.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        found.append(Wrong("name", f"longer than {LONGEST_NAME} characters" if name else "empty"))
    return name


def keep(make: Callable[[], Rule], *, then: Mapping[str, Any], by: str, at: datetime, slug: str = "") -> Rule:
    """What `make` gives, kept; a new one stands last. `by` is the actor of the audit trail. Raises what `make` does."""
    with transaction.atomic():
        made = make()
        rows, is_new = type(made)._default_manager, made.pk is None
        if is_new:
            made.slug = slug or _free_slug(made)
            made.position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
        made.changed_at, made.problem, made.problem_since = at, "", None
        made.save()
        _note(
            made, "rule made" if is_new else "rule changed", by, at, conditions=made.conditions,
            then={key: str(value) for key, value in then.items() if value}, is_on=made.is_on,
        )  # fmt: skip
    return made


def move(row: OrderedRule, *, up: bool, by: str, at: datetime) -> None:
    """One place up or down; at the end of the list it stays."""
    with transaction.atomic():
        order = list(type(row)._default_manager.select_for_update().order_by("position", "id"))
        here = next(place for place, one in enumerate(order) if one.pk == row.pk)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        stand_in_order(order)
        _note(row, "rule moved", by, at, to=there + 1)


def stand_first(model: type[OrderedRule], slugs: Sequence[str]) -> None:
    """Those of a file stand first, in its order; the others behind them, as they stood."""
    places = {slug: place for place, slug in enumerate(slugs)}
    everything = model._default_manager.all()
    stand_in_order(sorted(everything, key=lambda one: (places.get(one.slug, len(slugs)), one.position, one.pk)))


def stand_in_order(order: Iterable[OrderedRule]) -> None:
    for place, one in enumerate(order, start=1):
        if one.position != place:
            type(one)._default_manager.filter(pk=one.pk).update(position=place)


def switch(row: OrderedRule, *, on: bool, by: str, at: datetime) -> None:
    with transaction.atomic():
        rows = type(row)._default_manager.filter(pk=row.pk)
        rows.update(is_on=on, changed_at=at, problem="", problem_since=None)
        _note(row, "rule on" if on else "rule off", by, at)


def take_away(row: OrderedRule, *, by: str, at: datetime) -> None:
    """What it did stays on the tickets, with its name."""
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).delete()
        _note(row, "rule taken away", by, at, name=row.name)


def _note(row: OrderedRule, action: str, by: str, at: datetime, **data: Any) -> None:
    trail.note(at=at, actor=by, action=action, target=f"{row.AUDITED_AS}:{row.slug}", **data)


def _free_slug(row: OrderedRule) -> str:
    start = slugify(row.name)[:50] or "rule"
    taken = set(type(row)._default_manager.filter(slug__startswith=start).values_list("slug", flat=True))
    return next(
        slug for slug in (start, *(f"{start}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken
    )
