"""The form of a new request. Nothing typed is lost: not by an error, not by sending twice."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.brand import identity
from firstline.contracts import forms
from firstline.contracts.models import Service
from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import form_values, values
from firstline.intake.channels import portal as channel
from firstline.knowledge import helped, suggest
from firstline.lib import clock, phones
from firstline.people.models import Person
from firstline.tickets.models import Level
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import form_pages, refusals
from firstline.web.portal import announcements
from firstline.web.portal.door import portal
from firstline.web.portal.offers import Offer, entitled, offered_to
from firstline.web.portal.promises import Promises, hindrances

TYPED = ("subject", "text", "service", "urgency", "key")


@require_http_methods(["GET", "POST"])
@portal
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """GET shows the form (`service`, `subject` may be given); POST sends it and leads to the request's page. `again`
    shows it once more with what hangs on the answers: the way without JavaScript."""
    if request.method != "POST":
        typed = {"service": request.GET.get("service", ""), "subject": request.GET.get("subject", "")[:300]}
        return _form(request, person, {**typed, "urgency": Level.MEDIUM.value, "key": uuid.uuid4().hex})
    typed = {field: request.POST.get(field, "") for field in TYPED}
    if "again" in request.POST:
        return _form(request, person, typed)
    try:
        taken = channel.submit(
            by=person,
            subject=typed["subject"],
            text=typed["text"],
            service=typed["service"] or None,
            urgency=typed["urgency"],
            files=request.FILES.getlist("files"),
            answers=form_pages.typed_in(request.POST),
            answer_files=form_pages.typed_in(request.FILES),
            key=typed["key"],
            at=clock.now(),
        )
    except form_values.WrongAnswers as wrong:
        return _form(request, person, typed, answers=wrong.answers, status=422)
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
@portal
def fields(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /portal/new/fields/?service=…: what this service asks, and how the contract stands to it."""
    offers = offered_to(person.client, clock.now())
    context = _of_service(request, person, request.GET.get("service", ""), offers, {})
    return render(request, "web/portal/_service.html", context)


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """Stored, but not a ticket yet: the number follows by mail."""
    return render(request, "web/portal/received.html", {})


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Articles that fit what is being typed; for visitors too, who get what is for everyone."""
    person = request.user if isinstance(request.user, Person) else None
    asked = request.GET.get("subject", "")[:300]
    found = suggest.for_text(person, asked, limit=3, language=get_language())
    context = {"found": found, "may_say": person is not None and not person.is_agent, "question": asked}
    return render(request, "web/portal/_answers.html", context)


@require_POST
@portal
def article_helped(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /portal/new/helped/ article, subject: no request is sent, and the article is known to have helped."""
    noted = helped.note(person, request.POST.get("article", ""), request.POST.get("subject", ""), at=clock.now())
    if noted is None:
        raise NotThere
    messages.success(request, _("Good that it helped. No request was sent."))
    return redirect("/portal/")


def _form(
    request: HttpRequest,
    person: Person,
    typed: dict[str, str],
    *,
    wrong: dict[str, str] | None = None,
    answers: dict[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    promises = Promises(person.client, clock.now())
    offers = offered_to(person.client, clock.now(), promises)
    of_service = _of_service(request, person, typed.get("service", ""), offers, answers or {})
    chosen: Service | None = of_service["chosen"]
    if chosen is not None and of_service["fields"] and not typed.get("subject") and request.method != "POST":
        typed = {**typed, "subject": chosen.label(get_language())}
    context: dict[str, Any] = {
        **of_service,
        "typed": typed,
        "wrong": wrong or {},
        "problem": problem or (_("Some answers are missing or cannot be: they are marked.") if answers else ""),
        "offers": entitled(offers),
        "hindrances": hindrances(promises),
        "promised": promises.to(chosen, Level.MEDIUM),
        "contract": promises.contract,
        **announcements.told(person, clock.now()),
        "largest": values.LARGEST_FILE,
        "most": values.MOST_FILES,
        "had_files": bool(request.FILES),
        "phone": identity.current().phone,
        "readable": phones.readable(identity.current().phone),
    }
    return render(request, "web/portal/new.html", context, status=status)


def _of_service(
    request: HttpRequest, person: Person, slug: str, offers: list[Offer], wrong: dict[str, str]
) -> dict[str, Any]:
    """What the chosen service asks, with what was typed."""
    offer = next((one for one in offers if one.service.slug == slug), None)
    chosen = offer.service if offer else None
    sent = {**form_pages.typed_in(request.POST), **form_pages.typed_in(request.FILES)}
    given = {key: [str(one) for one in each] for key, each in sent.items()}
    asked = form_pages.fields(forms.of(chosen), given, person.client, wrong=wrong)
    return {"chosen": chosen, "offer": offer, "fields": asked}
