"""Who is here now, in words: beside a name wherever a person is chosen. Two or three statements for any number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.roster import duty
from firstline.roster.models import Turn
from firstline.web import roster_words


class Here(NamedTuple):
    """`state`: here, on_call, away (told absent), off (not his shift); `words` say it with the end."""

    state: str
    words: str

    @property
    def may_get_work(self) -> bool:
        return self.state == "here"


NOBODY_KNOWS = Here("here", "")


def of(people: Iterable[int], at: datetime) -> dict[int, Here]:
    """Of each of them. While no shift is written nobody is said to be anywhere, but whoever is absent is absent."""
    wanted = set(people)
    away = {person: end for person, end in duty.absent(at).items() if person in wanted}
    turns = Turn.objects.filter(Q(position=0) | Q(kind=Turn.Kind.ON_CALL), starts_at__lte=at, ends_at__gt=at)
    here: dict[int, datetime] = {}
    called: dict[int, datetime] = {}
    for kind, person, end in (
        turns.filter(person__in=wanted).order_by("ends_at").values_list("kind", "person_id", "ends_at")
    ):
        (called if kind == Turn.Kind.ON_CALL else here)[person] = end
    kept = bool(here) or duty.is_kept()
    return {person: _of_one(person, here, called, away, at, kept) for person in wanted}


def _of_one(
    person: int, here: dict[int, datetime], called: dict[int, datetime], away: dict[int, datetime | None],
    at: datetime, kept: bool,
) -> Here:  # fmt: skip
    if person in away:
        end = away[person]
        return Here("away", _("away until %(time)s") % {"time": until(end, at)} if end else _("away"))
    if person in here:
        return Here("here", _("here until %(time)s") % {"time": until(here[person], at)})
    if person in called:
        return Here("on_call", _("on call until %(time)s") % {"time": until(called[person], at)})
    return Here("off", _("off duty")) if kept else NOBODY_KNOWS


def until(end: datetime, at: datetime) -> str:
    """The hour where it is today, else with the day."""
    local = timezone.localtime(end)
    return f"{local:%H:%M}" if local.date() == timezone.localtime(at).date() else roster_words.moment(end)
