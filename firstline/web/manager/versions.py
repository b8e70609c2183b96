"""What an account manager does with versions: begin one, put it in force, throw a draft away, keep the signed paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firstline.blobs import store
from firstline.calendars.models import Calendar
from firstline.contracts import queries, templates, versions, written
from firstline.contracts.models import ContractVersion, TermsTemplate
from firstline.contracts.refusals import Frozen, NotReady, WrongTerms
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import into_force
from firstline.tickets.queries import NotThere
from firstline.web.manager import refused, shown
from firstline.web.manager.door import contract_for, door, version_for

LARGEST_PAPER = 25 * 1024 * 1024
SANDBOX = "sandbox; default-src 'none'"


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def new_contract(request: HttpRequest, person: Person) -> HttpResponse:
    """A contract of a client: its number; its terms come with its first version."""
    clients = list(queries.clients_for(person).filter(closed_at=None))
    given = request.POST
    wrong: dict[str, str] = {}
    if request.method == "POST":
        client = next((one for one in clients if one.slug == given.get("client")), None)
        number = given.get("number", "").strip()
        slug = versions.slug_of(number)
        if client is None:
            wrong["client"] = _("Choose the client.")
        if not slug:
            wrong["number"] = _("A number with digits or Latin letters is needed.")
        if client is not None and not wrong:
            try:
                made = versions.agree(
                    client, slug=slug, number=number[:60], name=given.get("name", "")[:200], by=person, at=clock.now()
                )
            except WrongTerms:
                wrong["number"] = _("There is a contract with this number already.")
            else:
                return HttpResponseRedirect(f"/desk/contracts/{made.slug}/versions/")
    context = {
        "clients": clients, "wrong": wrong, "number": given.get("number", ""), "name": given.get("name", ""),
        "client": given.get("client", request.GET.get("client", "")),
    }  # fmt: skip
    return render(request, "web/manager/new_contract.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def rename(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """What the contract is called: the number on the paper, and its name in each language."""
    contract = contract_for(person, slug)
    wrong: dict[str, str] = {}
    number, names = contract.number or contract.slug, shown.names_of(contract)
    if request.method == "POST":
        number = request.POST.get("number", "")
        names = {code: request.POST.get(f"names-{code}", "") for code, _name in LANGUAGES}
        try:
            versions.rename(contract, number=number, names=names, by=person, at=clock.now())
        except WrongTerms as refusal:
            said = {"number": _("Give the number, at most 60 characters."), "names": _("At most 200 characters.")}
            wrong = {place: said[place] for place in (one.partition(":")[0] for one in refusal.problems)}
        else:
            return HttpResponseRedirect(f"/desk/contracts/{slug}/")
    context = {"contract": contract, "wrong": wrong, "number": number, "names": shown.name_fields(names)}
    return render(request, "web/manager/contract_name.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def new_version(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """A draft from a day on: a copy of a version, or a template."""
    contract = contract_for(person, slug)
    listed = shown.listed(contract, clock.now())
    offered = list(templates.offered())
    wrong: dict[str, str] = {}
    if request.method == "POST":
        since = _day(request.POST.get("since"))
        terms = _source(request.POST.get("source", ""), listed, offered)
        if since is None:
            wrong["since"] = _("This is not a date.")
        if terms is None:
            wrong["source"] = _("Choose what it begins from.")
        if since is not None and terms is not None:
            try:
                draft = versions.begin(contract, terms, valid_from=since, by=person, at=clock.now())
            except NotReady as refusal:
                wrong["since"] = refused.words(refusal)
            except WrongTerms as refusal:
                wrong["source"] = " ".join(refused.problems(refusal))
            else:
                return HttpResponseRedirect(f"/desk/contracts/{slug}/{draft.number}/edit/")
    tomorrow = clock.now().date() + timedelta(days=1)
    context = {
        "contract": contract, "versions": listed, "templates": offered, "wrong": wrong,
        "draft": next((one.version for one in listed if one.state == "draft"), None),
        "since": request.POST.get("since") or (tomorrow.replace(day=1) + timedelta(days=31)).replace(day=1).isoformat(),
        "source": request.POST.get("source") or request.GET.get("source", ""),
    }  # fmt: skip
    return render(request, "web/manager/new_version.html", context, status=422 if wrong else 200)


@require_POST
@door("edit contracts")
def put_in_force(request: HttpRequest, person: Person, slug: str, number: int) -> HttpResponse:
    """Frozen from here on. A refusal stands on the page of the version, with what to do."""
    found = version_for(person, slug, number)
    try:
        into_force.put_in_force(found, by=person, at=clock.now())
    except (Frozen, NotReady) as refusal:
        messages.error(request, refused.words(refusal))
    else:
        messages.success(
            request,
            _("Version %(number)d is in force from %(day)s. Its terms do not change any more.")
            % {"number": number, "day": refused.day(found.valid_from)},
        )
    return HttpResponseRedirect(f"/desk/contracts/{slug}/{number}/")


@require_POST
@door("edit contracts")
def discard(request: HttpRequest, person: Person, slug: str, number: int) -> HttpResponse:
    """The draft goes; the audit trail keeps what stood in it."""
    try:
        versions.discard(version_for(person, slug, number), by=person, at=clock.now())
    except Frozen as refusal:
        messages.error(request, refused.words(refusal))
        return HttpResponseRedirect(f"/desk/contracts/{slug}/{number}/")
    messages.success(request, _("The draft is discarded."))
    return HttpResponseRedirect(f"/desk/contracts/{slug}/")


@require_http_methods(["GET", "POST"])
@door("see contracts")
def document(request: HttpRequest, person: Person, slug: str, number: int) -> HttpResponse:
    """The signed paper: a download that no browser opens as a page; or another one, kept."""
    found = version_for(person, slug, number)
    if request.method == "POST":
        return _keep(request, person, found)
    if found.document_id is None:
        raise NotThere(f"{slug} {number}")
    response = HttpResponse(store.read(found.document_id), content_type="application/octet-stream")
    response["Content-Security-Policy"] = SANDBOX
    response["Content-Disposition"] = content_disposition_header(True, found.document_name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _keep(request: HttpRequest, person: Person, version: ContractVersion) -> HttpResponse:
    demand(person, "edit contracts")
    back = HttpResponseRedirect(f"/desk/contracts/{version.contract.slug}/{version.number}/")
    file = request.FILES.get("paper")
    if file is None or not file.size:
        messages.error(request, _("Choose a file."))
        return back
    if file.size > LARGEST_PAPER:
        messages.error(request, _("At most 25 MB."))
        return back
    try:
        blob = store.keep(file.read())
        versions.sign(version, blob, name=file.name or "contract", by=person, at=clock.now())
    except Frozen:
        messages.error(request, _("The signed document of a version in force stays as it is."))
    return back


def _source(given: str, listed: list[shown.Listed], offered: list[TermsTemplate]) -> dict[str, Any] | None:
    kind, _colon, what = given.partition(":")
    if kind == "nothing" and (calendar := Calendar.objects.first()) is not None:
        return {"calendar": calendar.slug}
    if kind == "version":
        found = next((one.version for one in listed if str(one.version.number) == what), None)
        return written.terms_of(found) if found else None
    return next((dict(one.terms) for one in offered if kind == "template" and one.slug == what), None)


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given or "")
    except ValueError:
        return None
