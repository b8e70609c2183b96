"""One thing of the roster behind each of its doors: Olga's shift, absence and swap, a layer of line 2, a call."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from firstline.lib import clock
from firstline.people.models import Client
from firstline.roster import layers, reinforcement, shifts, swaps
from firstline.roster.reinforcement import Wanted


def behind(s: SimpleNamespace) -> SimpleNamespace:
    now = clock.now()
    day = now.date() + timedelta(days=2)
    hours = [[0, "09:00", "18:00"]]
    shift = shifts.write_pattern(
        person=s.olga, time_zone="Europe/Moscow", begins_on=day, length=7, days=hours, by=s.maria, at=now
    )
    away = shifts.tell_absence(
        s.olga, why="holiday", starts_at=now + timedelta(days=9), ends_at=None, by=s.olga, at=now
    )
    swap = swaps.ask(s.olga, s.emil, gives_on=day, takes_on=None, at=now)
    layer = layers.write_layer(
        s.line2, position=1, people=[s.emil], time_zone="Europe/Moscow", begins_on=day, by=s.maria, at=now
    )
    for person in (s.petra, s.nadia):
        reinforcement.mark(person, in_reserve=True, by=s.maria, at=now)
    wanted = Wanted(
        "Ночь", now, now + timedelta(days=3), "engineer", clients=list(Client.objects.filter(slug="north")),
        people=[s.petra],
    )  # fmt: skip
    called = reinforcement.call(wanted, by=s.maria, at=now)
    return SimpleNamespace(
        numbers={
            "api/v1/roster/absences": away.pk,
            "api/v1/roster/swaps": swap.pk,
            "api/v1/reinforcement": called.pk,
            "desk/roster/absences": away.pk,
            "desk/roster/swaps": swap.pk,
            "desk/reinforcement": called.pk,
        },
        slugs=[
            (f"{part}/roster/{kind}", slug)
            for part in ("desk", "api/v1")
            for kind, slug in (("shifts", shift.slug), ("teams", "line2"), ("layers", layer.slug))
        ],
    )
