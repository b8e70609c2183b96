"""Macros in words: what each step does, how far a run came, and what stood in its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.contracts.models import Category, Service
from firstline.people.models import Person, Team
from firstline.tickets.handover import Reason
from firstline.tickets.macro_runs import Run
from firstline.tickets.macro_steps import Step
from firstline.web.templatetags.ui import PRIORITIES

# Label and icon of each deed, in the order in which the form offers them.
DEEDS: dict[str, tuple[str | Promise, str]] = {
    "take": (gettext_lazy("Take"), "user"),
    "assign": (gettext_lazy("Assign"), "user-plus"),
    "hand_over": (gettext_lazy("Hand over"), "chevrons-up"),
    "wait": (gettext_lazy("Wait for client or vendor"), "hourglass"),
    "hold": (gettext_lazy("Put on hold"), "pause"),
    "resume": (gettext_lazy("Go on"), "play"),
    "priority": (gettext_lazy("Priority"), "flag"),
    "tag": (gettext_lazy("Tag"), "hash"),
    "service": (gettext_lazy("Service"), "layout-grid"),
    "category": (gettext_lazy("Category"), "tag"),
    "note": (gettext_lazy("Internal note"), "lock"),
    "reply": (gettext_lazy("Answer to the client"), "send"),
    "resolve": (gettext_lazy("Resolve"), "circle-check"),
    "cancel": (pgettext_lazy("ticket", "Cancel"), "circle-x"),
}
WORDS = ("reason", "text", "how", "why", "tried")
Names = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A step as people read it; `more` are the words that it says, `state` done, refused or left, `why` what stands in
    its way."""

    icon: str
    words: str
    more: str = ""
    state: str = ""
    why: str = ""


def names_in(steps: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the steps name, as people read it; a statement a kind of thing that they name."""
    given = list(steps)
    language, names = get_language(), dict[str, str]()
    named = {step["to"] for step in given if step.get("to")}
    logins = [one.partition(":")[2] for one in named if one.startswith("person:")]
    if logins:
        for login, name in Person.objects.filter(login__in=logins).values_list("login", "name"):
            names[f"person:{login}"] = name
    tables: tuple[tuple[str, Any, list[str]], ...] = (
        ("team", Team, [one.partition(":")[2] for one in named if one.startswith("team:")]),
        ("service", Service, [step["service"] for step in given if step.get("service")]),
        ("category", Category, [step["category"] for step in given if step.get("category")]),
    )
    for kind, model, slugs in tables:
        for one in model.objects.filter(slug__in=slugs) if slugs else ():
            names[f"{kind}:{one.slug}"] = one.label(language)
    return names


def line(step: Step, names: Names, *, state: str = "", why: str = "") -> Line:
    """One step: "Assign: Ivan", with the words that it says below."""
    label, icon = DEEDS[step["deed"]]
    what = _what(step, names)
    words = _("{field}: {new}").replace("{field}", str(label)).replace("{new}", what) if what else str(label)
    return Line(icon, words, next((step[name] for name in WORDS if step.get(name)), ""), state, why)


def _what(step: Step, names: Names) -> str:
    deed = step["deed"]
    if deed == "assign":
        return names.get(step["to"], step["to"].partition(":")[2])
    if deed == "hand_over":
        reason = str(Reason(step["because"]).label) if step["because"] in Reason.values else ""
        return _("line {line}, {reason}").replace("{line}", step["line"]).replace("{reason}", reason)
    if deed == "wait":
        return _("the client") if step["for"] == "client" else _("the vendor")
    if deed == "hold":
        return _("{n} h").replace("{n}", step["hours"])
    if deed == "priority":
        return str(PRIORITIES[int(step["priority"])])
    if deed in {"service", "category"}:
        return names.get(f"{deed}:{step[deed]}", step[deed])
    return step.get("tag", "")


def lines_of(run: Run, why: str) -> list[Line]:
    """A run, or what would become of one, step by step. `why` stands at the one that was refused."""
    refused = [run.refused[0]] if run.refused else []
    names = names_in([*run.done, *refused, *run.left])
    return [
        *(line(step, names, state="done") for step in run.done),
        *(line(step, names, state="refused", why=why) for step in refused),
        *(line(step, names, state="left") for step in run.left),
    ]


def stopped(run: Run, why: str) -> str:
    """One sentence: what was done, what was not, and why."""
    made = lines_of(run, why)
    done = "; ".join(one.words for one in made if one.state == "done") or _("nothing")
    left = "; ".join(one.words for one in made if one.state != "done")
    return (
        _("Done: {done}. Not done: {left}. {why}").replace("{done}", done).replace("{left}", left).replace("{why}", why)
    )
