"""A macro is run on a ticket: its steps one after the other, each the verb that its page calls, with the runner's own
rights. A step that is refused ends the run; what was done before it stays done, and is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from firstline.contracts.models import Category, Service
from firstline.people.models import Person
from firstline.tickets import (
    assignment,
    conversation,
    handover,
    lifecycle,
    macros,
    properties,
    sharing,
    statuses,
    template_words,
    templates,
)
from firstline.tickets.history import because
from firstline.tickets.macro_models import Macro
from firstline.tickets.macro_steps import LONG, Step
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from firstline.tickets.permissions import NotAllowed
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue

REFUSALS = (NotAllowed, NotThere, WrongStatus, WrongValue, ChangedSince, AlreadyMerged)
MOST_TAGS = 20
# The symptom and what was tried, as the hand-over card has them: the lines know (lines.card), the ticket does not.
Card = Callable[[Ticket], tuple[str, str]]


@dataclass(frozen=True)
class Run:
    """What became of a run: the ticket as it is now, the steps that were done (their words filled in), the one that was
    refused and why, and those that were not come to."""

    ticket: Ticket
    done: list[Step] = field(default_factory=list)
    refused: tuple[Step, Exception] | None = None
    left: list[Step] = field(default_factory=list)


class Stopped(Exception):
    """A run on one of many tickets was refused on its way; `run` says how far it came."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"stopped after {len(run.done)} steps")
        self.run = run


def run(macro: Macro, ticket: Ticket, *, by: Person, at: datetime, card: Card, seen: int | None = None) -> Run:
    """Each step in a transaction of its own; every event says which macro it came of. `seen` is asked of the first
    step: what follows is the runner's own doing."""
    made = _steps(macro, ticket, by=by, at=at, card=card, seen=seen)
    sharing.used(macro)
    return made


def run_whole(macro: Macro, ticket: Ticket, *, by: Person, at: datetime, card: Card, seen: int | None = None) -> Ticket:
    """The same where one of many is meant: raises the refusal of the first step, Stopped where a later one is
    refused."""
    made = run(macro, ticket, by=by, at=at, card=card, seen=seen)
    if made.refused is not None:
        if not made.done:
            raise made.refused[1]
        raise Stopped(made)
    return made.ticket


def preview(macro: Macro, ticket: Ticket, *, by: Person, at: datetime, card: Card) -> Run:
    """What would become of it: the run itself, of which nothing stays."""
    made = Run(ticket)
    try:
        with transaction.atomic():
            made = _steps(macro, ticket, by=by, at=at, card=card, seen=None)
            raise _NothingStays
    except _NothingStays:
        return made


class _NothingStays(Exception):
    pass


def _steps(macro: Macro, ticket: Ticket, *, by: Person, at: datetime, card: Card, seen: int | None) -> Run:
    held, done = ticket, list[Step]()
    cause = {"id": macro.pk, "name": macro.name, "run": uuid4().hex}
    for number, step in enumerate(macro.steps):
        said = _filled(step, held, by)
        try:
            with because(macro=cause):
                held = _do(said, held, by=by, at=at, card=card, seen=seen if number == 0 else None)
        except REFUSALS as refusal:
            return Run(held, done, (said, refusal), list(macro.steps[number + 1 :]))
        done.append(said)
    return Run(held, done)


def _filled(step: Step, ticket: Ticket, by: Person) -> Step:
    """With the variables of this ticket in its words."""
    if not LONG & set(step):
        return step
    values = templates.values_of(ticket, by)
    return {name: template_words.filled(text, values) if name in LONG else text for name, text in step.items()}


def _do(step: Step, ticket: Ticket, *, by: Person, at: datetime, card: Card, seen: int | None) -> Ticket:
    if step["deed"] == "hand_over":
        symptom, tried = card(ticket)
        return handover.hand_over(
            ticket, to_line=int(step["line"]), symptom=symptom, tried=f"{tried}\n\n{step.get('tried', '')}".strip(),
            impact="", reason=step["because"], by=by, at=at, seen=seen,
        )  # fmt: skip
    return VERBS[step["deed"]](step, ticket, {"by": by, "at": at, "seen": seen})


def _assign(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
    to, team = macros.somebody(step["to"])
    if to is None and team is None:
        raise WrongValue("to", "unknown")
    return assignment.assign(ticket, assignee=to, team=team, **how)


def _wait(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
    return lifecycle.wait(ticket, on=step["for"], reason=step["reason"], **how)


def _hold(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
    return lifecycle.hold(ticket, until=how["at"] + timedelta(hours=int(step["hours"])), reason=step["reason"], **how)


def _tag(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
    tags = list(dict.fromkeys([*ticket.tags, step["tag"]]))
    if len(tags) > MOST_TAGS:
        raise WrongValue("tag", f"at most {MOST_TAGS} tags")
    return properties.change(ticket, tags=tags, **how)


def _named(model: Any, field: str) -> Callable[[Step, Ticket, dict[str, Any]], Ticket]:
    def verb(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
        found = model.objects.filter(slug=step[field]).first()
        if found is None:
            raise WrongValue(field, "unknown")
        return properties.change(ticket, **{field: found}, **how)

    return verb


def _resolve(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
    return lifecycle.resolve(ticket, how=step["how"], remote=True, **how)[0]


def _resume(step: Step, ticket: Ticket, how: dict[str, Any]) -> Ticket:
    if ticket.status == statuses.IN_PROGRESS:
        return ticket
    return lifecycle.resume(ticket, by=how["by"], at=how["at"])


VERBS: dict[str, Callable[[Step, Ticket, dict[str, Any]], Ticket]] = {
    "take": lambda step, ticket, how: lifecycle.take(ticket, **how),
    "assign": _assign,
    "wait": _wait,
    "hold": _hold,
    "resume": _resume,
    "priority": lambda step, ticket, how: properties.change(ticket, priority=int(step["priority"]), **how),
    "tag": _tag,
    "service": _named(Service, "service"),
    "category": _named(Category, "category"),
    "note": lambda step, ticket, how: conversation.note(ticket, Words(text=step["text"]), **how),
    "reply": lambda step, ticket, how: conversation.answer(ticket, Words(text=step["text"]), **how),
    "resolve": _resolve,
    "cancel": lambda step, ticket, how: lifecycle.cancel(ticket, why=step["why"], **how),
}
