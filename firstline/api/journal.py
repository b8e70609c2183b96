"""The intake journal and its quarantine: everything that was acknowledged, with its bytes, and a person's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Body

from firstline.api import answers as answering
from firstline.api import bodies, cursors, schemas, shapes
from firstline.api.auth import caller
from firstline.api.files import SANDBOX
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.api.tickets import NONE, NOT_SAID, Limit, Search
from firstline.intake import again, decisions, joining, journal, quarantine, reckoning
from firstline.intake.acceptance import NotDurable
from firstline.intake.models import Missing
from firstline.lib import clock
from firstline.once import answers
from firstline.people import permissions

router = Router(tags=["Intake"])
NO_BODY: Any = Body(None)


@router.get("", response={200: schemas.JournalEntries, **FOR_READING}, summary="Read the intake journal")
def index(
    request: HttpRequest,
    state: Annotated[bodies.IntakeState | None, NOT_SAID] = NONE,
    outcome: Annotated[bodies.IntakeOutcome | None, NOT_SAID] = NONE,
    cursor: Search = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Newest first: lines 1 and 2 see their team's mailboxes, leads and above everything. `state`: quarantine, for what
    waits for a decision; `outcome`: ignored, auto … for what was put aside."""
    person = caller(request).person
    permissions.demand(person, "journal")
    rows = journal.visible_to(person).order_by("-pk")
    if state is not None:
        rows = rows.filter(state=state)
    if outcome is not None:
        rows = rows.filter(outcome=outcome)
    last = cursors.number("intake", cursor)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return answering.plain(cursors.page("intake", list(rows[: limit + 1]), limit, journal.entry))


@router.get(
    "/unaccounted", response={200: schemas.Unaccounted, **FOR_READING}, summary="Read what is not accounted for"
)
def unaccounted(request: HttpRequest) -> HttpResponse:
    """What the last comparison of mailboxes, journal and messages did not find; `checked_at` is of the oldest part. At
    most 200 are listed; `count` stops at 100."""
    person = caller(request).person
    permissions.demand(person, "journal")
    total = reckoning.total(person)
    return answering.plain(
        {
            "count": total.count,
            "checked_at": total.checked_at.isoformat() if total.checked_at else None,
            "items": [_missing(one) for one in reckoning.missing(person)[:200]],
        }
    )


def _missing(one: Missing) -> dict[str, Any]:
    return {
        "id": one.pk, "kind": one.kind, "part": one.part, "sender": one.sender or None, "subject": one.subject,
        "item": one.row, "since": one.since.isoformat(),
    }  # fmt: skip


@router.post(
    "/unaccounted/{int:number}/taking-in", response={200: schemas.NotAccountedFor, **FOR_WRITING}, summary="Take it in"
)
def take_in(request: HttpRequest, number: int, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """A letter that lies on the mail server and is not in the journal: fetched at the next look into the mailbox."""
    return answering.done(request, lambda by, at: (200, _missing(reckoning.want(by, number, at=at))))


@router.get("/{number}", response={200: schemas.JournalEntry, **FOR_READING}, summary="Read an entry of the journal")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """What came, and what became of it."""
    return answering.plain(journal.entry(journal.get_for(caller(request).person, number)))


@router.get("/{number}/raw", response={200: bytes, **FOR_READING}, summary="Download what came", url_name="intake_raw")
def raw(request: HttpRequest, number: str) -> HttpResponse:
    """The original bytes, always as a download."""
    inbound = journal.get_for(caller(request).person, number)
    response = HttpResponse(journal.raw(inbound), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="intake-{inbound.pk}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@router.post("/{number}/ticket", response={201: schemas.Ticket, **FOR_WRITING}, summary="Make a ticket of it")
def make_ticket(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """From quarantine, with the original attached."""
    person, at = caller(request).person, clock.now()

    def deed() -> tuple[int, Any]:
        ticket = quarantine.make_ticket(journal.get_for(person, number), by=person, at=at)
        return 201, shapes.ticket(ticket, person, at)

    return _decided(request, deed)


@router.post("/{number}/ignore", response={200: schemas.JournalEntry, **FOR_WRITING}, summary="Ignore it")
def ignore(request: HttpRequest, number: str, asked: bodies.Ignore) -> HttpResponse:
    """Not a request; it stays in the journal with the reason."""
    person = caller(request).person

    def deed() -> tuple[int, Any]:
        inbound = quarantine.ignore(journal.get_for(person, number), by=person, at=clock.now(), why=asked.why)
        return 200, journal.entry(inbound)

    return _decided(request, deed)


@router.post("/{number}/run-again", response={200: schemas.JournalEntry, **FOR_WRITING}, summary="Run it again")
def run_again(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Read and registered anew with today's program and rules; the answer says how it ended. 503: its bytes cannot be
    read at this moment, nothing was changed."""
    person = caller(request).person

    def deed() -> tuple[int, Any]:
        try:
            inbound = again.run_again(journal.get_for(person, number), by=person, at=clock.now())
        except again.NotNow as trouble:
            raise NotDurable(str(trouble)) from trouble
        return 200, journal.entry(inbound)

    return _decided(request, deed)


@router.post("/{number}/message", response={200: schemas.JournalEntry, **FOR_WRITING}, summary="Add it to a ticket")
def add(request: HttpRequest, number: str, asked: bodies.AddToTicket) -> HttpResponse:
    """As a word of its sender where he may speak on that ticket, else as an internal note."""
    person = caller(request).person

    def deed() -> tuple[int, Any]:
        item = journal.get_for(person, number)
        return 200, journal.entry(joining.add_to_ticket(item, asked.ticket, by=person, at=clock.now()))

    return _decided(request, deed)


@router.post("/{number}/spam", response={200: schemas.JournalEntry, **FOR_WRITING}, summary="Call it spam")
def spam(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """Ignored with the reason `spam`; its sender is remembered."""
    person = caller(request).person

    def deed() -> tuple[int, Any]:
        return 200, journal.entry(quarantine.spam(journal.get_for(person, number), by=person, at=clock.now()))

    return _decided(request, deed)


@router.post("/{number}/return", response={200: schemas.JournalEntry, **FOR_WRITING}, summary="Take a decision back")
def take_back(request: HttpRequest, number: str, asked: bodies.Nothing | None = NO_BODY) -> HttpResponse:
    """What a person ignored or called spam waits in quarantine again, with the reason it had."""
    person = caller(request).person

    def deed() -> tuple[int, Any]:
        return 200, journal.entry(decisions.take_back(journal.get_for(person, number), by=person, at=clock.now()))

    return _decided(request, deed)


def _decided(request: HttpRequest, deed: Callable[[], tuple[int, Any]]) -> HttpResponse:
    """A decision is made once by itself (a second one is 409), and letters are read outside of transactions: so the
    answer is kept beside the deed, not in it."""
    who, key = caller(request), answering.key_of(request)
    question = answering.question_of(request) if key else ""
    if key and (before := answers.given(scope=who.scope, key=key, question=question)) is not None:
        return answering.from_given(before, answering.TICKET)
    status, said = deed()
    body = answering.as_json(said)
    if not key:
        return answering.from_given(answers.Given(status, body), answering.TICKET)
    given = answers.keep(scope=who.scope, key=key, question=question, status=status, body=body)
    return answering.from_given(given, answering.TICKET)
