"""The telephone exchanges that tell of calls: what each is and how it does. The administrator's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import hook_accounts, trunks
from firstline.post.hook_accounts import WrongAccount
from firstline.post.models import Trunk
from firstline.post.transports.sms import SIGNATURE
from firstline.tickets.queries import NotThere
from firstline.web.agent.door import desk
from firstline.web.agent.hook_words import WHY as OF_ACCOUNTS

FORM = require_http_methods(["GET", "HEAD", "POST"])
TEXTS = ("slug", "name", "country")
WHY: dict[str, str | Promise] = {
    **OF_ACCOUNTS,
    hook_accounts.TAKEN: gettext_lazy("Another exchange has this name."),
    trunks.NO_COUNTRY: gettext_lazy("A country in two letters, such as RU or BG."),
}


def rows() -> list[dict[str, Any]]:
    """Each exchange, and whether its calls are refused, for the list of channels."""
    troubled = {one.pk for one in trunks.in_trouble(clock.now())}
    return [{"exchange": one, "is_refused": one.pk in troubled} for one in Trunk.objects.order_by("slug")]


@FORM
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/channels/phone/new/"""
    demand(person, "channels")
    return _keep(request, person, None) if request.method == "POST" else _form(request, _shown(None), None)


@FORM
@desk
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """/desk/channels/phone/main/"""
    demand(person, "channels")
    exchange = Trunk.objects.filter(slug=slug).first()
    if exchange is None:
        raise NotThere(slug)
    return _keep(request, person, exchange) if request.method == "POST" else _form(request, _shown(exchange), exchange)


def _keep(request: HttpRequest, person: Person, exchange: Trunk | None) -> HttpResponse:
    given = request.POST
    texts = {name: given.get(name, "") for name in TEXTS if name in given}
    wanted = trunks.Wanted(
        **{"slug": "", **texts}, secret=given.get("secret", "") or None, is_active="is_active" in given
    )
    try:
        kept, _changed, _is_new = trunks.set_up(
            wanted, by=person.actor, at=clock.now(), trunk=exchange, must_be_new=exchange is None
        )
    except WrongAccount as wrong:
        typed = {name: given.get(name, "") for name in TEXTS} | {"is_active": "is_active" in given}
        return _form(request, typed, exchange, wrong)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(f"/desk/channels/phone/{kept.slug}/")


def _shown(exchange: Trunk | None) -> dict[str, Any]:
    row = exchange or Trunk()
    return {name: getattr(row, name) for name in TEXTS} | {"is_active": row.is_active}


def _form(
    request: HttpRequest, fields: dict[str, Any], exchange: Trunk | None, wrong: WrongAccount | None = None
) -> HttpResponse:
    refused = {one.pk for one in trunks.in_trouble(clock.now())}
    context = {
        "exchange": exchange, "fields": fields, "signature": SIGNATURE,
        "is_refused": exchange is not None and exchange.pk in refused,
        "wrong": {wrong.field: WHY.get(wrong.why, wrong.why)} if wrong else {},
        "hook": f"{settings.FIRSTLINE_BASE_URL}/api/v1/hooks/phone/{exchange.slug if exchange else '…'}",
    }  # fmt: skip
    return render(request, "web/agent/channels/phone.html", context, status=422 if wrong else 200)
