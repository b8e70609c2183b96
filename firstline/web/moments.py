"""Days and moments that a form sends."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from firstline.lib.periods import in_this_age
from firstline.tickets.refusals import WrongValue


def moment_of(field: str, given: str) -> datetime:
    """In the reader's zone where it names none. Raises WrongValue."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError as wrong:
        raise WrongValue(field, "a moment") from wrong
    if not in_this_age(found.year):
        raise WrongValue(field, "a moment")
    return found if found.tzinfo else timezone.make_aware(found)


def day_of(field: str, given: str) -> date:
    """Raises WrongValue."""
    try:
        found = date.fromisoformat(given)
    except ValueError as wrong:
        raise WrongValue(field, "a date") from wrong
    if not in_this_age(found.year):
        raise WrongValue(field, "a date")
    return found
