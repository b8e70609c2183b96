"""The form of a macro: its steps as fields, and the fields as steps again. Works without a script: each change of the
steps is a button that asks for the form anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstline.contracts.models import Category, Service
from firstline.lib.language import CODES
from firstline.people.models import Person, Team
from firstline.people.roles import SOLVERS
from firstline.tickets import macro_steps
from firstline.tickets.handover import Reason
from firstline.web import refusals
from firstline.web.agent.macro_words import DEEDS
from firstline.web.templatetags.ui import PRIORITIES

Options = list[tuple[str, list[tuple[str, str]]]]  # groups of (value, words); a group without a name has no head
SHORT_LINES, LONG_LINES = 2, 5


@dataclass(frozen=True)
class Field:
    """One field of a step. `options` where one chooses, `rows` where one writes more than a line."""

    name: str
    label: str
    value: str
    options: Options = field(default_factory=list)
    rows: int = 0
    is_number: bool = False
    is_needed: bool = True
    problem: str = ""


@dataclass(frozen=True)
class Shown:
    number: int
    deed: str
    label: str
    icon: str
    fields: list[Field]
    is_first: bool
    is_last: bool
    is_new: bool


def names_of(given: QueryDict) -> dict[str, str]:
    return {code: given.get(f"name.{code}", "") for code in CODES}


def steps_of(given: QueryDict) -> list[dict[str, str]]:
    """What was typed, whether it can be kept or not."""
    steps: list[dict[str, str]] = []
    while len(steps) <= macro_steps.MOST and (deed := given.get(f"steps.{len(steps)}.deed")):
        place = f"steps.{len(steps)}"
        typed = {name: given.get(f"{place}.{name}", "") for name in macro_steps.fields_of(deed)}
        steps.append({"deed": deed, **typed})
    return steps


def changed(steps: list[dict[str, str]], do: str, deed: str) -> tuple[list[dict[str, str]], int]:
    """After a button of the steps: add, up.2, down.2, remove.2. And the number of the step that is looked at then."""
    verb, _dot, place = do.partition(".")
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else -1
    made = list(steps)
    if verb == "add" and deed in DEEDS and len(made) < macro_steps.MOST:
        made.append({"deed": deed})
        return made, len(made) - 1
    if not 0 <= number < len(made):
        return made, -1
    if verb == "remove":
        del made[number]
    elif verb in {"up", "down"}:
        to = number + (1 if verb == "down" else -1)
        if 0 <= to < len(made):
            made[number], made[to] = made[to], made[number]
            return made, to
    return made, -1


def shown(
    steps: Sequence[Mapping[str, str]], *, at: int = -1, wrong: str = "", problem: str = ""
) -> tuple[list[Shown], bool]:
    """The steps with their fields; whether the wrong field is one of them."""
    options = _options()
    made, is_there = [], False
    for number, step in enumerate(steps):
        deed = step["deed"]
        fields = [_field(f"steps.{number}", name, step, options, wrong, problem) for name in macro_steps.FIELDS[deed]]
        is_there = is_there or any(one.problem for one in fields)
        label, icon = DEEDS[deed]
        last = len(steps) - 1
        made.append(Shown(number, deed, str(label), icon, fields, number == 0, number == last, number == at))
    return made, is_there


def _field(
    place: str, wanted: str, step: Mapping[str, str], options: Mapping[str, Options], wrong: str, problem: str
) -> Field:
    name = wanted.removeprefix("?")
    rows = LONG_LINES if name in {"text", "how"} else SHORT_LINES if name in macro_steps.LONG else 0
    label = {"to": _("To whom"), "tag": _("Tag")}.get(name) or refusals.label_of(name)
    full = f"{place}.{name}"
    return Field(
        full, label, str(step.get(name, "")), options.get(name, []), rows, name == "hours", name == wanted,
        problem if full == wrong else "",
    )  # fmt: skip


def _options() -> dict[str, Options]:
    """What there is to choose, in four statements."""
    language = get_language()
    people = Person.objects.filter(role__in=SOLVERS, is_active=True).order_by("name").values_list("login", "name")
    teams = [(f"team:{one.slug}", one.label(language)) for one in Team.objects.all()]
    return {
        "to": [(_("People"), [(f"person:{login}", name) for login, name in people]), (_("Teams"), teams)],
        "line": [("", [(str(n), _("Line {line}").replace("{line}", str(n))) for n in (1, 2, 3)])],
        "because": [("", [(value, str(words)) for value, words in Reason.choices])],
        "for": [("", [("client", _("the client")), ("vendor", _("the vendor"))])],
        "priority": [("", [(str(number), str(words)) for number, words in PRIORITIES.items()])],
        "service": [("", [(one.slug, one.label(language)) for one in Service.objects.all()])],
        "category": [("", [(one.slug, one.label(language)) for one in Category.objects.all()])],
    }
