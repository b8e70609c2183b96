"""Bounces, absence notes, reports, lists and our own echo: recognised, visible, moving nothing, answered never."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.conf import settings

from firstline.lib import clock, tokens
from firstline.post.models import Delivery
from firstline.tickets import lifecycle
from firstline.tickets.models import Kind, Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)

BOUNCE = """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: desk@firm.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 02 Mar 2026 10:00:00 +0300
Message-ID: <bounce-1@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not deliver your message: user unknown.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ivan@north.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

From: desk@firm.example
To: ivan@north.example
Message-ID: {message_id}
Subject: x

--b--
"""


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def sent(ticket: Ticket) -> Delivery:
    name = uuid.uuid4()
    identifier = tokens.message_id(settings.SECRET_KEY, delivery=name, ticket=ticket.pk, domain="firm.example")
    return Delivery.objects.create(
        uuid=name, kind="answer", to="ivan@north.example", language="ru", ticket=ticket.pk, message_id=identifier
    )


def test_a_bounce_is_said_on_its_delivery_and_its_ticket(stage: Any) -> None:
    ticket = cast.ticket(stage)
    delivery = sent(ticket)
    row = process(BOUNCE.format(message_id=delivery.message_id).encode())
    assert (row.state, row.outcome, row.ticket, row.message) == ("done", "bounce", ticket, None)
    delivery.refresh_from_db()
    assert delivery.bounced_at == row.received_at
    event = ticket.events.get(kind=Kind.BOUNCED)
    assert (event.data["recipient"], event.data["status"], event.data["hard"]) == ("ivan@north.example", "5.1.1", True)
    assert not event.public
    assert Ticket.objects.count() == 1


def test_a_bounce_with_a_forged_message_id_marks_nothing(stage: Any) -> None:
    ticket = cast.ticket(stage)
    delivery = sent(ticket)
    forged = delivery.message_id.replace("@firm", "0@firm")
    row = process(BOUNCE.format(message_id=forged).encode())
    assert (row.outcome, row.ticket) == ("bounce", None)
    delivery.refresh_from_db()
    assert delivery.bounced_at is None


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
    ],
)
def test_a_machines_letter_about_nothing_makes_no_ticket_and_stays_visible(stage: Any, header: dict[str, str]) -> None:
    row = process(letter(**header))
    assert (row.state, row.outcome, row.ticket) == ("done", "auto", None)
    assert row.reason in ("auto-reply", "auto-generated")
    assert Ticket.objects.count() == 0


def test_what_a_machine_only_passed_on_is_a_ticket(stage: Any) -> None:
    assert process(letter(Auto_Submitted="auto-forwarded")).outcome == "ticket"


def test_an_absence_note_stands_on_the_ticket_and_moves_nothing(stage: Any) -> None:
    ticket = cast.ticket(stage)
    ticket, _ = lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=clock.now())
    row = process(
        letter(
            subject="Автоответ: я в отпуске",
            text="Буду в понедельник",
            In_Reply_To=sent(ticket).message_id,
            Auto_Submitted="auto-replied",
        )
    )
    assert (row.outcome, row.ticket) == ("auto", ticket)
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    event = ticket.events.get(kind=Kind.AUTOMATIC)
    assert (event.public, event.message.text.strip()) == (False, "Буду в понедельник")


def test_a_strangers_absence_note_lands_on_no_ticket(stage: Any) -> None:
    ticket = cast.ticket(stage)
    row = process(letter(sender="eve@east.example", In_Reply_To=sent(ticket).message_id, Auto_Submitted="auto-replied"))
    assert (row.outcome, row.ticket) == ("auto", None)


def test_a_person_who_writes_through_a_list_gets_a_ticket_but_no_acknowledgement(stage: Any) -> None:
    row = process(letter(List_Id="<it.north.example>", Precedence="list"))
    assert row.outcome == "ticket"
    assert row.ticket is not None
    assert row.ticket.events.get(kind=Kind.CREATED).data["quiet"] is True


def test_our_own_voice_goes_into_the_loop_bin(stage: Any) -> None:
    mailbox()
    ticket = cast.ticket(stage)
    from_ourselves = process(letter(sender="Desk <desk@FIRM.example>"))
    assert (from_ourselves.state, from_ourselves.outcome, from_ourselves.ticket) == ("done", "ignored", None)
    came_back = process(letter(sender="relay@elsewhere.example", Message_ID=sent(ticket).message_id))
    assert came_back.outcome == "ignored"
    assert Ticket.objects.count() == 1


def test_headers_of_ours_are_never_believed(stage: Any) -> None:
    ticket = cast.ticket(stage)
    row = process(
        letter(sender="eve@east.example", X_Firstline_Ticket=str(ticket.pk), X_Firstline_Person="maria", X_Priority="1")
    )
    assert row.ticket is not None
    assert row.ticket != ticket
    assert (row.ticket.requester, row.ticket.priority) == (stage.eve, 3)


def test_a_rude_autoresponder_gets_three_mails_at_most(stage: Any, settings: Any) -> None:
    """It answers all we send, at once, without any header that says so, with a new subject and Message-ID (F1)."""
    settings.EMAIL_URL = ""
    process(letter(sender="rude@elsewhere.example"))
    for turn in range(12):
        told = Delivery.objects.filter(to="rude@elsewhere.example").count()
        if told <= turn:
            break
        process(letter(sender="rude@elsewhere.example", subject=f"Спасибо {turn}", text="Ваше письмо получено"))
    assert 1 <= Delivery.objects.filter(to="rude@elsewhere.example").count() <= 3


def test_a_polite_autoresponder_gets_one(stage: Any) -> None:
    process(letter(sender="polite@elsewhere.example"))
    process(letter(sender="polite@elsewhere.example", subject="Автоответ", Auto_Submitted="auto-replied"))
    assert Delivery.objects.filter(to="polite@elsewhere.example").count() == 1
    assert Ticket.objects.count() == 1


RETURNED = {
    "sender": "Mail Delivery System <MAILER-DAEMON@mx.example>",
    "subject": "Undelivered Mail Returned to Sender",
    "Auto_Submitted": "auto-replied",
    "text": "I could not deliver it. Nothing of it is enclosed.\n\n<ivan@north.example>: 550 5.1.1 user unknown",
}


def _sent_with_tags(stage: Any) -> tuple[Ticket, Delivery, str]:
    ticket = cast.ticket(stage)
    delivery = Delivery.objects.create(
        kind="answer", to="ivan@north.example", language="ru", ticket=ticket.pk, message_id="<x@firm.example>"
    )
    back = tokens.return_address(settings.SECRET_KEY, "desk@firm.example", delivery=delivery.pk)
    return ticket, delivery, back


def test_a_bounce_without_anything_of_the_original_finds_its_delivery_by_its_return_address(stage: Any) -> None:
    ticket, delivery, back = _sent_with_tags(stage)
    row = process(b"Return-Path: <>\n" + letter(to=back, **RETURNED))
    delivery.refresh_from_db()
    assert (row.outcome, row.ticket) == ("bounce", ticket)
    assert delivery.bounced_at is not None
    assert ticket.events.get(kind=Kind.BOUNCED).data["delivery"] == delivery.pk


def test_a_report_in_a_form_that_nobody_knows_is_known_by_where_it_went(stage: Any) -> None:
    ticket, _delivery, back = _sent_with_tags(stage)
    odd = letter(to=back, sender="gateway@mx.example", subject="Кое-что о вашем письме", text="Не смогли.")
    row = process(b"Return-Path: <>\n" + odd)
    assert (row.outcome, row.ticket) == ("bounce", ticket)


def test_a_forged_return_address_names_no_delivery(stage: Any) -> None:
    ticket, delivery, back = _sent_with_tags(stage)
    forged = back.replace(f"+b{delivery.pk}.", f"+b{delivery.pk + 1}.")
    row = process(b"Return-Path: <>\n" + letter(to=forged, **RETURNED))
    assert (row.outcome, row.ticket) == ("bounce", None)
    assert not ticket.events.filter(kind=Kind.BOUNCED).exists()


def test_a_note_of_absence_at_the_return_address_is_a_note_and_no_bounce(stage: Any) -> None:
    ticket, delivery, back = _sent_with_tags(stage)
    note = letter(to=back, subject="Automatic reply: x", text="В отпуске.", Auto_Submitted="auto-replied")
    row = process(b"Return-Path: <>\n" + note)
    delivery.refresh_from_db()
    assert (row.outcome, row.ticket, delivery.bounced_at) == ("auto", ticket, None)
