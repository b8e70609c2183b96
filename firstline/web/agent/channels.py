"""Channels: the mailboxes with their health, and one page for each. The administrator's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.intake import mailbox_health, mailboxes
from firstline.intake.mailbox_health import Health
from firstline.lib import clock
from firstline.people.models import Client, Person, Team
from firstline.people.permissions import demand
from firstline.post import consents, probes
from firstline.post.models import Account
from firstline.tickets.queries import NotThere
from firstline.web.agent import (
    channel_words,
    channels_form,
    connection,
    exchanges,
    identity_form,
    probe_words,
    sms_gateways,
)
from firstline.web.agent.door import desk
from firstline.web.asked import is_fragment

PROBES_SHOWN = 6
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/channels/"""
    demand(person, "channels")
    rows = [_row(health) for health in mailbox_health.of_all(clock.now())]
    if is_fragment(request):
        return render(request, "web/agent/channels/_rows.html", {"rows": rows})
    return render(
        request,
        "web/agent/channels/list.html",
        {"rows": rows, "gateways": sms_gateways.rows(), "exchanges": exchanges.rows()},
    )


@FORM
@desk
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/channels/new/"""
    demand(person, "channels")
    if request.method != "POST":
        return _form(request, channels_form.shown(None, None))
    return _keep(request, person, None)


@FORM
@desk
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/channels/3/: how it does, and what it is."""
    account = _get(person, number)
    if request.method == "POST":
        return _keep(request, person, account)
    health = mailbox_health.of_one(account, clock.now())
    if is_fragment(request):
        return render(request, "web/agent/channels/_state.html", _state(health))
    return _form(request, channels_form.shown(account, health.desk, health.consent), health)


@FORM
@desk
def probe(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/channels/3/probes/: GET how the newest does (a part of the page); POST one more."""
    account = _get(person, number)
    if request.method != "POST":
        return render(request, "web/agent/channels/_probe.html", _probed(account))
    try:
        probes.ask(account, at=clock.now(), by=person.pk)
    except probes.NotNow:
        messages.error(request, _("The mailbox is paused or switched off: the probe could not come back."))
        return _back(number)
    return HttpResponseRedirect(f"/desk/channels/{number}/#probe")


@require_POST
@desk
def pause(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/channels/3/pause/"""
    mailboxes.pause(_get(person, number), by=person.actor, at=clock.now())
    messages.success(request, _("Paused: its letters wait on the server."))
    return _back(number)


@require_POST
@desk
def resume(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/channels/3/resumption/"""
    mailboxes.resume(_get(person, number), by=person.actor, at=clock.now())
    messages.success(request, _("It is fetched again."))
    return _back(number)


@require_POST
@desk
def try_now(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/channels/3/trial/"""
    mailboxes.try_now(_get(person, number), by=person.actor, at=clock.now())
    messages.success(request, _("It is tried with the next round."))
    return _back(number)


def _get(person: Person, number: int) -> Account:
    demand(person, "channels")
    account = Account.objects.filter(pk=number, kind=Account.Kind.EMAIL).first()
    if account is None:
        raise NotThere(str(number))
    return account


def _back(number: int) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/channels/{number}/")


def _keep(request: HttpRequest, person: Person, account: Account | None) -> HttpResponse:
    try:
        wanted = channels_form.wanted(request.POST, account)
        kept = mailboxes.set_up(wanted, by=person.actor, at=clock.now(), account=account, must_be_new=account is None)
    except mailboxes.WrongMailbox as wrong:
        health = mailbox_health.of_one(Account.objects.get(pk=account.pk), clock.now()) if account else None
        return _form(request, channels_form.typed(request.POST), health, wrong)
    messages.success(request, _("Kept."))
    return _back(kept.account.pk)


def _form(
    request: HttpRequest,
    fields: dict[str, Any],
    health: Health | None = None,
    wrong: mailboxes.WrongMailbox | None = None,
) -> HttpResponse:
    context = {
        "fields": fields,
        "dns": identity_form.records(health.account) if health else [],
        "probe_hours": channel_words.probe_hours(fields["probe_every"]),
        "texts": channels_form.by_language(fields),
        "teams": Team.objects.all(),
        "clients": Client.objects.all(),
        "wrong": {wrong.field.replace("oauth.", "oauth_"): channel_words.why(wrong.why, wrong.field)} if wrong else {},
        "redirect_uri": f"{settings.FIRSTLINE_BASE_URL}{consents.REDIRECT}",
        **({**_state(health), **_probed(health.account), **connection.shown(health, request.user)} if health else {}),
    }
    return render(request, "web/agent/channels/one.html", context, status=422 if wrong else 200)


def _row(health: Health) -> dict[str, Any]:
    return {"health": health, "account": health.account, "chips": channel_words.chips(health)}


def _state(health: Health) -> dict[str, Any]:
    return {
        **_row(health),
        "next_try": channel_words.soon(health.tries_again_at),
        "next_sending": channel_words.soon(health.sends_again_at),
        "wrong_now": [
            (channel_words.TROUBLES[one.trouble], one, channel_words.advice(one.detail)) for one in health.wrong
        ],
    }


def _probed(account: Account) -> dict[str, Any]:
    made = [probe_words.said(one) for one in probes.newest(account, PROBES_SHOWN)]
    return {"account": account, "probe": made[0] if made else None, "probes": made[1:]}
