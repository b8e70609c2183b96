"""Saved views: lists of tickets under a name, for oneself, the team or the whole desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import bodies, schemas
from firstline.api.auth import agent
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.people.models import Person
from firstline.tickets import saved_views
from firstline.tickets.arranged import Arrangement
from firstline.tickets.lists import Filters
from firstline.tickets.view_models import SavedView, SharedWith

router = Router(tags=["Views"])


@router.get("", response={200: schemas.Views, **FOR_READING}, summary="List views")
def index(request: HttpRequest) -> HttpResponse:
    """One's own and those that are shared with one, by name; at most 200."""
    person = agent(request, "views")
    rows = saved_views.visible_to(person)[: 2 * saved_views.MOST]
    return answering.plain({"items": [_view(one, person) for one in rows]})


@router.post("", response={201: schemas.View, **FOR_WRITING}, summary="Save a view")
def create(request: HttpRequest, asked: bodies.NewView) -> HttpResponse:
    """`asked` are the words of the queue's address, such as {"line": "1", "status": "waiting", "group": "client"}."""
    agent(request, "views")

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        view = saved_views.save(
            by,
            name=asked.name,
            asked=Filters.of(asked.asked),
            shared=asked.shared,
            pin=asked.pinned,
            look=Arrangement.words(asked.asked),
        )
        return 201, _view(view, by)

    return answering.done(request, deed)


@router.patch("/{int:number}", response={200: schemas.View, **FOR_WRITING}, summary="Change a view")
def change(request: HttpRequest, number: int, asked: bodies.ChangedView) -> HttpResponse:
    """Fields that are absent stay as they are. `pinned` is the caller's own sidebar."""
    person = agent(request, "views")
    view = saved_views.get_for(person, number)
    given = asked.model_dump(exclude_unset=True)
    pinned = given.pop("pinned", None)
    if given:
        filters = Filters.of(given["asked"]) if "asked" in given else None
        saved_views.change(
            person, view, name=given.get("name"), shared=given.get("shared"), asked=filters,
            look=Arrangement.words(given.get("asked", {})),
        )  # fmt: skip
    if pinned is not None:
        saved_views.pinned(person, view, pinned)
    return answering.plain(_view(view, person))


@router.delete("/{int:number}", response={204: None, **FOR_WRITING}, summary="Take a view away")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """For everybody who had it."""
    person = agent(request, "views")
    saved_views.remove(person, saved_views.get_for(person, number))
    return HttpResponse(status=204)


def _view(one: SavedView, person: Person) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "owner": one.owner.login,
        "shared": str(SharedWith(one.shared)),
        "asked": one.asked,
        "pinned": any(number == one.pk for number, _name, _asked in person.pins),
    }
