"""A pattern as a form: a cycle of so many days, hours for each."""

from __future__ import annotations

from datetime import timedelta

from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.roster.hours import WrongHours, days_in, shown, stored, typed
from firstline.roster.models import Pattern
from firstline.roster.refusals import WrongRoster

MOST_DAYS = 28
USUAL = (7, 14, 21, 28, 4, 8)


def days_from(sent: QueryDict) -> tuple[int, list[list[object]]]:
    """The length of the cycle and its days as patterns store them. Raises WrongRoster."""
    given = sent.get("length", "")
    length = int(given) if given.isascii() and given.isdigit() and len(given) <= 4 else 0
    if not 1 <= length <= MOST_DAYS:
        raise WrongRoster("length", f"1 to {MOST_DAYS}")
    return length, hours_of(sent, "day", length)


def hours_of(sent: QueryDict, name: str, length: int) -> list[list[object]]:
    """The hours of each day, from the fields day-0, day-1, … of this name. Raises WrongRoster with the field."""
    days = {}
    for number in range(length):
        try:
            days[number] = typed(sent.get(f"{name}-{number}", ""))
        except WrongHours as wrong:
            raise WrongRoster(f"{name}-{number}", "hours") from wrong
    return stored(days)


def rows_of(row: Pattern | None) -> list[tuple[int, str, str]]:
    """Each day of the form: number, name, hours. Cycles of whole weeks have names of weekdays."""
    found = days_in(row.days) if row is not None else {}
    length = row.length if row is not None else MOST_DAYS
    weekly = row is not None and length % 7 == 0
    names = []
    for number in range(length):
        name = _("Day %(n)s") % {"n": number + 1}
        if weekly and row is not None:
            name = str(WEEKDAYS[(row.begins_on + timedelta(days=number)).weekday()])
            name = name if length == 7 else _("week %(n)s, %(day)s") % {"n": number // 7 + 1, "day": name}
        names.append((number, name, shown(found.get(number, ()))))
    return names


def cycle(row: Pattern) -> str:
    """How often it repeats; nothing of a plain week."""
    if row.length == 7:
        return ""
    return ngettext("Repeats every day", "Repeats every %(n)s days", row.length) % {"n": row.length}


def lengths() -> list[tuple[int, str]]:
    """The usual cycles."""
    return [
        (days, ngettext("%(n)s week", "%(n)s weeks", days // 7) % {"n": days // 7})
        if days % 7 == 0 else (days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
        for days in USUAL
    ]  # fmt: skip
