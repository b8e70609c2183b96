"""Who is here at a moment: shifts, changed days, swaps, absences, layers."""

from datetime import UTC, date, datetime, timedelta

import pytest

from firstline.roster import duty, planning, skills
from firstline.roster.models import Absence, DayChange, Layer, LayerPerson, Level, Pattern, Skill, Speaks, StandIn, Swap
from tests import cast

pytestmark = pytest.mark.django_db
MONDAY = cast.MONDAY_NINE  # 09:00 in Moscow
NINE_TO_SIX = [[day, "09:00", "18:00"] for day in range(5)]
NIGHTS = [[day, "21:00", "09:00"] for day in range(7)]


def works(days=NINE_TO_SIX, **whose):
    who = next(iter(whose.values()))
    slug = getattr(who, "login", None) or who.slug
    return Pattern.objects.create(
        slug=f"of-{slug}", time_zone="Europe/Moscow", begins_on=date(2026, 2, 2), days=days, **whose
    )


def plan(s, *people):
    planning.replan([one.pk for one in people], MONDAY)


def test_while_no_shift_is_written_the_roster_is_not_kept(django_assert_num_queries):
    cast.stage()
    with django_assert_num_queries(2):
        assert not duty.is_kept()
        assert duty.on_duty(MONDAY) == frozenset()


def test_people_of_a_team_work_its_pattern_from_the_start_until_before_the_end(django_assert_num_queries):
    s = cast.stage()
    works(team=s.line1)
    plan(s, s.olga, s.petra, s.nadia, s.emil)
    assert duty.is_kept()
    with django_assert_num_queries(1):
        assert duty.on_duty(MONDAY) == {s.olga.pk, s.petra.pk, s.nadia.pk}
    assert duty.on_duty(MONDAY - timedelta(seconds=1)) == frozenset()
    assert duty.on_duty(MONDAY + timedelta(hours=9)) == frozenset()
    assert duty.until(MONDAY)[s.olga.pk] == MONDAY + timedelta(hours=9)
    assert s.olga.pk in duty.on_duty(MONDAY + timedelta(days=1))


def test_nights_reach_into_the_next_day():
    s = cast.stage()
    works(NIGHTS, person=s.emil)
    plan(s, s.emil)
    assert duty.on_duty(MONDAY - timedelta(hours=1)) == {s.emil.pk}
    assert duty.on_duty(MONDAY) == frozenset()


def test_a_changed_day_replaces_the_pattern_of_that_day_only():
    s = cast.stage()
    works(person=s.olga)
    DayChange.objects.create(person=s.olga, day=date(2026, 3, 2), time_zone="Europe/Moscow", spans=[["14:00", "20:00"]])
    plan(s, s.olga)
    assert duty.on_duty(MONDAY) == frozenset()
    assert duty.on_duty(MONDAY + timedelta(hours=10)) == {s.olga.pk}
    assert duty.on_duty(MONDAY + timedelta(days=1)) == {s.olga.pk}


def test_the_absent_are_not_here():
    s = cast.stage()
    works(team=s.line1)
    Absence.objects.create(person=s.olga, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=2))
    Absence.objects.create(person=s.petra, starts_at=MONDAY, ends_at=None, why="illness")
    plan(s, s.olga, s.petra, s.nadia)
    assert duty.on_duty(MONDAY) == {s.nadia.pk}
    assert duty.on_duty(MONDAY + timedelta(hours=2)) == {s.nadia.pk, s.olga.pk}
    assert duty.absent(MONDAY) == {s.olga.pk: MONDAY + timedelta(hours=2), s.petra.pk: None}


def test_an_agreed_swap_moves_both_shifts_and_an_asked_one_none():
    s = cast.stage()
    works(person=s.olga)
    works(NIGHTS, person=s.emil)
    swap = Swap.objects.create(
        asker=s.olga, asked=s.emil, gives_on=date(2026, 3, 2), takes_on=date(2026, 3, 3), asked_at=MONDAY
    )
    plan(s, s.olga)
    assert duty.on_duty(MONDAY) == {s.olga.pk}
    swap.state, swap.agreed_at = Swap.State.APPROVED, MONDAY
    swap.save()
    plan(s, s.olga)  # the other one's plan follows
    assert duty.on_duty(MONDAY) == {s.emil.pk}
    assert duty.on_duty(datetime(2026, 3, 3, 19, tzinfo=UTC)) == {s.olga.pk}


def test_planning_again_changes_nothing_that_was_not_changed():
    s = cast.stage()
    works(team=s.line1)
    works(NIGHTS, person=s.emil)
    planning.replan_all(MONDAY)
    soon = s.olga.turns.filter(ends_at__lt=MONDAY + timedelta(days=100))
    before = list(soon.values_list("person", "starts_at", "ends_at"))
    assert len(before) > 80
    planning.replan_all(MONDAY + timedelta(hours=3))
    assert before == list(soon.values_list("person", "starts_at", "ends_at"))


def layer(s, position, *people, **fields):
    made = Layer.objects.create(
        slug=f"layer-{position}", team=s.line2, position=position, time_zone="Europe/Moscow",
        begins_on=date(2026, 2, 23), **fields,
    )  # fmt: skip
    for place, who in enumerate(people):
        LayerPerson.objects.create(layer=made, person=who, place=place)
    return made


def test_who_is_on_call_comes_in_the_order_of_the_layers(django_assert_num_queries):
    s = cast.stage()
    layer(s, 2, s.lev)
    layer(s, 1, s.emil, s.nadia)
    planning.replan_on_call([s.line2.pk], MONDAY)
    with django_assert_num_queries(1):
        assert duty.on_call(MONDAY - timedelta(minutes=1), s.line2.pk) == [s.emil.pk, s.lev.pk]
    assert duty.on_call(MONDAY, s.line2.pk) == [s.nadia.pk, s.lev.pk]
    assert duty.on_call(MONDAY, s.line1.pk) == []
    assert duty.on_duty(MONDAY) == frozenset()  # on call is not here


def test_a_stand_in_is_called_instead_and_the_absent_not_at_all():
    s = cast.stage()
    first = layer(s, 1, s.emil)
    layer(s, 2, s.lev)
    StandIn.objects.create(layer=first, person=s.nadia, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=4))
    Absence.objects.create(person=s.lev, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=8))
    planning.replan_on_call([s.line2.pk], MONDAY)
    assert duty.on_call(MONDAY, s.line2.pk) == [s.nadia.pk]
    assert duty.on_call(MONDAY + timedelta(hours=4), s.line2.pk) == [s.emil.pk]
    assert duty.on_call(MONDAY + timedelta(hours=8), s.line2.pk) == [s.emil.pk, s.lev.pk]


def test_a_layer_has_hours():
    s = cast.stage()
    layer(s, 1, s.emil, hours=[[0, "18:00", "09:00"]])
    planning.replan_on_call([s.line2.pk], MONDAY)
    assert duty.on_call(MONDAY, s.line2.pk) == []
    assert duty.on_call(MONDAY + timedelta(hours=10), s.line2.pk) == [s.emil.pk]
    assert duty.on_call(MONDAY + timedelta(hours=34), s.line2.pk) == []


def test_skills_and_languages_are_one_statement_each(django_assert_num_queries):
    s = cast.stage()
    pos = Skill.objects.create(slug="pos", name="Кассы")
    Level.objects.create(person=s.olga, skill=pos, level=3)
    Speaks.objects.create(person=s.olga, language="bg")
    people = [s.olga.pk, s.petra.pk]
    with django_assert_num_queries(1):
        assert skills.of(people) == {s.olga.pk: {"pos": 3}}
    with django_assert_num_queries(1):
        assert skills.languages_of(people) == {s.olga.pk: {"ru", "bg"}, s.petra.pk: {"bg"}}
