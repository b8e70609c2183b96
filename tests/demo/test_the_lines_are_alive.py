"""Whoever looks at the demo company finds a rule, a limit, a ladder, people on call and people called in."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from firstline.demo import company
from firstline.imports import export
from firstline.lib import clock
from firstline.lines.ladder_models import Escalation, Ladder
from firstline.lines.routing_models import RoutingRule, Share
from firstline.post.models import Delivery
from firstline.reports import hindrances
from firstline.roster.models import CallUp, Reinforcement, Turn
from firstline.sla.models import Clock, ClockState

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def test_what_is_late_when_the_demo_is_made_was_told_to_superiors_and_what_comes_later_is_the_workers() -> None:
    at = clock.now()
    company.load(at=at)
    broken = Clock.objects.filter(state=ClockState.BREACHED, is_over=False, verdict_at__gte=at - company.LADDERS_AGE)
    assert broken.exists()
    for row in broken:
        said = Escalation.objects.filter(ticket=row.ticket_id, metric=row.metric)
        assert [100 in one.marks for one in said] == [True], row
    assert not Delivery.objects.exists(), "nobody is written to"

    later = at + timedelta(days=3)
    waiting = Clock.objects.filter(is_over=False, check_at__lte=later).count()
    assert waiting
    company.load(at=later)
    assert Clock.objects.filter(is_over=False, check_at__lte=later).count() == waiting, "the worker tells people of it"


def test_the_demo_has_each_part_of_the_lines_and_its_export_carries_them() -> None:
    at = clock.now()
    company.load(at=at)
    company.load(at=at)

    assert RoutingRule.objects.filter(is_on=True).count() == 2
    assert Share.objects.filter(most__gt=0).count() == 2
    assert Ladder.objects.filter(is_on=True).count() == 2
    assert Turn.objects.filter(kind=Turn.Kind.ON_CALL, ends_at__gt=at).exists()
    assert hindrances.odd() == [], "nothing in it is odd"
    night = Reinforcement.objects.get()
    assert night.starts_at > at
    said = dict(night.call_ups.values_list("person__login", "answer"))
    assert said == {"sorokin": CallUp.Answer.ACCEPTED, "nikolov": CallUp.Answer.SILENT, "timur": CallUp.Answer.DECLINED}
    assert not Delivery.objects.exists(), "nobody is told"

    carried = tomllib.loads(export.written())
    assert [row["slug"] for row in carried["routing_rule"]] == ["tills-by-skill", "changes-to-engineers"]
    assert [row["slug"] for row in carried["ladder"]] == ["vip", "every-ticket"]
    assert {row["person"] for row in carried["ticket_limit"]} == {"timur", "desislava"}
    assert carried["skill_need"] == [{"category": "card-terminal", "skill": "pos", "level": 2}]
