"""What time alone does: a hold ends, a solved ticket closes. It happened when it was due, whenever we got to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.tickets import due, lifecycle
from firstline.tickets.models import Kind
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
