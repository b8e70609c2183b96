"""What is being typed, kept while it is typed; and what was sent and can still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.blobs import store
from firstline.intake.channels import values
from firstline.knowledge import solutions
from firstline.lib import clock, html, pictures
from firstline.people.models import Person
from firstline.tickets import drafts, queries, sending
from firstline.tickets.draft_models import Draft, DraftFile
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.agent.door import desk
from firstline.web.agent.files import as_picture
from firstline.web.asked import seen_version

MOST_LISTED = 100
STOPPED: dict[str, str | Promise] = {
    "changed": gettext_lazy("It was not sent: while it waited, somebody added something to the ticket."),
    "status": gettext_lazy("It was not sent: the status of the ticket does not allow it any more."),
    "merged": gettext_lazy("It was not sent: the ticket was merged into another one."),
    "not allowed": gettext_lazy("It was not sent: the ticket is not yours to answer any more."),
    "wrong": gettext_lazy("It was not sent: something in it is missing or wrong."),
}


@dataclass(frozen=True)
class Begun:
    """A draft as a page shows it."""

    draft: Draft

    @property
    def markup(self) -> SafeString:
        """As HTML for the editor; it was cleaned when it was kept."""
        body = self.draft.body if self.draft.is_html else html.from_text(self.draft.body)
        return mark_safe(body)  # noqa: S308 - cleaned in drafts.fit, or escaped in html.from_text

    @property
    def text(self) -> str:
        return html.subset_text(self.draft.body) if self.draft.is_html else self.draft.body

    @property
    def stopped(self) -> str:
        return str(STOPPED.get(self.draft.stopped, ""))

    @property
    def others(self) -> list[dict[str, Any]]:
        """What other windows had written when this text overtook theirs."""
        return [
            {"text": html.subset_text(one["body"]) if one["is_html"] else one["body"]} for one in self.draft.overtaken
        ]

    @property
    def files(self) -> list[DraftFile]:
        return [file for file in self.draft.files.all() if not file.inline]


@require_safe
@desk
def of_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/drafts/: the part of the composer that knows what was begun here."""
    ticket = queries.get_for(person, number)
    begun = [Begun(draft) for draft in drafts.of(person, ticket)]
    return render(request, "web/agent/ticket/_drafts.html", {"ticket": ticket, "begun": begun})


@require_POST
@desk
def save(request: HttpRequest, person: Person, number: str, mode: str) -> HttpResponse:
    """POST /desk/tickets/1042/drafts/reply/ body, format, window, revision, seen → {"revision", "overtook"}"""
    ticket = queries.get_for(person, number)
    given = request.POST.get("revision", "")
    try:
        saved = drafts.save(
            person, ticket, mode, request.POST.get("body", ""), at=clock.now(),
            is_html=request.POST.get("format") == "html", window=request.POST.get("window", ""),
            revision=int(given) if given.isascii() and given.isdigit() and len(given) <= 9 else 0,
            seen=seen_version(request),
        )  # fmt: skip
    except WrongValue as wrong:
        return JsonResponse({"problem": refusals.problem_in_words(wrong)}, status=422)
    return JsonResponse({"revision": saved.revision, "overtook": saved.overtook})


@require_POST
@desk
def discard(request: HttpRequest, person: Person, number: str, mode: str) -> HttpResponse:
    """POST /desk/tickets/1042/drafts/reply/removal/; with other=1 only what other windows had written."""
    ticket = queries.get_for(person, number)
    if request.POST.get("other") == "1":
        drafts.forget_overtaken(person, ticket, mode)
    else:
        drafts.discard(person, ticket, mode)
    return _back(request, ticket)


@require_POST
@desk
def add_file(request: HttpRequest, person: Person, number: str, mode: str) -> HttpResponse:
    """POST /desk/tickets/1042/drafts/reply/files/ file, inline, window → {"id", "name", "picture"}; durable when it is
    answered."""
    ticket = queries.get_for(person, number)
    try:
        given = request.FILES.getlist("file")
        if len(given) != 1:
            raise WrongValue("files", "empty")
        file = values.files_of(values.kept_files(given))[0]
        is_picture = pictures.kind_of(store.read(file.blob.pk)[:16]) is not None
        wants_inline = request.POST.get("inline") == "1" and is_picture
        kept = drafts.add_file(
            person, ticket, mode, file.as_inline() if wants_inline else file, at=clock.now(),
            window=request.POST.get("window", ""),
        )  # fmt: skip
    except WrongValue as wrong:
        return JsonResponse({"problem": refusals.problem_in_words(wrong)}, status=422)
    picture = drafts.picture_address(kept) if wants_inline else None
    return JsonResponse({"id": kept.pk, "name": kept.name, "picture": picture}, status=201)


@require_POST
@desk
def remove_file(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/drafts/files/17/removal/"""
    drafts.remove_file(person, number)
    return HttpResponse(status=204)


@require_safe
@desk
def picture(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/drafts/files/17/picture: seen by its writer alone."""
    file = drafts.file_for(person, number)
    return as_picture(store.read(file.blob_id), file.name)


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/drafts/: everything that was begun and not sent."""
    seen = set(queries.visible_to(person).filter(drafts__person=person).values_list("pk", flat=True))
    rows = [Begun(draft) for draft in drafts.all_of(person)[:MOST_LISTED] if draft.ticket_id in seen]
    return render(request, "web/agent/drafts.html", {"rows": rows})


@require_safe
@desk
def outgoing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/outgoing/: what goes out in a moment, and what did not."""
    stopped = drafts.all_of(person).exclude(stopped="")[:MOST_LISTED]
    context = {"going": list(sending.on_their_way(person)), "stopped": [Begun(draft) for draft in stopped]}
    return render(request, "web/agent/_outgoing.html", context)


@require_POST
@desk
def take_back(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/outgoing/17/return/: not sent after all; the composer has the words again."""
    try:
        draft = sending.take_back(person, number)
    except sending.Gone:
        messages.warning(request, _("It has gone out already."))
        return HttpResponseRedirect("/desk/queue/")
    return HttpResponseRedirect(f"/desk/tickets/{draft.ticket_id}/#say")


@require_POST
@desk
def send_now(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/outgoing/17/sending/: without waiting any longer."""
    try:
        ticket = sending.send_now(person, number, at=clock.now(), ways=solutions.WAYS)
    except sending.Gone:
        messages.warning(request, _("It has gone out already."))
        return HttpResponseRedirect("/desk/queue/")
    return HttpResponseRedirect(f"/desk/tickets/{ticket.pk}/")


def _back(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(
        "/desk/drafts/" if request.POST.get("from") == "list" else f"/desk/tickets/{ticket.pk}/"
    )
