"""Where too few are here: against somebody who counts at every minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from firstline.lib.periods import Period
from firstline.roster import holes, planning
from firstline.roster.models import Absence, Cover, Layer, LayerPerson, Pattern
from firstline.roster.week import holes_in, nobody_until
from tests import cast

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = Period(cast.MONDAY_NINE - timedelta(hours=9), cast.MONDAY_NINE + timedelta(days=7, hours=-9))
TENS = some.integers(0, 60)
PERIODS = some.lists(
    some.tuples(TENS, TENS).map(
        lambda pair: Period(START + timedelta(minutes=min(pair)), START + timedelta(minutes=max(pair)))
    ),
    max_size=4,
)


@given(present=some.lists(PERIODS, max_size=4), wanted=PERIODS, least=some.integers(0, 3))
def test_a_hole_is_where_too_few_are_here_and_somebody_must_be(present, wanted, least):
    found = holes.too_few(present, wanted, least)
    for minute in range(61):
        moment = START + timedelta(minutes=minute)
        here = sum(any(one.covers(moment) for one in periods) for periods in present)
        expected = any(one.covers(moment) for one in wanted) and here < least
        assert any(one.covers(moment) for one in found) == expected


def stage():
    s = cast.stage()
    Pattern.objects.create(
        slug="days", team=s.line1, time_zone="Europe/Moscow", begins_on="2026-02-02",
        days=[[day, "10:00", "18:00"] for day in range(4)],
    )  # fmt: skip
    Cover.objects.create(team=s.line1, time_zone="Europe/Moscow", hours=[[d, "09:00", "18:00"] for d in range(5)])
    planning.replan_all(cast.MONDAY_NINE)
    return s


@pytest.mark.django_db
def test_a_week_names_every_hole_in_order():
    s = stage()
    layer = Layer.objects.create(
        slug="nights", team=s.line2, time_zone="Europe/Moscow", begins_on="2026-03-02", hours=[[5, "18:00", "06:00"]]
    )
    LayerPerson.objects.create(layer=layer, person=s.emil, place=0)
    saturday = cast.MONDAY_NINE + timedelta(days=5)
    Absence.objects.create(
        person=s.emil, starts_at=saturday + timedelta(hours=17), ends_at=saturday + timedelta(days=3)
    )
    planning.replan_on_call([s.line2.pk], cast.MONDAY_NINE)
    found = [(hole.kind, hole.team.pk, hole.period) for hole in holes_in(WEEK)]
    nine = [cast.MONDAY_NINE + timedelta(days=day) for day in range(5)]
    hour = timedelta(hours=1)
    assert found == [
        *[("cover", s.line1.pk, Period(moment, moment + hour)) for moment in nine[:4]],
        ("cover", s.line1.pk, Period(nine[4], nine[4] + 9 * hour)),
        ("on_call", s.line2.pk, Period(saturday + 17 * hour, saturday + 21 * hour)),
    ]


@pytest.mark.django_db
def test_a_layer_without_people_is_named():
    s = cast.stage()
    Layer.objects.create(slug="empty", team=s.line2, time_zone="Europe/Moscow", begins_on="2026-03-02")
    assert [hole.kind for hole in holes_in(WEEK)] == ["layer", "on_call"]


@pytest.mark.django_db
def test_everybody_away_is_nobody_until_somebody_comes():
    s = stage()
    noon = cast.MONDAY_NINE + timedelta(hours=3)
    assert nobody_until(noon) == []
    for person in (s.olga, s.petra, s.nadia):
        Absence.objects.create(person=person, starts_at=noon, ends_at=noon + timedelta(hours=2))
        planning.replan_person(person, noon)
    assert [(cover.team, until) for cover, until in nobody_until(noon)] == [(s.line1, noon + timedelta(hours=2))]
    assert nobody_until(cast.MONDAY_NINE - timedelta(hours=1)) == []  # outside the hours nobody has to be here
