"""Macros: several deeds under one name, kept and run."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies, problems, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.whole import Whole
from firstline.lib import clock
from firstline.lines import card
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import macro_runs, macro_steps, macros, queries
from firstline.tickets.macro_models import Macro
from firstline.tickets.macro_runs import Run
from firstline.tickets.view_models import SharedWith

router = Router(tags=["Macros"])
of_tickets = Router(tags=["Macros"])
Shared = Literal["nobody", "team", "everybody"]
STEP = f"`deed` is one of {', '.join(macro_steps.FIELDS)}; the rest is what it needs (docs/apply.md, macro)"


class MacroShape(Schema):
    """What is done, in its order."""

    id: int
    slug: str
    names: dict[str, str]
    steps: list[dict[str, str]] = Field(description=STEP)
    shared: Shared
    owner: str


class MacroList(Whole):
    items: list[MacroShape]


class RunShape(Schema):
    """How far a run came. `refused` is null where every step was done; `left` was not come to."""

    ticket: schemas.Ticket
    done: list[dict[str, str]]
    refused: dict[str, Any] | None
    left: list[dict[str, str]]


class NewMacro(bodies.Body):
    names: dict[str, str] = Field(description="by language (ru, bg, en)")
    steps: list[dict[str, str | int]] = Field(description=STEP, max_length=macro_steps.MOST)
    shared: Shared = "nobody"


class RunAsked(bodies.Body):
    macro: str = Field(description="its slug, or its id", min_length=1, max_length=60)


@router.get("", response={200: MacroList, **FOR_READING}, summary="List macros")
def index(request: HttpRequest) -> HttpResponse:
    """One's own and those that are shared with one, by name; at most 400."""
    rows = macros.visible_to(_agent(request))[: 2 * macros.MOST]
    return answering.plain({"items": [_macro(one) for one in rows]})


@router.post("", response={201: MacroShape, **FOR_WRITING}, summary="Keep a macro")
def create(request: HttpRequest, asked: NewMacro) -> HttpResponse:
    """A step that cannot be is refused by its place (`steps.2.text`)."""
    _agent(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        return 201, _macro(macros.save(by, names=asked.names, steps=asked.steps, shared=asked.shared))

    return answering.done(request, deed)


@router.put("/{int:number}", response={200: MacroShape, **FOR_WRITING}, summary="Change a macro")
def change(request: HttpRequest, number: int, asked: NewMacro) -> HttpResponse:
    """As a whole. What was done by it before stays as it was."""
    person = _agent(request)
    one = macros.get_for(person, number)
    return answering.plain(
        _macro(macros.change(person, one, names=asked.names, steps=asked.steps, shared=asked.shared))
    )


@router.delete("/{int:number}", response={204: None, **FOR_WRITING}, summary="Take a macro away")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """For everybody who had it; `return` brings it back."""
    person = _agent(request)
    macros.remove(person, macros.get_for(person, number), at=clock.now())
    return HttpResponse(status=204)


@router.post("/{int:number}/return", response={200: MacroShape, **FOR_WRITING}, summary="Bring a macro back")
def bring_back(request: HttpRequest, number: int, asked: bodies.Nothing | None = None) -> HttpResponse:
    """One that was taken away."""
    _agent(request)
    return answering.done(request, lambda by, at: (200, _macro(macros.bring_back(by, number))))


@of_tickets.post("/{number}/macro", response={200: RunShape, **FOR_WRITING}, summary="Run a macro")
def run(request: HttpRequest, number: str, asked: RunAsked) -> HttpResponse:
    """Its steps one after the other, with the caller's rights; each is one verb and one event, whose `data.macro` names
    the macro. A refused step ends it: what was done stays, `refused` says at which step, and why. Where the first is
    refused nothing was done, and the answer is the refusal itself. `undo` takes a whole run back of which no client
    heard."""
    _agent(request)
    seen = answering.seen_version(request)

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        ticket, macro = queries.get_for(by, number), macros.get_for(by, asked.macro)
        made = macro_runs.run(macro, ticket, by=by, at=at, card=card.in_short, seen=seen)
        if made.refused is not None and not made.done:
            raise made.refused[1]
        return 200, _run(request, made, by, at)

    return answering.done(request, deed)


@of_tickets.get("/{number}/macro/{macro}", response={200: RunShape, **FOR_READING}, summary="What a macro would do")
def preview(request: HttpRequest, number: str, macro: str) -> HttpResponse:
    """As a run, of which nothing stays: `ticket` is as it would be."""
    person, at = _agent(request), clock.now()
    ticket, found = queries.get_for(person, number), macros.get_for(person, macro)
    made = macro_runs.preview(found, ticket, by=person, at=at, card=card.in_short)
    return answering.plain(_run(request, made, person, at))


def _agent(request: HttpRequest) -> Person:
    person = caller(request).person
    if not person.is_agent:
        raise NotAllowed("macros")
    return person


def _run(request: HttpRequest, made: Run, by: Person, at: datetime) -> dict[str, Any]:
    refused = None
    if made.refused is not None:
        step, refusal = made.refused
        refused = {"step": step, "problem": json.loads(problems.said(request, refusal).content)}
    return {"ticket": shapes.ticket(made.ticket, by, at), "done": made.done, "refused": refused, "left": made.left}


def _macro(one: Macro) -> dict[str, Any]:
    return {
        "id": one.pk, "slug": one.slug, "names": one.names or {"": one.name}, "steps": one.steps,
        "shared": str(SharedWith(one.shared)), "owner": one.owner.login,
    }  # fmt: skip
