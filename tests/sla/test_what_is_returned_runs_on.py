"""A hand-over that is returned ends the pause and goes on where it came from, for clocks and shares alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.calendars.timetables import timetable_of
from firstline.sla import clocks
from firstline.sla.attribution import attribute
from firstline.tickets import handover, lifecycle
from tests import cast

pytestmark = pytest.mark.django_db
NINE, HOUR = cast.MONDAY_NINE, timedelta(hours=1)


def test_the_clock_of_a_returned_ticket_runs_and_its_time_is_that_of_its_line() -> None:
    s = cast.stage()
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=NINE)
    handover.hand_over(
        ticket, to_line=2, symptom="а", tried="б", impact="", reason="access", by=s.olga, at=NINE + HOUR
    )  # fmt: skip
    lifecycle.wait(ticket, on="client", reason="?", by=s.emil, at=NINE + 2 * HOUR)
    back = handover.send_back(ticket, why="Доступ есть у вас.", by=s.emil, at=NINE + 3 * HOUR)

    resolution = {row.metric: row for row in clocks.of(back)}["resolution"]
    found = attribute(clocks.facts_of(back), timetable_of(s.calendar), NINE + 5 * HOUR)

    assert resolution.state == "running"
    assert found is not None
    assert (found.used["line1"], found.used["line2"], found.used["client"]) == (3 * HOUR, HOUR, HOUR)
