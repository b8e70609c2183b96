"""A swap that makes somebody work on without rest, or gives him a shift while he is away, says so before it counts."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.roster import duty, planning, strain, swaps
from firstline.roster.models import Absence, Pattern
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def s(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = cast.stage()
    works(made.olga, "09:00", "18:00")
    works(made.emil, "21:00", "09:00")
    planning.replan_all(NOW)
    return made


def works(person, start, end):
    Pattern.objects.create(
        slug=f"of-{person.login}", person=person, time_zone="Europe/Moscow", begins_on=date(2026, 2, 2), length=1,
        days=[[0, start, end]],
    )  # fmt: skip


def kinds(swap):
    return [(one.person, one.kind, one.hours) for one in strain.of(swap)]


def test_a_night_before_ones_own_day_is_21_hours_at_a_stretch(s):
    swap = swaps.ask(s.emil, s.olga, gives_on=MONDAY, takes_on=None, at=NOW)

    assert kinds(swap) == [(s.olga.pk, "long", 21), (s.olga.pk, "rest", 3)], "and three hours before it"
    assert strain.of(swap)[0].period.start == NOW + timedelta(hours=12)


def test_whoever_gets_a_day_between_his_own_nights_works_on(s):
    swap = swaps.ask(s.olga, s.emil, gives_on=TUESDAY, takes_on=None, at=NOW)
    assert kinds(swap) == [(s.emil.pk, "long", 21), (s.emil.pk, "rest", 3)]
    Pattern.objects.filter(person=s.olga).update(days=[[0, "09:00", "21:00"]])
    assert kinds(swap) == [(s.emil.pk, "long", 36)]


def test_who_works_so_long_at_a_stretch_anyway_is_not_warned_of_it(s):
    Pattern.objects.all().delete()
    works(s.olga, "08:00", "00:00")
    Pattern.objects.update(length=4)
    Pattern.objects.create(
        slug="of-emil", person=s.emil, time_zone="Europe/Moscow", begins_on=date(2026, 2, 4), length=4,
        days=[[0, "08:00", "00:00"]],
    )  # fmt: skip
    planning.replan_all(NOW)
    swap = swaps.ask(s.olga, s.emil, gives_on=date(2026, 3, 6), takes_on=None, at=NOW)
    assert s.olga.pk in duty.on_duty(datetime(2026, 3, 6, 9, tzinfo=UTC)), "her 16 hours, in which he is free"
    assert kinds(swap) == []


def test_three_hours_between_two_shifts_are_no_rest(s):
    Pattern.objects.filter(person=s.olga).update(days=[[0, "08:00", "18:00"]])
    Pattern.objects.filter(person=s.emil).update(days=[[0, "21:00", "05:00"]])
    planning.replan_all(NOW)
    swap = swaps.ask(s.emil, s.olga, gives_on=MONDAY, takes_on=None, at=NOW)
    assert kinds(swap) == [(s.olga.pk, "rest", 3), (s.olga.pk, "rest", 3)], "before the night and after it"
    assert strain.of(swap)[0].period.start == NOW + timedelta(hours=9)
    said = page(browser(s.maria), s.maria)
    assert f"{s.olga.name}: между сменами останется 3 часа, пн 2 марта 18:00–21:00." in said


def test_eleven_hours_between_two_shifts_are_a_rest(s):
    Pattern.objects.filter(person=s.olga).update(days=[[0, "16:00", "18:00"]])
    Pattern.objects.filter(person=s.emil).update(days=[[0, "01:00", "05:00"]])
    planning.replan_all(NOW)
    swap = swaps.ask(s.emil, s.olga, gives_on=TUESDAY, takes_on=None, at=NOW)
    assert kinds(swap) == [(s.olga.pk, "rest", 7)], "seven before it; eleven after it are enough"


def test_who_has_so_short_a_rest_anyway_is_not_warned_of_it(s):
    Pattern.objects.filter(person=s.olga).update(days=[[0, "08:00", "12:00"], [0, "15:00", "18:00"]])
    Pattern.objects.filter(person=s.emil).update(days=[[0, "21:00", "05:00"]])
    planning.replan_all(NOW)
    assert kinds(swaps.ask(s.emil, s.olga, gives_on=MONDAY, takes_on=None, at=NOW)) == []


def test_a_shift_during_an_absence_is_said(s):
    Absence.objects.create(person=s.olga, starts_at=NOW + timedelta(hours=10), ends_at=NOW + timedelta(days=9))
    swap = swaps.ask(s.emil, s.olga, gives_on=MONDAY, takes_on=None, at=NOW)
    assert (s.olga.pk, "away", 12) in kinds(swap)


def test_a_day_at_the_end_of_time_is_no_trouble(s):
    swap = swaps.ask(s.emil, s.olga, gives_on=date(9999, 12, 31), takes_on=None, at=NOW)
    assert strain.of(swap) == []


def test_the_statements_do_not_grow_with_the_swaps(s, django_assert_num_queries):
    first = swaps.ask(s.emil, s.olga, gives_on=MONDAY, takes_on=None, at=NOW)
    more = [swaps.ask(s.emil, s.olga, gives_on=MONDAY + timedelta(days=n), takes_on=None, at=NOW) for n in range(9)]
    with django_assert_num_queries(5):
        strain.of_all([first])
    with django_assert_num_queries(5):
        strain.of_all([first, *more])


def test_whoever_asks_answers_or_approves_reads_it(s):
    said = f"{s.olga.name}: получится 21 час работы подряд, пн 2 марта 21:00 – вт 3 марта 18:00."
    s.emil.language, s.emil.time_zone = s.olga.language, s.olga.time_zone
    s.emil.save()
    asker = browser(s.emil)
    asker.post("/desk/roster/swaps/", {"asked": "olga", "gives_on": "2026-03-02"})
    assert page(asker, s.emil).count(said) == 2, "once told, once at the swap"
    assert said in page(browser(s.olga), s.olga)
    assert said in page(browser(s.maria), s.maria)


def test_the_api_says_it_while_nothing_is_decided(s):
    made = Caller(s.emil).post("/roster/swaps", {"asked": "olga", "gives_on": "2026-03-02"}).json()
    assert made["warnings"] == [
        {
            "person": "olga",
            "kind": "long",
            "starts_at": "2026-03-02T18:00:00+00:00",
            "ends_at": "2026-03-03T15:00:00+00:00",
        },
        {
            "person": "olga",
            "kind": "rest",
            "starts_at": "2026-03-02T15:00:00+00:00",
            "ends_at": "2026-03-02T18:00:00+00:00",
        },
    ]
    listed = Caller(s.olga).get("/roster/swaps").json()["items"]
    assert listed[0]["warnings"] == made["warnings"]
    refused = Caller(s.olga).post(f"/roster/swaps/{made['id']}/refusal", {}).json()
    assert refused["warnings"] == []


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def page(visitor, person):
    answer = visitor.get(f"/desk/roster/people/{person.login}/").content.decode()
    return html.unescape(answer).replace("\u00a0", " ")
