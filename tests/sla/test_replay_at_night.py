"""A sample of clocks is computed again each night, and what differs is a named problem until it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.jobs.schedule import run_due
from firstline.lib import clock
from firstline.ops import health
from firstline.sla import replay
from firstline.sla.models import Clock
from firstline.worker import jobs
from tests import cast

pytestmark = pytest.mark.django_db
NIGHTLY = [job for job in jobs.PERIODIC if job.name == "replay of clocks"]


def test_a_clock_that_was_tampered_with_is_an_alarm_until_it_is_right_again() -> None:
    stage = cast.stage()
    tickets = [cast.ticket(stage) for _ in range(5)]
    now = clock.now()
    assert replay.sample(now) == 5
    wrong = Clock.objects.get(ticket=tickets[3], metric="resolution")
    Clock.objects.filter(pk=wrong.pk).update(due_at=wrong.due_at + timedelta(minutes=1))
    run_due(NIGHTLY, at=now)
    named = [one for one in health.problems(now) if one.name == "job replay of clocks"]
    assert tickets[3].number in named[0].detail
    Clock.objects.filter(pk=wrong.pk).update(due_at=wrong.due_at)
    run_due(NIGHTLY, at=now + timedelta(days=1, minutes=1))
    assert not [one for one in health.problems(now) if one.name == "job replay of clocks"]


def test_a_clock_that_is_missing_is_found_too() -> None:
    ticket = cast.ticket(cast.stage())
    Clock.objects.filter(ticket=ticket, metric="first_response").delete()
    with pytest.raises(replay.Differs, match=ticket.number):
        replay.sample(clock.now())
