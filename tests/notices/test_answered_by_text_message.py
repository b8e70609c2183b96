"""Who asks by text message is answered by text message; who chose a way is told by that; and an SMS that comes in finds
its ticket."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from firstline.intake import processing, quarantine
from firstline.intake.models import Inbound
from firstline.lib import clock, sms_text
from firstline.notices import wording
from firstline.people import preferences
from firstline.people.models import Person
from firstline.post import gateways, outbox, texting
from firstline.post.models import Delivery
from firstline.post.transports import sms
from firstline.post.words import Words as Letter
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Channel, Event, Kind, Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
SECRET, NUMBER, STRANGER = "sixteen-letters-and-more", "+79215550142", "+359888123456"


@pytest.fixture
def s(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The cast, and a gateway that takes everything; what it took is in `s.sent`."""
    s = cast.stage()
    gateways.set_up(gateways.Wanted("main", url="http://127.0.0.1:9/", secret=SECRET), by="test", at=clock.now())
    s.sent = []

    def taken(line: sms.HttpLine, sender: str, to: str, raw: bytes) -> str:
        s.sent.append((to, sms.unpacked(raw)[1]))
        line.last_id = f"p-{len(s.sent)}"
        return "200"

    monkeypatch.setattr(sms.HttpLine, "send", taken)
    return s


def hook(client: Client, secret: str = SECRET, **said: Any) -> Any:
    body = json.dumps(said).encode()
    signature = {sms.SIGNATURE: sms.signed(secret, body)}
    return client.post("/api/v1/hooks/sms/main", body, content_type="application/json", headers=signature)


def comes(client: Client, text: str, number: str = NUMBER, id: str = "1") -> Inbound:
    assert hook(client, id=id, **{"from": number, "to": "1234", "text": text}).status_code == 200
    processing.drain()
    return Inbound.objects.get(source="sms:main", source_key=id)


def test_the_letters_of_a_signature_may_be_capitals(s: SimpleNamespace, client: Client) -> None:
    body = json.dumps({"id": "1", "from": NUMBER, "to": "1234", "text": "Касса"}).encode()
    scheme, _, proof = sms.signed(SECRET, body).partition("=")
    for signature, status in ((f"{scheme}={proof.upper()}", 200), (f"{scheme}={proof.upper()[:-1]}", 401)):
        answer = client.post(
            "/api/v1/hooks/sms/main", body, content_type="application/json", headers={sms.SIGNATURE: signature}
        )
        assert answer.status_code == status, answer.content


def told(s: SimpleNamespace, number: str = NUMBER) -> list[str]:
    outbox.send_due(wording.render, clock.now() + timedelta(seconds=1))
    return [text for to, text in s.sent if to == number]


def test_a_message_becomes_a_ticket_and_its_number_answers(s: SimpleNamespace, client: Client) -> None:
    row = comes(client, "Касса не печатает чек.\nМагазин 12")
    ticket = Ticket.objects.get()
    assert (row.outcome, row.ticket, row.message) == ("ticket", ticket, ticket.messages.get())
    assert (ticket.channel, ticket.requester, ticket.client) == ("sms", s.ivan, s.north)
    assert ticket.subject == "Касса не печатает чек."
    received = told(s)
    assert len(received) == 1
    assert received[0].startswith(f"#{ticket.pk}: ")
    assert f"/s/{ticket.pk}." in received[0]
    assert "Касса" not in received[0], "a number that was only written into a field is told nothing of the words"
    assert sms_text.segments(received[0]) <= 3


def test_the_answer_and_the_solution_come_as_messages_and_what_he_writes_back_is_on_the_ticket(
    s: SimpleNamespace, client: Client
) -> None:
    comes(client, "Касса не печатает")
    ticket = lifecycle.take(Ticket.objects.get(), by=s.olga, at=clock.now())
    ticket = conversation.answer(ticket, Words(text="Нажмите зелёную кнопку."), by=s.olga, at=clock.now())
    assert "Нажмите зелёную кнопку." in told(s)[-1]
    row = comes(client, "Нажал, не помогло", id="2")
    assert (row.outcome, row.ticket) == ("reply", ticket)
    ticket, _ = lifecycle.resolve(Ticket.objects.get(), how="Заменили блок.", remote=True, by=s.olga, at=clock.now())
    assert "Заменили блок." in told(s)[-1]
    assert comes(client, "Снова не печатает", id="3").outcome == "reply"
    assert Ticket.objects.get().status == "in_progress"


def test_a_number_in_the_words_leads_to_that_ticket_only_where_he_takes_part(
    s: SimpleNamespace, client: Client
) -> None:
    his, foreign = cast.ticket(s), cast.ticket(s, requester=s.stoyan)
    assert comes(client, f"По заявке #{his.pk}: уже работает").ticket == his
    made = comes(client, f"По заявке #{foreign.pk}: уже работает", id="2")
    assert made.outcome == "ticket"
    assert made.ticket not in (his, foreign)


def test_nobody_knows_the_number_so_that_he_is_made(s: SimpleNamespace, client: Client) -> None:
    ticket = comes(client, "Няма интернет", STRANGER).ticket
    assert ticket is not None
    assert (ticket.requester.phone_e164, ticket.requester.email, ticket.client) == (STRANGER, "", None)
    assert len(told(s, STRANGER)) == 1


def test_an_agents_number_gives_no_rights(s: SimpleNamespace, client: Client) -> None:
    Person.objects.filter(pk=s.olga.pk).update(phone_e164=STRANGER)
    ticket = cast.ticket(s)
    row = comes(client, f"#{ticket.pk} готово", STRANGER)
    assert row.outcome == "ticket"
    assert row.ticket != ticket
    assert not Event.objects.filter(ticket=ticket, kind=Kind.MESSAGE).exists()


def test_told_again_it_changes_nothing_and_without_the_signature_nothing_is_taken(
    s: SimpleNamespace, client: Client
) -> None:
    comes(client, "Касса")
    comes(client, "Касса")
    assert Ticket.objects.count() == 1
    assert hook(client, "another-secret-that-is-long", id="9", **{"from": NUMBER, "text": "x"}).status_code == 401
    assert client.post("/api/v1/hooks/sms/main", b"{}", content_type="application/json").status_code == 401
    assert client.post("/api/v1/hooks/sms/nobody", b"{}", content_type="application/json").status_code == 401
    assert Inbound.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [({"from": NUMBER}, "id"), ({"id": "1"}, "from"), ({"id": "1", "from": 7}, "from"),
     ({"id": "1", "status": "lost"}, "status"), ({"status": "failed"}, "id")],
)  # fmt: skip
def test_what_is_no_message_is_refused_with_its_field(
    s: SimpleNamespace, client: Client, said: dict[str, Any], field: str
) -> None:
    answer = hook(client, **said)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_gateway_that_says_more_than_we_know_loses_no_message(s: SimpleNamespace, client: Client) -> None:
    more = {"parts": 2, "operator": {"name": "МТС"}}
    assert hook(client, id="1", **{"from": NUMBER, "to": "1234", "text": "Касса", **more}).status_code == 200
    processing.drain()
    assert Inbound.objects.get(source_key="1").outcome == "ticket"


def test_a_sender_whom_nobody_can_answer_is_in_quarantine_and_an_empty_message_is_put_aside(
    s: SimpleNamespace, client: Client
) -> None:
    assert comes(client, "Скидка 50 %", "MAGAZIN").outcome == "quarantine"
    assert comes(client, " ", id="2").outcome == "ignored"


def test_a_quarantined_message_becomes_the_ticket_of_whoever_makes_it(s: SimpleNamespace, client: Client) -> None:
    ticket = quarantine.make_ticket(comes(client, "Скидка 50 %", "MAGAZIN"), by=s.maria, at=clock.now())
    assert (ticket.requester, ticket.channel) == (s.maria, Channel.SMS)
    assert ticket.first_words is not None
    assert ticket.first_words.text == "Скидка 50 %"


def test_he_who_chose_messages_gets_them_of_a_ticket_by_mail_too_and_the_other_way_round(
    s: SimpleNamespace, client: Client
) -> None:
    preferences.prefer(s.ivan, channel="sms")
    cast.ticket(s)
    assert Delivery.objects.get(kind="received").to == NUMBER
    preferences.prefer(s.ivan, channel="email")
    cast.ticket(s, channel=Channel.SMS)
    assert Delivery.objects.filter(kind="received").latest("pk").to == s.ivan.email


def test_without_a_gateway_or_with_a_fixed_line_it_is_mail(s: SimpleNamespace) -> None:
    preferences.prefer(s.ivan, channel="sms")
    Person.objects.filter(pk=s.ivan.pk).update(phone_e164="+78125550142")
    s.ivan.refresh_from_db()
    cast.ticket(s, requester=s.ivan)
    assert Delivery.objects.get(kind="received").channel == "email"


def test_a_report_that_it_did_not_arrive_is_a_trouble_on_the_ticket(s: SimpleNamespace, client: Client) -> None:
    comes(client, "Касса")
    told(s)
    assert hook(client, id="p-1", status="failed", error="absent").json() == {"known": True}
    assert hook(client, id="p-77", status="delivered").json() == {"known": False}
    trouble = Event.objects.get(kind=Kind.TROUBLE)
    assert trouble.data["to"] == NUMBER
    assert Delivery.objects.get(kind="received").state == "failed"


def test_a_long_answer_is_cut_and_its_link_stays(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, channel=Channel.SMS)
    conversation.answer(ticket, Words(text="Очень подробный ответ. " * 100), by=s.olga, at=clock.now())
    text = told(s)[-1]
    assert f"/s/{ticket.pk}." in text
    assert sms_text.segments(text) == texting.MOST_SEGMENTS


def test_a_report_that_is_faster_than_our_own_note_of_the_id_is_asked_for_again(
    s: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = []

    def taken(line: sms.HttpLine, sender: str, to: str, raw: bytes) -> str:
        line.last_id = "p-1"
        answers.append(hook(client, id="p-1", status="failed"))
        return "200"

    monkeypatch.setattr(sms.HttpLine, "send", taken)
    outbox.put(kind="answer", channel="sms", to=NUMBER, language="ru", data={}, at=clock.now(), automatic=False)
    outbox.send_due(lambda delivery: Letter(subject="Ответ", text="Готово", html="", sender=""), clock.now())
    answers.append(hook(client, id="p-1", status="failed"))
    assert [one.status_code for one in answers] == [503, 200]
    assert answers[0].headers["Retry-After"]
    assert answers[1].json() == {"known": True}
