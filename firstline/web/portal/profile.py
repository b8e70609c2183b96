"""One's own language, looks and phone. The password has its own page, because it asks for the present one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people import profiles
from firstline.people.models import Person
from firstline.post import gateways
from firstline.web import browsers
from firstline.web.portal.door import portal


@require_http_methods(["GET", "POST"])
@portal
def profile(request: HttpRequest, person: Person) -> HttpResponse:
    """The form; 422 with what is wrong, and nothing typed is lost."""
    typed = {
        "phone": person.readable_phone,
        "language": person.language,
        "theme": person.theme,
        "channel": person.channel,
    }
    if request.method != "POST":
        return _form(request, person, typed)
    typed = {field: request.POST.get(field, kept) for field, kept in typed.items()}
    try:
        profiles.change(person, **typed, at=clock.now())
    except profiles.WrongProfile as wrong:
        return _form(request, person, typed, wrong=wrong.field, status=422)
    with translation.override(person.language):
        messages.success(request, _("Saved."))
    return redirect("/portal/profile/")


def _form(
    request: HttpRequest, person: Person, typed: dict[str, str], wrong: str = "", status: int = 200
) -> HttpResponse:
    themes = [("", _("As the system wishes")), ("light", _("Light")), ("dark", _("Dark"))]
    context = {
        "typed": typed, "wrong": wrong, "languages": LANGUAGES, "themes": themes, "channels": _channels(person),
        "push": browsers.known(request, person),
    }  # fmt: skip
    return render(request, "web/portal/profile.html", context, status=status)


def _channels(person: Person) -> list[tuple[str, str]]:
    """What can be chosen: a text message with a number, the browser where it is switched on; and what was chosen."""
    ways = [("", _("As I asked, else by mail")), ("email", _("By mail"))]
    if person.channel == "sms" or (person.phone_e164 and gateways.reaches(person.phone_e164)):
        ways.append(("sms", _("By text message")))
    if person.has_push or person.channel == "push":
        ways.append(("push", _("In the browser only")))
    return ways
