"""The moves of a ticket that are more than a press: each a small form, as a page or in the sheet over the ticket."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from firstline.contracts.models import PauseReason
from firstline.knowledge import citing, solutions, suggest
from firstline.lib import clock, numbered
from firstline.people.models import Person
from firstline.tickets import assignment, lifecycle, pausing, queries, relations, statuses
from firstline.tickets.models import LinkKind, Ticket
from firstline.tickets.refusals import WrongValue
from firstline.web.agent import people_to_choose, said
from firstline.web.agent.conversation import address, whole_number
from firstline.web.agent.door import desk
from firstline.web.agent.pauses import WHOSE
from firstline.web.asked import go, is_fragment, seen_version
from firstline.web.moments import moment_of
from firstline.worklog import touch

BOARD = "/desk/board/"
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@desk
def take(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/take/"""
    ticket = queries.get_for(person, number)
    made = lifecycle.take(ticket, by=person, at=clock.now(), seen=seen_version(request))
    said.keep_one(request, "take", ticket, made)
    return go(request, address(ticket))


@FORM
@desk
def assign(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/assignment/ assignee (a login) or team (a slug)"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "assignment", people_to_choose.for_ticket(ticket, person))
    to, team = people_to_choose.given(request.POST.get("assignee", ""), request.POST.get("team", ""))
    made = assignment.assign(ticket, by=person, at=clock.now(), assignee=to, team=team, seen=seen_version(request))
    said.keep_one(request, "assign", ticket, made)
    return go(request, address(ticket))


@FORM
@desk
def wait(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/wait/ for, reason"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(
            request,
            ticket,
            "wait",
            {"reasons": _reasons(ticket, statuses.WAITING_FOR_CLIENT, statuses.WAITING_FOR_VENDOR)},
        )
    made = lifecycle.wait(
        ticket, on=request.POST.get("for", ""), reason=request.POST.get("reason", ""),
        pause=request.POST.get("pause", ""), by=person, at=clock.now(), seen=seen_version(request),
    )  # fmt: skip
    said.keep_one(request, "wait", ticket, made)
    return go(request, address(ticket))


@FORM
@desk
def hold(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/hold/ until (where the person is), reason"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        least = timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")
        return sheet(request, ticket, "hold", {"least": least, "reasons": _reasons(ticket, statuses.ON_HOLD)})
    made = lifecycle.hold(
        ticket, until=moment_of("until", request.POST.get("until", "")), reason=request.POST.get("reason", ""),
        pause=request.POST.get("pause", ""), by=person, at=clock.now(), seen=seen_version(request),
    )  # fmt: skip
    said.keep_one(request, "hold", ticket, made)
    return go(request, address(ticket))


@require_POST
@desk
def resume(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/resume/"""
    ticket = queries.get_for(person, number)
    lifecycle.resume(ticket, by=person, at=clock.now())
    return go(request, address(ticket))


@FORM
@desk
def resolve(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/resolution/ how, remote, article"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        used = [suggest.of(article, person) for article in citing.cited_on(ticket, person)]
        others = suggest.for_text(person, words_about(ticket), limit=8)
        known = {
            "articles": [*used, *(one for one in others if one.slug not in {each.slug for each in used})],
            "used": used[0].slug if used else "",
            "to_log": touch.proposal(person, ticket, clock.now()),
        }
        return sheet(request, ticket, "resolution", known)
    solutions.resolve_with(
        ticket, how=request.POST.get("how", ""), remote=request.POST.get("remote") == "1",
        article_slug=request.POST.get("article", "") or None,
        minutes=whole_number(request, "minutes", optional=True), by=person, at=clock.now(), seen=seen_version(request),
    )  # fmt: skip
    return go(request, address(ticket))


@FORM
@desk
def cancel(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/cancellation/ why"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "cancellation", {})
    lifecycle.cancel(ticket, why=request.POST.get("why", ""), by=person, at=clock.now(), seen=seen_version(request))
    return go(request, address(ticket))


@FORM
@desk
def link(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/link/ to (a number), kind"""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "link", {"kinds": LinkKind.values})
    kind = request.POST.get("kind", "")
    if kind not in LinkKind.values:
        raise WrongValue("kind", "unknown")
    to = other(person, request.POST.get("to", ""), "to")
    gates = request.POST.get("gates") == "1" and LinkKind(kind) in relations.FAMILY
    made = relations.link(ticket, to, LinkKind(kind), by=person, at=clock.now(), gates=gates)
    said.keep_one(request, "link", ticket, made)
    return go(request, address(ticket))


@require_POST
@desk
def unlink(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/link/removal/ to (a number), kind, of=to where it is said from the other end"""
    ticket = queries.get_for(person, number)
    to, kind = other(person, request.POST.get("to", ""), "to"), request.POST.get("kind", "")
    if kind not in LinkKind.values:
        raise WrongValue("kind", "unknown")
    pair = (to, ticket) if request.POST.get("of") == "to" else (ticket, to)
    relations.unlink(*pair, LinkKind(kind), by=person, at=clock.now())
    ticket, before = queries.get_for(person, number), ticket
    said.keep_one(request, "unlink", before, ticket)
    return go(request, address(ticket))


def sheet(
    request: HttpRequest, ticket: Ticket, name: str, context: dict[str, Any], *, template: str = ""
) -> HttpResponse:
    """The form of a move: alone for the sheet over the ticket, else as a page of its own."""
    form = f"web/agent/moves/_{template or name.replace('-', '_')}.html"
    from_board = BOARD if request.GET.get("next") == BOARD else ""
    context = {
        **context, "ticket": ticket, "form": form, "name": name, "action": f"{address(ticket)}{name}/",
        "next": from_board, "back": from_board or address(ticket),
    }  # fmt: skip
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)


def words_about(ticket: Ticket) -> str:
    """What articles are looked for with: the subject, and how it began."""
    first = ticket.messages.filter(by_agent=False).order_by("id").values_list("reply_text", flat=True).first()
    return f"{ticket.subject}\n{(first or '')[:2000]}"


def _reasons(ticket: Ticket, *standing: str) -> list[tuple[str, list[PauseReason]]]:
    """The contract's reasons to stand still, by whose time that is."""
    found: dict[str, list[PauseReason]] = {}
    for one in pausing.reasons_for(ticket, standing):
        found.setdefault(str(WHOSE[one.whose]), []).append(one)
    return list(found.items())


def other(person: Person, typed: str, field: str) -> Ticket:
    """The ticket with a number that was typed, if he may see it. Raises WrongValue."""
    try:
        return queries.get_for(person, numbered.bare(typed))
    except queries.NotThere as unknown:
        raise WrongValue(field, "not there") from unknown
