"""Notices in this browser: switched on and off, and the worker that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock, web_push
from firstline.notices import pushes
from firstline.people.models import Person
from firstline.post import browsers
from firstline.web.asked import go
from firstline.web.sign_in.needed import signed_in

WORKER = Path(__file__).parent / "static" / "ui" / "js" / "push-worker.js"
FIELDS = ("endpoint", "key", "secret", "label")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """GET /push-worker.js: at the root, so that one worker shows what the desk and the portal have to say."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_POST
@signed_in
def switch_on(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /push/browsers/ endpoint, key, secret, label: sent by push.js."""
    given = {field: request.POST.get(field, "") for field in FIELDS}
    try:
        made = pushes.switch_on(person, **given, at=clock.now())
    except browsers.WrongBrowser as wrong:
        return JsonResponse({"field": wrong.field}, status=422)
    return JsonResponse({"number": made.pk}, status=201)


@require_POST
@signed_in
def switch_off(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /push/browsers/17/removal/: his own; whoever else's is as if it were not there."""
    if pushes.switch_off(person, number, at=clock.now()):
        messages.success(request, _("This browser is told nothing any more."))
    return go(request, "/")


def known(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the part of a profile needs; no `key` where another secret key sealed it: none can be switched on then."""
    try:
        key = browsers.public_key()
    except web_push.NotAKey:
        key = ""
    return {"browsers": list(browsers.of(person.pk)), "key": key, "here": request.path}
