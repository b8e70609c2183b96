"""What can be done with many tickets at once: one verb a deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import QueryDict
from django.utils.translation import get_language

from firstline.contracts.models import Category
from firstline.intake.channels import values
from firstline.intake.taking import REFUSALS
from firstline.knowledge import solutions
from firstline.lib import numbered
from firstline.lib.asked_often import Question
from firstline.lines import card as line_card
from firstline.people.models import Person
from firstline.tickets import (
    assignment,
    handover,
    lifecycle,
    macro_runs,
    macro_steps,
    macros,
    merging,
    properties,
    queries,
)
from firstline.tickets.handover import Reason
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web.agent import people_to_choose
from firstline.web.agent.hand_over import card
from firstline.web.agent.properties import LONGEST_TAG, MOST_TAGS
from firstline.web.agent.queue_filters import Choice
from firstline.web.templatetags.ui import PRIORITIES

Verb = Callable[[Ticket, int | None], Ticket]
TROUBLES = (*REFUSALS, macro_runs.Stopped, OperationalError, InterfaceError)


def of(given: QueryDict, numbers: Sequence[str], *, by: Person, at: datetime) -> tuple[str, Verb]:
    """The deed that the form asks for, ready to be done to a ticket and the version of it that was seen.

    Raises WrongValue where it needs a word that is missing, NotAllowed where no ticket at all is his to do it to.
    """
    deed = given.get("deed", "")
    if deed == "macro":
        return _macro(given, by, at)
    if deed not in DEEDS:
        raise WrongValue("deed", "unknown")
    return deed, DEEDS[deed](given, numbers, by, at)


def _take(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    return lambda ticket, seen: lifecycle.take(ticket, by=by, at=at, seen=seen)


def _assign(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    kind, _colon, name = given.get("to", "").partition(":")
    to, team = people_to_choose.given(name if kind == "person" else "", name if kind == "team" else "")
    if to is None and team is None:
        raise WrongValue("assignee", "one of assignee and team")
    return lambda ticket, seen: assignment.assign(ticket, by=by, at=at, assignee=to, team=team, seen=seen)


def _hand_over(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    asked = given.get("to_line", "")
    line = int(asked) if asked in {"1", "2", "3"} else 0
    tried = _words(given, "tried")

    def verb(ticket: Ticket, seen: int | None) -> Ticket:
        known = card(by, ticket)
        return handover.hand_over(
            ticket, to_line=line, symptom=known["symptom"], tried=f"{known['tried']}\n\n{tried}".strip(),
            impact="", reason=given.get("because", ""), by=by, at=at, seen=seen,
        )  # fmt: skip

    return verb


def _wait(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    reason = _words(given, "reason")
    return lambda ticket, seen: lifecycle.wait(ticket, on="client", reason=reason, by=by, at=at, seen=seen)


def _priority(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    asked = given.get("priority", "")
    if asked not in {"1", "2", "3", "4"}:
        raise WrongValue("priority", "unknown")
    priority = int(asked)
    return lambda ticket, seen: properties.change(ticket, by=by, at=at, seen=seen, priority=priority)


def _category(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    category = values.category(given.get("category", ""))
    return lambda ticket, seen: properties.change(ticket, by=by, at=at, seen=seen, category=category)


def _tag(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    tag = " ".join(_words(given, "tag").replace(",", " ").split())[:LONGEST_TAG]
    if not tag:
        raise WrongValue("tag", "empty")

    def verb(ticket: Ticket, seen: int | None) -> Ticket:
        tags = list(dict.fromkeys([*ticket.tags, tag]))[:MOST_TAGS]
        return properties.change(ticket, by=by, at=at, seen=seen, tags=tags)

    return verb


def _merge(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    """Into the ticket that is named; into the oldest that is ticked, where none is."""
    named = numbered.bare(given.get("into", ""))
    if not named and len(set(numbers)) < 2:
        raise WrongValue("into", "at least two tickets")
    try:
        target = queries.get_for(by, named or min(numbers, key=lambda number: (len(number), number)))
    except NotThere as unknown:
        raise WrongValue("into", "not there") from unknown

    def verb(ticket: Ticket, seen: int | None) -> Ticket:
        # The target is ticked too: it is what the others become, nothing is done to it.
        return ticket if ticket.pk == target.pk else merging.merge(ticket, target, by=by, at=at, seen=seen)

    return verb


def _resolve(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    how = _words(given, "how")

    def verb(ticket: Ticket, seen: int | None) -> Ticket:
        return solutions.resolve_with(ticket, how=how, remote=True, article_slug=None, by=by, at=at, seen=seen)

    return verb


def _cancel(given: QueryDict, numbers: Sequence[str], by: Person, at: datetime) -> Verb:
    why = _words(given, "why")
    return lambda ticket, seen: lifecycle.cancel(ticket, why=why, by=by, at=at, seen=seen)


def _macro(given: QueryDict, by: Person, at: datetime) -> tuple[str, Verb]:
    """One whose run cannot be taken back has a name of its own: no way back is offered."""
    if not given.get("macro"):
        raise WrongValue("macro", "empty")
    macro = macros.get_for(by, given.get("macro", ""))

    def verb(ticket: Ticket, seen: int | None) -> Ticket:
        return macro_runs.run_whole(macro, ticket, by=by, at=at, card=line_card.in_short, seen=seen)

    return "macro" if macro_steps.may_be_undone(macro.steps) else "macro for good", verb


DEEDS: dict[str, Callable[[QueryDict, Sequence[str], Person, datetime], Verb]] = {
    "take": _take,
    "assign": _assign,
    "hand-over": _hand_over,
    "wait": _wait,
    "priority": _priority,
    "category": _category,
    "tag": _tag,
    "merge": _merge,
    "resolve": _resolve,
    "cancel": _cancel,
}


def _words(given: QueryDict, field: str) -> str:
    words = given.get(field, "").strip()
    if not words:
        raise WrongValue(field, "empty")
    return words


_CATEGORIES = Question(lambda: Category.objects.all())


def choices(fields: Sequence[Choice], person: Person) -> dict[str, Any]:
    """What the bar offers: people and teams as the filter form has them, so one statement for the categories."""
    known = {field.name: [(value, words) for value, words, _chosen in field.options if value] for field in fields}
    language = get_language()
    return {
        "people": [one for one in known["assignee"] if one[0] not in {"me", "none"}],
        "teams": known["team"],
        "priorities": list(PRIORITIES.items()),
        "categories": [(one.slug, one.label(language)) for one in _CATEGORIES.all()],
        "lines": [line for line in (1, 2, 3) if line != person.line],
        "reasons": Reason.choices,
    }
