"""The form of a ladder: what a person chose, what is kept, in one shape. A rung is one box; an empty one is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from firstline.lines import ladder, ladder_look, routing_rules
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Ladder
from firstline.lines.ladder_rules import Oddity, Wanted
from firstline.lines.routing import conditions_of
from firstline.lines.rules import Broken
from firstline.people.models import Person, Team
from firstline.people.roles import DESK_SIDE
from firstline.tickets.ordered_rules import Wrong
from firstline.web import ladder_words
from firstline.web.clock_faces import METRICS
from firstline.web.manager import routing_form
from firstline.web.templatetags import ui

Words = str | Promise
MOST_COUNT = 5  # what the page offers; the API takes more
PROBLEMS: dict[str, Words] = {
    "rungs": gettext_lazy("A ladder needs at least one rung."),
    "tell": gettext_lazy("Say for each rung who is told."),
    "channels": gettext_lazy("Say for each rung by which way: mail, SMS, or the page of escalations."),
    "mark": gettext_lazy("Two rungs stand at the same mark: put them into one."),
    "wait": gettext_lazy("The minutes until the next one is told: 1 to 1440."),
}


def moments() -> list[tuple[Words, list[tuple[str, Words]]]]:
    """When a rung speaks, by group."""
    groups: list[tuple[Words, list[tuple[str, Words]]]] = []
    clocks: list[tuple[str, Words]] = [("", _("Any clock")), *METRICS.items()]
    for metric, label in clocks:
        groups.append((label, [(f"clock:{metric}:{one}", f"{label}: {one} %") for one in ladder.SHARES]))
    for what, label in ((ladder.HANDED_OVER, _("Hand-over")), (ladder.REOPENED, _("Reopening"))):
        groups.append((label, [_option(what, n) for n in range(1, MOST_COUNT + 1)]))
    groups.append((_("The ticket"), [_option(what, 1) for what in (ladder.VIP, ladder.COMPLAINT)]))
    return groups


def _option(what: str, mark: int) -> tuple[str, Words]:
    return f"{what}::{mark}", ladder_words.occasion(what, "", mark)


def named() -> dict[str, str]:
    """Teams and people of the desk whom a rung may name."""
    teams = {f"team:{team.slug}": team.label(get_language()) for team in Team.objects.order_by("line", "name")}
    people = Person.objects.filter(is_active=True, role__in=DESK_SIDE).order_by("name")
    return teams | {f"person:{person.login}": person.name for person in people}


def wanted(given: Mapping[str, str], many: Mapping[str, Sequence[str]]) -> Wanted:
    """What the form says. `many` has the boxes that were ticked."""
    conditions = routing_form.wanted(given).conditions
    rungs = []
    for place in range(ladder.MOST_RUNGS):
        what, _colon, rest = given.get(f"r{place}", "").partition(":")
        metric, _colon, mark = rest.partition(":")
        if not what or not (mark.isascii() and mark.isdigit() and len(mark) < 4):
            continue
        more = [one for one in many.get(f"r{place}-more", ()) if one]
        rungs.append(
            Rung(
                what, int(mark), metric, tuple(dict.fromkeys([*many.get(f"r{place}-tell", ()), *more])),
                tuple(many.get(f"r{place}-by", ())), _number(given.get(f"r{place}-priority", "")),
                _number(given.get(f"r{place}-line", "")), given.get(f"r{place}-watch") == "1",
            )
        )  # fmt: skip
    wait = given.get("wait", "").strip()
    return Wanted(
        given.get("name", ""), conditions, rungs, given.get("hours", ""),
        int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0,
        given.get("is_on") == "1", given.get("at_once") == "1",
    )  # fmt: skip


def _number(typed: str) -> int:
    return int(typed) if typed in ("1", "2", "3") else 0


def of_row(row: Ladder) -> Wanted:
    try:
        rungs: Sequence[Rung] = ladder_look.rungs_of(row)
    except Broken:
        rungs = ()
    return Wanted(row.name, conditions_of(row), rungs, row.hours.slug if row.hours else "", row.wait, row.is_on)


def shown(asked: Wanted) -> dict[str, Any]:
    """The fields as the page draws them, with one empty rung to go on."""
    conditions = routing_form.shown(routing_rules.Wanted("", asked.conditions, {}))["rows"]
    rungs = [
        {
            "moment": f"{one.what}:{one.metric}:{one.mark}", "tell": [who for who in one.tell if who in ladder.ROLES],
            "more": [*(who for who in one.tell if who not in ladder.ROLES), ""], "by": one.channels,
            "priority": one.priority, "line": one.line, "watch": one.watch,
        }
        for one in asked.rungs
    ]  # fmt: skip
    empty = {"moment": "", "tell": [], "more": [""], "by": ladder.USUAL, "priority": 0, "line": 0, "watch": False}
    rungs += [empty] * (1 if rungs else 3)
    return {
        "name": asked.name, "is_on": asked.is_on, "hours": asked.hours, "wait": asked.wait, "at_once": asked.at_once,
        "rows": conditions, "rungs": list(enumerate(rungs[: ladder.MOST_RUNGS])),
    }  # fmt: skip


def choices() -> dict[str, Any]:
    """What can be chosen, with its words."""
    of_tickets = routing_form.Choices()
    return {
        "groups": of_tickets.groups(), "moments": moments(), "named": named().items(),
        "who": ladder_words.WHO.items(), "ways": ladder_words.CHANNELS.items(),
        "priorities": [(number, ui.PRIORITIES[number]) for number in (1, 2, 3)],
        "calendars": of_tickets.of["calendar"].items(),
    }  # fmt: skip


def odd(oddity: Oddity) -> str:
    """What is odd about a ladder, in words."""
    words: dict[str, str] = {
        "no_managers": _("There is no manager: where nobody else is left, nobody is told."),
        "no_leads": _("No line has a lead who could be told."),
        "no_layers": _("Nobody is ever on call: outside hours the manager is told instead."),
        "empty_team": _("The team “{what}” has nobody who could be told."),
        "gone": _("“{what}” works here no more."),
    }
    if oddity.kind in words:
        return words[oddity.kind].replace("{what}", oddity.what)
    return routing_form.odd(routing_rules.Oddity(oddity.kind, oddity.what))


def wrong(one: Wrong) -> str:
    field = one.field.rpartition(".")[2]
    if field in PROBLEMS and (field != "mark" or one.problem == "twice") and not one.problem.endswith("unknown"):
        return str(PROBLEMS[field])
    return routing_form.wrong(one)
