"""A call, or somebody at the counter: registered while he talks."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.assets import queries as assets
from firstline.assets.models import Equipment
from firstline.contracts import checklist, forms, terms
from firstline.contracts.models import Outage, Service
from firstline.intake.channels import phone
from firstline.knowledge import suggest
from firstline.lib import clock
from firstline.people import callers
from firstline.people.listed import number_of
from firstline.people.models import Client, Person
from firstline.sla import promises
from firstline.tickets import known_outages, lists
from firstline.tickets.models import Level, Type
from firstline.tickets.priority import priority_of
from firstline.tickets.refusals import WrongValue
from firstline.web import form_pages
from firstline.web.agent.conversation import whole_number
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment
from firstline.web.refusals import problem_in_words

MOST_BESIDE = 6
MOST_OUTAGES = 3


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/calls/new/: GET shows what is known so far (also for htmx, as one types), POST registers.

    who, requester, caller_phone, caller_name, client, subject, text, service, impact, urgency, type, channel, minutes,
    equipment, solved_how, remote, ticked, article, key; deed=take|create|solved.
    """
    if request.method != "POST":
        template = "web/agent/calls/_parts.html" if is_fragment(request) else "web/agent/calls/new.html"
        by_service = request.headers.get("HX-Trigger") == "service"
        return render(request, template, {**known(request.GET, person), "by_service": by_service})
    try:
        return _registered(request, person)
    except WrongValue as wrong:
        context = {**known(request.POST, person), "wrong": wrong.field, "problem": problem_in_words(wrong)}
        return render(request, "web/agent/calls/new.html", context, status=422)


def _registered(request: HttpRequest, person: Person) -> HttpResponse:
    sent, deed = request.POST, request.POST.get("deed", "take")
    who = asked(sent, person)
    solved_how = sent.get("solved_how", "").strip()
    if deed == "solved" and not solved_how:
        raise WrongValue("solved_how", "empty")
    taken = phone.register(
        by=person, requester=who["requester"], caller_phone=who["caller_phone"], caller_name=who["caller_name"],
        client=who["client"], subject=sent.get("subject", "").strip() or _call_from(who, sent),
        text=sent.get("text", ""),
        type=sent.get("type") or None, service=sent.get("service") or None, impact=sent.get("impact", ""),
        urgency=sent.get("urgency", ""), at=clock.now(), channel=sent.get("channel", "phone"),
        take=deed in {"take", "solved"}, solved_how=solved_how if deed == "solved" else "",
        remote=sent.get("remote") == "1", equipment=_equipment(who, sent),
        minutes=whole_number(request, "minutes", optional=True) if deed == "solved" else 0,
        article=sent.get("article") or None, ticked=sent.getlist("ticked"), answers=form_pages.typed_in(sent),
        outage=_outage(who, sent), call=number_of(sent.get("call", "")) or 0, key=sent.get("key", ""),
    )  # fmt: skip
    if taken.ticket is None:
        messages.success(request, _("Received and kept. The number follows in a moment: look into the intake journal."))
        return HttpResponseRedirect("/desk/queue/")
    messages.success(request, _("Ticket #{number} is registered.").replace("{number}", taken.ticket.number))
    return HttpResponseRedirect(f"/desk/tickets/{taken.ticket.pk}/")


def asked(sent: QueryDict, person: Person) -> dict[str, Any]:
    """Who calls: chosen from the list, or the only one that fits, or somebody new with what was typed."""
    typed = sent.get("who", "").strip()
    found = callers.find(person, typed)
    chosen = next((one for one in found if one.login == sent.get("requester")), None)
    if chosen is None and sent.get("requester") not in (None, "", "new"):
        chosen = callers.within(person).select_related("client").filter(login=sent["requester"]).first()
    if chosen is None and len(found) == 1 and sent.get("requester") != "new":
        chosen = found[0]
    is_number = bool(typed) and not any(character.isalpha() for character in typed)
    return {
        "found": found,
        "requester": chosen,
        "caller_phone": sent.get("caller_phone", "").strip() or (typed if is_number else ""),
        "caller_name": sent.get("caller_name", "").strip() or ("" if is_number else typed),
        "client": chosen.client if chosen else sent.get("client") or None,
    }


def known(sent: QueryDict, person: Person) -> dict[str, Any]:
    """Everything that the form can say before it is sent: the caller, what he has open, articles, the promise."""
    who = asked(sent, person)
    clients = list(_clients(person))
    client = (
        who["client"]
        if isinstance(who["client"], Client)
        else next((c for c in clients if c.slug == who["client"]), None)
    )
    services = list(Service.objects.all())
    service = next((one for one in services if one.slug == sent.get("service")), None)
    impact, urgency = (sent.get(name) if sent.get(name) in Level.values else "medium" for name in ("impact", "urgency"))
    priority = priority_of(str(impact), str(urgency))
    words = f"{sent.get('subject', '')} {sent.get('text', '')}".strip()
    at = clock.now()
    thing = assets.named(client, sent.get("equipment", ""))
    promised = promises.for_new(
        client, service=service, priority=priority, type=sent.get("type") or Type.INCIDENT, at=at, equipment=thing
    )
    others = lists.in_order(person).filter(lists.OPEN).order_by("-id")
    others = (
        others.filter(client=client)
        if client
        else others.filter(requester=who["requester"])
        if who["requester"]
        else others.none()
    )
    return {
        **who, "who": sent.get("who", ""), "sent": sent, "clients": clients, "chosen_client": client,
        "services": services, "equipment": thing, "offered": list(assets.offered(client)) if client else [],
        "standing": terms.standing(client, service, at, None, thing) if client and thing else None,
        "chosen_service": service, "impact": impact, "urgency": urgency, "levels": Level.choices, "types": Type.choices,
        "priority": priority, "promised": promised, "others": list(others[:MOST_BESIDE]),
        "articles": suggest.for_text(person, words) if words else [], "key": sent.get("key") or uuid.uuid4().hex,
        "channel": "walk_up" if sent.get("channel") == "walk_up" else "phone",
        "fields": _asked_of(service, sent, client), "checks": _before_solving(service, sent),
        "outages": list(known_outages.touching(client, at)[:MOST_OUTAGES]) if client else [],
        "told": list(known_outages.to_say(client, at)[:MOST_OUTAGES]) if client else [],
        "asked_for": bool(sent.get("who", "").strip()),
    }  # fmt: skip


def _asked_of(service: Service | None, sent: QueryDict, client: Client | None) -> list[form_pages.Asked]:
    """The questions of the service: whoever talks asks them, files come later."""
    asked = form_pages.fields(forms.of(service), form_pages.typed_in(sent), client, lenient=True, desk=True)
    return [one for one in asked if one.field.kind != "file"]


def _before_solving(service: Service | None, sent: QueryDict) -> list[tuple[str, str, bool]]:
    """What the service's checklist wants done before a ticket is solved: key, words, whether it is ticked here."""
    items = checklist.items_of(service.checklist) if service else []
    done = sent.getlist("ticked")
    return [(one.key, one.label(get_language()), one.key in done) for one in items if one.gates]


def _outage(who: dict[str, Any], sent: QueryDict) -> Outage | None:
    """The outage that was ticked, if it touches the caller's client. Raises WrongValue."""
    given = sent.get("outage", "")
    if not given:
        return None
    client = who["client"] if isinstance(who["client"], Client) else Client.objects.filter(slug=who["client"]).first()
    touching = known_outages.touching(client, clock.now())
    found = touching.filter(pk=int(given)).first() if given.isascii() and given.isdigit() and len(given) < 16 else None
    if found is None:
        raise WrongValue("outage", "unknown")
    return found


def _equipment(who: dict[str, Any], sent: QueryDict) -> Equipment | None:
    """The thing of the caller's client that was typed or chosen. Raises WrongValue."""
    client = who["client"]
    if isinstance(client, str):
        client = Client.objects.filter(slug=client).first()
    found = assets.named(client, sent.get("equipment", ""))
    if found is None and sent.get("equipment", "").strip():
        raise WrongValue("equipment", "unknown")
    return found


def _clients(person: Person) -> Any:
    clients = Client.objects.all() if person.sees_all_clients else person.clients_in_scope
    return clients.filter(closed_at=None)


def _call_from(who: dict[str, Any], sent: QueryDict) -> str:
    """A ticket may be saved with nothing but a number: that is its subject, where there is no text."""
    if sent.get("text", "").strip():
        return ""
    shown = who["requester"].name if who["requester"] else who["caller_name"] or who["caller_phone"]
    return _("Call from {who}").replace("{who}", shown) if shown else ""
