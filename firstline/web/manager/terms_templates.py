"""Templates of terms: the list, one with all that it says, its form, and the contract that begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.calendars.models import Calendar
from firstline.contracts import queries, templates, written
from firstline.contracts.models import ContractVersion, TermsTemplate
from firstline.contracts.refusals import NotReady, WrongTerms
from firstline.contracts.terms_shape import Terms
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Person
from firstline.people.permissions import may
from firstline.tickets.queries import NotThere
from firstline.web import open_now
from firstline.web.manager import marked, refused, shown, terms_form
from firstline.web.manager.door import contract_for, door
from firstline.web.manager.editing import fields_of
from firstline.web.manager.marked import Mark
from firstline.web.manager.terms_form import TermsForm

ROOT = "/desk/contract-templates/"


@require_safe
@door("see contracts")
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """Every template, the retired ones last."""
    known = {one.slug: one for one in Calendar.objects.all()}
    rows = [(one, known.get(one.terms.get("calendar", "")), len(one.terms.get("target", ()))) for one in _in_order()]
    context = {"rows": rows, "may_edit": may(person, "edit contracts")}
    return render(request, "web/manager/terms_templates.html", context)


@require_safe
@door("see contracts")
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """What a template says, and what can be done with it."""
    found = _template(slug)
    edits = may(person, "edit contracts")
    calendar = Calendar.objects.filter(slug=found.terms.get("calendar", "")).first()
    context = {
        "template": found, "may_edit": edits, "calendar": calendar,
        "open_now": open_now.of(calendar, clock.now()) if calendar else None,
        "contracts": queries.contracts_for(person).select_related("client").order_by("client__name", "number", "slug")
        if edits and found.retired_at is None else [],
        **shown.said_of(found.terms),
    }  # fmt: skip
    return render(request, "web/manager/terms_template.html", context)


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """A new template: its names, and what it begins as (`source`: version:ID, template:SLUG, nothing:)."""
    source = request.POST.get("source", request.GET.get("source", ""))
    wrong: dict[str, str] = {}
    if request.method == "POST":
        terms, slug = _source(person, source), slugify(request.POST.get("slug", ""))[:60]
        if not slug:
            wrong["slug"] = _("A short name of Latin letters is needed.")
        if terms is None:
            wrong["source"] = _("Choose what it begins from.")
        if terms is not None and not wrong:
            try:
                made = templates.add(slug, _names(request), terms, by=person, at=clock.now())
            except WrongTerms as refusal:
                wrong = _in_words(refusal)
            else:
                return HttpResponseRedirect(f"{ROOT}{made.slug}/edit/")
    context = {
        "wrong": wrong, "slug": request.POST.get("slug", ""), "names": _name_fields(request, None), "source": source,
        "version": _version(person, source), "templates": TermsTemplate.objects.all(),
    }  # fmt: skip
    return render(request, "web/manager/terms_template_new.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def edit(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """Its names and terms. 422 where something typed cannot be: nothing is kept, all of it stands there again."""
    found = _template(slug)
    said = shown.speaker(found.terms)
    if request.method != "POST":
        return _page(request, found, terms_form.filled(found.terms, said), seen=templates.fingerprint(found))
    form, terms = terms_form.typed(request.POST, found.terms, said, dated=False)
    seen = request.POST.get("seen", "")
    wrong = marked.typed(form)
    if not wrong:
        try:
            templates.edit(found, _names(request), terms, by=person, at=clock.now(), seen=seen)
        except WrongTerms as refusal:
            wrong = marked.mark(form, refusal)
        except NotReady as refusal:
            wrong = [Mark(refused.words(refusal))]
    if wrong:
        return _page(request, found, form, seen=seen, wrong=wrong)
    if "another" in request.POST:
        return HttpResponseRedirect(f"{ROOT}{slug}/edit/#{request.POST['another']}")
    messages.success(request, _("The template is saved. No contract changes by it."))
    return HttpResponseRedirect(f"{ROOT}{slug}/")


@require_POST
@door("edit contracts")
def retirement(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST retired=yes|no."""
    found = _template(slug)
    change = templates.retire if request.POST.get("retired") == "yes" else templates.restore
    change(found, by=person, at=clock.now())
    return HttpResponseRedirect(f"{ROOT}{slug}/")


@require_safe
@door("edit contracts")
def use(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """GET ?contract=118-24: a draft of this contract is about to begin as a copy of the template."""
    found = _template(slug)
    contract = contract_for(person, request.GET.get("contract", "").replace("\x00", ""))
    return HttpResponseRedirect(f"/desk/contracts/{contract.slug}/versions/?source=template:{found.slug}")


def _page(
    request: HttpRequest, found: TermsTemplate, form: TermsForm, *, seen: str, wrong: list[Mark] | None = None
) -> HttpResponse:
    context = {
        "template": found,
        "names": _name_fields(request, found),
        "seen": seen,
        "wrong": wrong or [],
        **fields_of(form),
    }
    return render(request, "web/manager/terms_template_edit.html", context, status=422 if wrong else 200)


def _in_order() -> list[TermsTemplate]:
    return sorted(TermsTemplate.objects.all(), key=lambda one: one.retired_at is not None)


def _template(slug: str) -> TermsTemplate:
    found = TermsTemplate.objects.filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _version(person: Person, source: str) -> ContractVersion | None:
    kind, _colon, number = source.partition(":")
    if kind != "version" or not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    rows = ContractVersion.objects.select_related("contract", "calendar")
    return rows.filter(contract__in=queries.contracts_for(person), pk=int(number)).first()


def _source(person: Person, source: str) -> Terms | None:
    kind, _colon, what = source.partition(":")
    if kind == "nothing" and (calendar := Calendar.objects.first()) is not None:
        return {"calendar": calendar.slug}
    if kind == "template":
        found = TermsTemplate.objects.filter(slug=what.replace("\x00", "")).first()
        return dict(found.terms) if found else None
    version = _version(person, source)
    # The equipment is this client's own.
    return {k: v for k, v in written.terms_of(version).items() if k != "equipment"} if version else None


def _names(request: HttpRequest) -> dict[str, str]:
    return {code: request.POST.get(f"names-{code}", "") for code, _name in LANGUAGES}


def _name_fields(request: HttpRequest, found: TermsTemplate | None) -> list[dict[str, Any]]:
    typed = _names(request) if request.method == "POST" else None
    return shown.name_fields(typed if typed is not None else shown.names_of(found))


def _in_words(refusal: WrongTerms) -> dict[str, str]:
    words = {
        "slug": _("There is a template of this name already."),
        "names": _("Give it a name in one language at least; at most 200 characters."),
    }
    found: dict[str, str] = {}
    for problem in refusal.problems:
        place = problem.partition(":")[0]
        found[place if place in words else "source"] = words.get(place) or " ".join(refused.problems(refusal))
    return found
