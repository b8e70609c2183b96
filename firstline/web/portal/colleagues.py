"""The coordinator's page of his company's people: who comes in, who asks to, who does no more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people import accounts, colleagues
from firstline.people.models import AccountRequest, Person
from firstline.tickets.queries import NotThere
from firstline.web.portal.door import portal

PAGE = 50
FIELDS = ("name", "email", "phone", "language")
ROOT = "/portal/colleagues/"


@require_http_methods(["GET", "HEAD", "POST"])
@portal
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET ?q=words&after=number; POST adds a colleague, or asks the desk to."""
    if request.method != "POST":
        return _page(request, person, {"language": person.language})
    typed = {field: request.POST.get(field, "") for field in FIELDS}
    try:
        made = colleagues.add(person, **typed, at=clock.now())
    except accounts.WrongField as wrong:
        return _page(request, person, typed, {wrong.field: _problem(wrong)})
    if made is None:
        words = _("The address is not of your company’s domain, so the desk looks at it first. You get a letter.")
    else:
        words = _("%(name)s has an account; the invitation is on its way.") % {"name": made.name}
    messages.success(request, words)
    return HttpResponseRedirect(ROOT)


@require_POST
@portal
def part(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/17/leaving/: he comes in no more."""
    found = colleagues.of(person).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere
    try:
        colleagues.part_with(found, by=person, at=clock.now())
    except colleagues.NotYours:
        messages.error(request, _("Only the desk can do that: write to us."))
    else:
        messages.success(request, _("%(name)s can sign in no more. Requests and answers stay.") % {"name": found.name})
    return HttpResponseRedirect(ROOT)


@require_POST
@portal
def accept(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/requests/3/acceptance/"""
    asked = _asked(person, number)
    try:
        made = colleagues.accept(asked, by=person, at=clock.now())
    except accounts.WrongField as wrong:
        messages.error(request, _problem(wrong))
    except accounts.AlreadyDecided:
        messages.error(request, _("Somebody else has decided about this one already."))
    else:
        messages.success(request, _("%(name)s has an account; the invitation is on its way.") % {"name": made.name})
    return HttpResponseRedirect(ROOT)


@require_POST
@portal
def refuse(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/requests/3/refusal/"""
    try:
        colleagues.refuse(_asked(person, number), by=person, at=clock.now())
    except accounts.AlreadyDecided:
        messages.error(request, _("Somebody else has decided about this one already."))
    else:
        messages.success(request, _("Refused. Nobody was written to."))
    return HttpResponseRedirect(ROOT)


def _asked(person: Person, number: int) -> AccountRequest:
    found = colleagues.waiting(person).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere
    return found


def _problem(wrong: accounts.WrongField) -> str:
    return {
        "empty": _("Something has to stand here."),
        "email": _("This is not an e-mail address."),
        "there already": _("This colleague has an account already."),
    }.get(wrong.problem, _("This address cannot have an account of your company: write to us."))


def _page(
    request: HttpRequest, person: Person, typed: dict[str, str], wrong: dict[str, str] | None = None
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    rows = colleagues.of(person, words)
    after = request.GET.get("after", "")
    behind = rows.filter(pk=int(after)).first() if after.isascii() and after.isdigit() and len(after) < 19 else None
    if behind is not None:
        rows = rows.filter(name__gt=behind.name) | rows.filter(name=behind.name, pk__gt=behind.pk)
    got = list(rows[: PAGE + 1])
    context: dict[str, Any] = {
        "people": got[:PAGE], "after": got[PAGE - 1].pk if len(got) > PAGE else None, "q": words,
        "waiting": list(colleagues.waiting(person)[:PAGE]), "typed": typed, "wrong": wrong or {},
        "languages": LANGUAGES, "domains": list(colleagues.company_of(person).email_domains.order_by("domain")),
    }  # fmt: skip
    return render(request, "web/portal/colleagues.html", context, status=422 if wrong else 200)
