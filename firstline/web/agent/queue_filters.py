"""The filters of the queue in words: chips that can be taken away, and what else may be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from firstline.lib.asked_often import Question
from firstline.people.models import Client, Person, Team
from firstline.people.roles import SOLVERS
from firstline.tickets.lists import Filters
from firstline.tickets.models import Status
from firstline.tickets.view_models import SavedView
from firstline.web import durations
from firstline.web.templatetags.ui import PRIORITIES

NAMES: dict[str, tuple[str | Promise, str]] = {
    "status": (gettext_lazy("Status"), "circle-dot"),
    "line": (gettext_lazy("Line"), "headset"),
    "team": (gettext_lazy("Team"), "users"),
    "assignee": (gettext_lazy("Assignee"), "user"),
    "client": (gettext_lazy("Client"), "building-2"),
    "priority": (gettext_lazy("Priority"), "flag"),
    "category": (gettext_lazy("Category"), "tag"),
    "mine": (gettext_lazy("Assignee"), "user"),
    "handed": (gettext_lazy("Handed over"), "chevrons-up"),
    "called": (gettext_lazy("Works along"), "users"),
    "due": (gettext_lazy("Due"), "timer"),
    "lately": (gettext_lazy("In the last 8 hours"), "history"),
    "q": (gettext_lazy("Words"), "search"),
}


_CLIENTS, _TEAMS = Question(lambda: Client.objects.all()), Question(lambda: Team.objects.all())
_SOLVERS = Question(
    lambda: Person.objects.filter(role__in=sorted(SOLVERS), is_active=True).values_list("login", "name")
)


@dataclass(frozen=True)
class Chip:
    """One filter that is on; `away` is the address without it."""

    name: str
    icon: str
    value: str
    away: str


@dataclass(frozen=True)
class Choice:
    """One field of the filter form; `options` are (value, words, chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


def title_of(asked: Filters) -> str:
    """The heading of the list: of one line, of one person, or of everything."""
    given = asked.given()
    titles = {"1": _("Line 1"), "2": _("Line 2"), "3": _("Line 3")}
    if asked.q:
        return _("Found tickets")
    if set(given) == {"line"} and asked.line in titles:
        return titles[asked.line]
    if set(given) == {"mine"}:
        return _("My tickets")
    if set(given) == {"handed"}:
        return _("Handed over by me")
    if set(given) == {"called"}:
        return _("Where I help")
    if given == {"status": "waiting"}:
        return pgettext("queue", "Waiting")
    if given == {"assignee": "none"}:
        return _("Unassigned")
    if given == {"category": "none"}:
        return _("Without category")
    return _("Tickets") if given else _("All open")


def chips(
    asked: Filters, fields: list[Choice], view: SavedView | None = None, look: Mapping[str, str] = MappingProxyType({})
) -> list[Chip]:
    """Every filter that is on, as a sentence with a way out; the form knows the names of what was chosen. The ways out
    remember the view that they lead away from."""
    origin = {**look, **({"from": str(view.pk)} if view else {})}
    known = {field.name: {value: words for value, words, _chosen in field.options} for field in fields}
    made = []
    for name, value in asked.given().items():
        label, icon = NAMES[name]
        rest = asked.without(name).given() | origin
        away = f"/desk/queue/?{urlencode(rest)}" if rest else "/desk/queue/"
        made.append(Chip(str(label), icon, known.get(name, {}).get(value) or _words(name, value), away))
    return made


def choices(asked: Filters, person: Person) -> list[Choice]:
    """The fields of the filter form: three statements for teams, people and clients."""
    language = get_language()
    clients = _CLIENTS.all() if person.sees_all_clients else person.clients_in_scope
    people = _SOLVERS.all()
    status = [("", _("open")), ("waiting", _("waiting")), ("done", _("done")), ("any", _("all")), *Status.choices]
    fields: list[tuple[str, list[tuple[str, str]]]] = [
        ("status", [(value, str(label)) for value, label in status]),
        ("line", [("", "–"), ("1", _("Line 1")), ("2", _("Line 2")), ("3", _("Line 3"))]),
        ("priority", [("", "–"), *((str(number), str(label)) for number, label in PRIORITIES.items())]),
        ("assignee", [("", "–"), ("me", _("me")), ("none", _("nobody")), *people]),
        ("team", [("", "–"), *((team.slug, team.label(language)) for team in _TEAMS.all())]),
        (
            "due",
            [
                ("", "–"),
                ("overdue", _("Overdue")),
                *((str(n), _within(n)) for n in sorted({60, 240, _number(asked.due)}) if n),
            ],
        ),
        (
            "lately",
            [
                ("", "–"),
                ("handed_over", _("Handed over")),
                ("returned", pgettext("tickets", "Returned")),
                ("reopened", pgettext("tickets", "Reopened")),
            ],
        ),
        ("client", [("", "–"), *((client.slug, client.label(language)) for client in clients)]),
    ]
    return [
        Choice(name, str(NAMES[name][0]), [(value, words, value == getattr(asked, name)) for value, words in options])
        for name, options in fields
    ]


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 6 else 0


def _within(minutes: int) -> str:
    return _("within {time}").replace("{time}", durations.words(minutes))


def _words(name: str, value: str) -> str:
    """What stands in no field of the form: flags, and values that do not exist."""
    if name in {"mine", "called"}:
        return _("me")
    if name == "handed":
        return _("by me")
    return _("none") if value == "none" else value
