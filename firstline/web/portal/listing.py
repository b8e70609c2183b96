"""The list of requests: the filter is in the address, pages follow a key, counts stop at 99+."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.people.models import Person
from firstline.web.portal import asked, last_words
from firstline.web.portal.door import portal


@require_safe
@portal
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """`state` open, yours, done or all; `whose` own or company (coordinators); `q` words; `before` a number."""
    state = request.GET.get("state", "open")
    states = [("open", _("Open")), ("yours", _("Waiting for you")), ("done", _("Closed")), ("all", _("All"))]
    if state not in dict(states):
        state = "open"
    sees_company = asked.sees_company(person)
    whose = "company" if sees_company and request.GET.get("whose") == "company" else "own"
    words = request.GET.get("q", "").strip()[:100]
    before = request.GET.get("before", "")
    page = asked.listed(
        person,
        whose=whose,
        state=state,
        words=words,
        before=int(before) if before.isascii() and before.isdigit() and len(before) <= 15 else 0,
    )
    said = last_words.of(page.tickets)

    def address(**changed: str) -> str:
        return "?" + urlencode({k: v for k, v in {"state": state, "whose": whose, "q": words, **changed}.items() if v})

    context = {
        "rows": [(ticket, said.get(ticket.pk)) for ticket in page.tickets],
        "count": page.count,
        "states": [(label, address(state=code), code == state) for code, label in states],
        "whose": whose,
        "sees_company": sees_company,
        "own_address": address(whose="own"),
        "company_address": address(whose="company"),
        "everything": address(state="all", q=""),
        "next": address(before=str(page.next)) if page.next else "",
        "state": state,
        "words": words,
    }
    return render(request, "web/portal/listing.html", context)
