"""The statement of a month: what it costs, why, and who may take it one step on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.contracts.models import ContractVersion, Indicator, Outage, PenaltyRule
from firstline.people.permissions import NotAllowed
from firstline.sla import breaches, kpi_standing, measured, months, statements
from firstline.sla.models import Clock, Statement, StatementState
from firstline.sla.penalties import Share
from firstline.tickets import handover, lifecycle, ratings
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongStatus, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE  # Monday 2026-03-02, 09:00 in Moscow; medium priority: response in 1 h, solution in 16 h
MARCH = date(2026, 3, 15)
APRIL = datetime(2026, 4, 2, 6, tzinfo=UTC)
S = StatementState


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    ContractVersion.objects.filter(pk=stage.version.pk).update(currency="RUB", monthly_fee=Decimal("3000.00"))
    stage.version.refresh_from_db()
    return stage


def rule(s: SimpleNamespace, kind: str, **terms: Any) -> PenaltyRule:
    return PenaltyRule.objects.create(version=s.version, kind=kind, terms=terms, position=PenaltyRule.objects.count())


def solved_after(s: SimpleNamespace, hours: float, **fields: Any) -> Ticket:
    """Answered at once, solved after so many hours of the clock on the wall."""
    ticket = cast.ticket(s, **fields)
    start = ticket.created_at
    lifecycle.take(ticket, by=s.olga, at=start)
    at = start + timedelta(hours=hours)
    breaches.record_due(at=at)
    lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=at)
    return ticket


def computed(s: SimpleNamespace, at: datetime = APRIL) -> Statement:
    statements.ask(s.version, MARCH, by=s.anna, at=at)
    assert statements.compute_due(at=at) == 1
    return Statement.objects.get(version=s.version, starts_on=date(2026, 3, 1))


def test_what_was_worked_out_before_the_end_of_its_month_is_not_taken_for_the_months(s: SimpleNamespace) -> None:
    rule(s, "bands", metric="resolution", bands=[{"after": 0, "costs": "500"}])
    row = computed(s, at=datetime(2026, 3, 31, 20, 59, tzinfo=UTC))  # a minute before midnight in Moscow
    ticket = cast.ticket(s, at=datetime(2026, 3, 30, 6, tzinfo=UTC))
    breaches.record_due(at=APRIL)
    assert not statements.is_whole(row)
    assert statements.ask_for_last_month(APRIL) == 1
    assert statements.compute_due(at=APRIL) == 1
    assert statements.ask_for_last_month(APRIL) == 0
    row.refresh_from_db()
    assert ([line["ticket"] for line in row.body["lines"]], row.total) == ([ticket.pk], 500)
    assert statements.is_whole(row)


def test_what_was_early_is_worked_out_again_where_the_contract_has_no_penalties(s: SimpleNamespace) -> None:
    row = computed(s, at=datetime(2026, 3, 31, 20, 59, tzinfo=UTC))
    assert statements.ask_for_last_month(datetime(2026, 3, 31, 20, 59, 59, tzinfo=UTC)) == 0, "Moscow's March goes on"
    assert statements.ask_for_last_month(datetime(2026, 3, 31, 21, tzinfo=UTC)) == 1
    assert statements.compute_due(at=APRIL) == 1
    row.refresh_from_db()
    assert statements.is_whole(row)


def test_each_late_ticket_has_its_line_with_its_minutes(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1 %")
    on_time = solved_after(s, 8)
    late = solved_after(s, 50)  # Wednesday 11:00: 9 + 9 + 2 working hours of 16

    found = computed(s)

    lines = [statements.line_of(line) for line in found.body["lines"]]
    assert [(line.ticket, line.late, line.units, line.amount) for line in lines] == [(late.pk, 240, 4, 120)]
    assert (found.total, found.fee, found.state) == (Decimal("120.00"), Decimal("3000.00"), S.COMPUTED)
    assert found.body["metrics"]["resolution"] == [1, 1, 0]
    assert on_time.pk not in {line.ticket for line in lines}


def test_a_clock_counts_in_the_month_of_its_verdict(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="100")
    begun_late_in_march = datetime(2026, 3, 31, 6, tzinfo=UTC)
    ticket = cast.ticket(s, at=begun_late_in_march)
    breaches.record_due(at=datetime(2026, 4, 20, 6, tzinfo=UTC))

    assert ticket.clocks.get(metric="resolution").verdict_at >= datetime(2026, 4, 1, tzinfo=UTC)
    assert computed(s, at=datetime(2026, 4, 20, 6, tzinfo=UTC)).total == 0


def test_what_still_runs_past_its_deadline_is_counted_until_now(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="10")
    cast.ticket(s)
    wednesday = NINE + timedelta(hours=50)
    breaches.record_due(at=wednesday)

    assert computed(s, at=wednesday).total == 40


def test_an_excused_breach_costs_nothing_and_is_named(s: SimpleNamespace) -> None:
    rule(s, "compliance", metric="resolution", tiers=[{"at_least": "95", "costs": "0"}, {"costs": "500"}])
    late = solved_after(s, 50)
    before = computed(s).total
    Clock.objects.filter(ticket=late, metric="resolution").update(excused={"reason": "fire", "by": "maria"})

    again = computed(s)

    assert (before, again.total) == (500, 0)
    assert again.body["excused"] == [late.pk]


def test_part_of_a_month_costs_its_part_of_the_fee(s: SimpleNamespace) -> None:
    ContractVersion.objects.filter(pk=s.version.pk).update(valid_to=date(2026, 3, 10))
    s.version.refresh_from_db()
    month = months.month_of(s.version, MARCH.replace(day=3))

    assert statements.purse_of(s.version, month).fee == Fraction(30000, 31)
    with pytest.raises(ValueError, match="2026-04"):
        months.month_of(s.version, date(2026, 4, 5))


def test_indicators_and_outages_are_measured_and_priced(s: SimpleNamespace) -> None:
    Indicator.objects.create(version=s.version, kind="first_line_share", goal=Decimal(90), position=0)
    Indicator.objects.create(version=s.version, kind="availability", goal=Decimal("99.5"), position=1)
    Indicator.objects.create(version=s.version, kind="satisfaction", goal=Decimal(80), position=2)
    rule(s, "indicator", indicator="first_line_share", tiers=[{"at_least": "90", "costs": "0"}, {"costs": "5 %"}])
    rule(s, "availability", tiers=[{"at_least": "99.5", "costs": "0"}, {"costs": "70"}])
    first = solved_after(s, 1)
    ratings.rate(first, score=5, by=s.ivan, at=NINE + timedelta(hours=2))
    second = cast.ticket(s)
    handover.hand_over(
        second,
        to_line=2,
        symptom="x",
        tried="y",
        impact="low",
        reason="access",
        by=s.olga,
        at=NINE + timedelta(hours=1),
    )
    lifecycle.resolve(second, how="готово", remote=False, by=s.emil, at=NINE + timedelta(hours=3))
    Outage.objects.create(
        slug="mail-down", starts_at=NINE + timedelta(hours=8), ends_at=NINE + timedelta(hours=20)
    ).clients.add(s.north)

    found = computed(s)

    standings = {one["kind"]: kpi_standing.of_body(one) for one in found.body["indicators"]}
    assert standings["first_line_share"].share == Share(1, 2)
    assert standings["satisfaction"].share == Share(1, 1)
    hours = standings["availability"].share
    assert hours.whole - hours.part == 60  # of the twelve hours one was agreed time
    assert [str(line["amount"]) for line in found.body["lines"]] == ["150.00", "70.00"]
    assert [standings[kind].met for kind in ("first_line_share", "availability", "satisfaction")] == [
        False, False, True,
    ]  # fmt: skip


def test_a_ticket_that_came_back_is_reopened_in_the_month_of_its_solution(s: SimpleNamespace) -> None:
    ticket = solved_after(s, 1)
    lifecycle.reopen(ticket, why="снова", by=s.ivan, at=NINE + timedelta(hours=2))
    within = months.month_of(s.version, MARCH).period

    (only,) = measured.solved(s.version, within, at=APRIL)
    assert (only.reopened, only.sure, only.remote, only.highest_line) == (True, True, True, 1)

    lifecycle.resolve(ticket, how="теперь да", remote=False, by=s.olga, at=NINE + timedelta(hours=3))
    (only,) = measured.solved(s.version, within, at=APRIL)
    assert (only.reopened, only.remote) == (False, False)


def test_a_month_is_asked_for_by_itself_once(s: SimpleNamespace) -> None:
    rule(s, "started", costs="1")

    assert statements.ask_for_last_month(APRIL) == 1
    assert statements.ask_for_last_month(APRIL + timedelta(days=1)) == 0
    assert Statement.objects.get().starts_on == date(2026, 3, 1)


def test_from_computed_to_posted_each_step_is_kept(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1 %")
    solved_after(s, 50)
    row = computed(s)

    statements.move(row, S.REVIEWED, by=s.anna, at=APRIL)
    statements.move(row, S.DISPUTED, by=s.kira, at=APRIL, words="Мы сами просили подождать")
    row = computed(s, at=APRIL + timedelta(hours=1))
    statements.move(row, S.REVIEWED, by=s.anna, at=APRIL)
    statements.move(row, S.AGREED, by=s.kira, at=APRIL)
    statements.move(row, S.POSTED, by=s.anna, at=APRIL, words="счёт 44")

    steps = list(row.steps.values_list("state", "by__login", "words"))
    assert [step[0] for step in steps] == [
        "computed", "reviewed", "disputed", "computed", "reviewed", "agreed", "posted",
    ]  # fmt: skip
    assert steps[2][1:] == ("kira", "Мы сами просили подождать")


REFUSED: list[tuple[str, StatementState, str, type[Exception]]] = [
    ("anna", S.AGREED, "", WrongStatus),
    ("anna", S.POSTED, "счёт 1", WrongStatus),
    ("kira", S.REVIEWED, "", NotAllowed),
    ("elena", S.AGREED, "", NotAllowed),
    ("olga", S.REVIEWED, "", NotAllowed),
    ("lev", S.REVIEWED, "", NotAllowed),
    ("adam", S.REVIEWED, "", NotAllowed),
]


@pytest.mark.parametrize(("login", "to", "words", "refusal"), REFUSED)
def test_steps_that_are_not_his_or_not_yet(
    s: SimpleNamespace, login: str, to: StatementState, words: str, refusal: type[Exception]
) -> None:
    row = computed(s)
    with pytest.raises(refusal):
        statements.move(row, to, by=getattr(s, login), at=APRIL, words=words)


def test_a_dispute_says_why_and_what_was_reviewed_is_not_worked_out_again(s: SimpleNamespace) -> None:
    row = statements.move(computed(s), S.REVIEWED, by=s.anna, at=APRIL)
    with pytest.raises(WrongValue):
        statements.move(row, S.DISPUTED, by=s.kira, at=APRIL, words=" ")
    with pytest.raises(WrongStatus):
        statements.ask(s.version, MARCH, by=s.anna, at=APRIL)


def test_who_sees_a_statement(s: SimpleNamespace) -> None:
    row = computed(s)

    def sees(login: str) -> bool:
        return statements.visible_to(getattr(s, login)).filter(pk=row.pk).exists()

    assert [sees(login) for login in ("anna", "maria", "adam", "lev")] == [True] * 4
    assert [sees(login) for login in ("olga", "emil", "ivan", "kira", "elena")] == [False] * 5
    statements.move(row, S.REVIEWED, by=s.anna, at=APRIL)
    assert [sees(login) for login in ("kira", "elena", "ivan")] == [True, False, False]


def test_one_that_cannot_be_worked_out_says_so_and_holds_up_nobody(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(s, "started", costs="nonsense")
    statements.ask(s.version, MARCH, by=s.anna, at=APRIL)

    assert statements.compute_due(at=APRIL) == 1

    row = Statement.objects.get()
    assert (row.state, row.due_at) == (S.ASKED, None)
    assert "costs" in row.problem
    assert statements.compute_due(at=APRIL) == 0


def test_a_month_costs_the_same_statements_with_many_tickets(
    s: SimpleNamespace, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    rule(s, "started", metric="resolution", costs="1 %")
    Indicator.objects.create(version=s.version, kind="remote_share", goal=Decimal(90))
    for _ in range(12):
        solved_after(s, 50)
    statements.ask(s.version, MARCH, by=s.anna, at=APRIL)
    with django_assert_max_num_queries(30):
        statements.compute_due(at=APRIL)
    assert len(Statement.objects.get().body["lines"]) == 12


def test_the_cap_of_the_contract_says_what_it_took_off(s: SimpleNamespace) -> None:
    ContractVersion.objects.filter(pk=s.version.pk).update(penalty_cap="10 %")
    s.version.refresh_from_db()
    rule(s, "started", metric="resolution", costs="100", cap="350")
    rule(s, "compliance", metric="resolution", tiers=[{"at_least": "99", "costs": "0"}, {"costs": "80"}])
    solved_after(s, 50)

    found = computed(s)

    lines = [(line["amount"], line["cap"]) for line in found.body["lines"]]
    assert lines == [("300.00", "contract"), ("0.00", "contract")]
    assert (found.total, found.body["cap"], found.body["cut"]) == (Decimal("300.00"), "10 %", "130.00")


def test_availability_of_any_service_of_the_catalogue_counts_its_own_outages(s: SimpleNamespace) -> None:
    """The version includes only printing by name; the network is out of order all the same."""
    s.version.services.set([s.printing])
    down(s, service=s.network)
    down(s, is_notice=True)  # words cost nothing
    rule(s, "availability", service="network", tiers=[{"at_least": "99.5", "costs": "0"}, {"costs": "70"}])
    rule(s, "availability", service="printing", tiers=[{"at_least": "99.5", "costs": "0"}, {"costs": "50"}])
    rule(s, "availability", tiers=[{"at_least": "99.5", "costs": "0"}, {"costs": "30"}])

    assert [line["amount"] for line in computed(s).body["lines"]] == ["70.00", "0.00", "0.00"]


def test_a_rule_for_a_service_that_is_not_there_is_named_with_its_place(s: SimpleNamespace) -> None:
    rule(s, "started", metric="resolution", costs="1")
    rule(s, "availability", service="ghost", tiers=[{"at_least": "99.5", "costs": "0"}, {"costs": "70"}])
    assert computed(s).problem == "WrongTerms: penalty[1].service: there is no service 'ghost'"


def down(s: SimpleNamespace, **fields: Any) -> Outage:
    service = fields.pop("service", None)
    row = Outage.objects.create(
        slug=f"outage-{Outage.objects.count()}", starts_at=NINE, ends_at=NINE + timedelta(hours=8), **fields
    )
    row.clients.add(s.north)
    row.services.set([service] if service else [])
    return row
