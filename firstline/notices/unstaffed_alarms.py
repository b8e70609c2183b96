"""Managers are told once that work waits where nobody is here, and once that it is over: not each minute between, and
not of a hole in the roster that they are told of anyway (`roster_alarms`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.lines import unstaffed
from firstline.lines.routing_models import Unstaffed
from firstline.people.models import Person, Team
from firstline.people.roles import Role
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK
from firstline.post.models import Delivery
from firstline.roster import duty
from firstline.roster.week import nobody_until

BEGAN, OVER = "nobody_takes_work", "somebody_is_here"


def tell(at: datetime) -> None:
    """A job, each minute."""
    with transaction.atomic():
        looked = unstaffed.look(at)
        for kind, rows in ((BEGAN, _not_holes(looked.began, at)), (OVER, looked.over)):
            for row in rows:
                _write(kind, row, at)


def is_told_of(team: Team, at: datetime) -> bool:
    """Whether managers got the letter that nobody takes this team's work, and it still is so."""
    rows = Unstaffed.objects.filter(Q(team=team) | Q(team__isnull=True, line=team.line), since__lte=at)
    known = [row.since.isoformat() for row in rows]
    return bool(known) and Delivery.objects.filter(kind=BEGAN, data__since__in=known).exists()


def _not_holes(rows: Iterable[Unstaffed], at: datetime) -> list[Unstaffed]:
    """Without those whose team, or each of whose line, has a hole in the roster at this moment."""
    rows = list(rows)
    holes = {cover.team_id for cover, _until in nobody_until(at)} if rows and duty.is_kept() else set()
    whose = {row.pk: {row.team_id} if row.team_id else set(_of_line(row.line)) for row in rows} if holes else {}
    return [row for row in rows if not holes or not whose[row.pk] <= holes]


def _of_line(line: int) -> QuerySet[Team, int]:
    return Team.objects.filter(line=line).values_list("pk", flat=True)


def _write(kind: str, row: Unstaffed, at: datetime) -> None:
    until = row.until.isoformat() if row.until else None
    for person in Person.objects.filter(role=Role.MANAGER, is_active=True).exclude(email=""):
        outbox.put(
            kind=kind, to=person.email, language=person.language, person=person.pk, at=at,
            data={
                "line": row.line, "team": row.team_id, "waiting": row.waiting, "until": until,
                "since": row.since.isoformat(), TO_THE_DESK: True,
            },
        )  # fmt: skip
