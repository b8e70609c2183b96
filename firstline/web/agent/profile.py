"""What an agent chooses for himself: language, time zone, theme, density, single keys; and his keys to the API."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people import preferences, tokens
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web.agent.door import desk

ZONES = tuple(sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Asia/")) or zone == "UTC"))
FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@desk
def profile(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/profile/ language, time_zone, theme, density, single_keys"""
    if request.method != "POST":
        return render(request, "web/agent/profile.html", {"languages": LANGUAGES, "zones": ZONES})
    wishes = {
        name: request.POST[name] for name in ("language", "time_zone", "theme", "density") if name in request.POST
    }
    preferences.prefer(person, **wishes, single_keys=request.POST.get("single_keys") == "1")
    with translation.override(person.language):
        messages.success(request, _("Kept."))
    return HttpResponseRedirect("/desk/profile/")


@FORM
@desk
def api_tokens(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/tokens/ note, scopes: the secret of a new one is shown once, on this answer only."""
    demand(person, "tokens")
    secret = ""
    if request.method == "POST":
        scopes = [scope for scope in tokens.SCOPES if scope in request.POST.getlist("scopes")]
        if not scopes:
            raise WrongValue("scopes", "empty")
        _token, secret = tokens.create(
            person, at=clock.now(), by=person, scopes=scopes, note=request.POST.get("note", "")
        )
    rows = person.tokens.filter(revoked_at__isnull=True).order_by("-id")
    return render(request, "web/agent/tokens.html", {"rows": rows, "secret": secret, "scopes": tokens.SCOPES})


@require_POST
@desk
def revoke(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/tokens/3/revocation/: his own only."""
    token = person.tokens.filter(pk=number).first()
    if token is None:
        raise NotThere(str(number))
    tokens.revoke(token, by=person, at=clock.now())
    messages.success(request, _("The token no longer opens anything."))
    return HttpResponseRedirect("/desk/tokens/")
