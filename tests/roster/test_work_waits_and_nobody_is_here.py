"""Everybody absent, whatever the queue: work waits where people see it, the manager is told once and once that it is
over, nothing goes to the absent."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.lines.routing_models import Unstaffed
from firstline.notices import roster_alarms, unstaffed_alarms, wording
from firstline.ops import health
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.reports import board
from firstline.roster import planning
from firstline.roster.models import Absence, Cover, Pattern
from firstline.tickets import lifecycle
from firstline.tickets.models import Ticket
from tests import cast

pytestmark = pytest.mark.django_db
NOON = cast.MONDAY_NINE + timedelta(hours=3)
MIDNIGHT = cast.MONDAY_NINE + timedelta(hours=15)


def shift(person: Person, *, week: int = 5) -> None:
    Pattern.objects.create(
        slug=f"of-{person.login}", person=person, time_zone="Europe/Moscow", begins_on="2026-02-02",
        days=[[day, "09:00", "18:00"] for day in range(week)],
    )  # fmt: skip
    planning.replan_person(person, cast.MONDAY_NINE)


def away(person: Person, *, hours: int = 2) -> None:
    Absence.objects.create(person=person, starts_at=NOON, ends_at=NOON + timedelta(hours=hours))
    planning.replan_person(person, NOON)


@pytest.fixture
def s() -> SimpleNamespace:
    """Olga and Nadia have shifts on line 1; work waits there, and no rule deals it out."""
    s = cast.stage()
    for person in (s.olga, s.nadia):
        shift(person)
    s.ticket = cast.ticket(s)
    return s


def kinds() -> list[tuple[str, str]]:
    return list(
        Delivery.objects.filter(kind__in=(unstaffed_alarms.BEGAN, unstaffed_alarms.OVER))
        .order_by("pk").values_list("kind", "to")
    )  # fmt: skip


def test_told_when_the_last_one_goes_not_each_minute_and_told_when_it_is_over(s: SimpleNamespace) -> None:
    unstaffed_alarms.tell(NOON)
    away(s.olga)
    unstaffed_alarms.tell(NOON)
    assert not kinds()
    away(s.nadia)
    for minute in range(5):
        unstaffed_alarms.tell(NOON + timedelta(minutes=minute))
    assert kinds() == [("nobody_takes_work", s.maria.email)]
    said = wording.render(Delivery.objects.get(kind="nobody_takes_work")).text
    assert "линия 1: работа ждёт, на месте никого нет" in said.lower()
    (waits,) = board.of(s.maria, NOON).waiting
    assert (waits.line, waits.team, waits.why, waits.tickets) == (1, None, "absent", 1)
    assert "nobody takes work line 1" in {one.name for one in health.problems(NOON)}
    unstaffed_alarms.tell(NOON + timedelta(hours=2))
    unstaffed_alarms.tell(NOON + timedelta(hours=2, minutes=1))
    assert [kind for kind, _to in kinds()] == ["nobody_takes_work", "somebody_is_here"]
    assert wording.render(Delivery.objects.get(kind="somebody_is_here")).subject
    assert not board.of(s.maria, NOON + timedelta(hours=2)).waiting
    assert Ticket.objects.get().assignee is None


def test_it_is_over_too_when_nothing_waits_any_more(s: SimpleNamespace) -> None:
    away(s.olga)
    away(s.nadia)
    unstaffed_alarms.tell(NOON)
    lifecycle.cancel(s.ticket, why="Не нужно", by=s.lev, at=NOON)
    unstaffed_alarms.tell(NOON + timedelta(minutes=1))
    assert not Unstaffed.objects.exists()
    assert kinds()[-1][0] == "somebody_is_here"


def test_a_night_without_a_shift_is_no_trouble_unless_something_is_due_before_the_morning(s: SimpleNamespace) -> None:
    Ticket.objects.update(queue_at=MIDNIGHT + timedelta(days=1))
    unstaffed_alarms.tell(MIDNIGHT)
    assert not kinds()
    Ticket.objects.update(queue_at=MIDNIGHT + timedelta(hours=1))
    unstaffed_alarms.tell(MIDNIGHT)
    assert kinds() == [("nobody_takes_work", s.maria.email)]


def test_a_team_is_a_queue_of_its_own(s: SimpleNamespace) -> None:
    Ticket.objects.update(line=2, team=s.line2)
    shift(s.emil)
    unstaffed_alarms.tell(NOON)
    assert not kinds()
    away(s.emil)
    unstaffed_alarms.tell(NOON)
    assert Unstaffed.objects.get().team == s.line2


def test_without_shifts_it_holds_where_all_are_absent(s: SimpleNamespace) -> None:
    Pattern.objects.all().delete()
    planning.replan([s.olga.pk, s.nadia.pk], NOON)
    unstaffed_alarms.tell(NOON)
    assert not kinds()
    for person in Person.objects.filter(team=s.line1):
        away(person)
    unstaffed_alarms.tell(NOON)
    assert len(kinds()) == 1


def test_of_one_hole_in_the_roster_managers_get_one_letter_whichever_job_looks_first(s: SimpleNamespace) -> None:
    Cover.objects.create(team=s.line1, time_zone="Europe/Moscow", hours=[[0, "09:00", "18:00"]])
    for person in Person.objects.filter(team__line=1):
        away(person)
    for minute in range(3):
        unstaffed_alarms.tell(NOON + timedelta(minutes=minute))
        roster_alarms.tell(NOON + timedelta(minutes=minute))
    assert list(Delivery.objects.filter(to=s.maria.email).values_list("kind", flat=True)) == ["nobody_here"]
    assert Unstaffed.objects.exists(), "the board and /readyz name it all the same"


def test_who_was_told_that_nobody_takes_the_work_is_not_told_of_the_hole_that_follows(s: SimpleNamespace) -> None:
    for person in Person.objects.filter(team__line=1):
        away(person)
    unstaffed_alarms.tell(NOON)
    Cover.objects.create(team=s.line1, time_zone="Europe/Moscow", hours=[[0, "09:00", "18:00"]])
    roster_alarms.tell(NOON + timedelta(minutes=1))
    assert [kind for kind, _to in kinds()] == ["nobody_takes_work"]
    assert not Delivery.objects.filter(kind="nobody_here").exists()
