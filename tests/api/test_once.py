"""Idempotency-Key: the same question once, the same answer for ever."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.once.models import Answer
from firstline.tickets import lifecycle
from firstline.tickets.models import Event, Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
NEW = {"subject": "Нет сети", "body": "Совсем", "requester": {"email": "ivan@north.example"}}


def test_the_same_key_and_body_give_the_first_answer_again_to_the_byte():
    s = cast.stage()
    olga = Caller(s.olga)
    first = olga.post("/tickets", NEW, Idempotency_Key="k1")
    Caller(s.nadia).post(f"/tickets/{first.json()['number']}/take")
    again = olga.post("/tickets", NEW, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Ticket.objects.count() == 1


def test_the_same_key_with_another_body_is_409_and_makes_nothing():
    s = cast.stage()
    olga = Caller(s.olga)
    olga.post("/tickets", NEW, Idempotency_Key="k1")
    answer = olga.post("/tickets", {**NEW, "subject": "Другое"}, Idempotency_Key="k1")
    assert answer.status_code == 409
    assert fields(answer) == ["Idempotency-Key"]
    assert Ticket.objects.count() == 1


def test_a_verb_is_done_once_for_its_key():
    s = cast.stage()
    number = cast.ticket(s).number
    olga = Caller(s.olga)
    said = {"body": "Здравствуйте", "public": True}
    first = olga.post(f"/tickets/{number}/messages", said, Idempotency_Key="k2")
    again = olga.post(f"/tickets/{number}/messages", said, Idempotency_Key="k2")
    assert again.content == first.content
    assert Event.objects.filter(ticket_id=number, kind="message").count() == 1
    assert olga.post(f"/tickets/{number}/take", Idempotency_Key="k2").status_code == 409


def test_two_callers_with_the_same_key_do_not_meet():
    s = cast.stage()
    olga, nadia, other = Caller(s.olga), Caller(s.nadia), Caller(s.olga)
    numbers = {caller.post("/tickets", NEW, Idempotency_Key="1").json()["number"] for caller in (olga, nadia, other)}
    assert len(numbers) == 3


def test_a_refusal_is_not_kept_so_that_asking_again_may_succeed():
    s = cast.stage()
    ticket = cast.ticket(s)
    ivan = Caller(s.ivan)
    assert ivan.post(f"/tickets/{ticket.number}/confirmation", Idempotency_Key="k3").status_code == 409
    assert not Answer.objects.exists()
    lifecycle.resolve(ticket, how="Готово", remote=True, by=s.olga, at=clock.now())
    assert ivan.post(f"/tickets/{ticket.number}/confirmation", Idempotency_Key="k3").status_code == 200


def test_the_answer_is_kept_in_the_transaction_of_the_deed(monkeypatch):
    s = cast.stage()
    ticket = cast.ticket(s)
    monkeypatch.setenv("FIRSTLINE_TESTING", "1")
    monkeypatch.setenv("FIRSTLINE_FAILPOINT", "web.before_commit:error")
    monkeypatch.setattr("firstline.lib.failpoints._reached", Counter())
    olga = Caller(s.olga)
    assert olga.post(f"/tickets/{ticket.number}/take", Idempotency_Key="k4").status_code == 500
    assert not Answer.objects.exists()
    monkeypatch.delenv("FIRSTLINE_FAILPOINT")
    assert olga.post(f"/tickets/{ticket.number}/take", Idempotency_Key="k4").status_code == 200
    assert Answer.objects.count() == 1


def test_who_died_after_storing_gets_the_same_ticket_when_he_asks_again():
    s = cast.stage()
    olga = Caller(s.olga)
    number = olga.post("/tickets", NEW, Idempotency_Key="k5").json()["number"]
    Answer.objects.all().delete()
    again = olga.post("/tickets", NEW, Idempotency_Key="k5")
    assert (again.status_code, again.json()["number"]) == (201, number)
    Answer.objects.all().delete()
    assert olga.post("/tickets", {**NEW, "body": "Другое"}, Idempotency_Key="k5").status_code == 409


@pytest.mark.parametrize("key", ["x" * 201, "тест", "a\tb"])
def test_a_key_that_is_no_key_is_400(key):
    s = cast.stage()
    answer = Client(raise_request_exception=False).post(
        "/api/v1/tickets", json.dumps(NEW), content_type="application/json",
        headers={"Authorization": f"Bearer {Caller(s.olga).secret}", "Idempotency-Key": key},
    )  # fmt: skip
    assert answer.status_code == 400
    assert fields(answer) == ["Idempotency-Key"]
