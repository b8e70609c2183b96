"""The service catalogue: what the desk does, whose it is, when, and which contracts cover it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from firstline.calendars.models import Calendar
from firstline.contracts import catalogue, forms, queries
from firstline.contracts.catalogue import Described
from firstline.contracts.models import ContractVersion, Service
from firstline.contracts.refusals import WrongTerms
from firstline.contracts.terms import covers
from firstline.lib import clock
from firstline.lib.language import LANGUAGES
from firstline.people.models import Person, Team
from firstline.people.permissions import demand, may
from firstline.people.roles import DESK_SIDE
from firstline.tickets.queries import NotThere
from firstline.web.manager.door import door

TEXTS = (
    ("names", gettext_lazy("Name"), "line"),
    ("descriptions", gettext_lazy("Words for the client"), "line"),
    ("qualities", gettext_lazy("What exactly is promised"), "long"),
    ("advice", gettext_lazy("What to do where it is not covered"), "long"),
    ("checklist", gettext_lazy("Checklist: an item a line; “!” before it: not solved without it"), "long"),
)


@dataclass(frozen=True)
class Covering:
    """What a contract in force today says of a service."""

    version: ContractVersion
    how: str


@require_safe
@door("look up people")
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """Every service with its owner, hours and default line."""
    services = Service.objects.select_related("owner", "calendar", "team").prefetch_related("categories")
    context = {"services": services, "may_edit": may(person, "edit catalogue")}
    return render(request, "web/manager/services.html", context)


@require_http_methods(["GET", "POST"])
@door("edit catalogue")
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """A service that there was not."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        said = _described(request)
        slug = slugify(request.POST.get("slug", ""))[:60]
        if not slug:
            wrong["slug"] = _("A short name of Latin letters is needed.")
        else:
            try:
                made = catalogue.add(slug, said, by=person, at=clock.now())
            except WrongTerms as refusal:
                wrong = _in_words(refusal)
            else:
                return HttpResponseRedirect(f"/desk/services/{made.slug}/")
    return _form(request, person, None, wrong)


@require_http_methods(["GET", "POST"])
@door("look up people")
def edit(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """One service: read by the whole desk, edited by who answers for the catalogue."""
    service = Service.objects.select_related("owner", "calendar", "team").filter(slug=slug).first()
    if service is None:
        raise NotThere(slug)
    if request.method != "POST":
        return _form(request, person, service, {})
    demand(person, "edit catalogue")
    try:
        catalogue.describe(service, _described(request), by=person, at=clock.now())
    except WrongTerms as refusal:
        return _form(request, person, service, _in_words(refusal))
    messages.success(request, _("The service is saved."))
    return HttpResponseRedirect(f"/desk/services/{slug}/")


def _described(request: HttpRequest) -> Described:
    given = request.POST

    def texts(key: str) -> dict[str, str]:
        return {code: given.get(f"{key}-{code}", "").strip() for code, _name in LANGUAGES}

    line = given.get("line", "")
    return Described(
        names=texts("names"), descriptions=texts("descriptions"), qualities=texts("qualities"), advice=texts("advice"),
        checklist=texts("checklist"),
        owner=Person.objects.filter(login=given.get("owner", "")).first(),
        calendar=Calendar.objects.filter(slug=given.get("calendar", "")).first(),
        team=Team.objects.filter(slug=given.get("team", "")).first(),
        line=int(line) if line in {"1", "2", "3"} else None,
    )  # fmt: skip


def _form(request: HttpRequest, person: Person, service: Service | None, wrong: dict[str, str]) -> HttpResponse:
    typed = request.POST if wrong else None
    chosen = {
        "owner": service.owner.login if service and service.owner else "",
        "calendar": service.calendar.slug if service and service.calendar else "",
        "team": service.team.slug if service and service.team else "",
        "line": str(service.line or "") if service else "",
        "slug": "",
    }
    if typed is not None:
        chosen = {key: typed.get(key, "") for key in chosen}
    context = {
        "service": service, "wrong": wrong, "chosen": chosen, "texts": [_text(one, service, typed) for one in TEXTS],
        "owners": Person.objects.filter(role__in=DESK_SIDE, is_active=True), "calendars": Calendar.objects.all(),
        "teams": Team.objects.all(), "may_edit": may(person, "edit catalogue"),
        "covering": _covering(person, service) if service else [],
        "asked": len(form.fields) if (form := forms.of(service)) else 0,
    }  # fmt: skip
    return render(request, "web/manager/service.html", context, status=422 if wrong else 200)


def _text(one: tuple[str, Any, str], service: Service | None, typed: Any) -> dict[str, Any]:
    key, label, how = one
    kept = catalogue.texts_of(service)[key] if service else {}
    fields = []
    for code, language in LANGUAGES:
        value = kept.get(code, "")
        fields.append(
            {"code": code, "language": language, "name": f"{key}-{code}",
             "value": typed.get(f"{key}-{code}", "") if typed is not None else value}
        )  # fmt: skip
    written = [one for one in fields if one["value"]]
    return {
        "key": key, "label": label, "how": how, "fields": fields, "written": written, "limit": catalogue.LONGEST[key],
    }  # fmt: skip


def _covering(person: Person, service: Service) -> list[Covering]:
    """What the contracts that hold today say of it, of the clients whose contracts the person sees."""
    at = clock.now()
    return [
        Covering(version, how) for client in queries.clients_for(person) for version, how in covers(client, service, at)
    ]


def _in_words(refusal: WrongTerms) -> dict[str, str]:
    words = {
        "slug": _("There is a service of this name already."),
        "names": _("Give it a name in one language at least; at most 200 characters."),
        "descriptions": _("At most 300 characters."),
        "qualities": _("At most 4,000 characters."),
        "advice": _("At most 2,000 characters."),
        "checklist": _("At most 40 items of 200 characters."),
        "owner": _("The owner is somebody of the desk."),
        "line": _("The team stands on another line: leave the line out."),
    }
    return {place: words[place] for place in (one.partition(":")[0] for one in refusal.problems) if place in words}
