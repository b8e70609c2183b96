"""The gateways of text messages: what each is, how it does, and one message to try it. The administrator's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from firstline.lib import clock, phones
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import gateways, hook_accounts, outbox, roads, ways
from firstline.post.gateways import Wanted
from firstline.post.hook_accounts import WrongAccount
from firstline.post.models import Gateway, Outlet
from firstline.post.transports.sms import SIGNATURE, USUAL_FIELDS
from firstline.tickets.queries import NotThere
from firstline.web.agent.door import desk
from firstline.web.agent.hook_words import WHY as OF_ACCOUNTS

FORM = require_http_methods(["GET", "HEAD", "POST"])
TEXTS = ("slug", "name", "sender", "url", "form", "answer_id", "answer_error", "prefixes")
SECRETS = ("secret", "authorization")  # kept where nothing is typed, never shown
WHY: dict[str, Promise] = {
    **OF_ACCOUNTS,
    hook_accounts.TAKEN: gettext_lazy("Another gateway has this name."),
    gateways.NO_URL: gettext_lazy("An address begins with https:// or http://."),
    gateways.NO_MARKS: gettext_lazy("Some field must say {to}, and some field {text}. One field a line: name = value."),
    gateways.NO_PREFIX: gettext_lazy("Beginnings of numbers, such as +7, +359."),
}
FORMS: dict[str, str | Promise] = {Gateway.Form.JSON: "JSON", Gateway.Form.FORM: gettext_lazy("fields of a form")}


def rows() -> list[dict[str, Any]]:
    """Each gateway with what is wrong with its road now, for the list of channels."""
    troubled = {one.address: one for one in roads.problems()}
    return [
        {"gateway": one, "problem": troubled.get(gateways.road_name(one))} for one in Gateway.objects.order_by("slug")
    ]


@FORM
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/channels/sms/new/"""
    demand(person, "channels")
    return _keep(request, person, None) if request.method == "POST" else _form(request, _shown(None), None)


@FORM
@desk
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """/desk/channels/sms/main/"""
    gateway = _get(person, slug)
    return _keep(request, person, gateway) if request.method == "POST" else _form(request, _shown(gateway), gateway)


@require_POST
@desk
def trial(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST /desk/channels/sms/main/trial/: one message to a number."""
    gateway = _get(person, slug)
    number = phones.normalised(request.POST.get("to", ""))
    chosen = gateways.for_number(number) if gateways.reaches(number) else None
    if chosen is None or chosen.slug != gateway.slug:
        messages.error(request, _("This gateway does not send to that number."))
    else:
        outbox.put(
            kind="sms_test", channel=ways.SMS, to=number, language=person.language, data={}, at=clock.now(),
            person=person.pk, at_most_once=True, automatic=False,
        )  # fmt: skip
        messages.success(request, _("The message is in the outbox: its line there says how it went."))
    return HttpResponseRedirect(f"/desk/channels/sms/{gateway.slug}/")


def _get(person: Person, slug: str) -> Gateway:
    demand(person, "channels")
    gateway = Gateway.objects.filter(slug=slug).first()
    if gateway is None:
        raise NotThere(slug)
    return gateway


def _keep(request: HttpRequest, person: Person, gateway: Gateway | None) -> HttpResponse:
    given = request.POST
    try:
        kept, _changed, _is_new = gateways.set_up(
            _wanted(given), by=person.actor, at=clock.now(), gateway=gateway, must_be_new=gateway is None
        )
    except WrongAccount as wrong:
        typed = {name: given.get(name, "") for name in (*TEXTS, "fields")} | {"is_active": "is_active" in given}
        return _form(request, typed, gateway, wrong)
    messages.success(request, _("Kept."))
    return HttpResponseRedirect(f"/desk/channels/sms/{kept.slug}/")


def _wanted(given: QueryDict) -> Wanted:
    texts = {name: given.get(name, "") for name in TEXTS if name in given}
    texts |= {name: typed for name in SECRETS if (typed := given.get(name, ""))}
    fields = None
    if "fields" in given:
        lines = [line.partition("=") for line in given.get("fields", "").splitlines() if line.strip()]
        if not all(equals for _name, equals, _value in lines):
            raise WrongAccount("fields", gateways.NO_MARKS)
        fields = {name.strip(): value.strip() for name, _equals, value in lines}
    return Wanted(**{"slug": "", **texts}, fields=fields, is_active="is_active" in given)


def _shown(gateway: Gateway | None) -> dict[str, Any]:
    row = gateway or Gateway()
    fields = row.fields or USUAL_FIELDS
    return {name: getattr(row, name) for name in TEXTS} | {
        "fields": "\n".join(f"{name} = {value}" for name, value in fields.items()), "is_active": row.is_active,
    }  # fmt: skip


def _form(
    request: HttpRequest, fields: dict[str, Any], gateway: Gateway | None, wrong: WrongAccount | None = None
) -> HttpResponse:
    outlet = Outlet.objects.filter(address=gateways.road_name(gateway), failures__gt=0).first() if gateway else None
    context = {
        "gateway": gateway, "fields": fields, "forms": FORMS.items(), "outlet": outlet, "signature": SIGNATURE,
        "wrong": {wrong.field: WHY.get(wrong.why, wrong.why)} if wrong else {},
        "hook": f"{settings.FIRSTLINE_BASE_URL}/api/v1/hooks/sms/{gateway.slug if gateway else '…'}",
    }  # fmt: skip
    return render(request, "web/agent/channels/sms.html", context, status=422 if wrong else 200)
