"""Connecting a mailbox to its provider (OAuth2): the state of its token in words, the way there and back.

No page talks to the provider: what a person brings back is written down, and a worker exchanges it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.intake import mailbox_health
from firstline.intake.mailbox_health import Health
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.post import consents, oauth
from firstline.post.models import Account, Consent
from firstline.tickets.queries import NotThere
from firstline.web.agent.door import desk
from firstline.web.templatetags import ui

PROVIDERS: dict[str, str | Promise] = {
    oauth.MICROSOFT: "Microsoft 365",
    oauth.GOOGLE: "Google",
    oauth.OTHER: gettext_lazy("the provider"),
}


@dataclass(frozen=True)
class State:
    """The token in words; `waits`: the page asks again."""

    words: str
    tone: str
    icon: str
    detail: str = ""
    waits: bool = False


def shown(health: Health, person: Any) -> dict[str, Any]:
    """What the part of the page about the connection needs."""
    consent = health.consent
    if consent is None:
        return {"consent": None}
    began = consent.state and consent.begun_by == person.pk and consent.begun_at is not None
    fresh = began and consent.begun_at is not None and clock.now() - consent.begun_at < consents.PATIENCE
    return {
        "consent": consent,
        "token": _said(consent),
        "provider_name": PROVIDERS.get(consent.provider, consent.provider),
        "go": consents.link(consent) if fresh else "",
        "by_itself": consent.flow == Consent.Flow.CLIENT,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def connect(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """/desk/channels/3/connection/: GET how it stands, a part of the page; POST begins, then the page shows the way."""
    health = _health(person, number)
    if request.method != "POST":
        return render(
            request, "web/agent/channels/_connection.html", {"account": health.account, **shown(health, person)}
        )
    if health.consent is None:
        raise NotThere(str(number))
    consents.begin(health.consent, by=person.pk, at=clock.now())
    return HttpResponseRedirect(f"/desk/channels/{number}/#connection")


@require_POST
@desk
def disconnect(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/channels/3/disconnection/"""
    health = _health(person, number)
    if health.consent is None:
        raise NotThere(str(number))
    consents.forget(health.consent, by=person.actor, at=clock.now())
    messages.success(request, _("The tokens are thrown away. At the provider the consent can be withdrawn as well."))
    return HttpResponseRedirect(f"/desk/channels/{number}/")


@require_safe
@desk
def come_back(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/channels/consent/?state=…&code=…: the person is back from the provider's page."""
    demand(person, "channels")
    asked = {name: request.GET.get(name, "")[:4000] for name in ("state", "code", "error")}
    try:
        consent = consents.come_back(
            asked["state"], code=asked["code"], error=asked["error"][:100], by=person.pk, at=clock.now()
        )
    except consents.NotYours:
        messages.error(request, _("Nobody waits for this answer any more: begin again on the page of the mailbox."))
        return HttpResponseRedirect("/desk/channels/")
    return HttpResponseRedirect(f"/desk/channels/{consent.account_id}/#connection")


def _health(person: Person, number: int) -> Health:
    demand(person, "channels")
    account = Account.objects.filter(pk=number, kind=Account.Kind.EMAIL).first()
    if account is None:
        raise NotThere(str(number))
    return mailbox_health.of_one(account, clock.now())


def _said(consent: Consent) -> State:
    """In the order in which a person must know it."""
    now = clock.now()
    if consent.withdrawn_at is not None:
        moment = ui.exactly(consent.withdrawn_at)
        if consent.connected_at is None:
            return State(_("The provider refused: connect it again."), "red", "key-round", consent.problem)
        words = _("Consent was withdrawn, as we learnt on %(moment)s: connect it again.") % {"moment": moment}
        return State(words, "red", "key-round", consent.problem)
    if consent.code or (consent.flow == Consent.Flow.CLIENT and not consent.access_token):
        return State(_("Being connected: the worker fetches the token."), "blue", "hourglass", consent.problem, True)
    if consent.expires_at is None:
        return State(_("Not connected yet."), "amber", "key-round", consent.problem)
    moment = ui.exactly(consent.expires_at)
    if consent.expires_at <= now:
        words = _("The token ended on %(moment)s and could not be renewed yet; it is tried again by itself.")
        return State(words % {"moment": moment}, "red", "key-round", consent.problem, True)
    if consent.due_at is None:
        words = _("Valid until %(moment)s. The provider gave nothing to renew it with: connect it again before then.")
        return State(words % {"moment": moment}, "amber", "key-round", consent.problem)
    words = _("Valid until %(moment)s, renewed by itself.") % {"moment": moment}
    return State(words, "amber" if consent.problem else "green", "circle-check", consent.problem)
