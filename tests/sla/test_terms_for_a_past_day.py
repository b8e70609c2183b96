"""A version put in force for a past day: a settled month stays as it is, and no day of a contract is charged twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.audit.models import Row
from firstline.contracts import versions, written
from firstline.contracts.models import ContractVersion, Indicator, PenaltyRule
from firstline.contracts.refusals import NotReady
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.sla import into_force, statements
from firstline.sla.models import Statement, StatementState
from tests import cast

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 2, 6, tzinfo=UTC)
S = StatementState


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    ContractVersion.objects.filter(pk=stage.version.pk).update(currency="RUB", monthly_fee=Decimal("3100.00"))
    stage.version.refresh_from_db()
    PenaltyRule.objects.create(
        version=stage.version, kind="availability",
        terms={"tiers": [{"at_least": "100", "costs": "0"}, {"costs": "10 %"}]},
    )  # fmt: skip
    Indicator.objects.create(version=stage.version, kind="availability", goal=99)
    return stage


def paper(s: SimpleNamespace, month: date) -> Statement:
    statements.ask(s.version, month, by=s.anna, at=APRIL)
    assert statements.compute_due(at=APRIL, limit=9) == 1
    return Statement.objects.get(version=s.version, starts_on=month)


def draft(s: SimpleNamespace, since: date) -> ContractVersion:
    terms = written.terms_of(s.version) | {"vendor_pauses": True}
    return versions.begin(s.contract, terms, valid_from=since, by=s.anna, at=APRIL)


def days() -> list[tuple[int, str, str]]:
    rows = Statement.objects.order_by("starts_on", "version__number")
    return [(one.version.number, one.starts_on.isoformat(), one.ends_on.isoformat()) for one in rows]


@pytest.mark.parametrize("state", [S.REVIEWED, S.AGREED, S.POSTED])
def test_a_version_begins_after_the_last_settled_day(s: SimpleNamespace, state: str) -> None:
    Statement.objects.filter(pk=paper(s, date(2026, 2, 1)).pk).update(state=state)
    early = draft(s, date(2026, 2, 15))
    with pytest.raises(NotReady, match="settled"):
        into_force.put_in_force(early, by=s.anna, at=APRIL)
    early.refresh_from_db()
    assert early.is_draft
    versions.discard(early, by=s.anna, at=APRIL)
    assert into_force.put_in_force(draft(s, date(2026, 3, 1)), by=s.anna, at=APRIL).frozen_at == APRIL
    assert days() == [(1, "2026-02-01", "2026-03-01")]


def test_open_papers_are_cut_to_the_days_that_each_version_holds(s: SimpleNamespace) -> None:
    for month in (date(2026, 2, 1), date(2026, 3, 1)):
        paper(s, month)
    into_force.put_in_force(draft(s, date(2026, 2, 15)), by=s.anna, at=APRIL)
    assert days() == [
        (1, "2026-02-01", "2026-02-15"), (2, "2026-02-15", "2026-03-01"), (2, "2026-03-01", "2026-04-01"),
    ]  # fmt: skip
    assert statements.compute_due(at=APRIL, limit=9) == 3
    fees = Statement.objects.order_by("starts_on").values_list("fee", flat=True)
    assert sum(fees) == 2 * Decimal("3100.00"), "every day of the two months has its fee once"
    kept = Row.objects.get(action="statement withdrawn").data
    assert (kept["starts_on"], kept["version"], kept["state"]) == ("2026-03-01", 1, "computed")


def test_a_version_for_days_to_come_touches_no_paper(s: SimpleNamespace) -> None:
    before = paper(s, date(2026, 3, 1))
    into_force.put_in_force(draft(s, date(2026, 5, 1)), by=s.anna, at=APRIL)
    before.refresh_from_db()
    assert (before.due_at, days()) == (None, [(1, "2026-03-01", "2026-04-01")])


def test_the_page_says_from_which_day_on_and_nothing_changes(s: SimpleNamespace) -> None:
    Statement.objects.filter(pk=paper(s, date(2026, 2, 1)).pk).update(state=S.POSTED)
    draft(s, date(2026, 2, 15))
    s.anna.language = "en"
    s.anna.save()
    browser = Client()
    browser.force_login(s.anna)
    page = browser.post("/desk/contracts/118-24/2/force/", follow=True).content.decode()
    assert "are settled and stay: let the version begin on that day or later." in page
    assert s.contract.versions.get(number=2).is_draft


def test_an_apply_file_is_refused_the_same(s: SimpleNamespace) -> None:
    Statement.objects.filter(pk=paper(s, date(2026, 2, 1)).pk).update(state=S.POSTED)
    file = '[[contract]]\nslug = "118-24"\nclient = "north"\nvalid_from = 2026-02-15\ncalendar = "weekdays"\n'
    with pytest.raises(WrongFile) as wrong:
        stage.apply(file.encode(), at=APRIL, actor="test")
    assert wrong.value.problems == ["contract[0].valid_from: the statements before 2026-03-01 are settled and stay"]
    assert s.contract.versions.count() == 1
