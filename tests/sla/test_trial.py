"""The try-it line answers what a real ticket would get: nights, holidays, pauses, and the most specific row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from firstline.contracts import versions
from firstline.contracts.models import Target
from firstline.sla import clocks
from firstline.sla.trial import Sample, Tried, tried
from tests import cast

pytestmark = pytest.mark.django_db
FRIDAY_1730 = datetime(2026, 3, 6, 14, 30, tzinfo=UTC)  # in Moscow


def of(s: SimpleNamespace, **fields: object) -> dict[str, Tried]:
    sample = Sample(**{"at": FRIDAY_1730, "priority": 2, **fields})  # type: ignore[arg-type]
    return {one.metric: one for one in tried(s.version, sample, known_at=FRIDAY_1730 + timedelta(days=400))}


def test_a_weekend_lies_between() -> None:
    found = of(cast.stage())
    assert list(found) == ["first_response", "resolution"]
    assert found["first_response"].due_at == FRIDAY_1730 + timedelta(minutes=30), "18:00 stays 18:00"
    resolution = found["resolution"]
    assert resolution.due_at == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    assert [(one.kind, round(one.minutes)) for one in resolution.segments] == [
        ("ran", 30), ("closed", 63 * 60), ("ran", 450),
    ]  # fmt: skip


def test_a_real_ticket_gets_the_same_deadlines() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, at=FRIDAY_1730)
    real = {clock.metric: clock.due_at for clock in clocks.of(ticket)}
    assert real == {one.metric: one.due_at for one in of(s, priority=ticket.priority, type=ticket.type).values()}


def test_a_pause_moves_the_resolution_and_never_the_response() -> None:
    s = cast.stage()
    monday = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
    paused = of(s, pauses=(("client", monday, monday + timedelta(hours=2)),))
    plain = of(s)
    assert paused["first_response"].due_at == plain["first_response"].due_at
    assert paused["resolution"].due_at == datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
    assert [one.kind for one in paused["resolution"].segments] == ["ran", "closed", "paused", "ran", "closed", "ran"]


def test_a_pause_after_the_deadline_heals_nothing() -> None:
    s = cast.stage()
    late = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)
    found = of(s, pauses=(("client", late, late + timedelta(hours=2)),))["resolution"]
    assert found.due_at == of(s)["resolution"].due_at
    assert found.segments[-1].end == found.due_at


def test_the_special_row_wins_and_a_draft_answers_before_it_is_in_force() -> None:
    s = cast.stage()
    draft = versions.begin(
        s.contract,
        {"calendar": "weekdays", "target": [
            {"metric": "resolution", "minutes": 60}, {"metric": "resolution", "minutes": 30, "service": "printing"},
            {"metric": "next_response", "minutes": 15}, {"metric": "update", "minutes": 120},
        ]},
        valid_from=FRIDAY_1730.date(), by=s.anna, at=FRIDAY_1730,
    )  # fmt: skip
    found = tried(draft, Sample(FRIDAY_1730, 1, service="printing"), known_at=FRIDAY_1730 + timedelta(days=400))
    assert {one.metric: one.minutes for one in found} == {"next_response": 15, "update": 120, "resolution": 30}
    Target.objects.filter(version=draft, service__isnull=False).update(minutes=45)
    found = tried(draft, Sample(FRIDAY_1730, 1, service="printing"), known_at=FRIDAY_1730 + timedelta(days=400))
    assert {one.metric: one.minutes for one in found}["resolution"] == 45, "a draft is never remembered"


def test_a_wait_over_the_night_of_the_clock_change_lasts_as_long_as_it_really_does() -> None:
    s, sofia = cast.stage(), ZoneInfo("Europe/Sofia")
    at, since, until = (datetime(2026, 3, 29, *time, tzinfo=sofia) for time in ((1, 0), (2, 30), (4, 30)))
    found = of(s, at=at, pauses=(("client", since, until),))["resolution"]
    assert [round(one.minutes) for one in found.segments if one.kind == "paused"] == [60], "03:00 was 04:00 at once"
    assert sum(one.minutes for one in found.segments) == (found.due_at - at.astimezone(UTC)) / timedelta(minutes=1)
