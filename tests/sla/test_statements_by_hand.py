"""Months worked out by hand: half cents, borders of a month in another zone, an excused breach, what came back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.contracts.models import ContractVersion, Outage, PenaltyRule, Target
from firstline.people.models import Client
from firstline.sla import breaches, clocks, explain, measured, months, statements
from firstline.sla.models import Clock, Statement
from firstline.sla.penalties import Line
from firstline.tickets import conversation, lifecycle, merging, properties
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from tests import cast
from tests.sla.test_statements import APRIL, MARCH, computed, rule, solved_after

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE  # Monday 2026-03-02, 09:00 in Moscow
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    ContractVersion.objects.filter(pk=stage.version.pk).update(currency="EUR", monthly_fee=Decimal("100.50"))
    stage.version.refresh_from_db()
    return stage


def lines(row: Statement) -> list[Line]:
    return [statements.line_of(kept) for kept in row.body["lines"]]


def test_a_request_that_was_written_twice_and_merged_is_charged_once(s: SimpleNamespace) -> None:
    """Both were late before somebody saw that they are one; the older start is the target's from then on."""
    rule(s, "started", metric="first_response", costs="7")
    rule(s, "compliance", tiers=[{"at_least": "50", "costs": "0"}, {"costs": "90"}])
    twice, target = cast.ticket(s), cast.ticket(s, at=NINE + HOUR)
    seen = NINE + 3 * HOUR
    while breaches.record_due(at=seen):
        pass
    assert Clock.objects.filter(metric="first_response", state="breached").count() == 2
    before = lines(computed(s, at=seen))

    merging.merge(twice, target, by=s.olga, at=seen)
    found = computed(s, at=seen)
    merging.unmerge(Ticket.objects.get(pk=twice.pk), by=s.olga, at=seen + MINUTE)
    again = lines(computed(s, at=seen + MINUTE))

    assert [line.ticket for line in before] == [twice.pk, target.pk, None]
    assert [line.ticket for line in lines(found)] == [target.pk, None]
    assert found.body["metrics"] == {"first_response": [0, 1, 0]}
    assert [row.ticket_id for row in measured.missed(s.version, months.month_of(s.version, MARCH).verdicts)] == [
        twice.pk, target.pk,
    ]  # fmt: skip
    assert [line.ticket for line in again] == [twice.pk, target.pk, None]


def test_a_merge_forgives_no_breach_that_the_target_has_not(s: SimpleNamespace) -> None:
    rule(s, "started", metric="first_response", costs="7")
    target = cast.ticket(s)
    conversation.answer(target, Words(text="смотрю"), by=s.olga, at=NINE + MINUTE)
    late, seen = cast.ticket(s, at=NINE + HOUR), NINE + 4 * HOUR
    while breaches.record_due(at=seen):
        pass

    merging.merge(late, target, by=s.olga, at=seen)

    assert [line.ticket for line in lines(computed(s, at=seen))] == [late.pk]


@pytest.mark.parametrize(
    ("rounding", "amount"), [("half_up", "0.13"), ("half_even", "0.12"), ("down", "0.12"), ("up", "0.13")]
)
def test_half_a_cent_is_rounded_as_the_rule_says(s: SimpleNamespace, rounding: str, amount: str) -> None:
    """A fee of 100.50 and 0.125 % of it would be 0.125625; 0.125 itself is written as a price of four digits."""
    row = rule(s, "started", metric="resolution", every=600, costs="0.125")
    type(row).objects.filter(pk=row.pk).update(rounding=rounding)
    solved_after(s, 50)  # 240 working minutes late: one started stretch of ten hours

    assert [line.amount for line in lines(computed(s))] == [Decimal(amount)]


def test_each_rule_rounds_in_its_own_way_and_the_paper_adds_up(s: SimpleNamespace) -> None:
    for rounding in ("half_up", "down", "half_even"):
        row = rule(s, "started", metric="resolution", every=600, costs="0.5 %")  # 0.5025
        type(row).objects.filter(pk=row.pk).update(rounding=rounding)
    up = rule(s, "started", metric="resolution", every=600, costs="0.5 %")
    type(up).objects.filter(pk=up.pk).update(rounding="up")
    solved_after(s, 50)

    found = computed(s)

    assert [str(line.amount) for line in lines(found)] == ["0.50", "0.50", "0.50", "0.51"]
    assert found.total == sum(line.amount for line in lines(found)) == Decimal("2.01")


def test_a_cap_on_the_last_cent(s: SimpleNamespace) -> None:
    """Three tickets, a third of 10.00 each with a cap of 10.00 a period: 3.34 + 3.34 + 3.32."""
    row = rule(s, "started", metric="resolution", every=600, costs="3.335", cap_period="10")
    type(row).objects.filter(pk=row.pk).update(rounding="half_up")
    for _ in range(3):
        solved_after(s, 50)

    found = computed(s)

    assert [str(line.amount) for line in lines(found)] == ["3.34", "3.34", "3.32"]
    assert (lines(found)[2].before_cap, lines(found)[2].cap, found.total) == (Decimal("3.34"), "rule", Decimal("10.00"))


def test_a_month_ends_at_midnight_of_the_contracts_zone(s: SimpleNamespace) -> None:
    """00:30 on 1 April in Moscow is 21:30 on 31 March in UTC: April's, and March's for who lives in UTC."""
    for slug, zone in (("moscow", "Europe/Moscow"), ("utc", "UTC")):
        calendar = Calendar.objects.create(slug=slug, name=slug, time_zone=zone)
        always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        CalendarVersion.objects.create(calendar=calendar, number=1, time_zone=zone, weekly=always, exceptions={})
        ContractVersion.objects.filter(pk=s.version.pk).update(calendar=calendar)
        s.version.refresh_from_db()
        within = months.month_of(s.version, MARCH).period
        assert within.covers(datetime(2026, 3, 31, 21, 30, tzinfo=UTC)) is (slug == "utc")
        assert within.covers(datetime(2026, 3, 31, 20, 59, tzinfo=UTC))


def test_what_was_kept_and_came_back_and_then_was_late_counts_once_as_missed(s: SimpleNamespace) -> None:
    """Solved after an hour, open again after another: nine hours a day, due when sixteen of its own are used."""
    rule(s, "started", metric="resolution", costs="1", every=1)
    ticket = solved_after(s, 1)
    lifecycle.reopen(ticket, why="снова", by=s.ivan, at=NINE + 2 * HOUR)
    # 1 h used on Monday before, 7 h after (11–18), 8 h on Tuesday (9–17): due on Tuesday at 17:00, one hour late at 18.
    breaches.record_due(at=NINE + timedelta(days=1, hours=8, minutes=1))
    lifecycle.resolve(ticket, how="теперь да", remote=True, by=s.olga, at=NINE + timedelta(days=1, hours=9))

    found = computed(s)

    assert found.body["metrics"]["resolution"] == [0, 1, 0]
    assert [(line.late, line.amount) for line in lines(found)] == [(60, 60)]


def test_the_wait_of_a_client_after_the_deadline_is_no_lateness(s: SimpleNamespace) -> None:
    """Due on Tuesday at 16:00; the client is waited for from 17:00 on; the month is worked out while he is silent."""
    rule(s, "started", metric="resolution", costs="1", every=1)
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=NINE)
    breaches.record_due(at=NINE + timedelta(days=1, hours=7, minutes=1))
    lifecycle.wait(ticket, on="client", reason="нужен доступ", by=s.olga, at=NINE + timedelta(days=1, hours=8))

    (line,) = lines(computed(s))
    assert (line.late, line.amount) == (60, 60)
    (said,) = [one for one in explain.explain(ticket, APRIL) if one["metric"] == "resolution"]
    assert said["consumed_minutes"] == 960 + 60
    row = ticket.clocks.get(metric="resolution")
    assert (row.state, clocks.consumed_minutes(row, APRIL)) == ("breached", 960 + 60)
    lifecycle.resume(ticket, by=s.olga, at=NINE + timedelta(days=2))
    row.refresh_from_db()
    assert clocks.consumed_minutes(row, NINE + timedelta(days=2, hours=1)) == 960 + 120, "it goes on"


def test_an_excused_one_is_neither_kept_nor_missed_and_costs_nothing(s: SimpleNamespace) -> None:
    """Two late, one in time; one of the late is excused: one of two was kept."""
    rule(s, "started", metric="resolution", costs="1", every=1)
    rule(s, "compliance", metric="resolution", tiers=[{"at_least": "60", "costs": "0"}, {"costs": "7"}])
    late, other, _kept = solved_after(s, 50), solved_after(s, 49), solved_after(s, 8)
    clock = Clock.objects.get(ticket=late, metric="resolution")
    breaches.excuse(late, clock, reason="пожар", by=s.maria, at=APRIL)

    found = computed(s)

    assert [(line.ticket, str(line.amount)) for line in lines(found)] == [(other.pk, "180.00"), (None, "7.00")]
    assert lines(found)[1].share == (1, 2)
    assert (found.body["metrics"]["resolution"], found.body["excused"]) == ([1, 1, 1], [late.pk])


def next_version(s: SimpleNamespace, since: date) -> ContractVersion:
    """The one before it has no end of its own: it ends where this one begins."""
    newer = ContractVersion.objects.create(
        contract=s.contract, number=2, valid_from=since, calendar=s.calendar, frozen_at=NINE, currency="EUR",
        monthly_fee=Decimal(310),
    )  # fmt: skip
    Target.objects.create(version=newer, metric="resolution", minutes=60)
    return newer


def paper(version: ContractVersion, day: date, at: datetime) -> Statement:
    row = statements.ask(version, day, by=None, at=at)
    assert statements.compute_due(at=at) == 1
    row.refresh_from_db()
    return row


def test_what_is_judged_after_its_versions_last_day_is_on_that_versions_paper(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=1)
    rule(s, "availability", tiers=[{"at_least": "100", "costs": "0"}, {"costs": "70"}])
    older: Ticket = cast.ticket(s)
    newer = next_version(s, date(2026, 3, 3))
    PenaltyRule.objects.create(version=newer, kind="started", terms={"costs": "1000"})
    breaches.record_due(at=NINE + timedelta(days=1, hours=7, minutes=1))
    lifecycle.resolve(older, how="готово", remote=True, by=s.olga, at=NINE + timedelta(days=1, hours=7, minutes=30))

    first, second = paper(s.version, date(2026, 3, 2), APRIL), paper(newer, date(2026, 3, 20), APRIL)

    # Due on 3 March at 16:00, solved half an hour later. Two of 31 days of 100.50, and 29 of 31 of 310.
    assert (first.starts_on, first.ends_on, first.fee) == (date(2026, 3, 1), date(2026, 3, 3), Decimal("6.48"))
    assert [(line.ticket, line.amount) for line in lines(first)] == [(older.pk, 30), (None, 0)]
    assert (second.starts_on, second.ends_on, second.fee) == (date(2026, 3, 3), date(2026, 4, 1), Decimal("290.00"))
    assert lines(second) == []


def test_in_later_months_a_version_that_ended_pays_for_its_tickets_and_for_nothing_else(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1", every=1)
    rule(s, "compliance", tiers=[{"at_least": "95", "costs": "0"}, {"costs": "500"}])
    rule(s, "availability", tiers=[{"at_least": "100", "costs": "0"}, {"costs": "70"}])
    Outage.objects.create(slug="down", starts_at=datetime(2026, 4, 8, 7, tzinfo=UTC)).clients.add(s.north)
    late_march = datetime(2026, 3, 31, 6, tzinfo=UTC)
    older = cast.ticket(s, at=late_march)
    next_version(s, date(2026, 4, 1))
    due = late_march + timedelta(days=1, hours=7)
    breaches.record_due(at=due + MINUTE)
    lifecycle.resolve(older, how="готово", remote=True, by=s.olga, at=due + 20 * MINUTE)
    may = datetime(2026, 5, 2, 6, tzinfo=UTC)

    assert statements.ask_for_last_month(may) == 1
    assert statements.compute_due(at=may) == 1

    found = Statement.objects.get(version=s.version, starts_on=date(2026, 4, 1))
    assert [(line.ticket, line.amount) for line in lines(found)] == [(older.pk, 20)]
    assert found.body["indicators"] == []
    assert statements.ask_for_last_month(may + timedelta(days=31)) == 0, "nothing of it is judged in May"


def test_a_version_that_was_replaced_has_no_papers_any_more(s: SimpleNamespace) -> None:
    """Else both would count the outages of the same month."""
    rule(s, "availability", tiers=[{"at_least": "100", "costs": "0"}, {"costs": "70"}])
    next_version(s, date(2026, 2, 1))

    assert statements.ask_for_last_month(APRIL) == 0
    with pytest.raises(WrongValue):
        statements.ask(s.version, MARCH, by=s.anna, at=APRIL)


def test_another_priority_in_the_middle_is_judged_by_its_own_target_from_the_start(s: SimpleNamespace) -> None:
    """Medium promises 16 hours; made critical (4 hours) after five, it is broken at once, since the fourth hour."""
    rule(s, "started", metric="resolution", costs="1", every=1)
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=NINE)
    properties.change(ticket, priority=1, by=s.maria, at=NINE + 5 * HOUR)
    breaches.record_due(at=NINE + 5 * HOUR + MINUTE)
    lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=NINE + 6 * HOUR)

    (line,) = lines(computed(s))

    assert line.late == Fraction(120)


def test_the_bar_the_clock_and_the_paper_have_one_sum(s: SimpleNamespace) -> None:
    """Every minute of the bar is one that the clock counted, less what stood still."""
    rule(s, "started", metric="resolution", costs="1", every=1)
    ticket = solved_after(s, 50)
    bar = explain.whose_time(ticket, APRIL)
    (said,) = [one for one in explain.explain(ticket, APRIL) if one["metric"] == "resolution"]
    ran = sum(piece["minutes"] for piece in said["segments"] if piece["kind"] == "ran")

    assert bar is not None
    assert sum(bar.used.values(), timedelta()) == bar.total == 1200 * MINUTE
    assert ran == said["consumed_minutes"] == 1200
    assert lines(computed(s))[0].late == 1200 - 960


def test_a_client_without_a_contract_has_no_paper(s: SimpleNamespace) -> None:
    assert Client.objects.get(slug="south").contracts.count() == 0
    assert statements.ask_for_last_month(APRIL) == 0
