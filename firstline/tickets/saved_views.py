"""Lists under a name: kept, shared with the team or the desk, pinned to the sidebar by whoever wants them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets import sharing
from firstline.tickets.lists import Filters
from firstline.tickets.refusals import WrongValue
from firstline.tickets.view_models import SavedView, SharedWith

MOST, MOST_PINNED, LONGEST_NAME = 100, 12, 60


def visible_to(person: Person) -> QuerySet[SavedView]:
    """His own, his team's, the whole desk's. The client's side has none."""
    return sharing.visible_to(person, SavedView.objects.all())


def get_for(person: Person, number: int | str) -> SavedView:
    """Raises NotThere: taken away, or not for this person."""
    return sharing.numbered(visible_to(person), number)


def save(
    person: Person, *, name: str, asked: Filters, shared: str = SharedWith.NOBODY, pin: bool = True,
    look: Mapping[str, str] = MappingProxyType({}),
) -> SavedView:  # fmt: skip
    """A new view of this person's. Raises WrongValue (no name, taken, too many), NotAllowed (not his to share)."""
    if not person.is_agent:
        raise NotAllowed("views")
    if person.saved_views.count() >= MOST:
        raise WrongValue("name", f"at most {MOST} views")
    view = SavedView(owner=person, asked={**asked.given(), **look})
    with transaction.atomic():
        _write(person, view, name, shared)
        if pin:
            pinned(person, view, True)
    return view


def change(
    person: Person,
    view: SavedView,
    *,
    name: str | None = None,
    shared: str | None = None,
    asked: Filters | None = None,
    look: Mapping[str, str] = MappingProxyType({}),
) -> SavedView:
    """Another name, other readers, other tickets: whoever has it pinned sees the change. Raises as `save`."""
    sharing.demand_change(person, view, "views")
    if asked is not None:
        view.asked = {**asked.given(), **look}
    with transaction.atomic():
        _write(person, view, view.name if name is None else name, view.shared if shared is None else shared)
        _draw(view.pinned_by.all())
    return view


def remove(person: Person, view: SavedView) -> None:
    """Taken away for everybody; a bookmark of it says so."""
    sharing.demand_change(person, view, "views")
    with transaction.atomic():
        readers = list(view.pinned_by.all())
        view.delete()
        _draw(readers)


def pinned(person: Person, view: SavedView, on: bool) -> None:
    """In this person's sidebar, or no more. Raises WrongValue where it is full."""
    with transaction.atomic():
        if not on:
            view.pinned_by.remove(person)
        elif person.pinned_views.exclude(pk=view.pk).count() >= MOST_PINNED:
            raise WrongValue("pin", f"at most {MOST_PINNED} pinned")
        else:
            view.pinned_by.add(person)
        _draw([person])


def _draw(readers: Iterable[Person]) -> None:
    """Writes beside each person what stands in his sidebar: it is drawn on every page, and costs no statement there."""
    for person in readers:
        rows = visible_to(person).filter(pinned_by=person).select_related(None)
        person.pins = [[view.pk, view.name, view.asked] for view in rows]
        person.save(update_fields=["pins"])


def _write(person: Person, view: SavedView, name: str, shared: str) -> None:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise WrongValue("name", "empty")
    if len(name) > LONGEST_NAME:
        raise WrongValue("name", f"at most {LONGEST_NAME} characters")
    view.name, view.shared = name, sharing.checked(view, shared, by=person)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        raise WrongValue("name", "taken") from taken
