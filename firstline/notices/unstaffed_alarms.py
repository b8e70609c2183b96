"""Managers are told once that work waits where nobody is here, and once that it is over: not each minute between."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.lines import unstaffed
from firstline.lines.routing_models import Unstaffed
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK

BEGAN, OVER = "nobody_takes_work", "somebody_is_here"


def tell(at: datetime) -> None:
    """A job, each minute."""
    with transaction.atomic():
        looked = unstaffed.look(at)
        for kind, rows in ((BEGAN, looked.began), (OVER, looked.over)):
            for row in rows:
                _write(kind, row, at)


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
