"""Reactions may record events themselves; they come to rest, whatever the event."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline import reactions
from firstline.sla import breaches
from firstline.tickets import history
from firstline.tickets.models import Event, Kind
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
    history.record(ticket, kind, by=None, at=cast.MONDAY_NINE + timedelta(hours=3), **data)
    assert Event.objects.count() - before <= MOST


def test_the_list_of_reactions_is_the_one_that_runs() -> None:
    assert tuple(history._reactions) == reactions.REACTIONS
