"""The composer's drafts and answers that can be taken back, by the pages' own addresses and in a browser."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.knowledge import solutions
from firstline.lib import clock
from firstline.tickets import sending
from firstline.tickets.draft_models import Draft
from firstline.tickets.models import Message
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage, at=clock.now())
    stage.browser = Client()
    stage.browser.force_login(stage.olga)
    stage.page = f"/desk/tickets/{stage.ticket.pk}/"
    return stage


def keep(s: SimpleNamespace, body: str, **more: str) -> dict[str, Any]:
    answer = s.browser.post(f"{s.page}drafts/reply/", {"body": body, "window": "one", "revision": "0", **more})
    return {**json.loads(answer.content), "status": answer.status_code}


def say(s: SimpleNamespace, body: str, **more: str) -> Any:
    given = {"body": body, "as": "public", "seen": str(s.ticket.version), "undo": "1", "draft": "0", **more}
    return s.browser.post(f"{s.page}messages/", given)


def send_all(s: SimpleNamespace) -> int:
    return sending.send_due(at=clock.now() + timedelta(minutes=1), ways=solutions.WAYS)


def test_a_draft_is_there_on_another_device_and_gone_when_it_is_said(s: SimpleNamespace) -> None:
    assert keep(s, "Смотрю <b>журнал</b>") == {"revision": 1, "overtook": False, "status": 200}
    phone = Client()
    phone.force_login(s.olga)
    shown = phone.get(f"{s.page}drafts/").content.decode()
    assert "Смотрю &lt;b&gt;журнал" in shown
    assert "q-draft" in phone.get("/desk/queue/?line=1").content.decode()
    assert f"#{s.ticket.pk}" in phone.get("/desk/drafts/").content.decode()
    say(s, "Смотрю журнал", undo="", draft="1")
    assert not Draft.objects.exists()
    assert "q-draft" not in phone.get("/desk/queue/?line=1").content.decode()


@pytest.mark.parametrize("undo", ["", "1"])
def test_what_another_window_has_typed_is_not_taken_by_a_short_answer(s: SimpleNamespace, undo: str) -> None:
    keep(s, "Длинный ответ", window="two")
    say(s, "Ок", undo=undo, draft="0", window="one")
    assert Draft.objects.get(send_at=None).body == "Длинный ответ"
    send_all(s)
    assert Message.objects.filter(text="Ок").exists()
    assert Draft.objects.get().body == "Длинный ответ"


def test_the_window_that_wrote_the_draft_takes_it_with_what_it_says(s: SimpleNamespace) -> None:
    keep(s, "Смотрю", window="one")
    say(s, "Смотрю журнал", undo="", draft="0", window="one")  # the answer to its save was lost on the way
    assert not Draft.objects.exists()


def test_a_call_that_was_written_with_formatting_is_logged_as_text(s: SimpleNamespace) -> None:
    address = f"{s.page}drafts/call/"
    s.browser.post(address, {"body": "<p>Звонил</p>", "format": "html", "window": "one"})
    s.browser.post(
        f"{s.page}calls/",
        {"body": "<p>Звонил, <strong>ждёт</strong></p>", "format": "html", "draft": "1", "window": "one"},
    )
    assert Message.objects.get(by_agent=True).text == "Звонил, ждёт"
    assert not Draft.objects.exists()


def test_a_logged_call_takes_no_words_of_another_window(s: SimpleNamespace) -> None:
    s.browser.post(f"{s.page}drafts/call/", {"body": "Говорили о шлюзе", "window": "two"})
    s.browser.post(f"{s.page}calls/", {"body": "Звонил", "draft": "0", "window": "one"})
    assert Draft.objects.get().body == "Говорили о шлюзе"


def test_an_answer_that_is_kept_as_a_note_takes_its_pictures_and_files_along(s: SimpleNamespace) -> None:
    address = f"{s.page}drafts/reply/files/"
    picture = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")
    made = json.loads(s.browser.post(address, {"file": picture, "inline": "1", "window": "one"}).content)
    s.browser.post(address, {"file": SimpleUploadedFile("схема.txt", b"x"), "window": "one"})
    body = f'<p>Вот <img src="{made["picture"]}"></p>'
    keep(s, body, format="html", revision="1")
    s.browser.post(f"{s.page}drafts/note/", {"body": "шлюз старый", "window": "two"})
    say(s, body, format="html", draft="0", carried="2", window="one", **{"as": "note"})
    note = Message.objects.get(by_agent=True)
    assert 'src="cid:' in note.html
    assert sorted(note.attachments.values_list("name", "inline")) == [("a.png", True), ("схема.txt", False)]
    assert [one.body for one in Draft.objects.all()] == ["шлюз старый"], "what another window has as a note stays"


def test_without_javascript_the_form_sends_at_once_and_takes_no_draft_away(s: SimpleNamespace) -> None:
    keep(s, "с телефона")
    s.browser.post(f"{s.page}messages/", {"body": "сразу", "as": "public", "seen": str(s.ticket.version)})
    assert Message.objects.filter(text="сразу").exists()
    assert Draft.objects.get().body == "с телефона"


def test_sent_taken_back_and_sent_again_it_is_said_once(s: SimpleNamespace) -> None:
    say(s, "Готово")
    say(s, "Готово")  # a button pressed twice
    draft = Draft.objects.get()
    assert "data-goes-at" in s.browser.get("/desk/outgoing/").content.decode()
    back = s.browser.post(f"/desk/outgoing/{draft.pk}/return/")
    assert back.headers["Location"] == f"{s.page}#say"
    assert send_all(s) == 0
    say(s, "Готово", draft=str(Draft.objects.get().revision))
    assert send_all(s) == 1
    assert Message.objects.filter(text="Готово").count() == 1


def test_taken_back_too_late_it_says_so(s: SimpleNamespace) -> None:
    say(s, "Готово")
    draft = Draft.objects.get()
    s.browser.post(f"/desk/outgoing/{draft.pk}/sending/")
    assert Message.objects.filter(text="Готово").exists()
    late = s.browser.post(f"/desk/outgoing/{draft.pk}/return/", follow=True)
    assert "Ответ уже ушёл." in late.content.decode()


def test_files_wait_with_the_answer_and_go_with_it(s: SimpleNamespace) -> None:
    s.browser.post(
        f"{s.page}messages/",
        {"body": "Схема", "as": "public", "undo": "1", "draft": "0", "files": SimpleUploadedFile("схема.txt", b"x")},
    )
    assert send_all(s) == 1
    assert Message.objects.get(text="Схема").attachments.get().name == "схема.txt"


def test_an_uploaded_picture_is_seen_by_its_writer_alone(s: SimpleNamespace) -> None:
    picture = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")
    made = json.loads(s.browser.post(f"{s.page}drafts/reply/files/", {"file": picture, "inline": "1"}).content)
    assert s.browser.get(made["picture"]).headers["Content-Type"] == "image/png"
    other = Client()
    other.force_login(s.nadia)
    assert other.get(made["picture"]).status_code == 404


def test_send_and_next_leads_to_what_is_due_next_of_ones_own(s: SimpleNamespace) -> None:
    mine = cast.ticket(s, at=clock.now())
    mine.assignee = s.olga
    mine.save()
    assert say(s, "Готово", **{"as": "next"}).headers["Location"] == f"/desk/tickets/{mine.pk}/"
    s.ticket = mine
    s.page = f"/desk/tickets/{mine.pk}/"
    answer = s.browser.post(f"{s.page}messages/", {"body": "И тут", "as": "next", "undo": "1"}, **HTMX)
    assert answer.headers["HX-Redirect"] == "/desk/queue/"
    assert send_all(s) == 2


def test_too_long_a_text_is_refused_in_words(s: SimpleNamespace) -> None:
    answer = keep(s, "ж" * 1_000_001)
    assert answer["status"] == 422
    assert "Не больше 1000000" in answer["problem"]


def test_the_strip_tells_of_what_was_not_sent(s: SimpleNamespace) -> None:
    say(s, "Готово")
    s.ticket.refresh_from_db()
    other = Client()
    other.force_login(s.nadia)
    other.post(f"{s.page}messages/", {"body": "уже отвечаю", "as": "note"})
    assert send_all(s) == 0
    assert "Ответ не отправлен: пока он ждал" in s.browser.get("/desk/outgoing/").content.decode()
    assert "Ответ не отправлен: пока он ждал" in s.browser.get(f"{s.page}drafts/").content.decode()
