"""Who is called in, and whom a rung of a ladder calls, is told by SMS: the link of the message is enough to accept and
to acknowledge, on a telephone and without signing in."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.lib import clock, sms_text
from firstline.lines.ladder_models import Escalation
from firstline.notices import alarms, wording
from firstline.people import preferences
from firstline.people.models import Person
from firstline.post import gateways, outbox
from firstline.post.models import Delivery
from firstline.post.transports import sms
from firstline.roster import reinforcement
from firstline.roster.models import CallUp
from tests import cast
from tests.lines import ladders_made

pytestmark = pytest.mark.django_db
PETRA, MARIA = "+359888123456", "+79215550199"


@pytest.fixture
def s(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The cast, and a gateway that takes everything; what it took is in `s.sent`."""
    s = cast.stage()
    gateways.set_up(gateways.Wanted("main", url="http://127.0.0.1:9/"), by="test", at=cast.MONDAY_NINE)
    for person, number in ((s.petra, PETRA), (s.maria, MARIA)):
        Person.objects.filter(pk=person.pk).update(phone=number, phone_e164=number)
        person.refresh_from_db()
    s.sent = []

    def taken(line: sms.HttpLine, sender: str, to: str, raw: bytes) -> str:
        s.sent.append((to, sms.unpacked(raw)[1]))
        line.last_id = f"p-{len(s.sent)}"
        return "200"

    monkeypatch.setattr(sms.HttpLine, "send", taken)
    return s


def told(s: SimpleNamespace, number: str, minutes: float = 1) -> list[str]:
    at = cast.MONDAY_NINE + timedelta(minutes=minutes)
    while outbox.send_due(wording.render, at, alarm=alarms.undelivered, paused=alarms.paused):
        pass
    return [text for to, text in s.sent if to == number]


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found is not None, text
    return found[1]


def asked(s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> CallUp:
    at = cast.MONDAY_NINE
    monkeypatch.setattr(clock, "now", lambda: at)
    reinforcement.mark(s.petra, in_reserve=True, by=s.maria, at=at)
    wanted = reinforcement.Wanted(
        reason="Касса не работает в трёх магазинах", starts_at=at, ends_at=at + timedelta(hours=4), role="engineer",
        clients=[s.north], people=(s.petra,),
    )  # fmt: skip
    return reinforcement.call(wanted, by=s.maria, at=at).call_ups.get()


def test_the_reserve_is_asked_by_mail_and_message_and_the_link_of_the_message_accepts(
    s: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_up = asked(s, monkeypatch)
    (text,) = told(s, PETRA)
    assert set(Delivery.objects.filter(kind="called_up").values_list("channel", flat=True)) == {"email", "sms"}
    assert "Касса не работает" in text
    assert sms_text.segments(text) <= 3
    path = link_in(text)
    assert client.get(path).status_code == 200
    call_up.refresh_from_db()
    assert call_up.answered_at is None, "opening it promises nothing"
    assert client.post(path, {"answer": "accept"}, follow=True).status_code == 200
    call_up.refresh_from_db()
    assert call_up.answer == "accepted"
    assert Person.objects.get(pk=s.petra.pk).granted


def test_a_second_tap_on_the_message_changes_nothing(
    s: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_up = asked(s, monkeypatch)
    path = link_in(told(s, PETRA)[0])
    client.post(path, {"answer": "accept"}, follow=True)
    call_up.refresh_from_db()
    first, letters = call_up.answered_at, Delivery.objects.count()
    client.post(path, {"answer": "accept"}, follow=True)
    call_up.refresh_from_db()
    assert (call_up.answer, call_up.answered_at, Delivery.objects.count()) == ("accepted", first, letters)


def test_who_chose_mail_is_asked_by_mail_alone(s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    preferences.prefer(s.petra, channel="email")
    asked(s, monkeypatch)
    assert told(s, PETRA) == []


def test_a_rung_by_message_says_what_has_come_to_pass_and_its_link_acknowledges(
    s: SimpleNamespace, client: Client
) -> None:
    ladders_made.ladder(ladders_made.clock(50, channels=("sms",)))
    ticket = cast.ticket(s, priority=1)
    ladders_made.looks(120)
    (text,) = told(s, MARIA, 121)
    assert f"#{ticket.pk}" in text
    assert "50 %" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert sms_text.segments(text) <= 3
    assert not Delivery.objects.filter(kind="escalated", channel="email").exists(), "the rung says message alone"
    path = link_in(text)
    client.get(path)
    assert Escalation.objects.get().acknowledged_at is None
    client.post(path, follow=True)
    assert Escalation.objects.get().acknowledged_by == s.maria
    ladders_made.looks(300)
    assert len(told(s, MARIA, 301)) == 1, "acknowledging stops it"


def test_a_rung_by_message_tells_nobody_whom_no_gateway_reaches(s: SimpleNamespace) -> None:
    Person.objects.filter(pk=s.maria.pk).update(phone_e164="+78125550142")  # a fixed line
    ladders_made.ladder(ladders_made.clock(50, channels=("mail", "sms")))
    cast.ticket(s, priority=1)
    ladders_made.looks(120)
    assert list(Delivery.objects.filter(kind="escalated").values_list("channel", flat=True)) == ["email"]
