"""The form for calls: the caller found by number or name, the promise, what is open already, and three ways to end."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.blobs import store
from firstline.intake import acceptance
from firstline.people import callers
from firstline.people.models import Person
from firstline.tickets.models import Ticket
from firstline.worklog.models import Entry
from tests import cast

PAGE = "/desk/calls/new/"


def shown(browser: Client, **typed: str) -> str:
    answer = browser.get(PAGE, typed)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("typed", ["+7 921 555-01-42", "8 (921) 555 01 42", "5550142", "ива", "петров ив", "ivan@"])
def test_a_known_caller_is_recognised_however_he_is_typed(olga: Client, stage: SimpleNamespace, typed: str) -> None:
    html = shown(olga, who=typed)

    assert "recognised" in html
    assert '<input type="hidden" name="requester" value="ivan">' in html
    assert "Север-Логистик" in html


def test_several_that_fit_are_offered_and_none_is_taken_for_the_caller(olga: Client, stage: SimpleNamespace) -> None:
    html = shown(olga, who="и")
    assert "recognised" not in html

    html = shown(olga, who="Ир")
    assert 'value="irina"' in html


def test_nobody_of_a_foreign_client_is_found(olga: Client, stage: SimpleNamespace) -> None:
    Person.objects.filter(pk=stage.eve.pk).update(phone_e164="+79215550999")

    assert "Eve Stone" not in shown(olga, who="eve")
    assert "Eve Stone" not in shown(olga, who="+79215550999")
    assert callers.find(stage.maria, "eve") == [stage.eve]


def test_the_promise_is_said_before_there_is_a_ticket(olga: Client, stage: SimpleNamespace) -> None:
    html = shown(olga, who="ива", impact="high", urgency="high")

    assert "Critical" in html
    assert re.search(r"answer until.{0,200}10:15", html, re.S)
    assert re.search(r"solution until.{0,200}14:00", html, re.S)


def test_open_tickets_of_the_client_are_offered_first(olga: Client, stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, subject="Сканер молчит", requester=stage.irina)
    cast.ticket(stage, subject="Чужая", requester=stage.stoyan)

    html = shown(olga, who="ива")
    assert "Сканер молчит" in html
    assert "Чужая" not in html

    answer = olga.post(f"/desk/tickets/{ticket.pk}/calls/", {"subject": "Опять молчит", "text": "Весь отдел"})
    assert answer.status_code == 302
    assert ticket.events.get(kind="called").message.text == "Опять молчит\nВесь отдел"


def test_create_and_take(olga: Client, stage: SimpleNamespace) -> None:
    answer = olga.post(
        PAGE, {"who": "5550142", "subject": "Нет сети", "deed": "take", "key": "k1", "service": "network"}
    )

    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/tickets/{ticket.pk}/")
    assert (ticket.requester, ticket.assignee, ticket.channel, ticket.service) == (
        stage.ivan, stage.olga, "phone", stage.network,
    )  # fmt: skip
    assert ticket.clocks.get(metric="first_response").state == "met"


def test_the_same_form_sent_twice_is_one_ticket(olga: Client, stage: SimpleNamespace) -> None:
    for _ in range(2):
        olga.post(PAGE, {"who": "ива", "subject": "Нет сети", "deed": "create", "key": "same"})

    assert Ticket.objects.count() == 1


def test_solved_at_once_creates_logs_and_resolves(olga: Client, stage: SimpleNamespace) -> None:
    olga.post(
        PAGE,
        {"who": "ива", "subject": "Пароль", "deed": "solved", "solved_how": "Сбросила", "minutes": "4", "remote": "1",
         "key": "k"},
    )  # fmt: skip

    ticket = Ticket.objects.get()
    assert ticket.status == "resolved"
    assert Entry.objects.get(ticket=ticket).minutes == 4


def test_solved_at_once_asks_how_and_keeps_everything_typed(olga: Client, stage: SimpleNamespace) -> None:
    answer = olga.post(PAGE, {"who": "ива", "subject": "Пароль", "text": "Забыл", "deed": "solved", "key": "k"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="solved_how"[^>]*aria-invalid="true"', html)
    for typed in ('value="Пароль"', ">Забыл<", 'value="ива"', 'value="k"'):
        assert typed in html
    assert not Ticket.objects.exists()


def test_an_unknown_caller_is_written_down_with_name_and_client(olga: Client, stage: SimpleNamespace) -> None:
    olga.post(
        PAGE, {"who": "+7 812 555-77-77", "caller_name": "Пётр Новый", "caller_phone": "+7 812 555-77-77",
               "client": "north", "subject": "Тонер", "deed": "take", "key": "k"},
    )  # fmt: skip

    ticket = Ticket.objects.get()
    assert (ticket.requester.name, ticket.requester.phone_e164, ticket.client) == (
        "Пётр Новый", "+78125557777", stage.north,
    )  # fmt: skip


def test_nothing_but_a_number_is_enough(olga: Client, stage: SimpleNamespace) -> None:
    olga.post(PAGE, {"who": "+7 812 555-77-78", "deed": "create", "key": "k"})

    ticket = Ticket.objects.get()
    assert ticket.subject == "Call from +7 812 555-77-78"
    assert ticket.assignee is None


def test_nobody_at_all_is_asked_for(olga: Client, stage: SimpleNamespace) -> None:
    answer = olga.post(PAGE, {"subject": "Тонер", "deed": "take", "key": "k"})

    assert answer.status_code == 422
    assert "Give a name or a phone number." in answer.content.decode()
    assert 'value="Тонер"' in answer.content.decode()


def test_somebody_at_the_counter_is_a_walk_up(olga: Client, stage: SimpleNamespace) -> None:
    olga.post(PAGE, {"who": "ива", "subject": "Мышь", "channel": "walk_up", "deed": "create", "key": "k"})

    assert Ticket.objects.get().channel == "walk_up"


def test_a_requester_outside_of_the_scope_cannot_be_smuggled_in(olga: Client, stage: SimpleNamespace) -> None:
    answer = olga.post(
        PAGE, {"who": "eve", "requester": "eve", "client": "east", "subject": "x", "deed": "create", "key": "k"}
    )

    assert answer.status_code == 422  # as for a client that is not there
    assert not Ticket.objects.exists()


def test_the_fragment_is_what_the_page_shows(olga: Client, stage: SimpleNamespace) -> None:
    cast.ticket(stage)
    page = shown(olga, who="ива", key="k")
    part = olga.get(PAGE, {"who": "ива", "key": "k"}, headers={"HX-Request": "true"}).content.decode()

    known, dups = part.replace(' hx-swap-oob="true"', "").split('<div id="dups"')
    assert known.strip() in page
    assert f'<div id="dups"{dups}'.strip() in page


def test_a_full_disk_takes_nothing_and_the_page_keeps_what_was_typed(
    olga: Client, stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise OSError("no space left")

    monkeypatch.setattr(acceptance, "with_room", full)

    answer = olga.post(PAGE, {"who": "ива", "subject": "Тонер кончился", "deed": "take", "key": "k"})

    assert answer.status_code == 503
    assert "Nothing was taken" in answer.content.decode()
    assert 'value="Тонер кончился"' in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_file_that_cannot_be_kept_is_not_taken_and_the_answer_is_not_sent(
    olga: Client, stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: bytes) -> None:
        raise OSError("no space left")

    ticket = cast.ticket(stage)
    monkeypatch.setattr(store, "keep", full)
    file = SimpleUploadedFile("a.txt", b"a")

    answer = olga.post(f"/desk/tickets/{ticket.pk}/messages/", {"body": "Вот файл", "as": "public", "files": file})

    assert answer.status_code == 503
    assert "Вот файл" in answer.content.decode()
    assert ticket.messages.count() == 1


def test_what_stands_before_solving_is_ticked_on_the_form(olga: Client, stage: SimpleNamespace) -> None:
    stage.printing.checklist = {"en": "Check the toner\n! Print a test page"}
    stage.printing.save()
    call = {"who": "ива", "subject": "Тонер", "service": "printing", "deed": "solved", "solved_how": "Заменила",
            "minutes": "4", "remote": "1", "key": "k"}  # fmt: skip

    refused = olga.post(PAGE, call)
    html = refused.content.decode()
    assert (refused.status_code, Ticket.objects.count()) == (422, 0)
    assert "only after these items of its checklist: Print a test page" in html
    assert re.search(r'<details class="in-solved" open>.*>Заменила<', html, re.S)
    assert "Check the toner" not in html  # what is not needed before solving is ticked on the ticket
    key = re.findall(r'name="ticked" value="(\w+)"> Print a test page', html)
    assert len(key) == 1

    wrong = olga.post(PAGE, {**call, "ticked": key, "minutes": "x"})
    assert f'name="ticked" value="{key[0]}" checked' in wrong.content.decode()
    assert olga.post(PAGE, {**call, "ticked": [*key, "unknown"]}).status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.status == "resolved"
    assert ticket.events.get(kind="ticked").by == stage.olga


def test_choosing_the_service_brings_what_stands_before_solving(olga: Client, stage: SimpleNamespace) -> None:
    stage.printing.checklist = {"en": "! Print a test page", "ru": "Напечатать пробную страницу"}
    stage.printing.save()
    asked = {"HX-Request": "true", "HX-Trigger": "service"}
    part = olga.get(PAGE, {"who": "ива", "service": "printing"}, headers=asked).content.decode()
    assert re.search(r'id="checks" hx-swap-oob="true">.*Print a test page', part)
    assert "Print a test page" not in olga.get(PAGE, {"service": "network"}, headers=asked).content.decode()
