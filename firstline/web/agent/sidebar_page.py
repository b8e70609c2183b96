"""The sidebar by itself: the part that is fetched again when tickets move, and a page of it for phones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstline.people.models import Person
from firstline.web.agent import sidebar
from firstline.web.agent.door import desk


@require_safe
@desk
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/: to the queue of the person's line."""
    return HttpResponseRedirect(sidebar.home_of(person))


@require_safe
@desk
def part(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/sidebar/?at=ADDRESS"""
    return render(request, "web/agent/_sidebar.html")


@require_safe
@desk
def menu(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/menu/: everything of the sidebar as a page, where there is no room for one."""
    return render(request, "web/agent/menu.html")
