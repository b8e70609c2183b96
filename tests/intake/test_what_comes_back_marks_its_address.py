"""A bounce lands on its ticket, its delivery and its address; a complaint keeps automatic mail away; a letter from
there, or an agent's word, clears it."""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings

from firstline.lib import clock, tokens
from firstline.post import outbox, undeliverable
from firstline.post.models import Delivery, Undeliverable
from firstline.tickets import merging, participants
from firstline.tickets.models import Kind, Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process
from tests.notices.told import Since, deliver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    s = cast.stage()
    mailbox()
    row = process(letter())
    assert row.ticket is not None
    s.ticket = row.ticket
    return s


def ours(ticket: Ticket, to: str = "ivan@north.example") -> Delivery:
    name = uuid.uuid4()
    identifier = tokens.message_id(settings.SECRET_KEY, delivery=name, ticket=ticket.pk, domain="firm.example")
    return Delivery.objects.create(
        uuid=name, kind="taken", to=to, language="ru", ticket=ticket.pk, message_id=identifier, state="sent"
    )


def report(delivery: Delivery, status: str, action: str) -> bytes:
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: desk@firm.example\r\n"
        f"Subject: Undelivered Mail\r\nMessage-ID: <{uuid.uuid4().hex}@mx.example>\r\n"
        "Date: Mon, 02 Mar 2026 09:05:00 +0300\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {delivery.to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {'550 5.1.1 User unknown' if status[0] == '5' else '452 4.2.2 Mailbox full'}\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {delivery.message_id}\r\n"
        f"To: {delivery.to}\r\nSubject: x\r\n\r\n--B--\r\n"
    ).encode()


def complaint(delivery: Delivery) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "fbl@provider.example", "desk@firm.example", "FW: x"
    message["Message-ID"] = "<arf-1@provider.example>"
    return message.as_bytes().rstrip() + (
        b'\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="B"\n\n'
        b"--B\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        b"--B\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n\n"
        b"--B\nContent-Type: message/rfc822\n\nMessage-ID: " + delivery.message_id.encode() + b"\n"
        b"From: desk@firm.example\nTo: ivan@north.example\nSubject: x\n\nx\n--B--\n"
    )


def put(kind: str, ticket: Ticket, **fields: Any) -> Delivery:
    made = outbox.put(
        kind=kind, to="ivan@north.example", language="ru", data={}, at=clock.now(), ticket=ticket.pk,
        event=ticket.events.earliest("pk").pk, person=ticket.requester_id, **fields,
    )  # fmt: skip
    assert made is not None
    deliver(clock.now())
    made.refresh_from_db()
    return made


def test_a_hard_bounce_marks_delivery_address_and_ticket_and_warns_whoever_has_it(stage: Any) -> None:
    delivery = ours(stage.ticket)
    with Since() as told:
        row = process(report(delivery, "5.1.1", "failed"))
    delivery.refresh_from_db()
    event = stage.ticket.events.get(kind=Kind.BOUNCED)
    assert (row.outcome, row.ticket, delivery.bounced_at) == ("bounce", stage.ticket, row.received_at)
    assert (event.data["to"], event.data["hard"], event.data["delivery"]) == (delivery.to, True, delivery.pk)
    marked = Undeliverable.objects.get()
    assert (marked.address, marked.hard, marked.hard_since) == ("ivan@north.example", 1, row.received_at)
    assert (marked.status, marked.reason) == ("5.1.1", "userunknown")
    assert ("undelivered", "olga") in told.of


def test_a_soft_bounce_is_counted_and_holds_nothing_back(stage: Any) -> None:
    delivery = ours(stage.ticket)
    with Since() as told:
        for _ in range(3):
            process(report(delivery, "4.2.2", "delayed"))
    marked = Undeliverable.objects.get()
    assert (marked.soft, marked.hard, marked.hard_since) == (3, 0, None)
    assert undeliverable.why_held_back("ivan@north.example") == ""
    assert not stage.ticket.events.filter(kind=Kind.BOUNCED)[0].data["hard"]
    assert told.of == set()


def test_what_goes_by_itself_is_held_back_and_seen_and_answers_are_tried(stage: Any) -> None:
    process(report(ours(stage.ticket), "5.1.1", "failed"))
    notice = put("taken", stage.ticket)
    assert notice.state == "failed"
    assert notice.tries.get().outcome == "held back"
    assert "come back since" in notice.tries.get().answer
    assert put("closed", stage.ticket, automatic=False).state == "sent"


def test_a_letter_from_there_clears_it_and_an_absence_note_does_not(stage: Any) -> None:
    process(report(ours(stage.ticket), "5.1.1", "failed"))
    process(letter(subject=f"[#{stage.ticket.pk}]", Auto_Submitted="auto-replied"))
    assert Undeliverable.objects.exists()
    process(letter(text="Ящик снова работает"))
    assert not Undeliverable.objects.exists()
    assert put("taken", stage.ticket).state == "sent"


def test_an_agents_word_clears_it(stage: Any) -> None:
    process(report(ours(stage.ticket), "5.1.1", "failed"))
    participants.mail_again(stage.ticket, by=stage.olga, at=clock.now())
    assert not Undeliverable.objects.exists()


def test_a_report_names_only_the_address_to_which_we_sent(stage: Any) -> None:
    delivery = ours(stage.ticket)
    raw = report(delivery, "5.1.1", "failed").replace(b"rfc822; ivan@north.example", b"rfc822; irina@north.example")
    process(raw)
    assert Undeliverable.objects.get().address == "ivan@north.example"


def test_a_report_that_nobody_signed_marks_nothing(stage: Any) -> None:
    delivery = ours(stage.ticket)
    delivery.message_id = delivery.message_id.replace("fl.", "fl.0")
    process(report(delivery, "5.1.1", "failed"))
    assert not Undeliverable.objects.exists()


def test_a_bounce_of_a_merged_ticket_is_said_where_it_is_now(stage: Any) -> None:
    delivery = ours(stage.ticket)
    target = cast.ticket(stage)
    merging.merge(stage.ticket, target, by=stage.olga, at=clock.now())
    assert process(report(delivery, "5.1.1", "failed")).ticket == target


def test_a_complaint_keeps_away_what_goes_by_itself_until_an_agent_says_otherwise(stage: Any) -> None:
    row = process(complaint(ours(stage.ticket)))
    assert (row.outcome, row.ticket) == ("auto", stage.ticket)
    assert put("taken", stage.ticket).state == "failed"
    process(letter(text="Привет"))
    assert Undeliverable.objects.get().complained_at is not None
    participants.mail_again(stage.ticket, by=stage.olga, at=clock.now())
    assert put("taken", stage.ticket).state == "sent"
