"""The roster in words: when somebody is here, what a hole is, what cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import formats, timezone, translation
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from firstline.lib import clock
from firstline.lib.periods import Period
from firstline.roster.models import Swap
from firstline.roster.strain import Strain
from firstline.roster.week import Hole

LABELS: dict[str, str | Promise] = {
    "person": gettext_lazy("Person"), "people": gettext_lazy("People"), "days": gettext_lazy("Hours"),
    "hours": gettext_lazy("Hours"), "length": gettext_lazy("Days of the cycle"), "day": gettext_lazy("Day"),
    "time_zone": gettext_lazy("Time zone"), "asked": gettext_lazy("With whom"), "gives_on": gettext_lazy("My day"),
    "takes_on": gettext_lazy("The other’s day"), "role": gettext_lazy("Role"), "lines": gettext_lazy("Lines"),
    "clients": gettext_lazy("Clients"), "swap": gettext_lazy("Swap"), "call_up": gettext_lazy("Call"),
    "reinforcement": gettext_lazy("Reinforcement"), "begins_on": gettext_lazy("From"), "ends_on": gettext_lazy("Until"),
    "position": pgettext_lazy("term", "Order"), "changes_at": gettext_lazy("Changes at"),
    "file": gettext_lazy("Calendar file"),
    "level": gettext_lazy("Level"), "least": gettext_lazy("At least"), "tag": gettext_lazy("Project"),
    "place": gettext_lazy("Where"),
}  # fmt: skip
PROBLEMS: dict[str, str | Promise] = {
    "hours": gettext_lazy("Hours such as 09:00-13:00, 14:00-18:00."),
    "a time such as 09:00": gettext_lazy("A time such as 09:00 is needed."),
    "never": gettext_lazy("There is no hour in it: write at least one."),
    "beyond the cycle": gettext_lazy("A day lies beyond the cycle."),
    "a date": gettext_lazy("This is not a date."),
    "not after the start": gettext_lazy("The end must lie after the beginning, and after now."),
    "too far away": gettext_lazy("The end is too far away."),
    "somebody else": gettext_lazy("Choose a colleague of the desk."),
    "another day": gettext_lazy("Choose another day than the one that you give away."),
    "over": gettext_lazy("It is over: nothing can be answered any more."),
    "decided already": gettext_lazy("Somebody has decided this already: look at what it is now."),
    "needed": gettext_lazy("Something has to stand here."),
    "none": gettext_lazy("Choose at least one."),
    "nobody": gettext_lazy("Choose at least one person: empty, nobody would come."),
    "not in the reserve": gettext_lazy("This person is not in the reserve."),
    "called in now": gettext_lazy("He is called in now: end that first."),
    "of a client": gettext_lazy("People of a client cannot be in the reserve."),
    "no calendar": gettext_lazy("This is not a calendar (.ics) that can be read."),
    "no absence": gettext_lazy("There is no absence in this calendar."),
}


def label_of(field: str) -> str:
    """Of a day of a cycle (day-3) or of a week (week-0); nothing of any other field."""
    found = re.fullmatch(r"(day|week)-([0-9]{1,2})", field)
    if found is None:
        return ""
    number = int(found[2])
    return (
        str(WEEKDAYS[number]) if found[1] == "week" and number < len(WEEKDAYS) else _("Day %(n)s") % {"n": number + 1}
    )


def days(period: Period) -> str:
    """The same as `shown`, and of whole days their names alone: "Mon 21 – Thu 24 December"."""
    start = timezone.localtime(period.start)
    end = None if period.end is None else timezone.localtime(period.end)
    if end is None or f"{start:%H%M}{end:%H%M}" != "00000000":
        return shown(period)
    last = end - timedelta(days=1)
    return day(start) if start.date() == last.date() else f"{day(start)} – {day(last)}"


def shown(period: Period) -> str:
    """A period in the reader's zone: "Mon 09:00–10:00", "Sat 22:00 – Sun 06:00"; an end that is not known is open."""
    start = timezone.localtime(period.start)
    if period.end is None:
        return _("from %(moment)s on") % {"moment": moment(start)}
    end = timezone.localtime(period.end)
    begins, ends = f"{start:%H:%M}", f"{end:%H:%M}"
    if start.date() == end.date():
        return f"{day(start)} {begins}–{ends}"
    if ends == "00:00" and (end - start).total_seconds() <= 86400:
        return f"{day(start)} {begins}–24:00"
    return f"{day(start)} {begins} – {day(end)} {ends}"


def day(at: datetime) -> str:
    """ "Mon 2 March", as the language writes it; with the year where it is another than this one."""
    this_year = at.year == timezone.localtime(clock.now()).year
    pattern = formats.get_format("MONTH_DAY_FORMAT" if this_year else "DATE_FORMAT")
    date = formats.date_format(at, pattern.replace("F", "E"))
    return f"{WEEKDAYS_ABBR[at.weekday()]} {date}"


def moment(at: datetime) -> str:
    """ "Mon 2 March 09:00"."""
    local = timezone.localtime(at)
    return f"{day(local)} {local:%H:%M}"


def hole(one: Hole) -> str:
    """What is missing, in a sentence."""
    team, when = one.team.label(translation.get_language()), shown(one.period)
    if one.kind == "layer":
        return _("%(team)s: layer %(n)s on call has no people") % {"team": team, "n": one.least}
    if one.kind == "on_call":
        return _("%(team)s: nobody is on call %(when)s") % {"team": team, "when": when}
    if one.least == 1:
        return _("%(team)s: nobody is here %(when)s") % {"team": team, "when": when}
    few = ngettext("%(team)s: fewer than %(n)s person is here %(when)s", "%(team)s: fewer than %(n)s people are here "
                   "%(when)s", one.least)  # fmt: skip
    return few % {"team": team, "n": one.least, "when": when}


def strain(one: Strain, name: str) -> str:
    """What a swap would make of somebody's days, in a sentence."""
    if one.kind == "away":
        words = _("%(name)s would get the shift %(when)s and is away then.")
        return words % {"name": name, "when": shown(one.period)}
    if one.kind == "rest":
        words = ngettext("%(name)s would have %(n)s hour between two shifts: %(when)s.", "%(name)s would have %(n)s "
                         "hours between two shifts: %(when)s.", one.hours)  # fmt: skip
        return words % {"name": name, "n": one.hours, "when": shown(one.period)}
    words = ngettext("%(name)s would work %(n)s hour at a stretch: %(when)s.", "%(name)s would work %(n)s hours at a "
                     "stretch: %(when)s.", one.hours)  # fmt: skip
    return words % {"name": name, "n": one.hours, "when": shown(one.period)}


def strains(swap: Swap, found: Sequence[Strain]) -> list[str]:
    """All of them of one swap."""
    names = {swap.asker_id: swap.asker.name, swap.asked_id: swap.asked.name}
    return [strain(one, names[one.person]) for one in found]
