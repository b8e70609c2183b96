"""People found by words, for the desk: colleagues, and those of the clients in the scope."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from firstline.people import callers, findable
from firstline.people.models import Person
from firstline.people.roles import DESK_SIDE
from firstline.search import index, ranked
from firstline.search.asking import Asked
from firstline.search.question import PUBLIC
from firstline.search.ranked import Place


def visible_to(person: Person) -> QuerySet[Person]:
    """The active people whom this person may know of by looking for them: the client's side knows of nobody."""
    if not person.is_active or not person.is_agent:
        return Person.objects.none()
    theirs = callers.within(person)
    return Person.objects.filter(Q(pk__in=theirs.order_by().values("pk")) | Q(role__in=DESK_SIDE, is_active=True))


def find(person: Person, asked: Asked) -> list[Place]:
    """In order: who has every word in his name before who has it in his address."""
    if not asked.words or not person.is_agent:
        return []
    rows = visible_to(person)
    numbers = list(
        index.matching(findable.KIND, rows, asked.question(PUBLIC)).values_list("pk", flat=True)[: ranked.MOST]
    )
    return ranked.order(findable.KIND, rows, asked, numbers, fields=PUBLIC)


def shown(person: Person, places: Sequence[Place]) -> list[Person]:
    """The people of a page."""
    numbers = [place.number for place in places]
    people = {one.pk: one for one in visible_to(person).filter(pk__in=numbers).select_related("client", "team")}
    return [people[number] for number in numbers if number in people]
