"""One timer a person: begun by take, where he works, paused where he does not, never counted twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import assignment, conversation, handover, lifecycle, swarm
from firstline.tickets.history import quietly
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.worklog import entries, timers, touch
from firstline.worklog.touch_models import Timer, Touch
from tests import cast

pytestmark = pytest.mark.django_db
CARD = {"symptom": "не печатает", "tried": "перезапуск", "impact": "high", "reason": "too_complex"}


def after(minutes: float) -> datetime:
    return cast.MONDAY_NINE + timedelta(minutes=minutes)


def minutes_of(person: Person, ticket: Ticket, at: datetime) -> float:
    return touch.total(person, ticket, at) / timedelta(minutes=1)


def work(person: Person, ticket: Ticket, start: float, end: float) -> None:
    """As a page does that has his attention: once in half a minute."""
    moment = start
    while moment <= end:
        timers.beat(person, ticket, at=after(moment))
        moment += 0.5


@pytest.fixture
def stage() -> SimpleNamespace:
    s = cast.stage()
    s.ticket = cast.ticket(s)
    s.other = cast.ticket(s, subject="Нет сети")
    return s


def test_take_starts_it_and_attention_keeps_it_going(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    work(stage.olga, stage.ticket, 0.5, 10)
    assert minutes_of(stage.olga, stage.ticket, after(10)) == 10
    assert timers.running([stage.olga.pk])[stage.olga.pk] == timers.Running(stage.ticket.pk, after(0))


def test_without_take_or_start_nothing_counts(stage: SimpleNamespace) -> None:
    work(stage.olga, stage.ticket, 0, 5)
    assert not Touch.objects.exists()


def test_idle_is_cut_after_three_minutes_and_the_worker_says_so(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    assert timers.pause_idle(after(2.9)) == 0
    assert minutes_of(stage.olga, stage.ticket, after(60)) == 3, "also before the worker came"
    assert timers.pause_idle(after(60)) == 1
    assert minutes_of(stage.olga, stage.ticket, after(60)) == 3
    assert timers.running([stage.olga.pk]) == {}


@pytest.mark.parametrize(("answer", "minutes"), [("this", 20), ("break", 3)])
def test_who_comes_back_says_what_the_gap_was(stage: SimpleNamespace, answer: str, minutes: int) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    timers.pause_idle(after(5))
    timer = timers.beat(stage.olga, stage.ticket, at=after(20))
    assert (timer.gap_from, timer.gap_until) == (after(3), after(20))
    for _again in range(2):
        touch.answer_gap(stage.olga, ticket=stage.ticket if answer == "this" else None, at=after(20))
    assert minutes_of(stage.olga, stage.ticket, after(20)) == minutes


def test_the_question_is_there_until_it_is_answered(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    timers.pause_idle(after(5))
    timers.beat(stage.olga, stage.ticket, at=after(20))
    timers.leave(stage.olga, stage.ticket, at=after(20.1))
    timer = timers.beat(stage.olga, stage.ticket, at=after(20.2))  # the next page of the same ticket
    assert (timer.gap_from, timer.gap_until) == (after(3), after(20))


def test_a_gap_may_have_been_another_ticket(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    timers.beat(stage.olga, stage.ticket, at=after(20))
    touch.answer_gap(stage.olga, ticket=stage.other, at=after(20))
    assert minutes_of(stage.olga, stage.other, after(20)) == 17


def test_leaving_pauses_and_a_reload_is_no_leaving(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    timers.leave(stage.olga, stage.ticket, at=after(1))
    timers.beat(stage.olga, stage.ticket, at=after(1.2))
    assert minutes_of(stage.olga, stage.ticket, after(1.2)) == pytest.approx(1.2)
    timers.leave(stage.olga, stage.ticket, at=after(2))
    timers.beat(stage.olga, stage.ticket, at=after(4))
    assert minutes_of(stage.olga, stage.ticket, after(4)) == 2


def test_it_moves_to_the_ticket_he_works_in(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    timers.beat(stage.olga, stage.other, at=after(2))
    timers.leave(stage.olga, stage.ticket, at=after(2.1))
    conversation.answer(stage.ticket, Words(text="Смотрю"), by=stage.olga, at=after(3))
    assert timers.running([stage.olga.pk])[stage.olga.pk].ticket_id == stage.ticket.pk
    assert (minutes_of(stage.olga, stage.ticket, after(3)), minutes_of(stage.olga, stage.other, after(3))) == (2, 1)


def test_two_tabs_and_two_devices_count_once(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    for second in range(0, 600, 10):
        for ticket in (stage.ticket, stage.other):
            timers.beat(stage.olga, ticket, at=after(second / 60))
    both = minutes_of(stage.olga, stage.ticket, after(10)) + minutes_of(stage.olga, stage.other, after(10))
    assert both <= 10


def test_the_database_refuses_to_count_a_person_twice(stage: SimpleNamespace) -> None:
    def made(start: float, end: float) -> Touch:
        return Touch.objects.create(
            person=stage.olga, ticket=stage.ticket, line=1, started_at=after(start), ended_at=after(end)
        )

    made(0, 10)
    made(10, 20)
    last = made(20, 30)
    with pytest.raises(DatabaseError), transaction.atomic():
        made(5, 6)
    last.started_at = after(19)
    with pytest.raises(DatabaseError), transaction.atomic():
        last.save()


def test_a_second_clock_that_is_behind_counts_nothing_twice(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(10))
    timers.beat(stage.olga, stage.ticket, at=after(12))
    timers.beat(stage.olga, stage.other, at=after(9))
    assert minutes_of(stage.olga, stage.ticket, after(12)) == 2


def test_what_he_only_looks_at_is_not_his_work(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    handed = handover.hand_over(stage.other, to_line=2, by=stage.nadia, at=after(1), **CARD)
    timers.beat(stage.olga, handed, at=after(2))
    assert timers.running([stage.olga.pk])[stage.olga.pk].ticket_id == stage.ticket.pk
    swarm.invite(handed, stage.olga, by=stage.emil, at=after(2))
    timers.beat(stage.olga, handed, at=after(3))
    assert timers.running([stage.olga.pk])[stage.olga.pk].ticket_id == handed.pk


def test_handing_over_and_solving_end_it_on_the_line(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    work(stage.olga, stage.ticket, 0.5, 5)
    handed = handover.hand_over(stage.ticket, to_line=2, by=stage.olga, at=after(5), **CARD)
    timers.beat(stage.olga, handed, at=after(5.5))
    assert timers.running([stage.olga.pk]) == {}
    lifecycle.take(handed, by=stage.emil, at=after(6))
    assert {one.line for one in Touch.objects.filter(person=stage.emil)} == {2}
    lifecycle.resolve(handed, how="готово", remote=True, by=stage.emil, at=after(8))
    timers.beat(stage.emil, Ticket.objects.get(pk=handed.pk), at=after(8.5))
    assert timers.running([stage.emil.pk]) == {}
    assert minutes_of(stage.emil, handed, after(20)) == 2


def test_stopped_by_hand_it_follows_nobody_until_he_starts_it(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    timers.stop(stage.olga, at=after(2))
    work(stage.olga, stage.ticket, 3, 5)
    assert minutes_of(stage.olga, stage.ticket, after(5)) == 2
    timers.start(stage.olga, stage.other, at=after(6))
    assert timers.running([stage.olga.pk])[stage.olga.pk].ticket_id == stage.other.pk


def test_in_what_is_solved_it_is_not_started(stage: SimpleNamespace) -> None:
    lifecycle.resolve(stage.ticket, how="готово", remote=True, by=stage.olga, at=after(1))
    with pytest.raises(WrongStatus):
        timers.start(stage.olga, stage.ticket, at=after(2))


def test_a_call_with_its_minutes_is_touch_and_overlaps_nothing(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    work(stage.olga, stage.ticket, 0.5, 4)
    conversation.call(stage.ticket, "говорили", by=stage.olga, at=after(5), seconds=600)
    assert minutes_of(stage.olga, stage.ticket, after(5)) == 10, "five seen, five before them"


def test_the_log_proposes_what_was_touched_and_more_that_is_logged_was_touch_too(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(60))
    work(stage.olga, stage.ticket, 60.5, 70)
    assert touch.proposal(stage.olga, stage.ticket, after(70)) == 10
    entries.log_time(stage.ticket, minutes=10, kind="remote", by=stage.olga, at=after(70))
    assert touch.proposal(stage.olga, stage.ticket, after(70)) == 0
    assert minutes_of(stage.olga, stage.ticket, after(70)) == 10
    entries.log_time(stage.ticket, minutes=15, kind="remote", by=stage.olga, at=after(70))
    assert minutes_of(stage.olga, stage.ticket, after(70)) == 25
    entries.log_time(stage.ticket, minutes=30, kind="travel", by=stage.olga, at=after(70))
    assert minutes_of(stage.olga, stage.ticket, after(70)) == 25, "the way there is no touch"


def test_a_correction_keeps_what_was_and_says_why(stage: SimpleNamespace) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    work(stage.olga, stage.ticket, 0.5, 5)
    timers.stop(stage.olga, at=after(5))
    row = touch.get_for(stage.olga, Touch.objects.get().pk)
    with pytest.raises(WrongValue):
        touch.correct(row, started_at=after(0), ended_at=after(3), reason=" ", by=stage.olga, at=after(9))
    with pytest.raises(WrongValue):
        touch.correct(row, started_at=after(0), ended_at=after(10), reason="?", by=stage.olga, at=after(9))
    touch.correct(row, started_at=after(0), ended_at=after(3), reason="пил кофе", by=stage.olga, at=after(9))
    kept = row.corrections.get()
    assert (kept.was_ended_at, kept.reason, kept.by) == (after(5), "пил кофе", stage.olga)
    assert minutes_of(stage.olga, stage.ticket, after(9)) == 3


def test_a_correction_into_what_is_running_is_refused_and_a_broken_row_refuses_no_verb(
    stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    work(stage.olga, stage.ticket, 0.5, 3)
    timers.stop(stage.olga, at=after(3))
    row = touch.get_for(stage.olga, Touch.objects.get().pk)
    lifecycle.take(stage.other, by=stage.olga, at=after(10))
    with pytest.raises(WrongValue, match="started_at"):  # three minutes of it are not written yet
        touch.correct(row, started_at=after(11), ended_at=after(12), reason="?", by=stage.olga, at=after(12.5))

    def counted_already(*_rest: object) -> None:
        raise IntegrityError("nobody is counted twice")

    monkeypatch.setattr(timers, "_pause", counted_already)
    assert timers.pause_idle(after(30)) == 1
    lifecycle.resolve(stage.other, how="готово", remote=True, by=stage.olga, at=after(31))
    stage.other.refresh_from_db()
    assert stage.other.status == "resolved"


def test_history_from_elsewhere_runs_no_timer(stage: SimpleNamespace) -> None:
    with quietly():
        lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    assert not Timer.objects.exists()


def test_the_receiver_accepts_by_taking_or_returns_with_a_reason(stage: SimpleNamespace) -> None:
    taken = lifecycle.take(stage.ticket, by=stage.olga, at=after(0))
    handed = handover.hand_over(taken, to_line=2, by=stage.olga, at=after(5), **CARD)
    with pytest.raises(WrongValue):
        handover.send_back(handed, why=" ", by=stage.emil, at=after(6))
    back = handover.send_back(handed, why="Это драйвер, статья есть", by=stage.emil, at=after(6))
    assert (back.line, back.team, back.assignee, back.contact_owner) == (1, stage.line1, stage.olga, None)
    event = back.events.latest("pk")
    assert (event.kind, event.data["bounces"], event.public) == (Kind.RETURNED, 1, False)
    assert Delivery.objects.filter(kind="returned", event=event.pk, person=stage.olga.pk).count() == 1
    with pytest.raises(WrongStatus):
        handover.send_back(back, why="ещё раз", by=stage.emil, at=after(7))
    handed = handover.hand_over(back, to_line=2, by=stage.olga, at=after(8), **CARD)
    lifecycle.take(handed, by=stage.emil, at=after(9))
    joined = handed.events.get(kind=Kind.ACCEPTED)
    assert (joined.public, joined.by) == (True, stage.emil)
    assignment.assign(handed, assignee=stage.emil, by=stage.maria, at=after(10))
    assert handed.events.filter(kind=Kind.ACCEPTED).count() == 1
