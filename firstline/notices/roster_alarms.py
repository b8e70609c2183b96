"""Managers are told once of each hole in which nobody of a team is here that must be."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.notices import unstaffed_alarms
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK
from firstline.roster import duty
from firstline.roster.week import LOOKED_AHEAD, nobody_until


def tell(at: datetime) -> None:
    """Asked every minute. A hole is known by its team and its end, one without an end by the week: one letter a
    manager, and none where they know already that nobody takes the team's work."""
    if not duty.is_kept():
        return
    for cover, until in nobody_until(at):
        if unstaffed_alarms.is_told_of(cover.team, at):
            continue
        known_by = f"{until:%Y%m%d%H%M}" if until < at + LOOKED_AHEAD else f"{at:%G-%V}"
        with transaction.atomic():
            for person in Person.objects.filter(role=Role.MANAGER, is_active=True).exclude(email=""):
                outbox.put(
                    kind="nobody_here", to=person.email, language=person.language, person=person.pk, at=at,
                    data={"team": cover.team_id, "until": until.isoformat(), TO_THE_DESK: True},
                    unique_key=f"nobody:{cover.team_id}:{known_by}:{person.pk}",
                )  # fmt: skip
