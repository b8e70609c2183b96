"""The page says that it is open and hears who else is there; news in the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from django.test import Client

from firstline.people.models import Person
from firstline.tickets import attention, conversation
from firstline.tickets.opening import Words
from tests import cast


def test_two_at_one_ticket_see_each_other(
    olga: Client, stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: datetime
) -> None:
    ticket = cast.ticket(stage)
    address = f"/desk/tickets/{ticket.pk}/presence/"
    nadia = signed_in(stage.nadia)

    assert b"beside-one" not in olga.post(address, {"seen": str(ticket.version)}).content
    answer = nadia.post(address, {"seen": str(ticket.version), "writes": "1"}).content.decode()
    assert f"{stage.olga.name} is looking at it" in answer
    assert f"{stage.nadia.name} is writing…" in olga.post(address, {"seen": "0"}).content.decode()
    assert f"{stage.nadia.name} is writing…" in olga.get("/desk/queue/").content.decode()
    assert nadia.post(address, {"leaves": "1"}).status_code == 204
    assert b"beside-one" not in olga.post(address, {"seen": "0"}).content


def test_a_second_window_of_the_writer_does_not_say_that_he_stopped(
    olga: Client, stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: datetime
) -> None:
    ticket = cast.ticket(stage)
    address = f"/desk/tickets/{ticket.pk}/presence/"
    nadia = signed_in(stage.nadia)
    nadia.post(address, {"seen": "0", "writes": "1"})
    nadia.post(address, {"seen": "0", "writes": ""})  # her other window, in which she only looks
    assert f"{stage.nadia.name} is writing…" in olga.post(address, {"seen": "0"}).content.decode()
    nadia.post(address, {"seen": "0", "writes": "0"})
    assert f"{stage.nadia.name} is looking at it" in olga.post(address, {"seen": "0"}).content.decode()


def test_what_happened_since_one_looked_has_a_dot_in_the_queue(
    olga: Client, stage: SimpleNamespace, at: datetime
) -> None:
    ticket = cast.ticket(stage)
    attention.look(stage.olga, ticket, seen=ticket.version, at=at)
    assert b"q-news" not in olga.get("/desk/queue/").content
    conversation.reply(ticket, Words(text="Ну что там?"), by=stage.ivan, at=at, channel="portal")
    assert b"q-news" in olga.get("/desk/queue/").content
    ticket.refresh_from_db()
    olga.post("/desk/queue/deeds/", {"deed": "take", "ticket": f"{ticket.pk}:{ticket.version}"})
    assert b"q-news" not in olga.get("/desk/queue/").content
