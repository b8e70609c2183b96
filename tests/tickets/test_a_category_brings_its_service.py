"""A ticket of a category is of its service: for the team, for the contract that covers it, and in its history."""

from __future__ import annotations

from datetime import date

import pytest

from firstline.contracts.models import Contract, ContractVersion
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_service_of_the_category_decides_team_and_contract() -> None:
    stage = cast.stage()
    contract = Contract.objects.create(slug="printing-only", client=stage.north)
    version = ContractVersion.objects.create(
        contract=contract, number=1, valid_from=date(2025, 1, 1), calendar=stage.calendar, frozen_at=cast.MONDAY_NINE
    )
    version.services.set([stage.printing])
    ticket = cast.ticket(stage, category=stage.jam)
    assert (ticket.service, ticket.team, ticket.contract) == (stage.printing, stage.line1, version)
    assert ticket.events.get(kind="created").data["contract"] == version.pk
