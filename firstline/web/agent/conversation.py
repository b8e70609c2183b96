"""What an agent says on a ticket: an answer, an internal note, a call, and the time it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from firstline.intake.channels import values
from firstline.knowledge import solutions
from firstline.lib import clock, html
from firstline.people.models import Person
from firstline.tickets import conversation, drafts, lists, queries, sending
from firstline.tickets.draft_models import Draft, DraftMode
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.agent.door import desk
from firstline.web.asked import go, said_once, seen_version
from firstline.worklog import entries

SECONDS = 60
WhatWasKnown = dict[DraftMode, drafts.Known]  # of each draft that is said
NEXT = "next"  # sent, and on to the ticket that is due next


@require_POST
@desk
def messages(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/messages/ body, format, files, as=public|wait|resolve|next|note, draft, carried,
    window, undo. What says nothing of itself is a note: a slip must never go out to the client. Sent twice, it is
    said once. `undo`: an answer goes out after the time in which it can be taken back; `draft`: the revision of the
    draft that it was, which goes with it (taken back and sent again it is another one) unless another `window` has
    written there since. An answer that names colleagues is asked about first, unless `named=yes` says that it may."""
    ticket = queries.get_for(person, number)
    asked = request.POST.get("as", "note")
    how = "public" if asked == NEXT else asked if asked in solutions.WAYS else "note"
    demand(person, "note" if asked == "note" else "answer", ticket)
    words, seen = words_of(request, drafts.of(person, ticket) if "draft" in request.POST else ()), seen_version(request)
    mode = DraftMode.NOTE if how == "note" else DraftMode.REPLY
    is_asked = mode == DraftMode.REPLY and request.POST.get(refusals.NAMED) != "yes"
    if is_asked and (named := conversation.named_in(ticket, words)):
        return refusals.names_colleagues(request, ticket, list(named.values()))
    deed = _put_off if how != "note" and request.POST.get("undo") == "1" and _undo_time() else _say
    said_once(
        person, ticket, words, seen=seen, how=f"{how} {request.POST.get('draft', '')[:10]}".strip(),
        deed=lambda: deed(person, ticket, words, how, seen=seen, known=known_of(request, mode)),
    )  # fmt: skip
    if asked == NEXT and (after := _next_of(person, ticket)):
        return leave_for(request, after)
    return go(request, address(ticket))


def _say(person: Person, ticket: Ticket, words: Words, how: str, *, seen: int | None, known: WhatWasKnown) -> Ticket:
    """At once; the draft that it was ends in the same transaction."""
    with transaction.atomic():
        said = words
        for mode, of_it in known.items():
            said = drafts.finish(person, ticket, mode, said, of_it)
        verb = conversation.note if how == "note" else solutions.WAYS[how]
        return verb(ticket, said, by=person, at=clock.now(), seen=seen)


def _put_off(
    person: Person, ticket: Ticket, words: Words, how: str, *, seen: int | None, known: WhatWasKnown
) -> Ticket:
    """In a moment; the page says so, and until then it can be taken back."""
    return sending.put_off(
        person, ticket, words.html or words.text, how=how, wait=_undo_time(), at=clock.now(),
        is_html=bool(words.html), files=words.files, seen=seen, known=known[DraftMode.REPLY],
    ).ticket  # fmt: skip


def _undo_time() -> timedelta:
    return timedelta(seconds=settings.FIRSTLINE_UNDO_SECONDS)


def _next_of(person: Person, ticket: Ticket) -> str:
    """Where his next ticket is: what of his own is due first, else the queue."""
    rows = lists.page(person, lists.Filters(mine="1"), "", (), size=2).rows
    other = next((row["id"] for row in rows if row["id"] != ticket.pk), None)
    return f"/desk/tickets/{other}/" if other else "/desk/queue/"


def leave_for(request: HttpRequest, place: str) -> HttpResponse:
    """To another page, whole: htmx must not put it where the form stood."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": place})
    return HttpResponseRedirect(place)


@require_POST
@desk
def calls(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """POST /desk/tickets/1042/calls/ body, format, minutes, draft, window; from the form for calls ("this is it")
    subject and text. What is said of a call is plain text."""
    ticket = queries.get_for(person, number)
    minutes = whole_number(request, "minutes", optional=True)
    seconds = minutes * SECONDS if minutes else None
    said = request.POST.get("body", "") or "\n".join(
        filter(None, (request.POST.get(name, "").strip() for name in ("subject", "text")))
    )
    if request.POST.get("format") == "html":
        said = html.subset_text(drafts.fit(said, is_html=True))
    with transaction.atomic():
        conversation.call(ticket, said, by=person, at=clock.now(), seconds=seconds)
        known = known_of(request, DraftMode.CALL)[DraftMode.CALL]
        drafts.finish(person, ticket, DraftMode.CALL, Words(text=said), known)
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


def words_of(request: HttpRequest, kept_before: Sequence[Draft] = ()) -> Words:
    """The text and files of the composer. The files are durable before the verb begins; those of the draft are so
    since they were chosen."""
    text = values.words("body", request.POST.get("body", ""), required=False).replace("\r\n", "\n")
    is_html = request.POST.get("format") == "html"
    kept = values.kept_files(request.FILES.getlist("files"))
    has_files = bool(kept) or any(draft.files.all() for draft in kept_before)
    if drafts.is_empty(text, is_html=is_html) and not has_files:
        raise WrongValue("body", "empty")
    files = values.files_of(kept)
    return Words(html=drafts.fit(text, is_html=True), files=files) if is_html else Words(text=text, files=files)


def known_of(request: HttpRequest, mode: DraftMode) -> WhatWasKnown:
    """Of the draft, what the page knew when it was sent: nothing, where no script was there to keep one. An answer that
    was kept as a note is `carried` into it: its draft and its files are the note's."""
    known = {mode: _known(request, "draft")}
    if mode == DraftMode.NOTE and "carried" in request.POST:
        known[DraftMode.REPLY] = _known(request, "carried")
    return known


def _known(request: HttpRequest, field: str) -> drafts.Known:
    given = request.POST.get(field, "")
    is_number = given.isascii() and given.isdigit() and len(given) <= 9
    return drafts.Known(int(given) if is_number else None, request.POST.get("window", ""))


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
