"""The worker: one failing job never stops the others, and `drain` ends when nothing is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from firstline.reports.models import Position
from firstline.sla.models import Clock
from firstline.tickets.models import Event, Kind, Ticket
from firstline.worker import jobs, loop
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_broken_job_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def broken(at: datetime) -> int:
        raise ValueError("broken")

    def sound(at: datetime) -> int:
        ran.append(at)
        return 0

    monkeypatch.setattr(loop, "CONTINUAL", (broken, sound))
    loop.step()
    assert len(ran) == 1


def test_a_job_that_breaks_a_constraint_stops_nobody_either(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def broken(at: datetime) -> int:
        raise IntegrityError("a row in the way")

    def sound(at: datetime) -> int:
        ran.append(at)
        return 0

    monkeypatch.setattr(loop, "CONTINUAL", (broken, sound))
    loop.step()
    assert len(ran) == 1


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(at: datetime) -> int:
        raise OperationalError("away")

    monkeypatch.setattr(loop, "CONTINUAL", (away,))
    with pytest.raises(OperationalError):
        loop.step()


def test_a_worker_with_nothing_to_do_takes_no_lock() -> None:
    """Idle workers ask four times a second; on SQLite a transaction of theirs would be one more writer in the way."""
    cast.ticket(cast.stage())
    loop.drain()
    # On PostgreSQL events wait for every other transaction of the server, another test's too: here they are read.
    Position.objects.update(read_to=Event.objects.order_by("-pk").values_list("pk", flat=True)[0])
    with CaptureQueriesContext(connection) as said:
        assert loop.step() == 0
    assert [one["sql"] for one in said if not one["sql"].startswith("SELECT")] == []


def test_draining_judges_what_is_overdue_and_comes_to_an_end() -> None:
    ticket = cast.ticket(cast.stage())  # months ago by the clock on the wall
    assert loop.drain(seconds=60)
    kinds = list(ticket.events.values_list("kind", flat=True))
    assert kinds.count(Kind.SLA_BREACH) == 2
    assert not Clock.objects.filter(check_at__isnull=False).exists()


def test_what_arrived_is_understood_before_a_clock_is_judged_by_it() -> None:
    names = [job.__name__ for job in jobs.CONTINUAL]
    assert names.index("understand") < names.index("judge")


def test_a_hold_is_woken_by_the_list() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    Ticket.objects.filter(pk=ticket.pk).update(status="on_hold", hold_until=cast.MONDAY_NINE + timedelta(hours=1))
    loop.drain(seconds=60)
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"
