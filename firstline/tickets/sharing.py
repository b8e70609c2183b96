"""What somebody of the desk keeps for himself, his team or everybody: views, macros, templates for answers.

Who has it, who changes it, with whom it may be shared, how it is taken away and comes back: alike for all of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.tickets.macro_models import Macro
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.tickets.template_models import AnswerTemplate
from firstline.tickets.view_models import SavedView, SharedWith

# Who puts a thing before the eyes of the whole desk, and changes what stands there; with his team everybody shares.
SHARES_WITH_ALL = frozenset({Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR})

Thing = TypeVar("Thing", SavedView, Macro, AnswerTemplate)
Removable = TypeVar("Removable", Macro, AnswerTemplate)


def visible_to(person: Person, things: QuerySet[Thing]) -> QuerySet[Thing]:
    """His own, his team's, the whole desk's. The client's side has none."""
    if not person.is_active or not person.is_agent:
        return things.none()
    shared = Q(shared=SharedWith.EVERYBODY)
    if person.team_id is not None:
        shared |= Q(shared=SharedWith.TEAM, owner__team=person.team_id)
    return things.filter(Q(owner=person) | shared).select_related("owner")


def numbered(things: QuerySet[Thing], number: int | str) -> Thing:
    """Raises NotThere: taken away, or not among these."""
    text = str(number)
    found = things.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) <= 15 else None
    if found is None:
        raise NotThere(text)
    return found


def may_change(person: Person, one: SavedView | Macro | AnswerTemplate) -> bool:
    """Its owner; what the whole desk has also the lead, the manager and the administrator."""
    is_all = one.shared == SharedWith.EVERYBODY
    return one.owner_id == person.pk or (is_all and person.acts_as in SHARES_WITH_ALL)


def demand_change(person: Person, one: SavedView | Macro | AnswerTemplate, what: str) -> None:
    """Raises NotAllowed."""
    if not may_change(person, one):
        raise NotAllowed(what)


def shares_of(person: Person) -> list[SharedWith]:
    """With whom he may share."""
    team = [SharedWith.TEAM] if person.team_id is not None else []
    return [SharedWith.NOBODY, *team, *([SharedWith.EVERYBODY] if person.acts_as in SHARES_WITH_ALL else [])]


def checked(one: SavedView | Macro | AnswerTemplate, shared: str, *, by: Person | None) -> SharedWith:
    """With whom it is to be shared. `by` None: the apply file, behind which an administrator stands. Raises WrongValue,
    NotAllowed."""
    if shared not in SharedWith.values:
        raise WrongValue("shared", f"one of {', '.join(SharedWith.values)}")
    is_new_to_all = shared == SharedWith.EVERYBODY != one.shared
    if is_new_to_all and by is not None and by.acts_as not in SHARES_WITH_ALL:
        raise NotAllowed("share with all")
    if shared == SharedWith.TEAM and one.owner.team_id is None:
        raise WrongValue("shared", "no team")
    return SharedWith(shared)


def remove(person: Person, one: Macro | AnswerTemplate, what: str, *, at: datetime) -> None:
    """Out of everybody's list. Raises NotAllowed."""
    demand_change(person, one, what)
    one.removed_at = at
    one.save(update_fields=["removed_at"])


def removed(person: Person, things: QuerySet[Removable], number: int) -> Removable:
    """One that was taken away and that he may bring back. Raises NotThere."""
    one = things.select_related("owner").filter(pk=number, removed_at__isnull=False).first()
    if one is None or not may_change(person, one):
        raise NotThere(str(number))
    return one


def used(one: Macro | AnswerTemplate) -> None:
    """It was of use: those used most stand first."""
    type(one)._default_manager.filter(pk=one.pk).update(used=F("used") + 1)
