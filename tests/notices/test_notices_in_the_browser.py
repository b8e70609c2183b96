"""Notices in the browser: encrypted for it alone, without a name, tried again, and never the end of a notice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from firstline.lib import clock, sealed
from firstline.notices import alarms, preferences, pushes, wording
from firstline.people.models import Person
from firstline.post import browsers, outbox
from firstline.post.models import Browser as Known
from firstline.post.models import Delivery, PushKey
from firstline.post.transports import push as wire
from firstline.tickets import assignment, conversation, lifecycle
from firstline.tickets.opening import Words
from tests import cast
from tests.real.push_service import Browser, Dripping, PushService

pytestmark = pytest.mark.django_db(transaction=True)
AT = cast.MONDAY_NINE + timedelta(hours=1)


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    settings.FIRSTLINE_TESTING = True
    made = PushService()
    yield made
    made.stop()


def on(person: Person, service: PushService) -> Browser:
    browser = service.browser()
    pushes.switch_on(person, **browser.says(), at=AT)
    return browser


def send(minutes: float = 0) -> None:
    while outbox.send_due(wording.render, AT + timedelta(minutes=minutes), alarm=alarms.undelivered):
        continue


def answered(s: SimpleNamespace, text: str = "Секрет: пароль 1234") -> Any:
    ticket = cast.ticket(s, requester=s.ivan, subject="Не печатает")
    conversation.answer(ticket, Words(text=text), by=s.olga, at=AT)
    return ticket


def of(channel: str, **found: Any) -> list[Delivery]:
    return list(Delivery.objects.filter(channel=channel, **found).order_by("pk"))


def test_a_requester_reads_number_and_subject_and_nothing_that_was_said(service: PushService) -> None:
    s = cast.stage()
    browser = on(s.ivan, service)
    ticket = answered(s)
    send()
    [push] = service.pushed
    said = browser.read(push.body)
    assert said["body"] == f"#{ticket.number} · Не печатает"
    assert said["url"] == f"/portal/requests/{ticket.number}/"
    assert said["lang"] == s.ivan.language == "ru"
    assert "1234" not in json.dumps(said, ensure_ascii=False)
    assert s.olga.name not in json.dumps(said, ensure_ascii=False)
    assert push.headers["Topic"] == f"ticket-{ticket.number}"
    assert push.claims["sub"].startswith(("mailto:", "https:"))
    assert len(of("email", kind="answer")) == 1, "the letter goes as well"
    [kept] = of("push")
    assert [one.outcome for one in kept.tries.all()] == ["sent"]
    assert kept.message_id == ""


def test_the_desk_is_told_by_topic_and_switches_a_topic_off(service: PushService) -> None:
    s = cast.stage()
    browser = on(s.nadia, service)
    ticket = cast.ticket(s, requester=s.ivan)
    assignment.assign(ticket, by=s.maria, at=AT, assignee=s.nadia)
    send()
    assert browser.read(service.pushed[0].body)["url"] == f"/desk/tickets/{ticket.number}/"
    nadia = Person.objects.get(pk=s.nadia.pk)
    preferences.choose(nadia, {"assigned": {"push": False}}, quiet=False)
    assignment.assign(cast.ticket(s, requester=s.ivan), by=s.maria, at=AT, assignee=nadia)
    send()
    assert len(service.pushed) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_disturbs_nobody(service: PushService, status: int) -> None:
    s = cast.stage()
    on(s.ivan, service)
    ticket = answered(s)
    service.answers = [status]
    send()
    assert not Known.objects.exists()
    assert [one.state for one in of("push")] == ["failed"]
    assert outbox.dead_letters(AT) == 0
    assert not ticket.events.filter(kind="trouble").exists()
    assert Person.objects.get(pk=s.ivan.pk).has_push is False


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_in_trouble_is_tried_again_with_the_same_words(service: PushService, status: int) -> None:
    s = cast.stage()
    browser = on(s.ivan, service)
    answered(s)
    service.answers = [status]
    send()
    assert [one.state for one in of("push")] == ["waiting"]
    send(minutes=2)
    assert [one.state for one in of("push")] == ["sent"]
    assert [one.outcome for one in of("push")[0].tries.all()] == ["temporary", "sent"]
    assert browser.read(service.pushed[0].body) == browser.read(service.pushed[1].body)
    assert service.pushed[0].body != service.pushed[1].body, "never the same salt twice"


def test_who_wants_the_browser_only_gets_a_letter_when_it_is_gone(service: PushService) -> None:
    s = cast.stage()
    browser = on(s.ivan, service)
    Person.objects.filter(pk=s.ivan.pk).update(channel="push")
    s.ivan.refresh_from_db()
    first = answered(s)
    send()
    assert browser.read(service.pushed[0].body)["body"].startswith(f"#{first.number}")
    assert of("email", kind="answer") == []
    service.answers = [410]
    second = answered(s)
    send()
    assert [one.ticket for one in of("email", kind="answer")] == [second.pk]
    third = answered(s)
    assert [one.ticket for one in of("email", kind="answer")] == [second.pk, third.pk], "no browser is left"


@pytest.mark.parametrize("reached", [True, False])
def test_who_has_no_address_is_told_by_text_message_or_his_ticket_says_that_he_was_not(
    service: PushService, settings: Settings, reached: bool
) -> None:
    s = cast.stage()
    on(s.ivan, service)
    settings.FIRSTLINE_SMS_URL = "http://127.0.0.1:9/send" if reached else ""
    Person.objects.filter(pk=s.ivan.pk).update(channel="push", email="", phone_e164="+79215550142")
    s.ivan.refresh_from_db()
    ticket = answered(s)
    service.answers = [410]
    send()
    assert [one.to for one in of("sms", kind="answer")] == ["+79215550142"] * reached
    assert ticket.events.filter(kind="trouble").exists() is not reached


def test_of_two_browsers_that_fail_at_once_the_second_waits_until_the_ticket_is_free(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = cast.stage()
    on(s.ivan, service), on(s.ivan, service)
    Person.objects.filter(pk=s.ivan.pk).update(channel="push")
    s.ivan.refresh_from_db()
    answered(s)
    service.answers = [410, 410]
    order: list[str] = []
    held, instead = alarms.locked, pushes.instead
    monkeypatch.setattr(alarms, "locked", lambda ticket: (order.append("held"), held(ticket))[1])
    monkeypatch.setattr(pushes, "instead", lambda *given: (order.append("looked"), instead(*given))[1])
    send()
    assert len(of("email", kind="answer")) == 1
    assert order == ["held", "looked"] * 2


def test_an_acknowledgement_is_no_push_and_solved_is_one(service: PushService) -> None:
    s = cast.stage()
    browser = on(s.ivan, service)
    ticket = cast.ticket(s, requester=s.ivan)
    send()
    assert service.pushed == []
    lifecycle.resolve(ticket, how="Заменили картридж", remote=True, by=s.olga, at=AT)
    send()
    assert [browser.read(one.body)["title"] for one in service.pushed] == ["Ваша заявка решена"]


def test_the_key_of_the_house_is_made_once_and_lies_sealed() -> None:
    first, again = (browsers.public_key() for _ in range(2))
    assert first == again
    assert PushKey.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM post_pushkey")
        assert sealed.is_sealed(cursor.fetchone()[0])


def test_only_a_push_service_of_the_open_internet_is_taken(service: PushService, settings: Settings) -> None:
    s = cast.stage()
    page = Client()
    page.force_login(s.ivan)
    said = service.browser().says()
    assert page.post("/push/browsers/", said).status_code == 201
    settings.FIRSTLINE_TESTING = False
    for endpoint in (said["endpoint"], "https://10.0.0.1/x", "https://localhost/x", "file:///etc/passwd"):
        assert page.post("/push/browsers/", {**said, "endpoint": endpoint}).json() == {"field": "endpoint"}
    good = {**said, "endpoint": "https://push.example.com/x"}
    assert page.post("/push/browsers/", {**good, "key": "AAAA"}).json() == {"field": "keys"}
    assert page.post("/push/browsers/", good).status_code == 201


def test_words_that_are_none_of_ours_stop_no_other_push(service: PushService) -> None:
    s = cast.stage()
    on(s.ivan, service)
    answered(s)
    [broken] = of("push")
    Delivery.objects.filter(pk=broken.pk).update(mime="Есть новость\n".encode())
    answered(s)
    send()
    assert [one.state for one in of("push")] == ["failed", "sent"]


def test_a_key_sealed_with_another_secret_key_fails_pushes_and_no_page(
    service: PushService, settings: Settings
) -> None:
    s = cast.stage()
    on(s.ivan, service)
    browsers.public_key()
    answered(s)
    settings.SECRET_KEY = "another" * 10
    Known.objects.update(endpoint=service.browser().endpoint, secret=service.browser().says()["secret"])
    send()
    assert [one.state for one in of("push")] == ["failed"]
    page = Client()
    page.force_login(s.ivan)
    shown = page.get("/portal/profile/")
    assert (shown.status_code, "data-push" in shown.content.decode()) == (200, False)


def test_a_browser_is_switched_off_by_its_owner_alone(service: PushService) -> None:
    s = cast.stage()
    on(s.ivan, service)
    number, page = Known.objects.get().pk, Client()
    page.force_login(s.kira)
    page.post(f"/push/browsers/{number}/removal/")
    assert Known.objects.exists()
    page.force_login(s.ivan)
    assert f"/push/browsers/{number}/removal/" in page.get("/portal/profile/").content.decode()
    page.post(f"/push/browsers/{number}/removal/")
    assert not Known.objects.exists()
    assert Person.objects.get(pk=s.ivan.pk).has_push is False


def test_the_worker_is_at_the_root_and_who_shares_a_computer_is_not_told_of_the_other(service: PushService) -> None:
    s = cast.stage()
    answer = Client().get("/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    browser = on(s.ivan, service)
    pushes.switch_on(s.kira, **browser.says(), at=AT)
    assert Known.objects.get().person == s.kira.pk


@pytest.mark.parametrize("begins", [b"HTTP/1.1 201 Created\r\nX-Slow: ", b"HTTP/1.1 201 Created\r\n\r\n", b""])
def test_a_service_that_drips_its_answer_holds_nobody_up(
    service: PushService, monkeypatch: pytest.MonkeyPatch, begins: bytes
) -> None:
    monkeypatch.setattr(wire, "SECONDS", 0.5)
    s, slow = cast.stage(), Dripping(begins)
    pushes.switch_on(s.ivan, **{**service.browser().says(), "endpoint": f"{slow.origin}/x"}, at=AT)
    answered(s)
    begun = clock.elapsed()
    send()
    assert clock.elapsed() - begun < Dripping.LASTS / 2
    assert [one.outcome for one in of("push")[0].tries.all()] == ["uncertain"]
    slow.stop()


def test_what_waits_for_a_browser_is_not_shown_to_who_signs_in_there_next(service: PushService) -> None:
    s = cast.stage()
    browser = on(s.ivan, service)
    answered(s)
    pushes.switch_on(s.kira, **browser.says(), at=AT)
    send()
    assert service.pushed == []
    assert [(one.person, one.state) for one in of("push")] == [(s.ivan.pk, "failed")]


def test_a_service_that_never_answers_is_left_alone_after_the_third_time(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SECONDS", 0.3)
    s, silent = cast.stage(), Dripping(b"")
    for n in range(5):
        pushes.switch_on(s.ivan, **{**service.browser().says(), "endpoint": f"{silent.origin}/{n}"}, at=AT)
    answered(s)
    send()
    assert sorted(one.state for one in of("push")) == ["uncertain"] * 3 + ["waiting"] * 2
    silent.stop()
