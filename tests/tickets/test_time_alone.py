"""What time alone does: a hold ends, a solved ticket closes. It happened when it was due, whenever we got to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from firstline.lib.resting import Resting
from firstline.tickets import due, history, lifecycle
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
HOUR = timedelta(hours=1)


def test_a_hold_ends_at_its_moment_and_not_before() -> None:
    stage = cast.stage()
    ticket = lifecycle.hold(cast.ticket(stage), until=NINE + HOUR, reason="окно", by=stage.olga, at=NINE)
    assert due.resume_held(at=NINE + HOUR - timedelta(seconds=1)) == 0
    assert due.resume_held(at=NINE + 5 * HOUR) == 1
    ticket.refresh_from_db()
    event = ticket.events.latest("pk")
    assert (ticket.status, event.kind, event.by) == ("in_progress", Kind.RESUMED, None)
    assert (event.happened_at, event.learnt_at) == (NINE + HOUR, NINE + 5 * HOUR)
    assert due.resume_held(at=NINE + 6 * HOUR) == 0


def test_a_solved_ticket_closes_when_its_window_is_over() -> None:
    stage = cast.stage()
    ticket, _ = lifecycle.resolve(cast.ticket(stage), how="готово", remote=True, by=stage.olga, at=NINE)
    ends = ticket.window_ends_at
    assert due.close_solved(at=ends - timedelta(seconds=1)) == 0
    assert due.close_solved(at=ends + HOUR) == 1
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == ("closed", ends)
    assert due.close_solved(at=ends + HOUR) == 0


def meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """`deed` happens after the job has found its tickets, and before it locks the first of them."""
    waiting = [deed]

    def locked(ticket: Ticket) -> Ticket:
        while waiting:
            waiting.pop()()
        return history.locked(ticket)

    monkeypatch.setattr(due, "locked", locked)


def test_a_hold_that_was_set_anew_a_moment_ago_is_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = cast.stage()
    ticket = lifecycle.hold(cast.ticket(stage), until=NINE + HOUR, reason="окно", by=stage.olga, at=NINE)

    def anew() -> None:
        lifecycle.resume(ticket, by=stage.olga, at=NINE + HOUR)
        lifecycle.wait(ticket, on="client", reason="Какой принтер?", by=stage.olga, at=NINE + HOUR)

    meanwhile(monkeypatch, anew)
    assert due.resume_held(at=NINE + HOUR) == 0
    ticket.refresh_from_db()
    assert ticket.status == "waiting_for_client"


def test_what_was_solved_anew_a_moment_ago_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = cast.stage()
    ticket, _ = lifecycle.resolve(cast.ticket(stage), how="готово", remote=True, by=stage.olga, at=NINE)
    ends = ticket.window_ends_at

    def anew() -> None:
        lifecycle.reopen(ticket, why="нет", by=stage.ivan, at=ends)
        lifecycle.resolve(ticket, how="теперь готово", remote=True, by=stage.olga, at=ends)

    meanwhile(monkeypatch, anew)
    assert due.close_solved(at=ends) == 0
    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolved_at) == ("resolved", ends)


def test_a_ticket_that_cannot_be_moved_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = cast.stage()
    monkeypatch.setattr(due, "_resting", Resting())
    broken, sound = cast.ticket(stage), cast.ticket(stage)
    for ticket, hours in ((broken, 1), (sound, 2)):
        lifecycle.hold(ticket, until=NINE + hours * HOUR, reason="окно", by=stage.olga, at=NINE)
    wake = lifecycle.resume

    def resume(ticket: Ticket, **given: Any) -> Ticket:
        if ticket.pk == broken.pk:
            raise ValueError("broken")
        return wake(ticket, **given)

    monkeypatch.setattr(lifecycle, "resume", resume)
    assert due.resume_held(at=NINE + 3 * HOUR) == 1
    sound.refresh_from_db()
    assert sound.status == "in_progress"
    monkeypatch.setattr(lifecycle, "resume", wake)
    assert due.resume_held(at=NINE + 3 * HOUR) == 0  # it rests
    due._resting.add(broken.pk, -1.0)
    assert due.resume_held(at=NINE + 3 * HOUR) == 1


def test_nothing_is_held_into_the_last_year_that_there_is() -> None:
    """In another zone that moment is no date at all: the ticket could never be shown again."""
    stage = cast.stage()
    ticket = cast.ticket(stage)
    with pytest.raises(WrongValue) as wrong:
        lifecycle.hold(ticket, until=datetime(9999, 12, 31, 23, tzinfo=UTC), reason="окно", by=stage.olga, at=NINE)
    assert wrong.value.field == "until"
    lifecycle.hold(ticket, until=NINE + timedelta(days=3650), reason="окно", by=stage.olga, at=NINE)
