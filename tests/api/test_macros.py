"""Macros by API: kept, looked at, run once for a key, stopped with words."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from firstline.tickets.models import Event, Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
JAM = {"names": {"ru": "Замятие", "en": "Jam"}, "steps": [{"deed": "take"}, {"deed": "priority", "priority": 2}]}


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


@pytest.fixture
def olga(s: SimpleNamespace) -> Caller:
    return Caller(s.olga)


def test_it_is_kept_changed_taken_away_and_brought_back(olga: Caller) -> None:
    kept = olga.post("/macros", JAM)
    assert kept.status_code == 201
    assert kept.json()["steps"][1] == {"deed": "priority", "priority": "2"}
    number = kept.json()["id"]
    changed = olga.raw("PUT", f"/macros/{number}", json.dumps({**JAM, "steps": [{"deed": "take"}]}).encode())
    assert len(changed.json()["steps"]) == 1
    assert olga.raw("DELETE", f"/macros/{number}").status_code == 204
    assert olga.get("/macros").json()["items"] == []
    assert olga.post(f"/macros/{number}/return", {}).json()["slug"] == kept.json()["slug"]


def test_a_wrong_step_is_named_by_its_place(olga: Caller) -> None:
    no = olga.post("/macros", {**JAM, "steps": [{"deed": "take"}, {"deed": "note", "text": "{{ x }}"}]})
    assert no.status_code == 422
    assert fields(no) == ["steps.1.text"]


def test_a_run_is_done_once_for_its_key(s: SimpleNamespace, olga: Caller) -> None:
    ticket, slug = cast.ticket(s), olga.post("/macros", JAM).json()["slug"]
    address = f"/tickets/{ticket.pk}/macro"
    look = olga.get(f"{address}/{slug}").json()
    assert look["ticket"]["priority"] == 2
    assert Ticket.objects.get(pk=ticket.pk).priority == 3
    first = olga.post(address, {"macro": slug}, Idempotency_Key="k")
    events = Event.objects.filter(ticket=ticket).count()
    again = olga.post(address, {"macro": slug}, Idempotency_Key="k")
    assert first.json() == again.json()
    assert first.json()["refused"] is None
    assert first.json()["ticket"]["assignee"] == "olga"
    assert Event.objects.filter(ticket=ticket).count() == events
    named = [
        one["data"].get("macro", {}).get("name") for one in olga.get(f"/tickets/{ticket.pk}/timeline").json()["items"]
    ]
    assert "Замятие" in named


def test_a_refused_step_is_said_and_what_was_done_stays(s: SimpleNamespace, olga: Caller) -> None:
    ticket = cast.ticket(s)
    steps = [
        {"deed": "take"},
        {"deed": "resolve", "how": "ок"},
        {"deed": "hold", "hours": 2, "reason": "?"},
        {"deed": "tag", "tag": "x"},
    ]
    slug = olga.post("/macros", {**JAM, "steps": steps}).json()["slug"]
    said = olga.post(f"/tickets/{ticket.pk}/macro", {"macro": slug}, Idempotency_Key="k").json()
    assert [one["deed"] for one in said["done"]] == ["take", "resolve"]
    assert said["refused"]["step"]["deed"] == "hold"
    assert said["refused"]["problem"]["status"] == 409
    assert [one["deed"] for one in said["left"]] == ["tag"]
    assert Ticket.objects.get(pk=ticket.pk).status == "resolved"
    first = olga.post("/macros", {**JAM, "steps": [{"deed": "take"}]}).json()["slug"]
    assert olga.post(f"/tickets/{ticket.pk}/macro", {"macro": first}).status_code == 409


def test_the_clients_side_and_strangers_have_none(s: SimpleNamespace, olga: Caller) -> None:
    slug = olga.post("/macros", JAM).json()["slug"]
    ticket = cast.ticket(s)
    assert Caller(s.ivan).get("/macros").status_code == 403
    assert Caller(s.ivan).post(f"/tickets/{ticket.pk}/macro", {"macro": slug}).status_code == 403
    assert Caller(s.nadia).post(f"/tickets/{ticket.pk}/macro", {"macro": slug}).status_code == 404
