"""Where a ticket goes: what is known of it, what an administrator asks, the first rule that holds. Pure.

A condition names a fact and the values that it may have (negated: may not have); all conditions of a rule must hold,
and one without conditions holds for every ticket. `NONE` stands for a fact that is missing. Because a condition is a
set of values, it can be said before saving that a rule never holds, or never comes to its turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

NONE = "none"
MOST_CONDITIONS, MOST_VALUES, LONGEST_VALUE = 12, 30, 60
NAMED = ("client", "service", "category", "site")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED: dict[str, tuple[str, ...]] = {
    "type": ("incident", "service_request", "order", "change", "fault", "question", "complaint"),
    "priority": ("1", "2", "3", "4"),
    "channel": ("email", "portal", "phone", "sms", "web", "walk_up", "api"),
    "language": ("ru", "bg", "uk", "en", "de", NONE),
    "vip": ("yes", "no"),
    "day": DAYS,
}
SEVERAL = ("skill", "calendar")  # a ticket may need two skills, and lie inside the hours of two calendars
FIELDS = (*NAMED, *CLOSED, *SEVERAL, "time")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)")
_VALUE = re.compile(r"[\w.:-]+")


class Broken(Exception):
    """A rule that cannot be asked: it was written by another version, or by hand."""


@dataclass(frozen=True)
class Facts:
    """What can be asked of a ticket. `minute`, `day`: on the desk's clock. `calendars`: those whose hours it is now."""

    client: str = NONE
    service: str = NONE
    category: str = NONE
    site: str = NONE
    type: str = "incident"
    priority: str = "3"
    channel: str = "email"
    language: str = NONE
    vip: str = "no"
    day: str = "mon"
    minute: int = 0
    skill: frozenset[str] = field(default_factory=frozenset)
    calendar: frozenset[str] = field(default_factory=frozenset)


class Condition(NamedTuple):
    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Rule:
    number: int
    name: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The first rule that holds, if one does; and those that could not be asked, with why."""

    rule: Rule | None = None
    broken: tuple[tuple[Rule, str], ...] = ()


def decide(rules: Iterable[Rule], facts: Facts) -> Decision:
    broken: list[tuple[Rule, str]] = []
    for rule in rules:
        try:
            if holds(rule, facts):
                return Decision(rule, tuple(broken))
        except (Broken, TypeError, ValueError, AttributeError) as problem:
            broken.append((rule, str(problem)[:200] or type(problem).__name__))
    return Decision(None, tuple(broken))


def holds(rule: Rule, facts: Facts) -> bool:
    """Raises Broken."""
    if len(rule.conditions) > MOST_CONDITIONS:
        raise Broken("too many conditions")
    return all(_is_met(condition, facts) is not condition.negated for condition in rule.conditions)


def _is_met(condition: Condition, facts: Facts) -> bool:
    name, values = condition.field, condition.values
    if name not in FIELDS or not values:
        raise Broken(f"no such condition: {name}")
    if name == "time":
        return any(facts.minute in minutes_of(value) for value in values)
    if name in SEVERAL:
        has: frozenset[str] = getattr(facts, name)
        return not has.isdisjoint(values) or (NONE in values and not has)
    return getattr(facts, name) in values


def minutes_of(span: str) -> frozenset[int]:
    """The minutes of the day of "22:00-06:00". Raises Broken."""
    found = _SPAN.fullmatch(span)
    if found is None:
        raise Broken(f"no time of day: {span[:40]}")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if start < end <= 1440:
        return frozenset(range(start, end))
    if end < start:
        return frozenset(range(start, 1440)) | frozenset(range(end))
    raise Broken(f"no time of day: {span[:40]}")


# ---- what an administrator is told before he saves -------------------------------------------------


def problems(conditions: Sequence[Condition]) -> list[tuple[int, str, str]]:
    """What is wrong with these conditions, as (place, field, problem); nothing where a rule can be made of them."""
    found: list[tuple[int, str, str]] = []
    if len(conditions) > MOST_CONDITIONS:
        found.append((MOST_CONDITIONS, "field", f"at most {MOST_CONDITIONS} conditions"))
    for place, condition in enumerate(conditions[:MOST_CONDITIONS]):
        if condition.field not in FIELDS:
            found.append((place, "field", f"one of {', '.join(FIELDS)}"))
        elif problem := _values_problem(condition):
            found.append((place, "values", problem))
    return found


def _values_problem(condition: Condition) -> str:
    if not condition.values:
        return "empty"
    if len(condition.values) > MOST_VALUES:
        return f"at most {MOST_VALUES} values"
    if condition.field == "time":
        return "" if all(_is_span(value) for value in condition.values) else "a time of day such as 22:00-06:00"
    if known := CLOSED.get(condition.field):
        return "" if set(condition.values) <= set(known) else f"one of {', '.join(known)}"
    if any(len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value) for value in condition.values):
        return "unknown"
    return ""


def _is_span(value: str) -> bool:
    try:
        return bool(minutes_of(value))
    except Broken:
        return False


class Region(NamedTuple):
    """The values of one fact under which a rule can hold: those in `only` (None: any), without those in `out`."""

    only: frozenset[str | int] | None
    out: frozenset[str | int]

    @property
    def is_empty(self) -> bool:
        return self.only is not None and not self.only - self.out


def never(rule: Rule) -> str:
    """The fact because of which the rule can hold for no ticket; empty where it can. Raises Broken."""
    for name, region in _regions(rule).items():
        if region.is_empty:
            return name
    for name in SEVERAL:
        asked = [condition for condition in rule.conditions if condition.field == name]
        barred = {value for one in asked if one.negated for value in one.values}
        if any(not one.negated and set(one.values) <= barred for one in asked):
            return name
    return ""


def shadowed_by(rule: Rule, above: Iterable[Rule]) -> Rule | None:
    """The rule above that takes every ticket for which this one would hold. Raises Broken."""
    mine = _regions(rule)
    return next((other for other in above if _covers(other, rule, mine)), None)


def _covers(other: Rule, rule: Rule, mine: Mapping[str, Region]) -> bool:
    """Whether whatever `rule` holds for, `other` holds for too."""
    try:
        wide = _regions(other)
        if never(other):
            return False
    except Broken:
        return False
    if not all(name in mine and _is_within(mine[name], region) for name, region in wide.items()):
        return False
    own = [condition for condition in rule.conditions if condition.field in SEVERAL]
    return all(
        any(_follows(one, asked) for one in own) for asked in other.conditions if asked.field in SEVERAL
    )  # fmt: skip


def _follows(one: Condition, asked: Condition) -> bool:
    if (one.field, one.negated) != (asked.field, asked.negated):
        return False
    return set(asked.values) <= set(one.values) if one.negated else set(one.values) <= set(asked.values)


def _is_within(inner: Region, outer: Region) -> bool:
    if inner.only is not None:
        left = inner.only - inner.out
        return not left & outer.out and (outer.only is None or left <= outer.only)
    return outer.only is None and outer.out <= inner.out


def _regions(rule: Rule) -> dict[str, Region]:
    """What each fact with one value may be, all conditions on it taken together."""
    found: dict[str, Region] = {}
    for condition in rule.conditions:
        name = condition.field
        if name not in FIELDS:
            raise Broken(f"no such condition: {name}")
        if name in SEVERAL:
            continue
        values: frozenset[str | int] = frozenset(condition.values)
        every: frozenset[str | int] | None = frozenset(CLOSED[name]) if name in CLOSED else None
        if name == "time":
            values = frozenset(minute for value in condition.values for minute in minutes_of(value))
            every = frozenset(range(1440))
        before = found.get(name, Region(every, frozenset()))
        if condition.negated:
            found[name] = Region(before.only, before.out | values)
        else:
            found[name] = Region(values if before.only is None else before.only & values, before.out)
    return found
