"""Saved views: kept from the queue, listed, pinned, shared, changed, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import counting
from firstline.people.models import Person
from firstline.tickets import lists, saved_views, sharing
from firstline.tickets.arranged import Arrangement
from firstline.tickets.lists import Filters
from firstline.tickets.view_models import SharedWith
from firstline.web.agent import queue_filters
from firstline.web.agent.door import desk
from firstline.web.asked import go

HOME = "/desk/views/"


@require_safe
@desk
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/views/: his own and those shared with him, each with its filters in words and its count."""
    rows = list(saved_views.visible_to(person)[: 2 * saved_views.MOST])
    counts = counting.up_to_99({str(view.pk): lists.found(person, Filters.of(view.asked)) for view in rows})
    fields = queue_filters.choices(Filters(), person)
    pinned = {number for number, _name, _asked in person.pins}
    context: dict[str, Any] = {
        "shares": sharing.shares_of(person),
        "rows": [
            {
                "view": view,
                "count": counts[str(view.pk)],
                "chips": queue_filters.chips(Filters.of(view.asked), fields),
                "pinned": view.pk in pinned,
                "may_change": sharing.may_change(person, view),
            }
            for view in rows
        ],
    }
    return render(request, "web/agent/queue/views.html", context)


@require_POST
@desk
def save(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/views/new/ name, shared, pin, asked (the words of the address bar)."""
    words = QueryDict(request.POST.get("asked", "")).dict()
    view = saved_views.save(
        person, name=request.POST.get("name", ""), asked=Filters.of(words), look=Arrangement.words(words),
        shared=request.POST.get("shared", SharedWith.NOBODY), pin=request.POST.get("pin") == "1",
    )  # fmt: skip
    return HttpResponseRedirect(f"/desk/queue/?view={view.pk}")


@require_POST
@desk
def change(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/views/17/ name, shared, asked: only what is sent is changed."""
    view = saved_views.get_for(person, number)
    given = request.POST
    words = QueryDict(given.get("asked", "")).dict()
    asked = Filters.of(words) if "asked" in given else None
    saved_views.change(
        person, view, name=given.get("name"), shared=given.get("shared"), asked=asked, look=Arrangement.words(words)
    )
    return HttpResponseRedirect(f"/desk/queue/?view={view.pk}" if asked is not None else HOME)


@require_POST
@desk
def pin(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/views/17/pin/ on"""
    saved_views.pinned(person, saved_views.get_for(person, number), request.POST.get("on") == "1")
    return go(request, HOME)


@require_POST
@desk
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /desk/views/17/removal/"""
    view = saved_views.get_for(person, number)
    saved_views.remove(person, view)
    messages.success(request, _("The view “{name}” is taken away.").replace("{name}", view.name))
    return HttpResponseRedirect(HOME)
