"""Changing what a ticket is: one event that names old and new, and nobody sees more than before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.people.permissions import NotAllowed
from firstline.tickets import properties, queries
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
LATER = cast.MONDAY_NINE + timedelta(minutes=10)


def test_one_event_names_old_and_new_and_nothing_new_leaves_none() -> None:
    stage = cast.stage()
    ticket = properties.change(cast.ticket(stage), by=stage.olga, at=LATER, subject=" Принтер  в 302 ", urgency="high")
    changed = ticket.events.latest("pk").data["changed"]
    assert changed["subject"] == {"from": "Не печатает принтер", "to": "Принтер в 302"}
    assert (changed["urgency"]["to"], changed["priority"]["to"]) == ("high", 2)
    events = ticket.events.count()
    properties.change(ticket, by=stage.olga, at=LATER, urgency="high")
    assert ticket.events.count() == events


def test_another_client_must_be_in_the_scope_of_who_changes_it() -> None:
    stage = cast.stage()
    with pytest.raises(NotAllowed):
        properties.change(cast.ticket(stage), by=stage.olga, at=LATER, client=stage.east)


def test_only_those_who_see_all_make_it_nobodys() -> None:
    stage = cast.stage()
    with pytest.raises(NotAllowed):
        properties.change(cast.ticket(stage), by=stage.olga, at=LATER, client=None)
    assert properties.change(cast.ticket(stage), by=stage.maria, at=LATER, client=None).client is None


def test_who_took_part_for_the_old_client_sees_it_no_more() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    ticket.participants.create(person=stage.irina)
    ticket = properties.change(ticket, by=stage.maria, at=LATER, client=stage.south, requester=stage.stoyan)
    assert not queries.sees(stage.irina, ticket)
    assert not queries.sees(stage.ivan, ticket)
    assert ticket.events.latest("pk").data["gone"] == ["irina"]


def test_a_field_that_nobody_knows_is_named() -> None:
    stage = cast.stage()
    with pytest.raises(WrongValue) as refused:
        properties.change(cast.ticket(stage), by=stage.maria, at=LATER, status="closed")
    assert refused.value.field == "status"
