"""Managers are told once of each hole; /readyz names it while it lasts."""

from datetime import timedelta

import pytest

from firstline.notices import roster_alarms, wording
from firstline.ops import health
from firstline.post.models import Delivery
from firstline.roster import planning
from firstline.roster.models import Absence, Cover, Pattern
from tests import cast

pytestmark = pytest.mark.django_db
NOON = cast.MONDAY_NINE + timedelta(hours=3)


def named(at):
    return [one for one in health.problems(at) if one.name.startswith("nobody here")]


def test_everybody_away_is_told_once_and_named():
    s = cast.stage()
    Cover.objects.create(team=s.line1, time_zone="Europe/Moscow", hours=[[0, "09:00", "18:00"]])
    roster_alarms.tell(NOON)
    assert not Delivery.objects.exists()  # no shifts are written: nobody has to be anywhere
    Pattern.objects.create(
        slug="x", person=s.olga, time_zone="Europe/Moscow", begins_on="2026-02-02", days=[[0, "09:00", "18:00"]]
    )
    planning.replan([s.olga.pk], NOON)
    roster_alarms.tell(NOON)
    assert not Delivery.objects.exists()
    assert not named(NOON)
    Absence.objects.create(person=s.olga, starts_at=NOON, ends_at=NOON + timedelta(hours=2))
    planning.replan_person(s.olga, NOON)
    for minutes in range(3):
        roster_alarms.tell(NOON + timedelta(minutes=minutes))
    letter = Delivery.objects.get()
    assert (letter.kind, letter.to) == ("nobody_here", s.maria.email)
    assert "Первая линия: никого нет на смене" in wording.render(letter).text
    assert "2026-03-02T11:00:00" in named(NOON)[0].words
    assert not named(NOON + timedelta(hours=2))


def test_a_hole_without_an_end_is_told_once_a_week_and_not_once_a_minute():
    s = cast.stage()
    around_the_clock = [[day, *half] for day in range(7) for half in (("00:00", "12:00"), ("12:00", "24:00"))]
    Cover.objects.create(team=s.line1, time_zone="Europe/Moscow", hours=around_the_clock)
    Pattern.objects.create(
        slug="x", person=s.olga, time_zone="Europe/Moscow", begins_on="2026-02-02",
        days=[[day, "00:00", "24:00"] for day in range(7)],
    )  # fmt: skip
    Absence.objects.create(person=s.olga, starts_at=NOON, ends_at=None)
    planning.replan_person(s.olga, NOON)
    for minutes in (0, 1, 2, 61):
        roster_alarms.tell(NOON + timedelta(minutes=minutes))
    assert Delivery.objects.filter(kind="nobody_here").count() == 1
