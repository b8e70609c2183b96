"""A row of history cannot be changed by anybody, and everything is in it once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from firstline.audit.models import Row
from firstline.tickets import history, lifecycle
from firstline.tickets.models import Event, Kind
from tests import cast

pytestmark = pytest.mark.django_db


def test_changing_an_event_is_refused_by_the_database_itself() -> None:
    ticket = cast.ticket(cast.stage())
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        Event.objects.filter(ticket=ticket).update(kind=Kind.CLOSED)
    assert ticket.events.get().kind == Kind.CREATED


def test_a_ticket_with_history_cannot_be_deleted() -> None:
    ticket = cast.ticket(cast.stage())
    with pytest.raises(Exception, match="protected"):
        ticket.delete()


def test_every_event_has_its_audit_row_of_the_same_transaction() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=cast.MONDAY_NINE)
    rows = Row.objects.filter(target=f"ticket:{ticket.pk}")
    assert [(row.action, row.data["event"]) for row in rows] == [
        (event.kind, event.pk) for event in ticket.events.all()
    ]


def test_a_reaction_that_fails_takes_the_verb_back() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)

    def broken(event: Event) -> None:
        raise RuntimeError("broken reaction")

    kept = history._reactions
    history.react_with([broken])
    try:
        with pytest.raises(RuntimeError):
            lifecycle.take(ticket, by=stage.olga, at=cast.MONDAY_NINE)
    finally:
        history.react_with(kept)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee, ticket.events.count()) == ("new", None, 1)


def test_the_summary_is_what_the_events_say() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=cast.MONDAY_NINE)
    newest = ticket.events.latest("pk")
    assert (ticket.version, ticket.updated_at) == (newest.pk, newest.learnt_at)
