"""Questions that somebody asks about what he may see. Their words depend on what he is, never on who he is: they are
put into words once for all who are alike (`lib.asked_often`).

The wording is handed somebody who stands for all of them, and may use the very functions that say what a person may
see (`visible_to`). He has all that his words may depend on, and a number that is nobody's, in whose place the number
of whoever asks is given.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, QuerySet

from firstline.lib.asked_often import Given, Question
from firstline.people.models import Person

Row = TypeVar("Row")
NOBODYS_NUMBER = 8_888_888_888_888_887
STANDS: Mapping[int, Given] = {NOBODYS_NUMBER: Given("asks", BigIntegerField())}
MOST_KINDS = 500


def kind_of(person: Person) -> Hashable | None:
    """Whom he is like: all of a person that words may depend on. None: what he may see depends on the moment, because
    he is called in for a time."""
    if person.in_reserve:
        return None
    return person.role, person.is_active, person.scope_all, person.team_id, person.client_id


def stand_in(person: Person) -> Person:
    one = copy(person)
    one.pk = NOBODYS_NUMBER
    return one


class OfSomebody(Generic[Row]):
    """A `Question` for each kind of person: `wording` is given who stands for him."""

    def __init__(self, wording: Callable[[Person], QuerySet[Any, Row]]) -> None:
        self._wording = wording
        self._worded: dict[Hashable, Question[Row]] = {}

    def all(self, person: Person, **values: Any) -> list[Row]:
        try:
            return self._question(person).all(asks=person.pk, **values)
        except EmptyResultSet:  # he may see nothing of the kind: Django says so before it asks
            return []

    def first(self, person: Person, **values: Any) -> Row | None:
        return next(iter(self.all(person, **values)), None)

    def _question(self, person: Person) -> Question[Row]:
        kind = kind_of(person)
        if kind is None:
            return Question(lambda: self._wording(person), once=True)
        if kind not in self._worded:
            if len(self._worded) >= MOST_KINDS:
                self._worded.clear()
            alike = stand_in(person)
            self._worded[kind] = Question(lambda: self._wording(alike), stands=STANDS)
        return self._worded[kind]
