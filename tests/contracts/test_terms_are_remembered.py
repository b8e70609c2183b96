"""What contracts promise is remembered by a process, and never longer than it is true."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from firstline.calendars.models import CalendarVersion
from firstline.contracts import terms
from firstline.contracts.models import ContractVersion, Target
from firstline.sla.reading import Promise
from firstline.sla.terms_of_contract import ContractTerms
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def promised(s: SimpleNamespace) -> Promise:
    found = ContractTerms().promise("resolution", {"contract": s.version.pk, "priority": 3})
    assert found is not None
    return found


def minutes(s: SimpleNamespace) -> float:
    return promised(s).target.total_seconds() / 60


def test_the_second_question_is_one_statement() -> None:
    s = cast.stage()
    promised(s)
    with CaptureQueriesContext(connection) as asked:
        assert minutes(s) == 960
    assert len(asked) == 1
    terms.in_force(s.north, None, cast.MONDAY_NINE)
    with CaptureQueriesContext(connection) as asked:
        assert terms.in_force(s.north, None, cast.MONDAY_NINE) == s.version
    assert len(asked) == 1


def test_a_new_ticket_asks_once_whether_the_terms_are_still_the_same() -> None:
    s = cast.stage()
    cast.ticket(s)
    with CaptureQueriesContext(connection) as asked:
        ticket = cast.ticket(s)
    assert len([one for one in asked if "max(frozen_at)" in one["sql"]]) == 1
    assert ticket.contract == s.version
    s.version.targets.all().delete()
    Target.objects.create(version=s.version, metric="resolution", minutes=77)
    assert [clock.target_minutes for clock in cast.ticket(s).clocks.all()] == [77], "the next one asks anew"


def test_a_version_corrected_in_place_is_seen_at_once() -> None:
    s = cast.stage()
    assert minutes(s) == 960
    s.version.targets.all().delete()
    Target.objects.create(version=s.version, metric="resolution", minutes=77)
    assert minutes(s) == 77


def test_a_new_version_is_seen_at_once() -> None:
    s = cast.stage()
    assert terms.in_force(s.north, None, cast.MONDAY_NINE) == s.version
    newer = ContractVersion.objects.create(
        contract=s.contract, number=2, valid_from=date(2026, 1, 1), calendar=s.calendar
    )
    assert terms.in_force(s.north, None, cast.MONDAY_NINE) == s.version, "a draft is not in force"
    newer.frozen_at = cast.MONDAY_NINE + timedelta(hours=1)
    newer.save()
    assert terms.in_force(s.north, None, cast.MONDAY_NINE) == newer


def test_a_service_that_is_named_later_is_seen_at_once() -> None:
    s = cast.stage()
    assert terms.in_force(s.north, s.printing, cast.MONDAY_NINE) == s.version
    s.version.services.add(s.network)
    assert terms.in_force(s.north, s.printing, cast.MONDAY_NINE) is None


def test_hours_that_change_are_seen_at_once() -> None:
    s = cast.stage()
    before = promised(s).timetable.add(cast.MONDAY_NINE, promised(s).target)
    CalendarVersion.objects.create(
        calendar=s.calendar, number=2, valid_from=date(2026, 3, 2), time_zone="Europe/Moscow",
        weekly={"mon": [["09:00", "10:00"]]}, exceptions={},
    )  # fmt: skip
    assert promised(s).timetable.add(cast.MONDAY_NINE, promised(s).target) != before


def test_what_was_undone_is_not_remembered() -> None:
    s = cast.stage()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        s.version.targets.all().delete()
        Target.objects.create(version=s.version, metric="resolution", minutes=77)
        assert minutes(s) == 77
        raise ZeroDivisionError
    assert minutes(s) == 960
