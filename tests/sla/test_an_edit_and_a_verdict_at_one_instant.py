"""A calendar is edited at the very instant of a verdict: who was first in the database was first, and stays so."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from firstline.sla import breaches, calendar_edits, clocks, measured, months, replay
from firstline.sla.models import Clock
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
TUESDAY = NINE + timedelta(days=1)
WEDNESDAY = TUESDAY + timedelta(days=1)


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def row(ticket: Ticket, metric: str = "first_response") -> Clock:
    return Clock.objects.get(ticket=ticket, metric=metric)


def day_off(s: SimpleNamespace, day: date, at: object) -> None:
    calendar_edits.set_day(s.calendar, day, "", by=s.maria, at=at)  # type: ignore[arg-type]
    while breaches.record_due(at=at):  # type: ignore[arg-type]
        pass


def replayed(ticket: Ticket) -> list[object]:
    ticket.refresh_from_db()
    return list(replay.differences(ticket))


def test_the_verdict_was_first(s: SimpleNamespace) -> None:
    """Due on Tuesday at half past nine, recorded at ten; in the same instant the Tuesday is given off."""
    ticket = cast.ticket(s, at=NINE + timedelta(hours=8, minutes=30))
    breaches.record_due(at=TUESDAY + timedelta(hours=1))
    assert (row(ticket).state, row(ticket).hours) == ("breached", 1)
    day_off(s, TUESDAY.date(), TUESDAY + timedelta(hours=1))
    assert (row(ticket).state, row(ticket).hours, replayed(ticket)) == ("breached", 1, [])
    conversation.answer(ticket, Words(text="Уже"), by=s.olga, at=TUESDAY + timedelta(hours=1))
    assert (row(ticket).state, row(ticket).hours, replayed(ticket)) == ("breached", 1, [])


def test_the_edit_was_first(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, at=NINE + timedelta(hours=8, minutes=30))
    day_off(s, TUESDAY.date(), TUESDAY + timedelta(hours=1))
    assert (row(ticket).state, row(ticket).due_at) == ("running", WEDNESDAY + timedelta(minutes=30))
    breaches.record_due(at=WEDNESDAY + timedelta(hours=1))
    assert (row(ticket).state, row(ticket).hours, replayed(ticket)) == ("breached", 2, [])


@pytest.mark.parametrize("edit_first", [True, False])
def test_a_kept_promise_stays_kept_either_way(s: SimpleNamespace, edit_first: bool) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=NINE)
    at = NINE + timedelta(hours=30)  # Tuesday, six hours in
    if edit_first:
        day_off(s, TUESDAY.date() + timedelta(days=1), at)
    lifecycle.resolve(ticket, how="Готово", remote=True, by=s.olga, at=at)
    if not edit_first:
        day_off(s, TUESDAY.date() + timedelta(days=1), at)
    kept = row(ticket, "resolution")
    assert (kept.state, kept.hours) == ("met", 2 if edit_first else 1)
    lifecycle.reopen(ticket, why="Опять", by=s.ivan, at=at)
    assert replayed(ticket) == []


def test_an_edit_that_is_committed_after_a_later_verdict_changes_nothing_either(s: SimpleNamespace) -> None:
    """It took its moment, waited for the calendar, and was committed last: its moment lies before the verdict's."""
    ticket = cast.ticket(s, at=NINE + timedelta(hours=8, minutes=30))
    breaches.record_due(at=TUESDAY + timedelta(hours=2))
    day_off(s, TUESDAY.date(), TUESDAY + timedelta(minutes=20))
    assert (row(ticket).state, row(ticket).hours, replayed(ticket)) == ("breached", 1, [])
    month = months.month_of(s.version, TUESDAY.date())
    judged = measured.judged(s.version, month.verdicts, at=WEDNESDAY)
    assert [one.late for one in judged if one.metric == "first_response"] == [8 * 60 + 30], "the hours of the verdict"


def test_what_was_judged_before_numbers_were_kept_goes_by_its_moment(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, at=NINE + timedelta(hours=8, minutes=30))
    breaches.record_due(at=TUESDAY + timedelta(hours=1))
    Clock.objects.update(hours=None)
    day_off(s, TUESDAY.date(), TUESDAY + timedelta(hours=2))
    newest = clocks.newest_hours()
    hours = clocks.judged_by(row(ticket), newest)
    assert (hours is not None and hours.number, newest.numbers) == (None, {"weekdays": 2})
    assert replayed(ticket) == []
