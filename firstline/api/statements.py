"""Statements: a month of a contract version, worked out by the worker, reviewed, disputed or agreed, posted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body

from firstline.api import answers as answering
from firstline.api import bodies, cursors, named, terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.problems import Refused
from firstline.api.tickets import Limit, Search
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed, demand, may
from firstline.people.roles import Role
from firstline.sla import measured, statements
from firstline.sla.models import Statement, StatementState
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongStatus, WrongValue

router = Router(tags=["Statements"])
NO_BODY: Any = Body(None)
MOST_MISSED = 200


@router.get("", response={200: terms_schemas.Statements, **FOR_READING}, summary="List statements")
def index(
    request: HttpRequest, contract: Search = "", client: Search = "", cursor: Search = "", limit: Limit = 50
) -> HttpResponse:
    """Newest first. A coordinator reads those of his own client once they are reviewed."""
    rows = statements.visible_to(_reader(request)).order_by("-pk")
    if contract:
        rows = rows.filter(version__contract__slug=contract.replace("\x00", ""))
    if client:
        rows = rows.filter(version__contract__client__slug=client.replace("\x00", ""))
    last = cursors.number("statements", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("statements", list(rows[: limit + 1]), limit, _statement))


@router.post("", response={201: terms_schemas.WholeStatement, **FOR_WRITING}, summary="Ask for a statement")
def ask(request: HttpRequest, asked: terms_bodies.NewStatement) -> HttpResponse:
    """The worker works the month out, anew where it was asked for before it was reviewed (409 afterwards)."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "settle statements")
        rows = statements.versions_visible_to(by).filter(frozen_at__isnull=False)
        version = rows.filter(contract__slug=asked.contract, number=asked.version).first()
        if version is None:
            raise WrongValue("version", named.UNKNOWN)
        month = date.fromisoformat(f"{asked.month}-01")
        return 201, whole(_possible(lambda: statements.ask(version, month, by=by, at=at)))

    return answering.done(request, deed, "statements/{id}")


@router.get("/{int:number}", response={200: terms_schemas.WholeStatement, **FOR_READING}, summary="Read a statement")
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Line by line, with its tickets, indicators and steps."""
    return answering.plain(whole(_found(_reader(request), number)))


@router.post(
    "/{int:number}/computing", response={200: terms_schemas.WholeStatement, **FOR_WRITING}, summary="Work it out again"
)
def compute(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """With what has been excused since; until it is reviewed."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        demand(by, "settle statements")
        row = _found(by, number)
        return 200, whole(_possible(lambda: statements.ask(row.version, row.starts_on, by=by, at=at)))

    return answering.done(request, deed)


@router.post("/{int:number}/steps", response={200: terms_schemas.WholeStatement, **FOR_WRITING}, summary="Take a step")
def step(request: HttpRequest, number: int, asked: terms_bodies.NextStep) -> HttpResponse:
    """Reviewed, disputed (`words`: why), agreed, posted (`words`: the invoice). The client's coordinator agrees and
    disputes."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        _demand_reading(by)
        row, to = _found(by, number), StatementState(asked.to)
        return 200, whole(_possible(lambda: statements.move(row, to, by=by, at=at, words=asked.words)))

    return answering.done(request, deed)


def whole(row: Statement) -> dict[str, Any]:
    """A statement with all that stands on it."""
    body = row.body
    missed = measured.missed(row.version, statements.of_row(row).verdicts).values_list("ticket_id", flat=True)
    tickets = list(dict.fromkeys(str(ticket) for ticket in missed[:MOST_MISSED]))
    return _statement(row) | {
        "lines": body.get("lines", []), "cut": body.get("cut", "0"), "indicators": body.get("indicators", []),
        "metrics": body.get("metrics", {}), "excused": body.get("excused", []), "missed": tickets,
        "steps": [
            {"at": one.at.isoformat(), "by": one.by.login if one.by else None, "state": str(one.state),
             "total": str(one.total), "words": one.words}
            for one in row.steps.select_related("by")
        ],
    }  # fmt: skip


def _statement(row: Statement) -> dict[str, Any]:
    version = row.version
    return {
        "id": row.pk, "contract": version.contract.slug, "version": version.number,
        "client": version.contract.client.slug, "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(), "state": str(row.state), "working": row.due_at is not None,
        "computed_at": row.computed_at.isoformat() if row.computed_at else None, "currency": version.currency,
        "fee": str(row.fee), "total": str(row.total), "problem": row.problem,
    }  # fmt: skip


def _reader(request: HttpRequest) -> Person:
    person = caller(request).person
    _demand_reading(person)
    return person


def _demand_reading(person: Person) -> None:
    if not may(person, "see contracts") and person.role != Role.COORDINATOR:
        raise NotAllowed("see contracts")


def _found(person: Person, number: int) -> Statement:
    found = statements.visible_to(person).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere(str(number))
    return found


def _possible(deed: Any) -> Statement:
    """Raises Refused where the state of the statement does not allow it."""
    try:
        row: Statement = deed()
    except WrongStatus as no:
        raise Refused(409, f"{no.verb} is not possible while the statement is {no.status}.", kind="wrong-state") from no
    row.refresh_from_db()
    return row
