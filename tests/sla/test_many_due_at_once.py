"""Many clocks that fall due together: few statements each, some in one transaction; one that fails harms no other."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.lib import claims
from firstline.notices import audience, late_alarms
from firstline.post.models import Delivery
from firstline.sla import breaches, replay
from firstline.sla.models import Clock
from firstline.tickets import history
from firstline.tickets.models import Event, Kind
from firstline.worker import jobs
from tests import cast

pytestmark = pytest.mark.django_db
IN_TIME = cast.MONDAY_NINE + timedelta(minutes=60, seconds=1)
A_DAY_LATER = cast.MONDAY_NINE + timedelta(days=1)


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def due(s: SimpleNamespace, count: int) -> None:
    """So many tickets, warned already, whose first response falls due at ten."""
    for _ in range(count):
        cast.ticket(s)
    while breaches.record_due(at=cast.MONDAY_NINE + timedelta(minutes=50)):
        pass


def statements(deed: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        deed()
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured)


@pytest.mark.parametrize("at", [IN_TIME, A_DAY_LATER], ids=["letters at once", "one letter after an outage"])
def test_one_more_clock_costs_eight_statements(s: SimpleNamespace, at: Any) -> None:
    """Its row, its event, its audit row, the ticket's row, the screens, the letters, the inboxes, the ladder that is to
    look at it. What a batch costs as such is the same for two clocks and for eight."""
    due(s, 40)
    breaches.record_due(at=at, limit=1)  # the terms are known now

    with audience.remembered():
        few = statements(lambda: breaches.record_due(at=at, limit=2))
        many = statements(lambda: breaches.record_due(at=at, limit=8))

    assert Event.objects.filter(kind=Kind.SLA_BREACH).count() == 11
    assert (many - few) / 6 <= 8


def test_each_is_recorded_once_and_replays(s: SimpleNamespace) -> None:
    due(s, 25)
    for _ in range(3):
        jobs.judge(IN_TIME)

    rows = Clock.objects.filter(metric="first_response")
    assert {row.state for row in rows} == {"breached"}
    assert {row.ticket.events.filter(kind=Kind.SLA_BREACH).count() for row in rows} == {1}
    assert Delivery.objects.filter(kind="sla_breach", ticket=rows[0].ticket_id).count() > 0
    for row in rows:
        row.ticket.refresh_from_db()
        assert row.ticket.version == row.ticket.events.last().pk
        assert replay.differences(row.ticket) == []


def test_one_that_fails_in_the_middle_leaves_the_others_settled_and_nothing_of_its_own(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    due(s, 6)
    unlucky = Clock.objects.filter(metric="first_response")[3]
    whole = history.record

    def record(ticket: Any, kind: Kind, /, **given: Any) -> Event:
        event = whole(ticket, kind, **given)
        if ticket.pk == unlucky.ticket_id:
            raise ValueError("after its event")
        return event

    monkeypatch.setattr(breaches, "record", record)
    assert breaches.record_due(at=IN_TIME) == 5

    assert Event.objects.filter(kind=Kind.SLA_BREACH).values("ticket").distinct().count() == 5
    assert not Event.objects.filter(kind=Kind.SLA_BREACH, ticket=unlucky.ticket_id).exists()
    assert not Delivery.objects.filter(kind="sla_breach", ticket=unlucky.ticket_id).exists()


def test_one_that_another_worker_took_over_is_left_to_him(s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    due(s, 4)
    taken = Clock.objects.filter(metric="first_response")[1]
    whole = claims.claim

    def claim(rows: Any, **given: Any) -> list[Any]:
        found = whole(rows, **given)
        Clock.objects.filter(pk=taken.pk).update(lease_owner="another")
        return found

    monkeypatch.setattr(claims, "claim", claim)
    assert breaches.record_due(at=IN_TIME) == 3

    taken.refresh_from_db()
    assert (taken.lease_owner, taken.recorded_at) == ("another", None)


def test_after_an_outage_each_person_has_one_letter_however_many_are_late(s: SimpleNamespace) -> None:
    due(s, 12)
    with audience.remembered():
        while breaches.record_due(at=A_DAY_LATER):
            pass

    letters = Delivery.objects.filter(kind=late_alarms.KIND)
    assert letters.count() == letters.values("person").distinct().count() > 1
    one = letters.filter(to__startswith="maria@").get()
    named, more = late_alarms.alarms_of(one, s.maria)
    assert (len(named), more) == (12, False)
