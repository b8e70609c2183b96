"""The form of an announcement: what was typed, what it means, who would see it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from firstline.contracts import outages
from firstline.contracts.models import Outage, Service
from firstline.contracts.outages import Announcement
from firstline.lib import clock
from firstline.lib.language import CODES, LANGUAGES
from firstline.people.models import Person
from firstline.tickets.refusals import WrongValue
from firstline.web import refusals
from firstline.web.moments import moment_of

ONE = ("kind", "starts_at", "ends_at", "announced", "is_public", *(f"words_{code}" for code in CODES))
SEVERAL = ("clients", "sites", "services")
NAMES = 40
Typed = dict[str, Any]


def empty(now: datetime) -> Typed:
    """A new one: it began now, and is shown at once."""
    typed: Typed = dict.fromkeys(ONE, "") | {name: [] for name in SEVERAL}
    return {**typed, "kind": "outage", "starts_at": _local(now), "announced": "on"}


def typed_in(request: HttpRequest) -> Typed:
    one = {name: request.POST.get(name, "") for name in ONE}
    return {**one, **{name: request.POST.getlist(name) for name in SEVERAL}}


def as_kept(row: Outage) -> Typed:
    """What is kept, as it would have been typed."""
    kept = {name: [one.slug for one in getattr(row, name).all()] for name in SEVERAL}
    words = {f"words_{code}": row.words.get(code, "") for code in CODES}
    return {
        **kept, **words, "kind": row.kind, "starts_at": _local(row.starts_at), "announced": "",
        "ends_at": _local(row.ends_at) if row.ends_at else "", "is_public": "on" if row.is_public else "",
    }  # fmt: skip


def read(typed: Typed, person: Person) -> Announcement:
    """Raises WrongValue."""
    return Announcement(
        kind=typed["kind"] or "outage",
        starts_at=moment_of("starts_at", typed["starts_at"]),
        ends_at=moment_of("ends_at", typed["ends_at"]) if typed["ends_at"] else None,
        words={code: typed[f"words_{code}"] for code in CODES},
        is_public=bool(typed["is_public"]),
        **_touched(typed, person),
    )


def shown(
    request: HttpRequest,
    person: Person,
    typed: Typed,
    row: Outage | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    given = QueryDict(mutable=True)
    for name in SEVERAL:
        given.setlist(name, typed[name])
    context: dict[str, Any] = {
        "typed": typed, "wrong": wrong or {}, "row": row, "kinds": _kinds(), **audience(given, person),
        "clients": outages.clients_for(person), "sites": outages.sites_for(person).order_by("client__name", "name"),
        "services": Service.objects.all(), "updates": list(row.updates.select_related("by")) if row else [],
        "words": [(code, spoken, typed[f"words_{code}"]) for code, spoken in LANGUAGES],
    }  # fmt: skip
    return render(request, "web/manager/outage.html", context, status=status)


def refused(
    request: HttpRequest,
    person: Person,
    typed: Typed,
    wrong: WrongValue | outages.WrongOutage,
    row: Outage | None = None,
) -> HttpResponse:
    """The form again, with what is wrong beside its field."""
    refusal = wrong if isinstance(wrong, WrongValue) else WrongValue(wrong.field, wrong.problem)
    return shown(request, person, typed, row, {refusal.field: refusals.problem_in_words(refusal)}, 422)


def audience(given: QueryDict, person: Person) -> dict[str, Any]:
    """Who would see what names these clients and sites: of each client how many, and some by name."""
    named = {name: given.getlist(name) for name in SEVERAL}
    try:
        said = Announcement(starts_at=clock.now(), **_touched(named, person))
    except WrongValue:
        return {"reached": 0, "by_client": [], "more_clients": 0, "names": [], "beyond": 0}
    people = outages.audience(said)
    language = get_language()
    counts = dict(people.order_by().values_list("client").annotate(n=Count("id")))
    reached, mine = sum(counts.values()), outages.clients_for(person).filter(pk__in=list(counts))
    names = list(people.filter(client__in=mine.order_by().values("pk"))[:NAMES])
    return {
        "reached": reached, "by_client": [(one.label(language), counts[one.pk]) for one in mine[:NAMES]],
        "more_clients": max(0, len(counts) - NAMES), "names": names, "beyond": reached - len(names),
    }  # fmt: skip


def whose(row: Outage, seen: Collection[int]) -> str:
    """Its clients and sites in words; of clients that he may not see nothing but that there are others."""
    language = get_language()
    clients, sites = list(row.clients.all()), list(row.sites.all())
    if not clients and not sites:
        return _("all clients")
    names = [one.label(language) for one in clients if one.pk in seen]
    names += [f"{one.client.label(language)}, {one.label(language)}" for one in sites if one.client_id in seen]
    beyond = len(clients) + len(sites) - len(names)
    return "; ".join(names + ([_("and others")] if beyond else []))


def _touched(typed: Typed, person: Person) -> dict[str, Any]:
    rows = {
        "clients": outages.clients_for(person), "sites": outages.sites_for(person), "services": Service.objects.all(),
    }  # fmt: skip
    found: dict[str, tuple[Any, ...]] = {}
    for name, allowed in rows.items():
        wanted = {slug for slug in typed[name] if slug}
        known = tuple(one for one in allowed.filter(slug__in=wanted))
        if len(known) != len(wanted):
            raise WrongValue(name, "unknown")
        found[name] = known
    return found


def _kinds() -> list[tuple[str, str, str]]:
    return [
        ("outage", pgettext("announcement", "Outage"), _("something does not work; it counts against availability")),
        ("planned", pgettext("announcement", "Planned work"), _("agreed ahead, does not count; it needs an end")),
        ("notice", pgettext("announcement", "Notice"), _("only words: nothing is down")),
    ]


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"
