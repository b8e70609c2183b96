"""The form of a new request. Nothing typed is lost: not by an error, not by sending twice."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstline.contracts import outages
from firstline.contracts.models import Service
from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import portal as channel
from firstline.intake.channels import values
from firstline.knowledge import suggest
from firstline.lib import clock, phones
from firstline.people.models import Person
from firstline.tickets.models import Level
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.portal.door import portal
from firstline.web.portal.promises import Promises, hindrances

TYPED = ("subject", "text", "service", "urgency", "key")


@require_http_methods(["GET", "POST"])
@portal
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """GET shows the form (`service`, `subject` may be given); POST sends it and leads to the request's page."""
    if request.method != "POST":
        typed = {"service": request.GET.get("service", ""), "subject": request.GET.get("subject", "")[:300]}
        return _form(request, person, {**typed, "urgency": Level.MEDIUM.value, "key": uuid.uuid4().hex})
    typed = {field: request.POST.get(field, "") for field in TYPED}
    try:
        taken = channel.submit(
            by=person,
            subject=typed["subject"],
            text=typed["text"],
            service=typed["service"] or None,
            urgency=typed["urgency"],
            files=request.FILES.getlist("files"),
            key=typed["key"],
            at=clock.now(),
        )
    except WrongValue as wrong:
        words = {wrong.field: refusals.problem_in_words(wrong)}
        return _form(request, person, typed, wrong=words, status=422)
    except NotDurable:
        problem = _(
            "We could not store your request just now. Your text is still here: send it again in a minute, or call."
        )
        return _form(request, person, typed, problem=problem, status=503)
    if taken.ticket is None:
        return redirect("/portal/received/")
    return redirect(f"/portal/requests/{taken.ticket.pk}/?sent=1")


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Stored, but not a ticket yet: the number follows by mail."""
    return render(request, "web/portal/received.html", {})


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Articles that fit what is being typed; for visitors too, who get what is for everyone."""
    person = request.user if isinstance(request.user, Person) else None
    found = suggest.for_text(person, request.GET.get("subject", ""), limit=3, language=get_language())
    return render(request, "web/portal/_answers.html", {"found": found})


def _form(
    request: HttpRequest,
    person: Person,
    typed: dict[str, str],
    *,
    wrong: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    promises = Promises(person.client, clock.now())
    chosen = Service.objects.filter(slug=typed.get("service", "")).first() if typed.get("service") else None
    context: dict[str, Any] = {
        "typed": typed,
        "wrong": wrong or {},
        "problem": problem,
        "services": [(one, promises.to(one).resolution) for one in Service.objects.all()],
        "hindrances": hindrances(promises),
        "promised": promises.to(chosen, Level.MEDIUM),
        "contract": promises.contract,
        "outages": outages.announced_for(person.client, clock.now()),
        "largest": values.LARGEST_FILE,
        "most": values.MOST_FILES,
        "had_files": bool(request.FILES),
        "phone": settings.FIRSTLINE_PHONE,
        "readable": phones.readable(settings.FIRSTLINE_PHONE),
    }
    return render(request, "web/portal/new.html", context, status=status)
