"""Who changed what of a ticket, when, from what to what: on demand, for all of its fields or for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.contracts.models import ContractVersion
from firstline.people.models import Person
from firstline.tickets import field_changes, queries
from firstline.tickets.field_changes import Changed
from firstline.tickets.field_history import FIELDS
from firstline.web import event_words
from firstline.web.agent.door import desk
from firstline.web.agent.thread import NAMED
from firstline.web.asked import is_fragment
from firstline.web.event_line import who

LABELS: dict[str, str | Promise] = {
    **event_words.FIELDS,
    "status": gettext_lazy("Status"),
    "line": gettext_lazy("Line"),
    "assignee": gettext_lazy("Assignee"),
    "contact": gettext_lazy("In charge of the contact"),
    "hold_until": gettext_lazy("On hold until"),
    "contract": gettext_lazy("Contract"),
}
PEOPLE = frozenset({"assignee", "contact", "requester"})


@dataclass(frozen=True)
class Row:
    """A change in words."""

    field: str
    label: str
    old: str
    new: str
    who: str
    at: datetime
    event: int


@require_safe
@desk
def page(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """GET /desk/tickets/1042/history/[?field=priority]"""
    ticket = queries.get_for(person, number)
    asked = request.GET.get("field", "")
    everything = field_changes.of(ticket)
    changed = {one.step.field for one in everything}
    shown = [one for one in everything if asked not in FIELDS or one.step.field == asked]
    names = _names(shown)
    form = "web/agent/ticket/_field_history.html"
    context = {
        "ticket": ticket,
        "form": form,
        "rows": [_row(one, names) for one in shown],
        "fields": [(name, LABELS[name]) for name in FIELDS if name in changed],
        "asked": asked if asked in FIELDS else "",
    }
    return render(request, form if is_fragment(request) else "web/agent/moves/move.html", context)


def _row(one: Changed, names: dict[str, str]) -> Row:
    step, event = one.step, one.event
    return Row(
        step.field, str(LABELS[step.field]), _words(step.field, step.old, names), _words(step.field, step.new, names),
        who(event), event.happened_at, event.pk,
    )  # fmt: skip


def _words(field: str, value: Any, names: dict[str, str]) -> str:
    if value in (None, "", []):
        return "–"
    if field == "line":
        return _("Line %(line)s") % {"line": value}
    if field == "hold_until":
        moment = timezone.localtime(datetime.fromisoformat(str(value)))
        return formats.date_format(moment, "SHORT_DATETIME_FORMAT")
    return names.get(f"{_kind(field)}:{value}") or event_words.value(field, value, {})


def _kind(field: str) -> str:
    return "person" if field in PEOPLE else field


def _names(changes: list[Changed]) -> dict[str, str]:
    """What logins, slugs and numbers of the history are called: a statement for each kind that there is."""
    language = get_language()
    found: dict[str, set[Any]] = {}
    for one in changes:
        values = [value for value in (one.step.old, one.step.new) if isinstance(value, str | int)]
        found.setdefault(_kind(one.step.field), set()).update(values)
    names: dict[str, str] = {}
    if logins := found.get("person"):
        rows = Person.objects.order_by().filter(login__in=logins).values_list("login", "name")
        names |= {f"person:{login}": name for login, name in rows}
    if numbers := found.get("contract"):
        versions = ContractVersion.objects.select_related("contract").in_bulk(numbers)
        names |= {f"contract:{number}": str(version) for number, version in versions.items()}
    for kind, model in NAMED:
        if slugs := found.get(kind):
            named: QuerySet[Any] = model._default_manager.order_by().filter(slug__in=slugs)
            names |= {f"{kind}:{row.slug}": row.label(language) for row in named}
    return names
