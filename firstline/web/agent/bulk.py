"""Many tickets of the queue at once: a deed on each that is ticked, what became of each, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.lib import clock, one_by_one
from firstline.people.models import Person
from firstline.tickets import attention, queries, undoing
from firstline.tickets.models import Ticket
from firstline.web.agent import bulk_deeds, said
from firstline.web.agent.door import desk
from firstline.web.asked import go

HOME = "/desk/queue/"


@require_POST
@desk
def act(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/queue/deeds/ deed, ticket ("number:version seen", as many as are ticked), and the deed's own words."""
    ticked = _ticked(request.POST.getlist("ticket"))
    if not ticked:
        messages.error(request, _("Nothing is ticked: choose one ticket at least."))
        return go(request, HOME)
    deed, verb = bulk_deeds.of(request.POST, [number for number, _seen in ticked], by=person, at=clock.now())
    seen = dict(ticked)
    made = one_by_one.each(
        seen, lambda number: verb(queries.get_for(person, number), seen[number]), troubles=bulk_deeds.TROUBLES
    )
    attention.has_seen(person, [one.pk for one in made.done])
    said.keep(request, deed, made, seen)
    return go(request, HOME)


@require_POST
@desk
def undo(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/queue/undo/ event ("number:event", as many as wanted): each by another event."""
    events = {number: event for number, event in _ticked(request.POST.getlist("event")) if event is not None}

    def back(number: str) -> Ticket:
        return undoing.undo(queries.get_for(person, number), event=events[number] or 0, by=person, at=clock.now())

    said.keep(request, "undo", one_by_one.each(events, back, troubles=bulk_deeds.TROUBLES), {})
    return go(request, HOME)


def _ticked(given: list[str]) -> list[tuple[str, int | None]]:
    pairs = []
    for one in given:
        number, _colon, version = one.partition(":")
        known = version.isascii() and version.isdigit() and len(version) <= 18
        pairs.append((number, int(version) if known else None))
    return pairs
