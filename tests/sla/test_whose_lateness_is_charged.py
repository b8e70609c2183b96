"""A penalty leaves out exactly the minutes that the contract says are another's, and the statement says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given, settings

from firstline.contracts.models import ContractVersion, PauseReason
from firstline.sla import breaches, measured, months, statements
from firstline.sla.attribution import late_by
from firstline.sla.facts import Fact
from firstline.sla.models import Statement
from firstline.sla.penalties import Line
from firstline.sla.reading import derive
from firstline.tickets import lifecycle
from firstline.tickets.models import Ticket
from firstline.web import statement_words
from tests import cast
from tests.sla.histories import Terms, lives
from tests.sla.test_statements import APRIL, MARCH, computed, rule

pytestmark = pytest.mark.django_db
NOTHING = timedelta()
TUESDAY = cast.MONDAY_NINE + timedelta(days=1)
DUE = TUESDAY + timedelta(hours=7)  # 16 working hours after Monday 09:00, the days have nine: Tuesday 16:00


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    ContractVersion.objects.filter(pk=stage.version.pk).update(currency="RUB", monthly_fee=Decimal("3000.00"))
    stage.version.refresh_from_db()
    return stage


def late_with_a_wait(
    s: SimpleNamespace, since: datetime, until: datetime, on: str = "vendor", pause: str = ""
) -> Ticket:
    """Taken at once, due on Tuesday at 16:00, solved on Wednesday at 12:00: five hours late."""
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=ticket.created_at)
    breaches.record_due(at=min(since, DUE))
    lifecycle.wait(ticket, on=on, reason="деталь заказана", pause=pause, by=s.olga, at=since)
    breaches.record_due(at=DUE + timedelta(minutes=1))
    lifecycle.resume(ticket, by=s.olga, at=until)
    lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=TUESDAY + timedelta(days=1, hours=3))
    return ticket


def lines(row: Statement) -> list[Line]:
    return [statements.line_of(kept) for kept in row.body["lines"]]


def test_the_vendors_minutes_are_taken_off_to_the_minute(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=1)
    rule(s, "started", metric="resolution", costs="1", every=1, exclude=["vendor"])
    late_with_a_wait(s, DUE + timedelta(minutes=20), DUE + timedelta(minutes=103))

    all_of_it, without = lines(computed(s))

    assert (all_of_it.late, all_of_it.amount) == (300, 300)
    assert (without.late, without.amount, without.forgiven) == (300 - 83, 300 - 83, {"vendor": 83})


def test_what_the_vendor_used_before_the_deadline_is_no_lateness(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=1, exclude=["vendor"])
    late_with_a_wait(s, DUE - timedelta(hours=2), DUE + timedelta(minutes=40))

    (line,) = lines(computed(s))

    assert (line.late, line.forgiven) == (300 - 40, {"vendor": 40})


def test_nights_within_the_wait_are_nobodys_minutes(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=1, exclude=["vendor"])
    late_with_a_wait(s, DUE + timedelta(hours=1), TUESDAY + timedelta(days=1, hours=1))  # 17:00 to 10:00: an hour twice

    (line,) = lines(computed(s))

    assert (line.late, line.forgiven) == (300 - 120, {"vendor": 120})


def test_another_partys_exclusion_takes_nothing_off(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=1, exclude=["client", "force_majeure"])
    late_with_a_wait(s, DUE, DUE + timedelta(minutes=40))

    (line,) = lines(computed(s))

    assert (line.late, line.forgiven) == (300, {})


@pytest.mark.parametrize("whose", ["client", "force_majeure", "vendor"])
def test_a_pause_that_stops_nothing_is_left_out_by_whose_it_is(s: SimpleNamespace, whose: str) -> None:
    PauseReason.objects.create(
        version=s.version, slug="strike", name="Забастовка", status="waiting_for_vendor", whose=whose, pauses=False
    )
    rule(s, "started", metric="resolution", costs="1", every=1, exclude=[whose])
    late_with_a_wait(s, DUE, DUE + timedelta(minutes=50), pause="strike")

    (line,) = lines(computed(s))

    assert (line.late, line.forgiven) == (250, {whose: 50})


def test_lateness_that_is_all_the_vendors_stays_on_the_paper_as_nothing(s: SimpleNamespace) -> None:
    rule(s, "bands", metric="resolution", bands=[{"after": 0, "costs": "500"}], exclude=["vendor"])
    late_with_a_wait(s, DUE - timedelta(hours=1), TUESDAY + timedelta(days=1, hours=3))

    found = computed(s)

    (line,) = lines(found)
    assert (line.amount, line.late, line.forgiven, found.total) == (0, 0, {"vendor": 300}, 0)
    with translation.override("ru"):
        (row,) = statement_words.paper(found).rows
    assert (row.how, row.amount) == ("с опозданием, но из него ничего не засчитывается", "0,00\u00a0₽")
    assert row.note == "после срока всего 5\u00a0ч · 5\u00a0ч поставщика не засчитываются"


def test_the_paper_says_whose_time_was_taken_off(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="100", exclude=["vendor"], grace=10)
    late_with_a_wait(s, DUE + timedelta(minutes=20), DUE + timedelta(minutes=103))

    found = computed(s)

    with translation.override("bg"):
        (row,) = statement_words.paper(found).rows
    assert row.how.startswith("закъснение 3\u00a0ч\u00a027\u00a0мин:")
    assert row.note == (
        "след срока общо 5\u00a0ч · 1\u00a0ч\u00a023\u00a0мин на доставчика не се броят"
        " · първите 10\u00a0мин не се броят"
    )
    assert found.total == 400  # 300 − 83 − 10 = 207 minutes: four started hours


def test_half_a_minute_is_charged_as_half_a_minute(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=60)
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=ticket.created_at)
    breaches.record_due(at=DUE + timedelta(minutes=1))
    lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=DUE + timedelta(hours=1, milliseconds=100))

    (line,) = lines(computed(s))

    assert (line.late, line.units) == (60 + Fraction(100, 60_000), 2)


def test_many_late_tickets_are_read_together(s: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    late_with_a_wait(s, DUE, DUE + timedelta(minutes=10))
    within = months.month_of(s.version, MARCH).period
    with CaptureQueriesContext(connection) as one:
        measured.judged(s.version, within, at=APRIL)
    for _ in range(2):
        late_with_a_wait(s, DUE, DUE + timedelta(minutes=10))
    with django_assert_max_num_queries(len(one)):
        found = measured.judged(s.version, within, at=APRIL)
    assert [one.late_by["vendor"] for one in found if not one.met and one.metric == "resolution"] == [10] * 3


@settings(max_examples=300, deadline=None)
@given(lives())
def test_the_parts_add_up_to_the_lateness(life: tuple[list[Fact], Terms, datetime]) -> None:
    facts, terms, now = life
    for reading in derive(facts, terms, now):
        by = late_by(facts, reading)
        late = max(reading.consumed - reading.promise.target, NOTHING)
        assert sum(by.values(), NOTHING) == late
        assert all(length > NOTHING for length in by.values())
