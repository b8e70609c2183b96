"""Merging, separating, moving, splitting and claims through the API."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.lib import clock
from firstline.tickets import conversation
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(clock, "now", lambda: cast.MONDAY_NINE + timedelta(minutes=20))
    s = cast.stage()
    s.one, s.two = cast.ticket(s), cast.ticket(s, requester=s.irina, words=Words(text="Снова"))
    return s


def test_a_merged_ticket_says_where_it_is_and_comes_back_by_a_separation(s: SimpleNamespace) -> None:
    olga = Caller(s.olga)
    said = olga.post(f"/tickets/{s.two.number}/merge", {"into": s.one.number}).json()
    assert (said["number"], said["status"], said["merged_into"]) == (s.two.number, "cancelled", s.one.number)
    assert {clock["state"] for clock in said["clocks"]} == {"cancelled"}
    entries = olga.get(f"/tickets/{s.one.number}/timeline").json()["items"]
    moved = next(entry for entry in entries if entry["body"] == "Снова")
    assert (moved["kind"], moved["data"]["came_in_on"]) == ("message", s.two.number)
    left = olga.get(f"/tickets/{s.two.number}/timeline").json()["items"]
    assert [entry["body"] for entry in left] == [None, None]
    again = olga.post(f"/tickets/{s.two.number}/messages", {"body": "Ответ", "public": True})
    assert (again.status_code, again.json()["merged_into"]) == (409, s.one.number)
    back = olga.post(f"/tickets/{s.two.number}/separation").json()
    assert (back["status"], back["merged_into"]) == ("new", None)
    assert olga.get(f"/tickets/{s.two.number}/timeline").json()["items"][0]["body"] == "Снова"


def test_the_client_reads_where_his_request_went_and_nothing_of_the_inside(s: SimpleNamespace) -> None:
    Caller(s.olga).post(f"/tickets/{s.two.number}/merge", {"into": s.one.number})
    irina = Caller(s.irina)
    assert irina.get(f"/tickets/{s.two.number}").json()["merged_into"] == s.one.number
    last = irina.get(f"/tickets/{s.two.number}/timeline").json()["items"][-1]
    assert (last["kind"], last["data"]) == ("merged", {"into": s.one.pk})
    assert irina.get(f"/tickets/{s.one.number}").status_code == 200


def test_merging_twice_or_into_what_one_does_not_see_is_refused_in_words(s: SimpleNamespace) -> None:
    olga, petra = Caller(s.olga), Caller(s.petra)
    east = cast.ticket(s, requester=s.eve)
    unknown = olga.post(f"/tickets/{s.two.number}/merge", {"into": east.number})
    nothing = olga.post(f"/tickets/{s.two.number}/merge", {"into": "999999"})
    assert fields(unknown) == fields(nothing) == ["into"]
    assert unknown.json()["detail"] == nothing.json()["detail"]
    assert petra.post(f"/tickets/{s.two.number}/merge", {"into": s.one.number}).status_code == 404
    olga.post(f"/tickets/{s.two.number}/merge", {"into": s.one.number})
    refused = olga.post(f"/tickets/{s.one.number}/merge", {"into": s.two.number})
    assert (refused.status_code, refused.json()["merged_into"]) == (409, s.one.number)


def test_a_message_is_moved_and_split_off(s: SimpleNamespace) -> None:
    olga = Caller(s.olga)
    at = cast.MONDAY_NINE + timedelta(minutes=10)
    conversation.reply(s.one, Words(text="И сканер"), by=s.ivan, at=at, channel=Channel.EMAIL)
    message = Message.objects.get(text="И сканер").pk
    moved = olga.post(f"/tickets/{s.one.number}/move", {"message": message, "to": s.two.number})
    assert moved.json()["number"] == s.two.number
    stale = olga.post(f"/tickets/{s.one.number}/split", {"message": message})
    assert (stale.status_code, fields(stale)) == (422, ["message"])
    made = olga.post(f"/tickets/{s.two.number}/split", {"message": message, "subject": "Сканер"}).json()
    assert made["subject"] == "Сканер"
    assert made["created_at"] == at.isoformat()


def test_a_claim_is_decided_once(s: SimpleNamespace) -> None:
    olga = Caller(s.olga)
    flagged = cast.ticket(s, requester=s.irina, words=Words(text="Про него", flags=[f"claims #{s.one.pk}"]))
    said = olga.post(f"/tickets/{flagged.number}/claim", {"belongs": True}).json()
    assert said["merged_into"] == s.one.number
    own = cast.ticket(s, requester=s.irina, words=Words(text="О другом", flags=[f"claims #{s.one.pk}"]))
    assert olga.post(f"/tickets/{own.number}/claim", {"belongs": False}).json()["merged_into"] is None
    assert olga.post(f"/tickets/{own.number}/claim", {"belongs": False}).status_code == 409
    assert Ticket.objects.get(pk=own.pk).events.latest("pk").data == {"claimed": [s.one.pk]}
