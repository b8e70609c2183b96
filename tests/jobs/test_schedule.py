"""What is periodic runs once a period, whoever asks, and one broken job never stops the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firstline.jobs.models import Schedule
from firstline.jobs.schedule import Periodic, run_due

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_job_runs_at_first_sight_and_then_once_a_period() -> None:
    ran: list[datetime] = []
    jobs = [Periodic("tidy", HOUR, ran.append)]
    for minutes in (0, 1, 59, 60, 61, 200):
        run_due(jobs, at=NOON + timedelta(minutes=minutes))
    assert ran == [NOON, NOON + HOUR, NOON + timedelta(minutes=200)]


def test_a_job_that_another_process_took_is_left_to_it() -> None:
    ran: list[datetime] = []

    def meanwhile(at: datetime) -> None:
        Schedule.objects.filter(name="second").update(next_run_at=at + HOUR)

    Schedule.objects.create(name="second", next_run_at=NOON)
    run_due([Periodic("first", HOUR, meanwhile), Periodic("second", HOUR, ran.append)], at=NOON)
    assert ran == []


def test_a_broken_job_is_named_and_the_next_one_runs() -> None:
    ran: list[datetime] = []

    def broken(at: datetime) -> None:
        raise ValueError("no such file")

    assert run_due([Periodic("broken", HOUR, broken), Periodic("sound", HOUR, ran.append)], at=NOON) == 2
    assert ran == [NOON]
    assert "no such file" in Schedule.objects.get(name="broken").last_error
