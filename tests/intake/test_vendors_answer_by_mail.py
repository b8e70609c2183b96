"""What a vendor answers by mail stays inside the desk, on the request that it answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from firstline.contracts.models import Vendor
from firstline.lib import clock, tokens
from firstline.notices import wording
from firstline.post.models import Delivery
from firstline.tickets import conversation, lifecycle, queries, vendor_requests
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.vendor_models import VendorRequest
from tests import cast
from tests.intake.mail import letter, process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    s = cast.stage()
    s.vendor = Vendor.objects.create(slug="kkt", name="КассаСервис", email="help@kkt.example", calendar=s.calendar)
    s.ticket = cast.ticket(s)
    lifecycle.take(s.ticket, by=s.olga, at=clock.now())
    conversation.note(s.ticket, Words(text="СЕКРЕТ: пароль 123"), by=s.olga, at=clock.now())
    s.request = vendor_requests.ask(
        s.ticket, vendor=s.vendor, subject="Касса не печатает", words=Words(text="Ошибка E15"), wait=True, by=s.olga,
        at=clock.now(),
    )  # fmt: skip
    s.sent = Delivery.objects.get(kind="to_vendor")
    s.sent.message_id = tokens.message_id(
        settings.SECRET_KEY, delivery=s.sent.uuid, ticket=s.ticket.pk, domain="firm.example"
    )
    s.sent.save()
    return s


def status(ticket: Ticket) -> str:
    ticket.refresh_from_db()
    return ticket.status


def test_the_letter_to_him_holds_what_was_written_to_him_and_nothing_of_the_ticket(stage: Any) -> None:
    words = wording.render(stage.sent)

    assert words.subject == f"[#{stage.ticket.pk}-1] Касса не печатает"
    assert "Ошибка E15" in words.text
    whole = f"{words.subject}{words.text}{words.html}{words.headers}"
    for inside in ("СЕКРЕТ", "красная лампочка", "Иван", "/portal/", "/desk/", stage.ticket.subject):
        assert inside not in whole
    assert "Ольга" in words.sender


def test_his_answer_wakes_the_ticket_and_the_client_sees_nothing_of_it(stage: Any) -> None:
    row = process(
        letter(sender="Сервис <ivanov@kkt.example>", text="Замените ленту", In_Reply_To=stage.sent.message_id)
    )

    assert (row.outcome, row.ticket) == ("reply", stage.ticket)
    assert row.message is not None
    assert (row.message.public, row.message.text.strip()) == (False, "Замените ленту")
    assert status(stage.ticket) == "in_progress"
    assert VendorRequest.objects.get().state == "answered"
    assert not any(event.kind == Kind.VENDOR_ANSWERED for event in queries.timeline_for(stage.ivan, stage.ticket))


def test_the_number_in_the_subject_is_enough_from_his_own_domain(stage: Any) -> None:
    subject = f"RE: [#{stage.ticket.pk}-1] Касса не печатает"
    row = process(letter(sender="x@support.kkt.example", subject=subject, text="Готово"))
    assert row.ticket == stage.ticket


@pytest.mark.parametrize("sender", ["ivanov@other.example", "ivan@north.example", "kkt.example@evil.example"])
def test_whoever_else_got_hold_of_the_letter_answers_nothing(stage: Any, sender: str) -> None:
    row = process(letter(sender=sender, text="Это я, вендор", In_Reply_To=stage.sent.message_id))
    assert row.ticket != stage.ticket or row.message is None or row.message.event.kind != Kind.VENDOR_ANSWERED
    assert status(stage.ticket) == "waiting_for_vendor"


def test_of_a_public_mail_provider_only_the_very_address_counts(stage: Any) -> None:
    Vendor.objects.update(email="kassa.master@mail.ru")
    stranger = process(letter(sender="other@mail.ru", text="Да", In_Reply_To=stage.sent.message_id))
    assert stranger.ticket != stage.ticket
    his = process(letter(sender="Kassa.Master@mail.ru", text="Да", In_Reply_To=stage.sent.message_id))
    assert his.ticket == stage.ticket


def test_his_machine_wakes_nothing(stage: Any) -> None:
    row = process(
        letter(
            sender="robot@kkt.example", text="Номер SR-77", In_Reply_To=stage.sent.message_id,
            Auto_Submitted="auto-replied",
        )
    )  # fmt: skip
    assert (row.outcome, row.ticket) == ("auto", stage.ticket)
    assert status(stage.ticket) == "waiting_for_vendor"
