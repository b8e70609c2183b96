"""`/` leads everyone home; language and looks are a small form on every page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from firstline.lib.language import CODES
from firstline.people import preferences
from firstline.people.models import Person
from firstline.web.agent import sidebar
from firstline.web.asked import go

ONE_YEAR = 365 * 24 * 3600


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """To the desk, to the portal, or to the portal's sign-in."""
    person = request.user
    if isinstance(person, Person) and person.is_agent:
        return HttpResponseRedirect(sidebar.home_of(person))
    return HttpResponseRedirect("/portal/")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Kept with the person, and in this browser for the pages before sign-in. An unknown language changes nothing."""
    chosen = request.POST.get("language", "")
    response = go(request, "/")
    if chosen not in CODES:
        return response
    if isinstance(request.user, Person):
        preferences.prefer(request.user, language=chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=ONE_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


@require_POST
def looks(request: HttpRequest) -> HttpResponse:
    """Theme and density of somebody who is signed in, and whether he writes formatted words; preferences.js and
    composer.js send them too."""
    wishes: dict[str, str | bool] = {name: request.POST[name] for name in ("theme", "density") if name in request.POST}
    if "formats" in request.POST:
        wishes["formats"] = request.POST["formats"] == "1"
    if isinstance(request.user, Person) and wishes:
        preferences.prefer(request.user, **wishes)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return go(request, "/")
