"""A request's page: the thread without internals, who holds the ball, and the four verbs of its side."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.contracts.models import Duty, PauseReason
from firstline.knowledge.solutions import resolve_with
from firstline.lib import clock
from firstline.tickets import conversation, handover, lifecycle
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    stage.path = f"/portal/requests/{stage.ticket.pk}/"
    client.force_login(stage.ivan)
    return stage


def status(s: SimpleNamespace) -> str:
    s.ticket.refresh_from_db()
    return str(s.ticket.status)


def test_it_shows_what_was_said_and_nothing_internal(client: Client, s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=clock.now())
    conversation.answer(s.ticket, Words(text="Посмотрим сегодня"), by=s.olga, at=clock.now())
    conversation.note(s.ticket, Words(text="СЕКРЕТ-1"), by=s.olga, at=clock.now())
    lifecycle.wait(s.ticket, on="vendor", reason="СЕКРЕТ-2", by=s.olga, at=clock.now())
    page = client.get(s.path).content.decode()
    assert "Принтер не печатает, горит красная лампочка." in page
    assert "Посмотрим сегодня" in page
    assert "СЕКРЕТ" not in page


def test_what_his_side_has_to_do_is_his_turn_with_the_time_that_was_agreed(client: Client, s: SimpleNamespace) -> None:
    PauseReason.objects.create(version=s.version, slug="pass", name="Ждём пропуск", whose="client", status="on_hold")
    Duty.objects.create(version=s.version, slug="pass", side="client", name="Пропуск на базу", minutes=30)
    lifecycle.take(s.ticket, by=s.olga, at=clock.now())
    assert "Слово за вами" not in client.get(s.path).content.decode()
    until = clock.now() + timedelta(days=2)
    lifecycle.hold(s.ticket, until=until, reason="Пропуск на склад", pause="pass", by=s.olga, at=clock.now())
    page = client.get(s.path).content.decode()
    assert "Слово за вами: мы ждём, когда ваша сторона сделает своё." in page
    assert "Пропуск на базу, обещано за 30 минут, до " in page.replace("\u00a0", " ")
    assert 'class="p-turn"' in page
    assert "Заявка у нас" not in client.get(f"{s.path}clocks/").content.decode()


@pytest.mark.parametrize("login", ["irina", "stoyan", "eve", "elena"])
def test_for_others_it_is_not_there(client: Client, s: SimpleNamespace, login: str) -> None:
    client.force_login(getattr(s, login))
    assert client.get(s.path).status_code == 404
    for verb in ("answer", "confirmation", "reopening", "cancellation"):
        assert client.post(f"{s.path}{verb}/", {"body": "x", "why": "x"}).status_code == 404


def test_the_coordinator_acts_for_his_company(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.kira)
    assert client.get(s.path).status_code == 200
    assert client.post(f"{s.path}answer/", {"body": "Это срочно"}).status_code == 302
    assert s.ticket.messages.filter(author=s.kira, text="Это срочно").exists()


def test_an_answer_with_a_file_goes_on_with_the_work(client: Client, s: SimpleNamespace) -> None:
    lifecycle.wait(s.ticket, on="client", reason="Какой номер?", by=s.olga, at=clock.now())
    file = SimpleUploadedFile("фото.png", b"\x89PNG", content_type="image/png")
    assert client.post(f"{s.path}answer/", {"body": "Номер 7", "files": [file]})["Location"] == s.path
    assert status(s) == "in_progress"
    message = s.ticket.messages.last()
    assert (message.text, message.channel, message.attachments.get().name) == ("Номер 7", "portal", "фото.png")


def test_an_answer_sent_twice_from_one_look_at_the_page_is_one_answer(client: Client, s: SimpleNamespace) -> None:
    typed = {"body": "Номер 7", "seen": s.ticket.version}
    for _ in range(2):
        assert client.post(f"{s.path}answer/", typed)["Location"] == s.path
    assert s.ticket.messages.filter(text="Номер 7").count() == 1
    s.ticket.refresh_from_db()
    client.post(f"{s.path}answer/", {**typed, "seen": s.ticket.version})
    assert s.ticket.messages.filter(text="Номер 7").count() == 2


def test_an_empty_answer_is_refused_and_says_so(client: Client, s: SimpleNamespace) -> None:
    assert client.post(f"{s.path}answer/", {"body": "  "}).status_code == 422
    assert s.ticket.messages.count() == 1


def test_solved_it_is_confirmed_or_goes_back_with_why(client: Client, s: SimpleNamespace) -> None:
    resolve_with(s.ticket, how="Заменили", remote=True, by=s.olga, at=clock.now())
    assert "reopening/" in client.get(s.path).content.decode()
    assert client.post(f"{s.path}reopening/", {"why": " "}).status_code == 422
    assert client.post(f"{s.path}reopening/", {"why": "Снова не печатает"}).status_code == 302
    assert status(s) == "in_progress"
    assert "Снова не печатает" in client.get(s.path).content.decode()
    resolve_with(s.ticket, how="Ещё раз", remote=True, by=s.olga, at=clock.now())
    assert client.post(f"{s.path}confirmation/").status_code == 302
    assert status(s) == "closed"
    assert client.post(f"{s.path}confirmation/").status_code == 409


def test_cancelled_it_says_why_and_an_answer_begins_a_new_request(client: Client, s: SimpleNamespace) -> None:
    assert client.post(f"{s.path}cancellation/", {"why": "Заработало"}).status_code == 302
    assert status(s) == "cancelled"
    response = client.post(f"{s.path}answer/", {"body": "Опять"})
    follow_up = Ticket.objects.latest("id")
    assert follow_up.pk != s.ticket.pk
    assert response["Location"] == f"/portal/requests/{follow_up.pk}/"


def test_what_was_said_meanwhile_is_shown_before_the_answer_goes_out(client: Client, s: SimpleNamespace) -> None:
    seen = s.ticket.version
    conversation.answer(s.ticket, Words(text="Мастер будет в 12"), by=s.olga, at=clock.now())
    response = client.post(f"{s.path}answer/", {"body": "Где мастер?", "seen": seen})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Мастер будет в 12" in page
    assert "Где мастер?" in page
    shown = Ticket.objects.get().version
    assert client.post(f"{s.path}answer/", {"body": "Где мастер?", "seen": shown}).status_code == 302


def test_a_note_of_the_desk_is_no_reason_to_stop_the_requester(client: Client, s: SimpleNamespace) -> None:
    seen = s.ticket.version
    conversation.note(s.ticket, Words(text="СЕКРЕТ"), by=s.olga, at=clock.now())
    assert client.post(f"{s.path}answer/", {"body": "Привет", "seen": seen}).status_code == 302


def test_the_live_part_alone_is_what_the_page_has(client: Client, s: SimpleNamespace) -> None:
    part = client.get(s.path, headers={"HX-Request": "true"}).content.decode().strip()
    whole = client.get(s.path).content.decode()
    assert part.startswith('<div class="p-live"')
    assert _without_tokens(part) in _without_tokens(whole)


def _without_tokens(markup: str) -> str:
    return "".join(
        piece.partition('">')[2] if i else piece for i, piece in enumerate(markup.split("csrfmiddlewaretoken"))
    )


def test_a_hand_over_tells_the_requester_nothing_of_its_card(client: Client, s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=clock.now())
    handover.hand_over(
        s.ticket,
        to_line=2,
        symptom="СЕКРЕТ-1",
        tried="СЕКРЕТ-2",
        impact="high",
        reason="too_long",
        by=s.olga,
        at=clock.now(),
    )
    assert "СЕКРЕТ" not in client.get(s.path).content.decode()


def test_the_page_costs_the_same_for_one_message_and_for_many(
    client: Client, s: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20) as few:
        client.get(s.path)
    for number in range(10):
        conversation.answer(s.ticket, Words(text=f"Ответ {number}"), by=s.olga, at=clock.now())
    with django_assert_max_num_queries(len(few.captured_queries) + 1):
        client.get(s.path)


def test_what_was_solved_is_rated_and_the_page_says_so(client: Client, s: SimpleNamespace) -> None:
    assert "/rating/" not in client.get(s.path).content.decode()
    lifecycle.resolve(s.ticket, how="Перезапустили службу", remote=True, by=s.olga, at=clock.now())
    assert "/rating/" in client.get(s.path).content.decode()

    assert client.post(f"{s.path}rating/", {"score": "4", "comment": "Быстро"})["Location"] == s.path

    page = client.get(s.path).content.decode()
    assert s.ticket.rating.score == 4
    assert 'value="4" required checked' in page
    assert "Быстро" in page


def test_a_rating_without_a_score_is_refused_in_words(client: Client, s: SimpleNamespace) -> None:
    lifecycle.resolve(s.ticket, how="Перезапустили службу", remote=True, by=s.olga, at=clock.now())
    refused = client.post(f"{s.path}rating/", {"comment": "Быстро"})
    assert refused.status_code == 422
    assert "Быстро" in refused.content.decode()
