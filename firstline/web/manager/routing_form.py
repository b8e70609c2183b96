"""The form of a routing rule: what a person chose, what is kept, in one shape.

A row of it is one property with one value, chosen whole ("client=north"); only a time of day is typed. Rows with the
same property belong together: one of them is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.assets.models import Site
from firstline.calendars.models import Calendar
from firstline.contracts.models import Category, Service
from firstline.lib.language import LANGUAGES
from firstline.lines.routing import conditions_of
from firstline.lines.routing_models import RoutingRule, Strategy
from firstline.lines.routing_rules import Oddity, Wanted
from firstline.lines.rules import NONE, Condition
from firstline.people.models import Client, Person, Team
from firstline.people.roles import SOLVERS
from firstline.roster.models import Skill
from firstline.tickets.models import Channel, Type
from firstline.tickets.ordered_rules import Wrong
from firstline.web.templatetags import ui

ROWS = 20
Words = str | Promise
FIELDS: dict[str, Words] = {
    "client": gettext_lazy("Client"),
    "service": gettext_lazy("Service"),
    "category": gettext_lazy("Category"),
    "site": gettext_lazy("Site"),
    "type": gettext_lazy("Type"),
    "priority": gettext_lazy("Priority"),
    "channel": gettext_lazy("Channel"),
    "language": gettext_lazy("Language of the words"),
    "vip": gettext_lazy("VIP"),
    "skill": gettext_lazy("Skill that it needs"),
    "calendar": gettext_lazy("Inside the hours of"),
    "day": gettext_lazy("Day of the week"),
    "time": gettext_lazy("Time of day"),
}
DAYS: dict[str, Words] = {
    "mon": gettext_lazy("Monday"), "tue": gettext_lazy("Tuesday"), "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"), "fri": gettext_lazy("Friday"), "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}  # fmt: skip
NOTHING = pgettext_lazy("routing", "not given")
LEVELS: dict[int, Words] = {
    1: gettext_lazy("knows a little at least"),
    2: gettext_lazy("knows it well at least"),
    3: gettext_lazy("others ask him"),
}
PROBLEMS: dict[str, Words] = {
    "name": gettext_lazy("Give the rule a name, at most 120 characters."),
    "a line, a team or a person is needed": gettext_lazy("Say where it goes: a line, a team or a person."),
    "the team stands on another line": gettext_lazy("The team stands on another line."),
    "not somebody who solves tickets": gettext_lazy("This is not somebody who solves tickets."),
    "a line is needed: the person has no team": gettext_lazy("The person has no team: choose a line or a team."),
    "a time of day such as 22:00-06:00": gettext_lazy("A time of day is written as 22:00-06:00."),
}


class Choices:
    """What can be chosen, with its words; asked of the database once."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, Words]] = {
            "client": _labels(Client), "service": _labels(Service), "category": _labels(Category),
            "site": _labels(Site), "type": dict(Type.choices),
            "priority": {str(number): words for number, words in ui.PRIORITIES.items()},
            "channel": dict(Channel.choices),
            "language": {**dict(LANGUAGES), "uk": _("Ukrainian"), "de": _("German"), NONE: _("cannot be told")},
            "vip": {"yes": _("yes"), "no": _("no")}, "skill": _labels(Skill), "calendar": _calendars(), "day": DAYS,
        }  # fmt: skip
        for name in ("client", "service", "category", "site"):
            self.of[name] |= {NONE: NOTHING}
        self.teams = {team.slug: team for team in Team.objects.all()}
        self.people = {
            person.login: person for person in Person.objects.filter(is_active=True, role__in=SOLVERS).order_by("name")
        }

    def groups(self) -> list[tuple[Words, list[tuple[str, Words]]]]:
        """The options of a row, by property."""
        made = [
            (FIELDS[name], [(f"{name}={value}", words) for value, words in values.items()])
            for name, values in self.of.items()
            if values
        ]
        return [*made, (FIELDS["time"], [("time", _("between (on the desk’s clock) …"))])]

    def said(self, condition: Condition) -> str:
        """A condition as people read it."""
        names = self.of.get(condition.field, {})
        values = _(", or ").join(str(names.get(value, value)) for value in condition.values)
        pattern = _("{field}: not {value}") if condition.negated else _("{field}: {value}")
        return pattern.replace("{field}", str(FIELDS.get(condition.field, condition.field))).replace("{value}", values)

    def where(self, row: RoutingRule) -> str:
        """Where a rule sends, in one sentence."""
        team = row.team or (row.person.team if row.person and row.line is None else None)
        line = team.line if team else row.line
        parts = [_("line {n}").replace("{n}", str(line))] if line else []
        parts += [team.label(get_language())] if team else []
        if row.person is not None:
            return ", ".join([*parts, row.person.name])
        parts.append(str(Strategy(row.strategy).label))
        if row.skill is not None:
            parts.append(f"{row.skill.label(get_language())} ({LEVELS[row.level]})")
        if row.sticks:
            parts.append(_("the same requester to the same person"))
        return ", ".join(parts)


def _labels(model: Any) -> dict[str, Words]:
    return {row.slug: row.label(get_language()) for row in model.objects.all()}


def _calendars() -> dict[str, Words]:
    return {row.slug: row.name for row in Calendar.objects.order_by("name")}


def odd(oddity: Oddity) -> str:
    """What is odd about a rule, in words."""
    what = {
        "never": _("It can hold for no ticket: its conditions on “{what}” contradict each other."),
        "shadowed": _("It never comes to its turn: “{what}” above takes all of these tickets."),
        "alone": _("Nobody there can be given a ticket: the team has no people who solve tickets."),
        "full": _("Nobody can be given anything: the limit of open tickets is 0 ({what})."),
        "unskilled": _("Nobody there knows it well enough: {what}."),
        "broken": _("It cannot be asked: {what}"),
    }[oddity.kind]
    name = str(FIELDS.get(oddity.what, oddity.what)) if oddity.kind == "never" else oddity.what
    return what.replace("{what}", name)


def wrong(one: Wrong) -> str:
    if one.problem.startswith("never: "):
        return odd(Oddity("never", one.problem.removeprefix("never: ")))
    words = PROBLEMS.get(one.problem) or PROBLEMS.get(one.field)
    return (
        str(words) if words else _("{field}: {problem}").replace("{field}", one.field).replace("{problem}", one.problem)
    )


# ---- the form ---------------------------------------------------------------------------------------


def wanted(given: Mapping[str, str]) -> Wanted:
    """What the form says; empty rows are none, rows of one property are one condition."""
    found: dict[tuple[str, bool], list[str]] = {}
    for place in range(ROWS):
        whole, negated = given.get(f"c{place}", ""), given.get(f"c{place}-not") == "1"
        name, _equals, value = whole.partition("=")
        if name == "time":
            value = given.get(f"c{place}-time", "").replace(" ", "").replace("–", "-")
        if name:
            found.setdefault((name, negated), []).append(value)
    conditions = [Condition(name, tuple(dict.fromkeys(values)), negated) for (name, negated), values in found.items()]
    then: dict[str, Any] = {name: given.get(name, "").strip() for name in ("team", "person", "strategy", "skill")}
    for name in ("line", "level"):
        typed = given.get(name, "")
        then[name] = int(typed) if typed in ("1", "2", "3") else None
    then["sticks"] = given.get("sticks") == "1"
    return Wanted(given.get("name", ""), conditions, then, given.get("is_on") == "1")


def of_row(row: RoutingRule) -> Wanted:
    then = {
        "line": row.line, "team": row.team.slug if row.team else "", "person": row.person.login if row.person else "",
        "strategy": row.strategy, "skill": row.skill.slug if row.skill else "", "level": row.level,
        "sticks": row.sticks,
    }  # fmt: skip
    return Wanted(row.name, conditions_of(row), then, row.is_on)


def shown(asked: Wanted) -> dict[str, Any]:
    """The fields as the page draws them, with two empty rows to go on."""
    rows = [
        {
            "whole": "time" if one.field == "time" else f"{one.field}={value}",
            "time": value if one.field == "time" else "",
            "negated": one.negated,
        }
        for one in asked.conditions
        for value in one.values
    ]
    rows += [{"whole": "", "time": "", "negated": False} for _row in range(2 if rows else 3)]
    return {"name": asked.name, "is_on": asked.is_on, "rows": list(enumerate(rows[:ROWS])), "then": dict(asked.then)}
