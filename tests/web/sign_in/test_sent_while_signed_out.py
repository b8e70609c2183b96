"""A form that is sent after the session ended: it waits in the sign-in, and goes with one press more."""

from __future__ import annotations

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.people.models import Person
from firstline.tickets.models import Ticket
from tests.cast import PASSWORD

WORDS = 'Принтер опять жуёт бумагу.\nПомогите, "срочно" <b>.'

TYPED = {"subject": "Принтер", "text": WORDS, "urgency": "high", "service": "printing", "key": "k1"}


@pytest.fixture
def ivan(stage: SimpleNamespace, at: object) -> Person:
    person: Person = stage.ivan
    person.set_password(PASSWORD)
    person.save()
    return person


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page; of those that are there twice the last."""
    return {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    }


def send(browser: Client, **fields: object) -> str:
    answer = browser.post("/portal/new/", {**TYPED, **fields})
    assert answer.status_code == 401
    return answer.content.decode()


def test_what_was_typed_is_there_after_signing_in_and_can_be_sent(ivan: Person) -> None:
    browser = Client()
    form = hidden(send(browser))
    assert form["typed.text"] == WORDS
    assert form["next"] == "/portal/new/"
    page = browser.post("/account/login/", {**form, "login": "ivan", "password": PASSWORD}).content.decode()
    assert 'action="/portal/new/"' in page
    assert unescape(page.split('name="text"')[1].split(">", 1)[1].split("</textarea>")[0]) == WORDS
    assert hidden(page)["key"] == "k1"
    answer = browser.post("/portal/new/", {**hidden(page), "subject": "Принтер", "text": WORDS})
    assert answer.status_code == 302
    assert Ticket.objects.get().subject == "Принтер"


def test_a_wrong_password_keeps_it(ivan: Person) -> None:
    browser = Client()
    form = hidden(send(browser))
    refused = browser.post("/account/login/", {**form, "login": "ivan", "password": "no"})
    assert refused.status_code == 422
    assert hidden(refused.content.decode())["typed.text"] == WORDS


def test_signed_in_in_another_tab_the_same_form_goes_on(ivan: Person) -> None:
    browser = Client()
    form = hidden(send(browser))
    browser.force_login(ivan)
    page = browser.post("/account/login/", form).content.decode()
    assert 'action="/portal/new/"' in page
    assert "опять жуёт бумагу" in page


def test_files_are_chosen_again_and_said_so(ivan: Person) -> None:
    browser = Client()
    form = hidden(send(browser, files=SimpleUploadedFile("снимок.txt", b"1")))
    page = browser.post("/account/login/", {**form, "login": "ivan", "password": PASSWORD}).content.decode()
    assert 'type="file"' in page


def test_secrets_are_not_carried_into_a_page(ivan: Person) -> None:
    answer = Client().post("/account/password/", {"password": "old secret", "new_password": "wholly-new", "x": "1"})
    assert answer.status_code == 401
    assert "old secret" not in answer.content.decode()
    assert "wholly-new" not in answer.content.decode()


def test_no_other_host_is_sent_to(ivan: Person) -> None:
    browser = Client()
    browser.force_login(ivan)
    answer = browser.post("/account/login/", {"next": "https://evil.example/", "typed.body": "x"})
    assert answer.status_code == 302
    assert answer["Location"] == "/portal/"


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}])
def test_a_part_of_a_page_is_told_and_nothing_is_drawn(header: dict[str, str], stage: SimpleNamespace) -> None:
    for address in ("/portal/new/", "/desk/tickets/1042/drafts/reply/"):
        answer = Client(headers=header).post(address, {"body": WORDS})
        assert answer.status_code == 401, address
        assert answer.content == b""


def test_the_desk_keeps_it_too(stage: SimpleNamespace, at: object) -> None:
    answer = Client().post("/desk/tickets/1042/worklogs/", {"minutes": "35", "note": "настраивал VPN"})
    assert answer.status_code == 401
    assert hidden(answer.content.decode())["typed.note"] == "настраивал VPN"
