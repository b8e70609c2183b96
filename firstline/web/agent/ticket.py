"""The ticket's page: what it is, what was said and done, what to do next, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from firstline.assets.models import Site
from firstline.contracts import terms
from firstline.lib import clock
from firstline.lib.asked_often import Given, Question
from firstline.people.asking import OfSomebody
from firstline.people.models import Person
from firstline.people.permissions import may as allowed
from firstline.post.models import Undeliverable
from firstline.sla import clocks
from firstline.tickets import answers, lists, queries, statuses
from firstline.tickets.models import Link, LinkKind, Ticket
from firstline.tickets.permissions import may
from firstline.tickets.relations import INVERSE
from firstline.web import bounce_words, clock_faces, form_pages, link_words, open_now
from firstline.web.agent import said, thread
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment
from firstline.worklog import touch
from firstline.worklog.models import Entry
from firstline.worklog.touch_models import Touch
from firstline.worklog.touching import to_log

MERGED = gettext_lazy("{number} is merged into this ticket")
MOST_BESIDE = 8  # people, sites and other tickets of the client card
_SPENT = Entry.objects.filter(ticket=OuterRef("pk")).order_by().values("ticket").annotate(sum=Sum("minutes"))
_RETURNED = Undeliverable.objects.filter(address=Lower(OuterRef("requester__email")))
# What the page says beside the ticket and reads in the ticket's own statement: minutes, and whether mail comes back.
WITH_IT = {
    "minutes": Subquery(_SPENT.values("sum")),
    **{name: Subquery(_RETURNED.values(name)) for name in ("hard_since", "complained_at", "reason")},
    "code": Subquery(_RETURNED.values("status")),
}
# What he worked in the ticket, and logged of it: the rest is proposed.
_HE = Given("asks", BigIntegerField())
_LOGGED = Entry.objects.filter(ticket=OuterRef("pk"), kind__in=touch.IN_THE_TICKET, person=_HE).order_by()
_TOUCHED = Touch.objects.filter(ticket=OuterRef("pk"), person=_HE).order_by()
_OWN_TIME = {
    "logged": Subquery(_LOGGED.values("ticket").annotate(sum=Sum("minutes")).values("sum")),
    "touched": Subquery(_TOUCHED.values("ticket").annotate(sum=Sum(F("ended_at") - F("started_at"))).values("sum")),
}
_TICKET = queries.asking(*answers.WITH_ANSWERS, **WITH_IT, **_OWN_TIME)


def _links(person: Person) -> QuerySet[Link]:
    seen = {end: Exists(lists.in_order(person).filter(pk=OuterRef(end))) for end in ("source_id", "target_id")}
    rows = Link.objects.filter(Q(source=_NUMBER) | Q(target=_NUMBER)).filter(seen["source_id"], seen["target_id"])
    return rows.select_related("source", "target").order_by("id")


def _open_of(whose: str) -> OfSomebody[Ticket]:
    """Other open tickets of one client, or of one requester."""

    def wording(person: Person) -> QuerySet[Ticket]:
        rows = lists.in_order(person).filter(lists.OPEN, **{whose: _WHOSE}).exclude(pk=_NUMBER)
        return rows.only("id", "subject", "status", "queue_at").order_by("queue_at", "id")[:MOST_BESIDE]

    return OfSomebody(wording)


_NUMBER, _WHOSE = Given("number", BigIntegerField()), Given("whose", BigIntegerField())
_LINKS = OfSomebody(_links)
_OF_CLIENT, _OF_REQUESTER = _open_of("client"), _open_of("requester")
_COLLEAGUES = Question(
    lambda: Person.objects.filter(client=_WHOSE, is_active=True).exclude(pk=Given("but", BigIntegerField()))[
        :MOST_BESIDE
    ]
)
_SITES = Question(lambda: Site.objects.filter(client=_WHOSE)[:MOST_BESIDE])
PARTS = {"tk-head": "web/agent/ticket/_head.html", "thread": "web/agent/ticket/_thread.html"}


@dataclass(frozen=True)
class Deeds:
    """What this person may do with this ticket now: by the role, and by the status."""

    take: bool
    answer: bool
    note: bool
    separate: bool
    direct: bool
    assign: bool
    hand_over: bool
    wait: bool
    resume: bool
    resolve: bool
    cancel: bool
    link: bool
    merge: bool
    place: bool
    log: bool
    vendor: bool
    write: bool
    contract: bool


@dataclass(frozen=True)
class Linked:
    """Another ticket that this one belongs together with; `kind` as `link` has it, `outwards` where this one is it."""

    ticket: Ticket
    words: str
    kind: str
    outwards: bool
    stays: bool  # what is left of a merge: taken apart, not unlinked


@require_safe
@desk
def page(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/[?before=EVENT]; htmx gets the part that it asks for."""
    ticket = queries.get_for(person, number, _TICKET)
    wanted = request.headers.get("HX-Target", "") if is_fragment(request) else ""
    context: dict[str, Any] = {"ticket": ticket, "may": deeds_of(person, ticket), "here": request.get_full_path()}
    if wanted != "thread":
        found = clocks.of(ticket)
        context["clocks"] = [clock_faces.face(row, clock.now()) for row in clock_faces.in_view(found)]
        context["more_clocks"] = len(found)
        context["standing"] = _standing(ticket)
    if wanted != "tk-head":
        context["answers"] = form_pages.answered(ticket, desk=True)
        context["thread"] = thread.of(person, ticket, request.GET.get("before", ""))
    if wanted in PARTS:
        return render(request, PARTS[wanted], context)
    context |= beside(person, ticket)
    context["said"] = None if is_fragment(request) else said.kept(request)
    if ticket.contract is not None:
        known = vars(ticket)
        newest = (known["hours_version"], known["hours_made_at"]) if known.get("hours_version") else None
        context["open_now"] = open_now.of(ticket.contract.calendar, clock.now(), newest)
    template = "web/agent/ticket/_ticket.html" if is_fragment(request) else "web/agent/ticket/ticket.html"
    return render(request, template, context)


def deeds_of(person: Person, ticket: Ticket) -> Deeds:
    """No statement: role and scope came with the person, the status with the ticket."""

    def can(deed: str, verb: str) -> bool:
        return may(person, deed, ticket) and statuses.allows(verb, ticket.status)

    return Deeds(
        take=can("take", "take") and ticket.assignee_id != person.pk,
        answer=may(person, "answer", ticket) and ticket.merged_into_id is None,
        note=may(person, "note", ticket) and ticket.merged_into_id is None,
        separate=may(person, "merge", ticket) and ticket.merged_into_id is not None,
        direct=may(person, "direct", ticket),
        assign=can("assign others", "assignment"),
        hand_over=can("hand over", "hand-over"),
        wait=can("wait", "wait"),
        resume=can("resume", "resume"),
        resolve=can("resolve", "resolution"),
        cancel=may(person, "cancel", ticket) and statuses.allows("cancellation", ticket.status),
        link=may(person, "link", ticket),
        merge=can("merge", "merge"),
        place=may(person, "merge", ticket) and ticket.merged_into_id is None,
        log=may(person, "log time", ticket),
        vendor=may(person, "ask vendor", ticket) and ticket.is_open,
        write=allowed(person, "draft article"),
        contract=allowed(person, "see contracts"),
    )


def _standing(ticket: Ticket) -> terms.Standing | None:
    """What the contract says of its service and equipment, where it does not simply include them: one statement."""
    if ticket.client is None or (ticket.service is None and ticket.equipment is None):
        return None
    found = terms.standing(
        ticket.client, ticket.service, ticket.created_at, ticket.contract_id, equipment=ticket.equipment
    )
    return None if found is None or found.cover == "included" else found


def beside(person: Person, ticket: Ticket) -> dict[str, Any]:
    """The client card and what belongs to the ticket, which came WITH_IT: four statements."""
    came = vars(ticket)
    address = {name: came[name] for name in ("hard_since", "complained_at", "reason", "code")}
    client = ticket.client_id
    others, whose = (_OF_CLIENT, client) if client else (_OF_REQUESTER, ticket.requester_id)
    return {
        "others": others.all(person, number=ticket.pk, whose=whose),
        "colleagues": _COLLEAGUES.all(whose=client, but=ticket.requester_id) if client else [],
        "sites": _SITES.all(whose=client) if client else [],
        "links": linked(person, ticket),
        "minutes": came["minutes"] or 0,
        "to_log": to_log(came["touched"] or timedelta(), came["logged"] or 0),
        "address": {**address, "reason": bounce_words.reason(address["reason"] or "", address["code"] or "")},
    }


def linked(person: Person, ticket: Ticket) -> list[Linked]:
    """The tickets that this one belongs together with, as far as the person may see them: one statement."""
    made = []
    for row in _LINKS.all(person, number=ticket.pk):
        outwards = row.source_id == ticket.pk
        other, kind = (row.target, row.kind) if outwards else (row.source, INVERSE[LinkKind(row.kind)])
        merged = ticket.pk == other.merged_into_id or other.pk == ticket.merged_into_id
        words = MERGED if other.merged_into_id == ticket.pk else link_words.LINKS[kind]
        stays = merged and row.kind == LinkKind.DUPLICATE
        made.append(Linked(other, str(words).replace("{number}", f"#{other.pk}"), row.kind, outwards, stays))
    return made
