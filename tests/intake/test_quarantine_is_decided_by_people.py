"""Quarantine: seen by those whose mailbox it is, one click makes a ticket with the original, or it is ignored with
a reason.
"""

from __future__ import annotations

from typing import Any

import pytest

from firstline.audit.models import Row
from firstline.blobs import store
from firstline.intake import journal, quarantine
from firstline.lib import clock
from firstline.people.permissions import NotAllowed
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongStatus, WrongValue
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)

NO_SENDER = b"Subject: =?utf-8?b?0J/RgNC40L3RgtC10YA=?=\nContent-Type: text/plain; charset=utf-8\n\n" + "Горит".encode()


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def test_one_click_makes_a_ticket_with_the_original_attached(stage: Any) -> None:
    account = mailbox(team=stage.line1, client=stage.north)
    row = process(NO_SENDER, account=account)
    ticket = quarantine.make_ticket(row, by=stage.olga, at=clock.now())
    assert (ticket.subject, ticket.requester, ticket.client, ticket.team) == (
        "Принтер",
        stage.olga,
        stage.north,
        stage.line1,
    )
    assert ticket.created_at == row.received_at
    message = ticket.messages.get()
    assert message.text.strip() == "Горит"
    original = message.attachments.get()
    assert (original.name, store.read(original.blob_id)) == ("letter.eml", NO_SENDER)
    assert (row.state, row.outcome, row.ticket, row.message, row.decided_by) == (
        "done",
        "ticket",
        ticket,
        message,
        stage.olga,
    )
    assert ticket.events.get(kind=Kind.CREATED).data["quiet"] is True
    assert Row.objects.filter(target=f"inbound:{row.pk}", actor=f"person:{stage.olga.pk}").count() == 1


def test_it_is_decided_once(stage: Any) -> None:
    row = process(NO_SENDER)
    quarantine.ignore(row, by=stage.lev, at=clock.now(), why="реклама")
    assert (row.state, row.outcome, row.reason, row.decided_by) == ("done", "ignored", "реклама", stage.lev)
    with pytest.raises(WrongStatus):
        quarantine.make_ticket(row, by=stage.lev, at=clock.now())
    assert Ticket.objects.count() == 0
    with pytest.raises(WrongStatus):
        quarantine.ignore(process(letter()), by=stage.lev, at=clock.now(), why="x")


def test_ignoring_needs_a_reason(stage: Any) -> None:
    with pytest.raises(WrongValue) as wrong:
        quarantine.ignore(process(NO_SENDER), by=stage.lev, at=clock.now(), why=" ")
    assert wrong.value.field == "why"


def test_a_machines_letter_can_be_made_a_ticket_after_all(stage: Any) -> None:
    row = process(letter(Auto_Submitted="auto-generated", subject="Диск заполнен"))
    assert row.outcome == "auto"
    ticket = quarantine.make_ticket(row, by=stage.olga, at=clock.now())
    assert (ticket.requester, ticket.subject) == (stage.ivan, "Диск заполнен")


def test_the_journal_is_seen_by_those_whose_mailbox_it_is(stage: Any) -> None:
    first, second = mailbox(team=stage.line1), mailbox("second@firm.example", team=stage.line2)
    ours, theirs, nobodys = (
        process(letter(), account=first),
        process(letter(), account=second),
        process(letter(to="x@y.example")),
    )
    seen = {
        name: set(journal.visible_to(getattr(stage, name)))
        for name in ("olga", "emil", "lev", "maria", "adam", "anna", "ivan", "kira")
    }
    assert seen["olga"] == {ours}
    assert seen["emil"] == {theirs}
    assert seen["lev"] == seen["maria"] == seen["adam"] == {ours, theirs, nobodys}
    assert seen["anna"] == seen["ivan"] == seen["kira"] == set()
    assert journal.get_for(stage.olga, ours.pk) == ours
    for number in (theirs.pk, 99999, "x", "٣"):
        with pytest.raises(NotThere):
            journal.get_for(stage.olga, number)


def test_only_the_desk_decides(stage: Any) -> None:
    row = process(NO_SENDER)
    for person in (stage.ivan, stage.kira, stage.anna):
        with pytest.raises(NotAllowed):
            quarantine.make_ticket(row, by=person, at=clock.now())
        with pytest.raises(NotAllowed):
            quarantine.ignore(row, by=person, at=clock.now(), why="x")
