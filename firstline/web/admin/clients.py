"""Clients: whom the desk works for, how they are reached, and whose mail is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstline.assets.models import Site
from firstline.contracts import queries
from firstline.lib import clock
from firstline.lib.language import LANGUAGES, kept
from firstline.people import companies
from firstline.people.companies import Firm, WrongClient
from firstline.people.models import Client, Person
from firstline.people.permissions import demand, may
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.web.admin.fields import Field, Words, in_words, lines_of
from firstline.web.manager import shown
from firstline.web.manager.door import door

ROOT, PAGE = "/desk/clients/", 50
SEES, EDITS = "see contracts", "edit clients"


@require_safe
@door(SEES)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/clients/?q=north&closed=1: those whom he sees, by name, page by page."""
    q, closed = request.GET.get("q", "").strip()[:100], bool(request.GET.get("closed"))
    rows = queries.clients_found(person, q).filter(closed_at__isnull=not closed)
    after = request.GET.get("after", "")
    last = queries.clients_for(person).filter(slug=after).first() if after else None
    if last is not None:
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    active = Count("people", filter=Q(people__is_active=True), distinct=True)
    got = list(rows.annotate(active_people=active).order_by("name", "pk")[: PAGE + 1])
    kept_words = "".join(f"{key}={value}&" for key, value in (("q", q), ("closed", "1" if closed else "")) if value)
    context = {
        "rows": got[:PAGE], "q": q, "closed": closed, "may_edit": may(person, EDITS),
        "next": f"{ROOT}?{kept_words}after={got[PAGE - 1].slug}" if len(got) > PAGE else "",
        "first": f"{ROOT}?{kept_words}" if last is not None else "",
        "any_closed": queries.clients_for(person).filter(closed_at__isnull=False).exists(),
    }  # fmt: skip
    return render(request, "web/admin/clients.html", context)


@require_http_methods(["GET", "POST"])
@door(EDITS)
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/clients/new/"""
    if request.method != "POST":
        return _page(request, person, None, Firm(slug="", names={}, time_zone=settings.TIME_ZONE), {})
    firm = _typed(request.POST, "")
    try:
        made = companies.keep(firm, found=None, by=person, at=clock.now()).client
    except WrongClient as wrong:
        return _page(request, person, None, firm, _said(wrong))
    messages.success(request, _("%(name)s is added.") % {"name": made.name})
    return HttpResponseRedirect(f"{ROOT}{made.slug}/")


@require_http_methods(["GET", "POST"])
@door(SEES)
def one(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """A client: read by who sees his contracts, edited by who answers for them."""
    found = _get(person, slug)
    if request.method != "POST":
        return _page(request, person, found, _firm_of(found), {})
    demand(person, EDITS)
    firm = _typed(request.POST, found.slug)
    try:
        companies.keep(firm, found=found, by=person, at=clock.now())
    except WrongClient as wrong:
        return _page(request, person, found, firm, _said(wrong))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{ROOT}{found.slug}/")


@require_POST
@door(EDITS)
def closing(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """POST closed=yes|no."""
    found = _get(person, slug)
    deed = companies.close if request.POST.get("closed") == "yes" else companies.reopen
    deed(found, by=person, at=clock.now())
    return HttpResponseRedirect(f"{ROOT}{found.slug}/")


def _get(person: Person, slug: str) -> Client:
    found = queries.clients_for(person).filter(slug=slug).first()
    if found is None:
        raise NotThere(slug)
    return found


def _typed(given: QueryDict, slug: str) -> Firm:
    return Firm(
        slug=slug or given.get("slug", "").strip(),
        names={code: given.get(f"names-{code}", "") for code, _name in LANGUAGES},
        language=given.get("language", ""), time_zone=given.get("time_zone", "").strip(),
        domains=lines_of(given.get("domains", "")), is_vip="is_vip" in given,
        card={name: given.get(name, "") for name in companies.CARD},
    )  # fmt: skip


def _firm_of(client: Client) -> Firm:
    return Firm(
        slug=client.slug, names=kept(client.name, client.names, settings.LANGUAGE_CODE), language=client.language,
        time_zone=client.time_zone, is_vip=client.is_vip,
        domains=tuple(client.email_domains.order_by("domain").values_list("domain", flat=True)),
        card={name: getattr(client, name) for name in companies.CARD},
    )  # fmt: skip


def _said(wrong: WrongClient) -> dict[str, Words]:
    said = in_words(wrong.problems)
    if wrong.taken_by:
        said["domains"] = _("One of these domains is another client’s: %(name)s.") % {"name": wrong.taken_by}
    return said


def _page(
    request: HttpRequest, person: Person, found: Client | None, firm: Firm, wrong: Mapping[str, Words]
) -> HttpResponse:
    context: dict[str, Any] = {
        "client": found, "wrong": wrong, "names": shown.name_fields(firm.names), "sections": _sections(firm, wrong),
        "slug": firm.slug, "may_edit": may(person, EDITS), "may_people": may(person, "accounts"),
    }  # fmt: skip
    if found is not None:
        people = Person.objects.filter(client=found, is_active=True)
        context |= {
            "sites": Site.objects.filter(client=found), "people_count": people[:100].count(),
            "coordinators": people.filter(role="coordinator"),
            "open_count": Ticket.objects.filter(client=found, is_open__in=[True])[:100].count(),
        }  # fmt: skip
    return render(request, "web/admin/client.html", context, status=422 if wrong else 200)


def _sections(firm: Firm, wrong: Mapping[str, Words]) -> list[tuple[str, list[Field]]]:
    card = firm.card or {}
    return [
        (_("How we work with this client"), [
            Field("language", _("Language"), firm.language, "select", LANGUAGES, problem=wrong.get("language", "")),
            Field("time_zone", _("Time zone"), firm.time_zone, most=60, problem=wrong.get("time_zone", ""),
                  hint=_("Such as Europe/Sofia.")),
            Field("is_vip", _("VIP"), "1" if firm.is_vip else "", "flag"),
            Field("domains", _("Mail domains"), "\n".join(firm.domains), "long", most=5000, wide=True,
                  problem=wrong.get("domains", ""),
                  hint=_("One a line. Who writes from there for the first time belongs to this client.")),
        ]),
        (_("Contact card"), [
            Field("phone", _("Phone"), card.get("phone", ""), "tel", most=60, problem=wrong.get("phone", "")),
            Field("email", _("E-mail"), card.get("email", ""), "email", most=254, problem=wrong.get("email", "")),
            Field("address", _("Address"), card.get("address", ""), most=300, wide=True,
                  problem=wrong.get("address", "")),
            Field("note", _("What the desk should know"), card.get("note", ""), "long", most=5000, wide=True,
                  problem=wrong.get("note", "")),
        ]),
    ]  # fmt: skip
