"""Templates for answers: the page that keeps them, and the list that the composer opens on a ticket."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import queries, sharing, template_words, templates
from firstline.tickets.template_models import AnswerTemplate
from firstline.tickets.view_models import SharedWith
from firstline.web.agent.door import desk

HOME = "/desk/templates/"
SHOWN = 30


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/templates/[?removed=17]: his own and those shared with him."""
    rows = list(templates.visible_to(person))
    context: dict[str, Any] = {
        "rows": [{"one": one, "may_change": sharing.may_change(person, one)} for one in rows],
        "removed": request.GET.get("removed", "") if request.GET.get("removed", "").isdecimal() else "",
    }
    return render(request, "web/agent/templates/list.html", context)


@require_safe
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/templates/new/"""
    return _form(request, person, AnswerTemplate(owner=person))


@require_safe
@desk
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/templates/17/"""
    return _form(request, person, templates.get_for(person, number))


@require_POST
@desk
def save(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/templates/saving/ [number], name, body, language, shared"""
    given = {field: request.POST.get(field, "") for field in ("name", "body", "language")}
    shared = request.POST.get("shared", "") or SharedWith.NOBODY
    if number := request.POST.get("number", ""):
        templates.change(person, templates.get_for(person, number), **given, shared=shared)
    else:
        templates.save(person, **given, shared=shared)
    messages.success(request, _("The template is kept."))
    return HttpResponseRedirect(HOME)


@require_POST
@desk
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/templates/17/removal/; the list offers to bring it back."""
    templates.remove(person, templates.get_for(person, number), at=clock.now())
    return HttpResponseRedirect(f"{HOME}?removed={number}")


@require_POST
@desk
def bring_back(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/templates/17/return/"""
    templates.bring_back(person, number)
    return HttpResponseRedirect(HOME)


@require_safe
@desk
def for_ticket(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/templates/?q=: what can be put into the answer, each as it would stand there."""
    ticket = queries.get_for(person, number)
    found = templates.found_for(person, ticket, request.GET.get("q", "")[:200])
    rows = [{"one": one, "words": templates.words_for(one, ticket, person)} for one in found[:SHOWN]]
    context = {"rows": rows, "q": request.GET.get("q", ""), "ticket": ticket}
    return render(request, "web/agent/templates/_options.html", context)


@require_POST
@desk
def used(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/templates/17/uses/: it was put into an answer."""
    sharing.used(templates.get_for(person, number))
    return HttpResponse(status=204)


def _form(request: HttpRequest, person: Person, one: AnswerTemplate) -> HttpResponse:
    context = {
        "one": one,
        "languages": settings.LANGUAGES,
        "shares": sharing.shares_of(person),
        "may_change": one.pk is None or sharing.may_change(person, one),
        "variables": [("{{ " + name + " }}", _meaning(name)) for name in template_words.VARIABLES],
    }
    return render(request, "web/agent/templates/form.html", context)


def _meaning(variable: str) -> str:
    return {
        "requester.name": _("who asks, in full"),
        "requester.first_name": _("who asks, by the first name"),
        "client.name": _("the client's name"),
        "ticket.number": _("the number of the ticket"),
        "ticket.subject": _("its subject"),
        "ticket.link": _("where the client sees it"),
        "agent.name": _("who answers, in full"),
        "agent.first_name": _("who answers, by the first name"),
        "desk.phone": _("the desk's telephone"),
    }[variable]
