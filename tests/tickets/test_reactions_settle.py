"""Reactions may record events themselves; they come to rest, whatever the event."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline import reactions
from firstline.contracts.models import Vendor
from firstline.sla import breaches
from firstline.tickets import history
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.vendor_models import VendorRequest
from tests import cast

pytestmark = pytest.mark.django_db
MOST = 3  # events that one event may bring about, at the most


@pytest.mark.parametrize("kind", list(Kind))
def test_an_event_of_any_kind_comes_to_rest(kind: Kind) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    while breaches.record_due(at=cast.MONDAY_NINE + timedelta(hours=2)):
        pass
    before = Event.objects.count()
    data = {"how": "x", "remote": True, "metric": "first_response", "changed": {}, "for": "client"}
    data |= {"to": ticket.pk, "link": "related"}
    if kind.startswith("vendor"):
        data |= _of_a_vendor(stage, ticket)
    history.record(ticket, kind, by=None, at=cast.MONDAY_NINE + timedelta(hours=3), **data)
    assert Event.objects.count() - before <= MOST


def _of_a_vendor(stage: SimpleNamespace, ticket: Ticket) -> dict[str, object]:
    vendor = Vendor.objects.create(slug="kkt", name="КассаСервис", email="help@kkt.example", calendar=stage.calendar)
    request = VendorRequest.objects.create(
        ticket=ticket, vendor=vendor, number=1, subject="E15", asked_by=stage.olga, asked_at=cast.MONDAY_NINE
    )
    return {"request": request.pk, "number": request.label, "name": vendor.name, "owed": "response", "due_at": None}


def test_the_list_of_reactions_is_the_one_that_runs() -> None:
    assert tuple(history._reactions) == reactions.REACTIONS
