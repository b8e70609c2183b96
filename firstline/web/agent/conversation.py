"""What an agent says on a ticket: an answer, an internal note, a call, and the time it took."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from firstline.intake.channels import values
from firstline.knowledge import solutions
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import conversation, queries
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongValue
from firstline.web.agent.door import desk
from firstline.web.asked import go, said_once, seen_version
from firstline.worklog import entries

SECONDS = 60
VERBS: dict[str, Callable[..., Ticket]] = {
    "public": conversation.answer,
    "wait": conversation.answer_and_wait,
    "resolve": solutions.answer_and_resolve,
}


@require_POST
@desk
def messages(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/messages/ body, files, as=public|wait|resolve|note. What says nothing of itself is a
    note: a slip must never go out to the client. Sent twice, it is said once."""
    ticket = queries.get_for(person, number)
    how = request.POST.get("as", "note")
    demand(person, "note" if how == "note" else "answer", ticket)
    words, seen, at = words_of(request), seen_version(request), clock.now()
    verb = VERBS.get(how, conversation.note)
    said_once(person, ticket, words, seen=seen, how=how, deed=lambda: verb(ticket, words, by=person, at=at, seen=seen))
    return go(request, address(ticket))


@require_POST
@desk
def calls(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/calls/ body, minutes; from the form for calls ("this is it") subject and text."""
    ticket = queries.get_for(person, number)
    minutes = whole_number(request, "minutes", optional=True)
    seconds = minutes * SECONDS if minutes else None
    said = request.POST.get("body", "") or "\n".join(
        filter(None, (request.POST.get(name, "").strip() for name in ("subject", "text")))
    )
    conversation.call(ticket, said, by=person, at=clock.now(), seconds=seconds)
    return go(request, address(ticket))


@require_POST
@desk
def worklogs(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/worklogs/ minutes, kind, note"""
    ticket = queries.get_for(person, number)
    entries.log_time(
        ticket, minutes=whole_number(request, "minutes"), kind=request.POST.get("kind", ""),
        note=request.POST.get("note", "").replace("\x00", ""), by=person, at=clock.now(),
    )  # fmt: skip
    return go(request, address(ticket))


def words_of(request: HttpRequest) -> Words:
    """The text and files of the composer. The files are durable before the verb begins."""
    text = values.words("body", request.POST.get("body", ""), required=False).replace("\r\n", "\n")
    kept = values.kept_files(request.FILES.getlist("files"))
    if not text.strip() and not kept:
        raise WrongValue("body", "empty")
    return Words(text=text, files=values.files_of(kept))


def whole_number(request: HttpRequest, field: str, *, optional: bool = False) -> int:
    """A whole number of a form. Raises WrongValue."""
    given = request.POST.get(field, "").strip()
    if optional and not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) <= 6):
        raise WrongValue(field, "a number")
    return int(given)


def address(ticket: Ticket) -> str:
    return f"/desk/tickets/{ticket.pk}/"
