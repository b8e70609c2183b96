"""The hours in which a team must be here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from firstline.audit import trail
from firstline.people.models import Person, Team
from firstline.people.permissions import NotAllowed
from firstline.roster.hours import WrongHours, days_in
from firstline.roster.models import Cover
from firstline.roster.refusals import WrongRoster
from firstline.roster.shifts import check_zone, may_plan_team


def write_cover(
    team: Team, *, time_zone: str, hours: Sequence[Sequence[object]], least: int, free_swaps: bool, by: Person,
    at: datetime,
) -> Cover:  # fmt: skip
    """From now on. No hours: nobody has to be here. Raises WrongRoster."""
    if not may_plan_team(by, team.pk):
        raise NotAllowed("plan roster")
    check_zone(time_zone)
    try:
        found = days_in(hours)
    except WrongHours as wrong:
        raise WrongRoster("hours", "hours") from wrong
    if any(day > 6 for day in found):
        raise WrongRoster("hours", "hours")
    if not 1 <= least <= 1000:
        raise WrongRoster("least", "1 to 1000")
    with transaction.atomic():
        values = {
            "time_zone": time_zone, "hours": [list(row) for row in hours], "least": least, "free_swaps": free_swaps
        }  # fmt: skip
        row, _made = Cover.objects.update_or_create(team=team, defaults=values)
        trail.note(
            at=at, actor=by.actor, action="cover_written", target=f"team:{team.pk}", hours=row.hours,
            least=least, free_swaps=free_swaps,
        )  # fmt: skip
    return row
