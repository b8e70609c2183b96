"""What was found, counted by its properties: a count is a filter to be added, a filter can be taken away."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstline.knowledge.everywhere import Everything
from firstline.people.models import Client, Person
from firstline.search.asking import NAMES, Asked
from firstline.search.words import folded
from firstline.tickets.models import Status
from firstline.web.agent.queue_filters import NAMES as FIELDS
from firstline.web.templatetags.ui import PRIORITIES

MOST = 6


@dataclass(frozen=True)
class Value:
    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Facet:
    label: str
    icon: str
    values: list[Value]


@dataclass(frozen=True)
class Chip:
    name: str
    icon: str
    value: str
    away: str


def facets(found: Everything, typed: str) -> list[Facet]:
    """Those that would narrow what was found; two statements for the names of clients and people."""
    counted = found.tickets.facets
    if found.tickets.count < 2:
        return []
    language = get_language()
    clients = {one.pk: one for one in Client.objects.filter(pk__in=_common(counted["client_id"]))}
    people = {one.pk: one for one in Person.objects.filter(pk__in=_common(counted["assignee_id"]))}
    statuses = {value: str(label) for value, label in Status.choices}
    made = [
        _facet("status", counted["status"], typed, lambda one: (one, statuses[one])),
        _facet("client", counted["client_id"], typed,
               lambda one: (clients[one].slug, clients[one].label(language)) if one in clients else None),
        _facet("line", counted["line"], typed, lambda one: (str(one), _("Line %(line)s") % {"line": one})),
        _facet("priority", counted["priority"], typed, lambda one: (str(one), str(PRIORITIES[one]))),
        _facet("assignee", counted["assignee_id"], typed,
               lambda one: (people[one].login, people[one].name) if one in people
               else ("none", _("nobody")) if one is None else None),
    ]  # fmt: skip
    return [one for one in made if len(one.values) > 1]


def chips(asked: Asked, typed: str) -> list[Chip]:
    """The filters of the question; what is no field of the queue keeps the name it was typed with."""
    made = []
    for name, value in asked.filters.items():
        label, icon = FIELDS.get(name, (name, "filter"))
        made.append(Chip(str(label), icon, _in_words(name, value), _address(_without(typed, name))))
    return made


def _facet(name: str, counted: Counter[Any], typed: str, said: Any) -> Facet:
    label, icon = FIELDS[name]
    values = []
    for one, count in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))[:MOST]:
        known = said(one)
        if known is not None:
            values.append(Value(known[1], count, _address(f"{_without(typed, name)} {name}:{known[0]}".strip())))
    return Facet(str(label), icon, values)


def _common(counted: Counter[Any]) -> list[Any]:
    return [one for one, _count in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))[:MOST] if one]


def _without(typed: str, name: str) -> str:
    """The question without a filter, in whichever language that was typed."""
    kept = [
        word for word in re.findall(r'[^\W\d_]+:"[^"]*"|\S+', typed) if NAMES.get(folded(word.split(":")[0])) != name
        or ":" not in word
    ]  # fmt: skip
    return " ".join(kept)


def _in_words(name: str, value: str) -> str:
    if name == "status":
        return {choice: str(label) for choice, label in Status.choices}.get(value, value)
    if name == "priority" and value in {"1", "2", "3", "4"}:
        return str(PRIORITIES[int(value)])
    return {"me": _("me"), "none": _("nobody")}.get(value, value) if name == "assignee" else value


def _address(typed: str) -> str:
    return "/desk/search/?" + urlencode({"q": typed}) if typed else "/desk/search/"
