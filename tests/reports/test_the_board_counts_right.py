"""Every number of the board is its list, and a recount from the events says the same."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.lib import clock
from firstline.reports import board, recount, rollups
from firstline.reports.models import Flow, Hourly, Standing
from firstline.roster.models import Pattern, Turn
from firstline.sla import breaches
from firstline.tickets import assignment, conversation, handover, lifecycle, lists, merging
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from firstline.worklog import timers
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
MINUTE = timedelta(minutes=1)


def over(ticket: Ticket, by: Any, at: Any, to: int = 2) -> Ticket:
    return handover.hand_over(
        ticket, to_line=to, symptom="не печатает", tried="перезапуск", impact="low", reason="too_long", by=by, at=at
    )


@pytest.fixture
def s() -> SimpleNamespace:
    """A busy hour: on line 1 and 2, taken and not, answered and not, solved, reopened, merged, of three clients."""
    stage = cast.stage()
    some = [cast.ticket(stage, at=NINE + n * MINUTE, subject=f"заявка {n}") for n in range(8)]
    stage.eves = cast.ticket(stage, requester=stage.eve, at=NINE)
    lifecycle.take(some[0], by=stage.olga, at=NINE + 10 * MINUTE)
    conversation.answer(some[1], Words(text="Смотрим."), by=stage.olga, at=NINE + 11 * MINUTE)
    stage.handed = over(some[2], stage.olga, NINE + 12 * MINUTE)
    over(over(some[3], stage.olga, NINE + 12 * MINUTE), stage.emil, NINE + 13 * MINUTE, to=1)
    lifecycle.resolve(some[4], how="готово", remote=True, by=stage.olga, at=NINE + 14 * MINUTE)
    lifecycle.resolve(some[5], how="готово", remote=True, by=stage.olga, at=NINE + 14 * MINUTE)
    lifecycle.reopen(some[5], why="снова", by=stage.ivan, at=NINE + 15 * MINUTE)
    merging.merge(some[6], some[7], by=stage.olga, at=NINE + 16 * MINUTE)
    assignment.assign(some[7], assignee=stage.nadia, by=stage.maria, at=NINE + 17 * MINUTE)
    stage.some = some
    return stage


def read_all() -> None:
    while rollups.is_behind():
        rollups.follow(NINE)


def test_each_number_is_the_length_of_its_list(s: SimpleNamespace) -> None:
    for at in (NINE + 20 * MINUTE, NINE + 30 * MINUTE, NINE + timedelta(hours=9)):
        for person in (s.maria, s.adam, s.lev):
            shown, lines = board.of(person, at), board.lines_of(person)
            for name in board.ASKED:
                for line in shown.lines:
                    listed = lists.found(person, board.filters(name, lines, line.line), at)
                    assert line.numbers[name] == len(listed), (name, line.line, person.login)
                assert shown.total(name) == len(lists.found(person, board.filters(name, lines), at)), name

    shown = board.of(s.maria, NINE + 20 * MINUTE)
    assert [line.numbers["open"] for line in shown.lines] == [6, 1, 0]
    assert [line.numbers["unassigned"] for line in shown.lines] == [2, 1, 0]
    assert shown.total("handed_over") == 2
    assert shown.total("reopened") == 1
    assert shown.total("soon") == 4


def test_a_lead_sees_his_own_line_and_only_clients_of_his(s: SimpleNamespace) -> None:
    s.lev.team = s.line1
    s.lev.save()

    shown = board.of(s.lev, NINE + 20 * MINUTE)

    assert [line.line for line in shown.lines] == [1]
    assert shown.total("open") == 5, "East is none of his"
    assert {one.person.login for one in shown.people} == {"olga", "petra", "nadia", "lev"}
    assert all(row["line"] == 1 for row in shown.to_come)


def test_a_recount_from_the_events_equals_the_board(s: SimpleNamespace) -> None:
    read_all()
    shown, again = board.of(s.maria, NINE + 20 * MINUTE), recount.recount()

    assert list(recount.differences()) == []
    for line in shown.lines:
        assert line.numbers["open"] == again.open_on(line.line)
        assert line.numbers["unassigned"] == again.unassigned_on(line.line)
        into = sum(
            n for (_hour, of, what), n in again.flows.items() if of == line.line and what in ("came", "reopened", "in")
        )
        out = sum(
            n
            for (_hour, of, what), n in again.flows.items()
            if of == line.line and what not in ("came", "reopened", "in")
        )
        assert into - out == again.open_on(line.line)
        assert (line.came, line.left) == (into, out)


def test_a_recount_finds_what_is_wrong(s: SimpleNamespace) -> None:
    read_all()
    Ticket.objects.filter(pk=s.some[0].pk).update(line=3)
    Standing.objects.filter(pk=s.some[1].pk).update(line=2)
    Flow.objects.filter(what="came").update(count=1)

    found = list(recount.differences())

    assert any(f"ticket {s.some[0].pk}: stands" in one for one in found)
    assert any(f"ticket {s.some[1].pk}: the board" in one for one in found)
    assert any(one.startswith("flow came") for one in found)


def test_events_are_read_once_whatever_the_size_of_a_batch(s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "BATCH", 3)
    read_all()
    read_all()

    assert list(recount.differences()) == []
    assert rollups.follow(NINE) == 0


def test_oldest_unanswered_is_whom_nobody_has_answered(s: SimpleNamespace) -> None:
    read_all()
    at = NINE + 40 * MINUTE
    waits = board.of(s.maria, at).unanswered
    assert waits
    assert (waits.ticket, waits.since) == (s.some[0].pk, NINE), "taken is not answered"

    for ticket in (s.some[0], s.eves):
        conversation.answer(ticket, Words(text="Смотрим."), by=s.maria, at=at)
    conversation.reply(s.some[1], Words(text="И?"), by=s.ivan, at=at, channel=Channel.PORTAL)
    read_all()

    waits = board.of(s.maria, at).unanswered
    assert waits
    assert waits.ticket == s.some[2].pk


def test_who_does_what_is_the_running_timer_else_the_last_deed(s: SimpleNamespace) -> None:
    read_all()

    found = {one.person.login: one for one in board.of(s.maria, NINE + 20 * MINUTE).people}

    assert (found["olga"].ticket, found["olga"].deed) == (s.some[1].pk, board.TIMER), "her timer follows her answer"
    assert (found["emil"].ticket, found["emil"].deed) == (s.some[3].pk, "handed_over")
    assert found["olga"].load == 3
    assert found["nadia"].load == 1
    assert found["petra"].ticket is None


def test_a_ticket_that_comes_back_is_marked(s: SimpleNamespace) -> None:
    shown = board.of(s.maria, NINE + 20 * MINUTE).handed

    assert [(one.event.ticket_id, one.came_back) for one in shown] == [
        (s.some[3].pk, True), (s.some[3].pk, False), (s.some[2].pk, False),
    ]  # fmt: skip


def test_whose_timer_runs_is_at_work_and_who_is_off_duty_comes_last(s: SimpleNamespace) -> None:
    at = NINE + 20 * MINUTE
    read_all()
    assert {one.is_here for one in board.of(s.maria, at).people} == {None}, "no shifts are kept"
    Pattern.objects.create(slug="day", person=s.emil, time_zone="Europe/Moscow", begins_on=NINE.date())
    Turn.objects.create(person=s.emil, starts_at=NINE, ends_at=NINE + timedelta(hours=9))
    timers.start(s.emil, s.handed, at=at)

    shown = board.of(s.maria, at)

    assert [one.here for one in shown.lines] == [0, 1, 0]
    first = shown.people[0]
    assert (first.person, first.ticket, first.deed, first.since) == (s.emil, s.handed.pk, board.TIMER, at)
    assert {one.is_here for one in shown.people[1:]} == {False}


def test_what_was_returned_is_listed_with_its_reason(s: SimpleNamespace) -> None:
    handover.send_back(s.handed, why="Доступ есть у вас.", by=s.emil, at=NINE + 18 * MINUTE)
    at = NINE + 20 * MINUTE
    read_all()

    shown = board.of(s.maria, at)

    assert shown.total("returned") == len(lists.found(s.maria, board.filters("returned"), at)) == 1
    assert (shown.handed[0].event.data["why"], shown.handed[0].came_back) == ("Доступ есть у вас.", True)
    assert list(recount.differences()) == []


def test_numbers_are_compared_with_the_same_hour_of_last_week(s: SimpleNamespace) -> None:
    at = NINE + 20 * MINUTE
    assert board.of(s.maria, at).before == {}
    board.note(at)
    board.note(at + 10 * MINUTE)
    assert Hourly.objects.count() == 3

    later = board.of(s.maria, at + timedelta(weeks=1) + 30 * MINUTE)

    assert later.before["open"] == 7
    assert later.before["handed_over"] == 2
    assert board.of(s.lev, at + timedelta(weeks=1)).before == {}, "the desk's numbers are not those of his clients"


def test_the_board_costs_the_same_statements_however_much_there_is(s: SimpleNamespace) -> None:
    read_all()

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            board.of(s.maria, NINE + 60 * MINUTE)
        return len(asked)

    before = counted()
    for n in range(20):
        over(cast.ticket(s, at=NINE + n * MINUTE), s.olga, NINE + 30 * MINUTE)
    breaches.record_due(at=NINE + 60 * MINUTE)
    read_all()

    assert counted() == before <= 22


def test_the_api_says_what_the_page_says_and_lists_it(s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    read_all()
    at = NINE + 20 * MINUTE
    monkeypatch.setattr(clock, "now", lambda: at)
    maria = Caller(s.maria)

    said = maria.get("/board").json()

    assert said["numbers"]["open"] == 7
    assert [line["numbers"]["open"] for line in said["lines"]] == [6, 1, 0]
    assert said["before"] is None
    for name, asked in (("soon", "due=60"), ("overdue", "due=overdue"), ("handed_over", "lately=handed_over")):
        assert len(maria.get(f"/tickets?{asked}").json()["items"]) == said["numbers"][name]
    assert said["hand_overs"][0]["came_back"]
    assert Caller(s.olga).get("/board").status_code == 403
