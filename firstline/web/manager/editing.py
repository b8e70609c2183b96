"""Editing a draft: the form, what was typed, and what stands in its way. In force nothing is edited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.assets.models import Equipment
from firstline.calendars.models import Calendar
from firstline.contracts import versions, written
from firstline.contracts.currencies import CURRENCIES
from firstline.contracts.models import ContractVersion, Service
from firstline.contracts.refusals import Frozen, NotReady, WrongTerms
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.web.clock_faces import METRICS
from firstline.web.manager import marked, refused, shown, terms_form
from firstline.web.manager.choices import PRIORITIES, TYPES
from firstline.web.manager.door import door, version_for
from firstline.web.manager.marked import Mark
from firstline.web.manager.terms_form import TermsForm

USUAL_CURRENCIES = ("RUB", "EUR", "BGN", "USD", "KZT", "BYN")


@require_http_methods(["GET", "POST"])
@door("edit contracts")
def edit(request: HttpRequest, person: Person, slug: str, number: int) -> HttpResponse:
    """The terms of a draft. 422 where something typed cannot be: nothing is kept, all of it stands there again."""
    draft = version_for(person, slug, number)
    if not draft.is_draft:
        messages.error(request, refused.words(Frozen()))
        return HttpResponseRedirect(f"/desk/contracts/{slug}/{number}/")
    kept = written.terms_of(draft)
    said = shown.speaker(kept)
    if request.method != "POST":
        form = terms_form.filled(kept, said, since=draft.valid_from, to=draft.valid_to)
        return _page(request, draft, form, seen=versions.fingerprint(draft))
    form, terms = terms_form.typed(request.POST, kept, said)
    wrong = marked.typed(form) or _edit(request, person, draft, form, terms)
    if wrong:
        return _page(request, draft, form, seen=request.POST.get("seen", ""), wrong=wrong)
    if "another" in request.POST:
        return HttpResponseRedirect(f"/desk/contracts/{slug}/{number}/edit/#{request.POST['another']}")
    messages.success(request, _("The draft is saved."))
    return HttpResponseRedirect(f"/desk/contracts/{slug}/{number}/")


def _edit(
    request: HttpRequest, person: Person, draft: ContractVersion, form: TermsForm, terms: dict[str, Any]
) -> list[Mark]:
    since = terms_form.day(form.values["since"])
    if since is None:
        return [Mark(_("This is not a date."), "since")]
    try:
        versions.edit(
            draft,
            terms,
            valid_from=since,
            valid_to=terms_form.day(form.values["to"]),
            by=person,
            at=clock.now(),
            seen=request.POST.get("seen", ""),
        )
    except WrongTerms as refusal:
        return marked.mark(form, refusal)
    except (Frozen, NotReady) as refusal:
        return [Mark(refused.words(refusal))]
    return []


def _page(
    request: HttpRequest, draft: ContractVersion, form: TermsForm, *, seen: str, wrong: list[Mark] | None = None
) -> HttpResponse:
    context = {
        "contract": draft.contract, "version": draft, "seen": seen, "wrong": wrong or [],
        **fields_of(form, draft.contract.client),
    }  # fmt: skip
    return render(request, "web/manager/edit.html", context, status=422 if wrong else 200)


def fields_of(form: TermsForm, client: Client | None = None) -> dict[str, Any]:
    """What the fields of the terms are drawn from; equipment is a client's."""
    owned = Equipment.objects.filter(client=client) if client else ()
    return {
        "form": form, "problems": form.problems, "values": form.values, "metrics": METRICS.items(),
        "types": TYPES.items(), "priorities": PRIORITIES.items(),
        "calendars": [(one, form.said.days.get(one.slug)) for one in Calendar.objects.all()],
        "services": [(one, form.cover.get(one.slug, "")) for one in Service.objects.all()],
        "equipment": [(one, one.slug in form.equipment) for one in owned],
        "currencies": [*USUAL_CURRENCIES, *sorted(CURRENCIES.difference(USUAL_CURRENCIES))],
        "day_minutes": form.said.day().minutes,
    }  # fmt: skip
