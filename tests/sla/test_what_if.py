"""What the last year would have cost under other terms: the same tickets, read again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from firstline.contracts.models import ContractVersion, PenaltyRule, Target
from firstline.people.permissions import NotAllowed
from firstline.sla import breaches, statements, what_if
from firstline.sla.models import Clock, Statement, WhatIf
from firstline.tickets import lifecycle, merging
from firstline.tickets.models import Event
from tests import cast

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 2, 6, tzinfo=UTC)


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.stricter = ContractVersion.objects.create(
        contract=stage.contract, number=2, valid_from=date(2026, 5, 1), calendar=stage.calendar, currency="RUB",
        monthly_fee=Decimal("3000.00"),
    )  # fmt: skip
    Target.objects.create(version=stage.stricter, metric="resolution", minutes=120)
    PenaltyRule.objects.create(version=stage.stricter, kind="started", terms={"metric": "resolution", "costs": "100"})
    # Solved after six working hours: within the sixteen of today's terms, four too many for the new ones.
    stage.ticket = cast.ticket(stage)
    solved = cast.MONDAY_NINE + timedelta(hours=6)
    breaches.record_due(at=solved)
    lifecycle.resolve(stage.ticket, how="готово", remote=True, by=stage.olga, at=solved)
    return stage


def answered(version: ContractVersion, s: SimpleNamespace) -> WhatIf:
    row = what_if.ask(version, by=s.anna, at=APRIL)
    turns = 0
    while what_if.compute_due(at=APRIL):
        turns += 1
    row.refresh_from_db()
    assert (row.problem, turns) == ("", 12)
    return row


def test_a_draft_says_what_the_year_would_have_cost_month_by_month(s: SimpleNamespace) -> None:
    row = answered(s.stricter, s)

    months = {month["first"]: month for month in row.body["months"]}
    assert next(iter(months)) == "2025-04-01"
    assert list(months)[-1] == "2026-03-01"
    assert (months["2026-03-01"]["total"], months["2026-03-01"]["missed"]) == ("400.00", 1)
    assert what_if.total(row) == 400


@pytest.mark.parametrize("target_solved_after", [1, 5])
def test_of_two_that_were_merged_one_breach_counts_whosever_it_is(s: SimpleNamespace, target_solved_after: int) -> None:
    """Beside the stage's: in the one case only what was merged away is late, in the other both are."""
    hour = timedelta(hours=1)
    target, twice = cast.ticket(s), cast.ticket(s, at=cast.MONDAY_NINE + hour)
    lifecycle.resolve(target, how="да", remote=True, by=s.olga, at=cast.MONDAY_NINE + target_solved_after * hour)
    merging.merge(twice, target, by=s.olga, at=cast.MONDAY_NINE + 6 * hour)

    months = {month["first"]: month for month in answered(s.stricter, s).body["months"]}

    assert months["2026-03-01"]["missed"] == 2


def test_todays_terms_cost_what_their_statement_says(s: SimpleNamespace) -> None:
    PenaltyRule.objects.create(version=s.version, kind="started", terms={"metric": "first_response", "costs": "7"})
    late = cast.ticket(s)
    breaches.record_due(at=cast.MONDAY_NINE + timedelta(hours=3))
    lifecycle.resolve(late, how="x", remote=True, by=s.olga, at=cast.MONDAY_NINE + timedelta(hours=3))
    statements.ask(s.version, date(2026, 3, 1), by=s.anna, at=APRIL)
    statements.compute_due(at=APRIL)

    row = answered(s.version, s)

    paper = Statement.objects.get(version=s.version)
    assert paper.total > 0
    march = next(month for month in row.body["months"] if month["first"] == "2026-03-01")
    assert (march["total"], march["was"]) == (str(paper.total), str(paper.total))


def test_nothing_is_changed_by_asking(s: SimpleNamespace) -> None:
    before = (list(Clock.objects.values()), Event.objects.count())
    answered(s.stricter, s)
    assert (list(Clock.objects.values()), Event.objects.count()) == before


def test_only_who_settles_statements_asks(s: SimpleNamespace) -> None:
    for login in ("olga", "lev", "adam", "kira"):
        with pytest.raises(NotAllowed):
            what_if.ask(s.stricter, by=getattr(s, login), at=APRIL)


def test_terms_that_cannot_be_used_say_so(s: SimpleNamespace) -> None:
    PenaltyRule.objects.create(version=s.stricter, kind="started", terms={"costs": "?"}, position=1)
    row = what_if.ask(s.stricter, by=s.anna, at=APRIL)
    what_if.compute_due(at=APRIL)
    row.refresh_from_db()
    assert (row.due_at, "costs" in row.problem) == (None, True)
