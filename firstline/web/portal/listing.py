"""The list of requests: the filter is in the address, pages follow a key, counts stop at 99+."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.assets.models import Site
from firstline.contracts.models import Service
from firstline.lib import spreadsheets
from firstline.lib.periods import in_this_age
from firstline.people.listed import number_of
from firstline.people.models import Person
from firstline.tickets import requests_asked as asked
from firstline.tickets.models import Ticket
from firstline.tickets.requests_asked import Question
from firstline.web.portal import last_words, progress
from firstline.web.portal.door import portal

MOST_EXPORTED = 10_000
MOST_PEOPLE = 500
NARROWED = ("person", "site", "service", "since", "until")


@require_safe
@portal
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """`state` open, yours, done or all; `whose` own or company (coordinators); `q` words; `before` a number; of the
    company also `person`, `site`, `service`, `since`, `until`."""
    question = _question(request, person)
    sees_company = asked.sees_company(person)
    before = request.GET.get("before", "")
    page = asked.listed(
        person, question, int(before) if before.isascii() and before.isdigit() and len(before) <= 15 else 0
    )
    said = last_words.of(page.tickets)
    states = [("open", _("Open")), ("yours", _("Waiting for you")), ("done", _("Closed")), ("all", _("All"))]
    given = {name: request.GET.get(name, "").strip()[:120] for name in NARROWED}
    kept = {"state": question.state, "whose": question.whose, "q": question.words}
    kept |= given if question.whose == "company" else {}

    def address(**changed: str) -> str:
        return "?" + urlencode({k: v for k, v in {**kept, **changed}.items() if v})

    context: dict[str, Any] = {
        "rows": [(ticket, said.get(ticket.pk)) for ticket in page.tickets],
        "count": page.count,
        "states": [(label, address(state=code), code == question.state) for code, label in states],
        "whose": question.whose,
        "sees_company": sees_company,
        "own_address": "?" + urlencode({"state": question.state, "whose": "own"}),
        "company_address": address(whose="company"),
        "everything": "?" + urlencode({"state": "all", "whose": question.whose}),
        "next": address(before=str(page.next)) if page.next else "",
        "state": question.state,
        "words": question.words,
        "given": given,
        "is_narrowed": any(given.values()),
    }
    if question.whose == "company":
        context |= _of_company(person, question) | {"table": f"/portal/requests/export.csv{address()}"}
    return render(request, "web/portal/listing.html", context)


@require_safe
@portal
def export(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /portal/requests/export.csv with the same filters: what the list shows him, the newest first."""
    tickets = asked.asked_for(person, _question(request, person))
    tickets = tickets.select_related("requester", "service", "equipment__site").order_by("-pk")[:MOST_EXPORTED]
    head = [
        _("Number"), _("Subject"), _("Status"), _("Asked by"), _("Service"), _("Site"), _("Sent"), _("Solved on"),
    ]  # fmt: skip
    answer = HttpResponse("".join(spreadsheets.lines(head, _exported(tickets))), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="requests.csv"'
    return answer


def _exported(tickets: Any) -> Iterator[list[object]]:
    language = get_language()
    for one in tickets.iterator(chunk_size=500):
        site = one.equipment.site if one.equipment else None
        yield [
            one.pk, one.subject, progress.label(one), one.requester.name,
            one.service.label(language) if one.service else "", site.label(language) if site else "",
            _written(one.created_at), _written(one.resolved_at),
        ]  # fmt: skip


def _written(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _question(request: HttpRequest, person: Person) -> Question:
    """What the address asks; what cannot be asked is not."""
    given = {name: str(value).strip()[:120] for name, value in request.GET.items()}
    state, company = given.get("state", "open"), asked.sees_company(person) and given.get("whose") == "company"
    until = _day(given.get("until", ""))
    common: dict[str, Any] = {
        "whose": "company" if company else "own",
        "state": state if state in asked.STATES else "open",
        "words": given.get("q", "")[:100],
    }
    if not company:
        return Question(**common)
    return Question(
        **common,
        person=number_of(given.get("person", "")),
        site=given.get("site", ""),
        service=given.get("service", ""),
        since=_day(given.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(typed: str) -> datetime | None:
    """Midnight where the reader is."""
    try:
        day = parse_date(typed) if typed else None
    except ValueError:
        return None
    if day is None or not in_this_age(day.year):
        return None
    return timezone.make_aware(datetime.combine(day, time()))


def _of_company(person: Person, question: Question) -> dict[str, Any]:
    """What the filters offer: only of his own company."""
    people = Person.objects.filter(client=person.client_id, merged_into__isnull=True).order_by("name", "id")
    asked_for = Ticket.objects.filter(client=person.client_id, service__isnull=False)
    services = Service.objects.filter(pk__in=asked_for.order_by().values("service").distinct())
    return {
        "people": list(people[:MOST_PEOPLE]),
        "sites": list(Site.objects.filter(client=person.client_id)),
        "services": list(services),
        "totals": asked.totals(person, question),
    }
