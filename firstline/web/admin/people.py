"""People: who asks and who helps, found, added and edited by whoever looks after accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstline.lib import clock
from firstline.lines import parting
from firstline.people import upkeep
from firstline.people.models import Client, Person
from firstline.people.permissions import may
from firstline.people.upkeep import Known, WrongPerson
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.web.admin import people_form, people_found
from firstline.web.admin.fields import Words, in_words
from firstline.web.manager.door import door

ROOT = "/desk/people/"
SEES = "accounts"
SHOWN_TICKETS = 20


@require_safe
@door(SEES)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/people/?q=иван&client=north&role=requester&state=away"""
    asked = {key: request.GET.get(key, "").strip() for key in ("q", "client", "role", "state")}
    got = people_found.page(person, asked, request.GET.get("after", ""), ROOT)
    context = {
        "rows": got.rows, "next": got.next, "first": got.first, "q": asked["q"],
        "filters": people_form.filters(asked), "is_asked": any(asked.values()),
    }  # fmt: skip
    return render(request, "web/admin/people.html", context)


@require_http_methods(["GET", "POST"])
@door(SEES)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/people/new/?client=north: with an invitation at once, if wanted."""
    if request.method != "POST":
        client = Client.objects.filter(slug=request.GET.get("client", "")).first()
        return _page(request, person, None, people_form.blank(client), {})
    known = people_form.known_from(request.POST, None)
    try:
        made = upkeep.keep(known, found=None, by=person, at=clock.now()).person
    except WrongPerson as wrong:
        return _page(request, person, None, known, in_words(wrong.problems))
    messages.success(request, _("%(name)s is added.") % {"name": made.name})
    if "invite" in request.POST and made.email:
        upkeep.invite(made, by=person, at=clock.now())
        messages.success(request, _("The invitation is on its way."))
    return HttpResponseRedirect(f"{ROOT}{made.pk}/")


@require_http_methods(["GET", "POST"])
@door(SEES)
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """A person: edited by who may, else read."""
    found = get(number)
    if request.method != "POST":
        return _page(request, person, found, people_form.known_of(found), {})
    known = people_form.known_from(request.POST, found)
    if not may(person, "roles"):  # what his form does not have stays
        kept = people_form.known_of(found)
        known = Known(**{**vars(known), "team": kept.team, "scope": kept.scope, "scope_all": kept.scope_all,
                         "in_reserve": kept.in_reserve})  # fmt: skip
    try:
        upkeep.keep(known, found=found, by=person, at=clock.now())
    except WrongPerson as wrong:
        return _page(request, person, found, known, in_words(wrong.problems))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{ROOT}{number}/")


def get(number: int) -> Person:
    """Raises NotThere."""
    found = Person.objects.select_related("client", "team", "merged_into").filter(pk=number).first()
    if found is None:
        raise NotThere(str(number))
    return found


def _page(
    request: HttpRequest, person: Person, found: Person | None, known: Known, wrong: Mapping[str, Words]
) -> HttpResponse:
    is_ours = found is not None and upkeep.is_of_the_desk(found)
    context: dict[str, Any] = {
        "one": found, "sections": people_form.sections(known, person, wrong), "wrong": wrong,
        "may_edit": (may(person, "roles") or not is_ours) and not (found and found.merged_into_id),
    }  # fmt: skip
    if found is not None:
        context |= around(found)
    return render(request, "web/admin/person.html", context, status=422 if wrong else 200)


def around(found: Person) -> dict[str, Any]:
    """What stands beside a person: what he holds and asked for, and his keys."""
    held = list(parting.held_by(found)[: SHOWN_TICKETS + 1])
    return {
        "held": held[:SHOWN_TICKETS], "held_count": parting.held_by(found)[:100].count(),
        "asked_count": Ticket.objects.filter(requester=found, is_open__in=[True])[:100].count(),
        "tokens": found.tokens.filter(revoked_at__isnull=True).count(), "has_password": found.has_usable_password(),
        "was_also": list(found.was_also.all()), "may_solve": found.is_active and found.solves,
    }  # fmt: skip
