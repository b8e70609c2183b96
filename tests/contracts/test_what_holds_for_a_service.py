"""Which version holds, and what it says of a service: drafts never, what ended never again, exclusions always."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from firstline.contracts import terms
from firstline.contracts.coverage import Coverage
from firstline.contracts.models import ContractVersion, InnerTerm, PauseReason, Target
from tests import cast

pytestmark = pytest.mark.django_db


def version(s: SimpleNamespace, number: int, begins: date, ends: date | None = None) -> ContractVersion:
    return ContractVersion.objects.create(
        contract=s.contract, number=number, valid_from=begins, valid_to=ends, calendar=s.calendar,
        frozen_at=cast.MONDAY_NINE,
    )  # fmt: skip


def test_a_later_version_that_has_ended_does_not_wake_the_earlier_one() -> None:
    s = cast.stage()
    version(s, 2, date(2026, 1, 1), date(2026, 2, 28))
    assert terms.in_force(s.north, None, cast.MONDAY_NINE) is None
    assert terms.in_force(s.north, None, cast.MONDAY_NINE - timedelta(days=3)) is not None


def test_of_two_from_the_same_day_the_later_number_holds() -> None:
    s = cast.stage()
    corrected = version(s, 2, date(2025, 1, 1))
    assert terms.in_force(s.north, None, cast.MONDAY_NINE) == corrected


def test_an_excluded_service_begins_without_a_contract() -> None:
    s = cast.stage()
    s.version.excluded.add(s.printing)
    s.version.billable.add(s.network)
    assert terms.in_force(s.north, s.printing, cast.MONDAY_NINE) is None
    assert terms.in_force(s.north, s.network, cast.MONDAY_NINE) == s.version
    assert terms.covers(s.north, s.network, cast.MONDAY_NINE) == [(s.version, "billable")]
    assert terms.covers(s.north, s.printing, cast.MONDAY_NINE) == [(s.version, "excluded")]


@pytest.mark.parametrize(
    ("coverage", "says"),
    [
        (Coverage(), "included"),
        (Coverage(included={"mail"}), "included"),
        (Coverage(included={"network"}), "excluded"),
        (Coverage(included={"network"}, billable={"mail"}), "billable"),
        (Coverage(billable={"network"}), "included"),
        (Coverage(included={"mail"}, excluded={"mail"}), "excluded"),
    ],
)
def test_a_service_is_included_billable_or_excluded(coverage: Coverage, says: str) -> None:
    assert coverage.of("mail") == says


@pytest.mark.parametrize(
    "wrong",
    [
        lambda s: ContractVersion.objects.create(
            contract=s.contract, number=2, valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1), calendar=s.calendar
        ),
        lambda s: ContractVersion.objects.filter(pk=s.version.pk).update(monthly_fee=100),
        lambda s: Target.objects.create(version=s.version, metric="resolution", minutes=1, goal=101),
        lambda s: InnerTerm.objects.create(version=s.version, stage="line1", share=0),
        lambda s: PauseReason.objects.create(
            version=s.version, slug="x", name="x", whose="client", status="on_hold", warn_minutes=9, close_minutes=9
        ),
        lambda s: [
            ContractVersion.objects.create(
                contract=s.contract, number=number, valid_from=date(2026, 2, number), calendar=s.calendar
            )
            for number in (2, 3)
        ],
    ],
    ids=["ends before it begins", "a fee without a currency", "101 %", "0 %", "closes at its warning", "two drafts"],
)
def test_the_database_refuses_terms_that_make_no_sense(wrong: object) -> None:
    s = cast.stage()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong(s)  # type: ignore[operator]
