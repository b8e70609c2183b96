"""What somebody of the desk chose to hear of, kept with him."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstline.notices import matrix
from firstline.people.models import Person
from firstline.tickets.refusals import WrongValue


def choose(person: Person, rows: Mapping[str, Mapping[str, Any]], *, quiet: bool) -> Person:
    """Keeps the table; a topic that is not in `rows` is as it usually is. Raises WrongValue."""
    try:
        person.notices, person.hears = matrix.chosen(rows, quiet=quiet, role=person.role)
    except matrix.WrongWish as wrong:
        raise WrongValue(wrong.field, "unknown") from wrong
    person.save(update_fields=["notices", "hears"])
    return person


def as_before(person: Person) -> Person:
    """Nothing is chosen any more."""
    person.notices, person.hears = {}, ""
    person.save(update_fields=["notices", "hears"])
    return person


def table(person: Person) -> dict[str, matrix.Row]:
    """Each topic as it holds for him."""
    return {topic: matrix.row_of(person.notices, topic, person.role) for topic in matrix.TOPICS}
