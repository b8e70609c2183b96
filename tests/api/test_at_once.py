"""Several at the same moment: one deed, one answer, and nobody's work lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.http import HttpResponse

from firstline.intake.models import Inbound
from firstline.tickets.models import Event, Ticket
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"subject": "Нет сети", "body": "Совсем", "requester": {"email": "ivan@north.example"}}
AT_ONCE = 4


def together(ask: Callable[[], HttpResponse], times: int = AT_ONCE) -> list[HttpResponse]:
    """The answers to the same call, made by several threads that start together."""
    start, got = threading.Barrier(times), []

    def one() -> None:
        start.wait(10)
        try:
            got.append(ask())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


def test_one_key_makes_one_ticket_however_many_ask_at_once():
    s = cast.stage()
    olga = Caller(s.olga)
    answers = together(lambda: olga.post("/tickets", NEW, Idempotency_Key="k"))
    assert [answer.status_code for answer in answers] == [201] * AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    assert (Ticket.objects.count(), Inbound.objects.count()) == (1, 1)


def test_one_key_says_a_thing_once_however_many_ask_at_once():
    s = cast.stage()
    number = cast.ticket(s).number
    olga = Caller(s.olga)
    answers = together(
        lambda: olga.post(f"/tickets/{number}/messages", {"body": "Да", "public": True}, Idempotency_Key="k")
    )
    assert [answer.status_code for answer in answers] == [200] * AT_ONCE
    assert len({answer.content for answer in answers}) == 1
    assert Event.objects.filter(ticket_id=number, kind="message").count() == 1


def test_different_tickets_made_at_once_are_all_there():
    s = cast.stage()
    olga = Caller(s.olga)
    answers = together(lambda: olga.post("/tickets", NEW))
    numbers = {answer.json()["number"] for answer in answers}
    assert len(numbers) == AT_ONCE
    assert Ticket.objects.filter(pk__in=numbers).count() == AT_ONCE


def test_of_several_who_saw_the_same_version_one_changes_it():
    s = cast.stage()
    number = cast.ticket(s).number
    olga, nadia = Caller(s.olga), Caller(s.nadia)
    etag = olga.get(f"/tickets/{number}").headers["ETag"]
    callers = iter([olga, nadia])
    answers = together(lambda: next(callers).post(f"/tickets/{number}/take", If_Match=etag), times=2)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
