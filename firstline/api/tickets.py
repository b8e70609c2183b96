"""Tickets: made, listed, read, changed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Query
from pydantic import BeforeValidator, Field, StringConstraints

from firstline.api import answers as answering
from firstline.api import bodies, cursors, named, schemas, shapes
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.calendars.working_time import Timetable
from firstline.intake.channels import api as channel
from firstline.lib import clock, failpoints
from firstline.once import answers
from firstline.people.models import Person
from firstline.sla import clocks
from firstline.tickets import lists, permissions, properties, queries, saved_views
from firstline.tickets.models import Ticket

router = Router(tags=["Tickets"])
RELATIONS = ("team", "assignee", "client", "requester", "service", "category", "equipment", "contract__contract")
MOST_WORDS = 8
# Views that are lists of the queue.
OF_VIEWS = {
    "unassigned": lists.Filters(assignee="none"),
    "without_category": lists.Filters(category="none"),
    "handed_over": lists.Filters(handed="1"),
    "called_in": lists.Filters(called="1"),
}
SEVERAL: Any = Query(default_factory=list)
NONE: Any = Query(None)


def _said(value: Any) -> Any:
    """`line=` says nothing, as `q=` says nothing."""
    return None if value == "" else value


NOT_SAID = BeforeValidator(_said)
Search = Annotated[str, StringConstraints(max_length=200)]
Limit = Annotated[int, Field(ge=1, le=100)]


@router.post("", response={201: schemas.Ticket, 202: schemas.Received, **FOR_WRITING}, summary="Make a ticket")
def create(request: HttpRequest, asked: bodies.NewTicket) -> HttpResponse:
    """201 with the ticket. 202: stored for good but not yet a ticket, because something of ours is broken; it becomes
    one by itself."""
    who, key, at = caller(request), answering.key_of(request), clock.now()
    question = answering.question_of(request) if key else ""
    if key and (before := answers.given(scope=who.scope, key=key, question=question)) is not None:
        return answering.from_given(before, answering.TICKET)
    said: dict[int, str] = {}

    def in_words(ticket: Ticket) -> str:
        return answering.as_json(shapes.ticket(ticket, who.person, at, standing=clocks.just_read(ticket)))

    def remember(ticket: Ticket) -> None:
        said[ticket.pk] = in_words(ticket)
        answers.keep_with_deed(scope=who.scope, key=key, question=question, status=201, body=said[ticket.pk])

    taken = channel.submit(
        by=who.person, fields=asked.model_dump(exclude_unset=True), raw=request.body,
        key=answering.inner_key(who, key), at=at, then=remember if key else None,
    )  # fmt: skip
    if key and taken.inbound.sha256 != answering.sha256(request.body):
        raise answers.OtherQuestion(key)
    failpoints.reach("web.after_commit")
    if taken.ticket is None:
        return answering.plain({"number": None, "url": None, "intake": taken.inbound.pk}, status=202)
    if taken.ticket.pk in said:
        return answering.from_given(answers.Given(201, said[taken.ticket.pk]), answering.TICKET)
    body = in_words(taken.ticket)
    if key:  # stored before, under this key, by somebody who did not live to answer or who asked at the same moment
        given = answers.keep(scope=who.scope, key=key, question=question, status=201, body=body)
        return answering.from_given(given, answering.TICKET)
    return answering.from_given(answers.Given(201, body), answering.TICKET)


@router.get("", response={200: schemas.Tickets, **FOR_READING}, summary="List tickets")
def index(
    request: HttpRequest,
    view: Annotated[bodies.View | None, NOT_SAID] = NONE,
    saved: Annotated[Annotated[int, Field(ge=1, le=10**15)] | None, NOT_SAID] = NONE,
    status: list[Annotated[bodies.Status | None, NOT_SAID]] = SEVERAL,
    line: Annotated[Annotated[int, Field(ge=1, le=3)] | None, NOT_SAID] = NONE,
    client: Search = "",
    due: Annotated[Literal["overdue"] | Annotated[int, Field(ge=1, le=99_999)] | None, NOT_SAID] = NONE,
    lately: Annotated[Literal["handed_over", "returned", "reopened"] | None, NOT_SAID] = NONE,
    q: Search = "",
    cursor: Search = "",
    limit: Limit = 50,
) -> HttpResponse:
    """Newest first, only what the caller may see. `status` may be given several times. `q`: words of the subject, of
    the requester's name or address, or a number. `view`: all · open · mine · unassigned · without_category ·
    handed_over (by me) · called_in (I work along). `saved`: number of a saved view. `due`: overdue, or within so many
    minutes; `lately`: what happened to it in the last 8 hours."""
    person, at = caller(request).person, clock.now()
    every = queries.visible_to(person)
    if saved is not None:
        every = lists.found(person, lists.Filters.of(saved_views.get_for(person, saved).asked))
    found = _in_view(every, view or "all", person)
    if statuses := [one for one in status if one]:
        found = found.filter(status__in=statuses)
    if line is not None:
        found = found.filter(line=line)
    if client:
        found = found.filter(client__slug=_searchable(client))
    if due or lately:
        asked = lists.Filters(status="any", due=str(due or ""), lately=lately or "")
        found = lists.narrowed(found, asked, person, at)
    for word in _searchable(q).split()[:MOST_WORDS]:
        found = found.filter(_says(word))
    last = cursors.number("tickets", cursor)
    if last is not None:
        found = found.filter(pk__lt=last)
    if not person.is_agent:
        found = queries.with_public_moment(found)
    rows = list(found.select_related(*RELATIONS).prefetch_related(clocks.CURRENT).order_by("-pk")[: limit + 1])
    known: dict[str, Timetable] = {}
    return answering.plain(cursors.page("tickets", rows, limit, lambda row: shapes.ticket(row, person, at, known)))


@router.get("/{number}", response={200: schemas.Ticket, **FOR_READING}, summary="Read a ticket")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """The `ETag` is its version: `If-Match` on a verb refuses (409) where somebody else was quicker."""
    return answering.a_ticket(request, queries.get_for(caller(request).person, number))


@router.patch("/{number}", response={200: schemas.Ticket, **FOR_WRITING}, summary="Change a ticket")
def change(request: HttpRequest, number: str, asked: bodies.Change) -> HttpResponse:
    """Fields that are absent stay as they are."""
    who, seen = caller(request).person, answering.seen_version(request)
    ticket = queries.get_for(who, number)
    permissions.demand(who, "direct", ticket)  # before any name is looked up: who may not change learns no names
    new: dict[str, Any] = asked.model_dump(exclude_unset=True)
    for field, look_up in (("service", named.service), ("category", named.category)):
        if new.get(field) is not None:
            new[field] = look_up(new[field])
    if new.get("client") is not None:
        new["client"] = named.client(who, new["client"])
    if "requester" in new:
        new["requester"] = named.requester(who, new["requester"])
    if new.get("equipment") is not None:
        new["equipment"] = named.equipment(new.get("client", ticket.client), new["equipment"])
    changed = properties.change(ticket, by=who, at=clock.now(), seen=seen, **new)
    failpoints.reach("web.after_commit")
    return answering.a_ticket(request, changed)


def _in_view(tickets: QuerySet[Ticket], view: str, person: Person) -> QuerySet[Ticket]:
    if view == "all":
        return tickets
    if view == "open":
        return tickets.filter(is_open=True)
    if view == "mine":
        return tickets.filter(is_open=True, **({"assignee": person} if person.is_agent else {"requester": person}))
    return lists.narrowed(tickets, OF_VIEWS[view], person)


def _searchable(text: str) -> str:
    """Without NUL, which no row has and PostgreSQL refuses."""
    return text.replace("\x00", " ").strip()


def _says(word: str) -> Q:
    """SQLite folds only Latin letters: a word is looked for as typed, small, capitalised and large."""
    found = Q()
    for form in {word, word.lower(), word.capitalize(), word.upper()}:
        found |= Q(subject__icontains=form) | Q(requester__name__icontains=form) | Q(requester__email__icontains=form)
    if word.removeprefix("#").isdecimal() and word.isascii() and len(word) <= 15:
        found |= Q(pk=int(word.removeprefix("#")))
    return found
