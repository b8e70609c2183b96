"""The numbers of a contract: what differs between versions, what a sample ticket would get, indicators as they stand,
what last year would have cost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body, Query
from pydantic import Field

from firstline.api import answers as answering
from firstline.api import bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.contracts import VERSION, version_for
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import NONE, Search
from firstline.contracts import matrix, written
from firstline.contracts.differences import between
from firstline.contracts.models import ContractVersion
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import kpi_standing, what_if
from firstline.sla.kpi_standing import Standing
from firstline.sla.models import WhatIf
from firstline.sla.trial import Sample, Tried, tried
from firstline.tickets.refusals import WrongValue

router = Router(tags=["Contracts"])
NO_BODY: Any = Body(None)
NUMBER = Annotated[int, Field(ge=1, lt=2**31)]
FROM: Any = Query(..., alias="from")
MINUTE = 60.0


@router.get(
    "/{slug}/differences", response={200: terms_schemas.Differences, **FOR_READING}, by_alias=True,
    summary="Compare versions",
)  # fmt: skip
def differences(request: HttpRequest, slug: str, to: NUMBER, from_: NUMBER = FROM) -> HttpResponse:
    """What is different between two versions, row by row; nothing exactly where the terms are the same."""
    person = caller(request).person
    was, now = (version_for(person, slug, number) for number in (from_, to))
    items = [
        {"table": one.table, "key": one.key, "of": dict(one.of), "was": one.was, "now": one.now}
        for one in between(written.terms_of(was), written.terms_of(now))
    ]
    return answering.plain({"from": from_, "to": to, "items": items})


@router.get(f"{VERSION}/trial", response={200: terms_schemas.Trial, **FOR_READING}, summary="Try a version")
def trial(
    request: HttpRequest,
    slug: str,
    number: int,
    at: bodies.Moment,
    priority: Annotated[int, Field(ge=1, le=4)] = 3,
    type: bodies.Type = "incident",
    service: Search = "",
    wait: Literal["client", "vendor", "hold"] | None = NONE,
    since: bodies.Moment | None = NONE,
    until: bodies.Moment | None = NONE,
) -> HttpResponse:
    """The deadlines of a ticket that came at `at` and, with `wait`, stood still from `since` to `until`."""
    version = version_for(caller(request).person, slug, number)
    pauses: tuple[tuple[str, datetime, datetime], ...] = ()
    if wait is not None:
        if since is None or until is None or not at <= since < until:
            raise WrongValue("since", "after the ticket came, and before until")
        pauses = ((wait, since, until),)
    sample = Sample(at, priority, type, service.replace("\x00", ""), pauses)
    terms, known_at = written.terms_of(version), clock.now()
    return answering.plain({"items": [_tried(one, sample, terms) for one in tried(version, sample, known_at=known_at)]})


@router.get(
    f"{VERSION}/indicators", response={200: terms_schemas.Standings, **FOR_READING}, summary="Read the indicators"
)
def indicators(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Each in the period that runs now, beside its goal. A draft has none."""
    version = version_for(caller(request).person, slug, number)
    found = [] if version.is_draft else kpi_standing.now(version, at=clock.now())
    return answering.plain({"items": [standing(one) for one in found]})


@router.get(f"{VERSION}/what-if", response={200: terms_schemas.WhatIf, **FOR_READING}, summary="Read what if")
def read_what_if(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What the last twelve months would have cost under these terms, as far as the worker has come."""
    version = version_for(caller(request).person, slug, number)
    return answering.plain(_what_if(version, WhatIf.objects.filter(version=version).first()))


@router.post(f"{VERSION}/what-if", response={200: terms_schemas.WhatIf, **FOR_WRITING}, summary="Ask what if")
def ask_what_if(request: HttpRequest, slug: str, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """The worker answers month by month: read it again later."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "settle statements")
        version = version_for(by, slug, number)
        return 200, _what_if(version, what_if.ask(version, by=by, at=at))

    return answering.done(request, deed)


def standing(one: Standing) -> dict[str, Any]:
    """An indicator beside its goal; exact numbers as text."""
    value = one.share.value
    return {
        "kind": one.kind, "metric": one.metric, "service": one.service, "source": one.source, "period": one.period,
        "first": one.first.isoformat(), "after": one.after.isoformat(), "goal": str(one.goal), "at_most": one.at_most,
        "part": str(one.share.part), "whole": str(one.share.whole), "met": one.met, "provisional": one.provisional,
        "percent": None if value is None else round(float(100 * value), 6),
    }  # fmt: skip


def _tried(one: Tried, sample: Sample, terms: dict[str, Any]) -> dict[str, Any]:
    row = matrix.winner(
        terms.get("target", ()), metric=one.metric, priority=sample.priority, type=sample.type, service=sample.service
    )
    return {
        "metric": one.metric, "target_minutes": one.minutes, "calendar": one.calendar,
        "due_at": one.due_at.isoformat() if one.due_at else None, "row": dict(row) if row is not None else None,
        "segments": [
            {
                "from": part.start.isoformat(), "to": part.end.isoformat(), "kind": part.kind, "reason": part.reason,
                "minutes": (part.end - part.start).total_seconds() / MINUTE,
            }
            for part in one.segments
        ],
    }  # fmt: skip


def _what_if(version: ContractVersion, row: WhatIf | None) -> dict[str, Any]:
    months = row.body.get("months", []) if row else []
    if row is None:
        state = "none"
    elif row.problem:
        state = "failed"
    else:
        state = "working" if row.due_at is not None else "done"
    return {
        "state": state, "asked_at": row.asked_at.isoformat() if row else None, "currency": version.currency,
        "months": [
            {"first": one["first"], "judged": one["judged"], "missed": one["missed"], "costs": one["total"],
             "was": one["was"]}
            for one in months
        ],
        "total": str(what_if.total(row)) if row else "0", "problem": row.problem if row else "",
    }  # fmt: skip
