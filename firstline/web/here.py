"""Who is here now, in words: beside a name wherever a person is chosen. Two or three statements for any number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.roster import duty
from firstline.roster.duty import NOBODY_KNOWS, Standing
from firstline.web import roster_words


class Here(NamedTuple):
    """`state` as `duty.Standing` has it; `words` say it with the end, and nothing while no shifts are kept."""

    state: str
    words: str

    @property
    def may_get_work(self) -> bool:
        return self.state == "here"


NOTHING_SAID = Here(NOBODY_KNOWS.state, "")


def of(people: Iterable[int], at: datetime) -> dict[int, Here]:
    """Of each of them."""
    return {person: Here(one.state, _said(one, at)) for person, one in duty.standing(at, people).items()}


def _said(one: Standing, at: datetime) -> str:
    time = {"time": until(one.until, at)} if one.until else {}
    if one.state == "away":
        return _("away until %(time)s") % time if time else _("away")
    if one.state == "on_call":
        return _("on call until %(time)s") % time
    if one.state == "off":
        return _("off duty")
    return "" if one == NOBODY_KNOWS else _("here until %(time)s") % time


def until(end: datetime, at: datetime) -> str:
    """The hour where it is today, else with the day."""
    local = timezone.localtime(end)
    return f"{local:%H:%M}" if local.date() == timezone.localtime(at).date() else roster_words.moment(end)
