"""Requests for portal accounts: each becomes a person of a client with an invitation by mail, or is refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.people import accounts
from firstline.people.models import AccountRequest, Client, Person
from firstline.people.permissions import demand
from firstline.people.roles import Role
from firstline.tickets.queries import NotThere
from firstline.web.agent.door import desk

SHOWN = 100
DECIDED = 30


@require_safe
@desk
def requests(request: HttpRequest, person: Person) -> HttpResponse:
    """Who waits, oldest first, with the client whose mail domain it is already chosen; below, what was decided."""
    return _page(request, person)


@require_POST
@desk
def accept(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """An account at the chosen client."""
    asked = _get(person, number)
    client = Client.objects.filter(slug=request.POST.get("client", "")).first()
    if client is None:
        return _page(request, person, wrong={asked.pk: _("Choose the client.")})
    try:
        made = accounts.accept(
            asked, client=client, by=person, at=clock.now(), role=request.POST.get("role", Role.REQUESTER)
        )
    except accounts.WrongField as wrong:
        words = {
            "email": _("This address belongs to the desk or to another client."),
            "role": _("Choose requester or coordinator."),
        }[wrong.field]
        return _page(request, person, wrong={asked.pk: words})
    except accounts.AlreadyDecided:
        return _too_late(request)
    messages.success(request, _("%(name)s has an account; the invitation is on its way.") % {"name": made.name})
    return HttpResponseRedirect("/desk/accounts/")


@require_POST
@desk
def refuse(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """No account, and no letter: the address may be anybody's."""
    try:
        accounts.refuse(_get(person, number), by=person, at=clock.now())
    except accounts.AlreadyDecided:
        return _too_late(request)
    messages.success(request, _("Refused. Nobody was written to."))
    return HttpResponseRedirect("/desk/accounts/")


def _get(person: Person, number: int) -> AccountRequest:
    demand(person, "accounts")
    asked = AccountRequest.objects.filter(pk=number).first()
    if asked is None:
        raise NotThere(str(number))
    return asked


def _too_late(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Somebody else has decided about this one already."))
    return HttpResponseRedirect("/desk/accounts/")


def _page(request: HttpRequest, person: Person, wrong: dict[int, str] | None = None) -> HttpResponse:
    waiting = list(accounts.waiting(person)[:SHOWN])
    proposed = accounts.proposed_clients(waiting)
    typed = {pk: request.POST.get("client", "") for pk in wrong or {}}
    rows: list[dict[str, Any]] = [
        {
            "asked": one,
            "chosen": typed.get(one.pk) or proposed.get(one.pk, ""),
            "known": one.pk in proposed,
            "problem": (wrong or {}).get(one.pk, ""),
        }
        for one in waiting
    ]
    context = {
        "rows": rows,
        "decided": list(accounts.decided(person)[:DECIDED]),
        "clients": list(Client.objects.filter(closed_at=None)),
        "roles": [(Role.REQUESTER.value, Role.REQUESTER.label), (Role.COORDINATOR.value, Role.COORDINATOR.label)],
    }
    return render(request, "web/agent/accounts.html", context, status=422 if wrong else 200)
