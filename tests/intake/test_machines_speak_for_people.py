"""The form of a web site writes as no-reply and names the person in Reply-To: answers reach the person."""

from __future__ import annotations

from typing import Any

import pytest

from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    mailbox()
    return cast.stage()


def form(reply_to: str, sender: str = "Сайт <no-reply@site.example>", subject: str = "Форма сайта") -> Ticket:
    row = process(letter(sender=sender, subject=subject, text="Не могу войти в кабинет.", Reply_To=reply_to))
    assert row.ticket is not None
    return row.ticket


@pytest.mark.parametrize("machine", ["noreply", "No-Reply", "donotreply", "do-not-reply", "noreply+shop", "no_reply"])
def test_the_ticket_is_that_of_the_person_who_filled_the_form_in(stage: Any, machine: str) -> None:
    ticket = form("Олег Дымов <oleg@private.example>", f"Сайт <{machine}@site.example>")
    assert (ticket.requester.name, ticket.requester.email) == ("Олег Дымов", "oleg@private.example")
    assert {"by-reply-to", "unverified-sender"} <= set(ticket.messages.get().flags)
    assert [one.to for one in Delivery.objects.filter(ticket=ticket.pk)] == ["oleg@private.example"]
    conversation.answer(ticket, Words(text="Пароль сброшен."), by=stage.olga, at=ticket.created_at)
    assert set(Delivery.objects.filter(ticket=ticket.pk).values_list("to", flat=True)) == {"oleg@private.example"}


@pytest.mark.parametrize(
    ("sender", "reply_to"),
    [
        ("Сайт <form@site.example>", "oleg@private.example"),  # somebody may read that
        ("Сайт <no-reply@site.example>", "oleg@private.example, anna@private.example"),
        ("Сайт <no-reply@site.example>", "desk@firm.example"),  # ours
        ("Сайт <no-reply@site.example>", "noreply@other.example"),
        ("Сайт <no-reply@site.example>", "not an address"),
        ("Сайт <no-replying-ever-again@site.example>", "oleg@private.example"),
    ],
)
def test_any_other_reply_to_is_not_followed(stage: Any, sender: str, reply_to: str) -> None:
    ticket = form(reply_to, sender)
    assert ticket.requester.email == sender.partition("<")[2][:-1]
    assert not Person.objects.filter(email="oleg@private.example").exists()


def test_nobody_of_the_desk_is_spoken_for(stage: Any) -> None:
    assert form(stage.olga.email).requester.email == "no-reply@site.example"


def test_a_name_of_the_desk_is_not_taken_over(stage: Any) -> None:
    ticket = form(f"{stage.olga.name} <oleg@private.example>")
    assert ticket.requester.name == "oleg@private.example"
    assert "name-of-the-desk" in ticket.messages.get().flags


def test_it_opens_nobodys_tickets(stage: Any) -> None:
    first = form(stage.ivan.email)
    assert (first.requester, first.client) == (stage.ivan, stage.north)
    again = form(stage.ivan.email, subject=f"Re: [#{first.pk}] Форма сайта")
    assert again.pk != first.pk
    assert first.messages.count() == 1


def test_nobody_can_be_written_to_without_end(stage: Any) -> None:
    tickets = [form("oleg@private.example") for _ in range(5)]
    assert [one.requester.email for one in tickets] == ["oleg@private.example"] * 5
    assert Delivery.objects.filter(kind="received", to="oleg@private.example").count() == 3
