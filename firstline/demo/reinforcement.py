"""The coming Saturday night of the demo company: called in for, half answered. Nobody gets a letter."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from firstline.demo.moments import ZONE
from firstline.people.models import Person
from firstline.people.roles import Role
from firstline.post.models import Delivery
from firstline.roster import reinforcement
from firstline.roster.models import Reinforcement

REASON = "Обновление касс в ночь на воскресенье / Обновяване на касите в нощта срещу неделя"
PLACE = "По телефону и удалённо / По телефона и дистанционно"
FROM, HOURS = time(21), timedelta(hours=9)
# Who is asked, and what he said; None has not answered yet.
ASKED = {"sorokin": True, "nikolov": None, "timur": False}


def plan(at: datetime) -> None:
    """Once; who is not in the company is not asked."""
    if Reinforcement.objects.exists():
        return
    people = {one.login: one for one in Person.objects.filter(login__in=ASKED)}
    today = at.astimezone(ZONE).date()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    starts = datetime.combine(saturday, FROM, ZONE)
    row = reinforcement.call(
        reinforcement.Wanted(
            REASON, starts, starts + HOURS, Role.OPERATOR, all_clients=True, lines="1", place=PLACE,
            people=list(people.values()),
        ),
        by=Person.objects.get(role=Role.MANAGER, login="marina"), at=at,
    )  # fmt: skip
    for called in row.call_ups.select_related("person").order_by("pk"):
        comes = ASKED[called.person.login]
        if comes is not None:
            reinforcement.answer(called, accepts=comes, at=at)
    Delivery.objects.filter(kind__in=("called_up", "called_up_brief"), created_at=at).delete()
