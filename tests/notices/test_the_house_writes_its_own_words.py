"""Own words in letters that the product writes: by language, with variables, refused where one is broken, undone by one
deed; number, links and facts are there whatever the words are."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from firstline.audit.models import Row
from firstline.lib import clock
from firstline.notices import text_variables, texts, wording
from firstline.notices.occasion import occasion_of
from firstline.notices.texts import WrongText
from firstline.people.permissions import NotAllowed
from firstline.post.models import Delivery
from firstline.tickets import assignment, history, lifecycle, merging, status_link
from firstline.tickets.models import Kind
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    assignment.assign(stage.ticket, by=stage.maria, at=clock.now(), assignee=stage.olga)
    lifecycle.take(stage.ticket, by=stage.olga, at=clock.now())
    return stage


def letter(kind: str) -> Delivery:
    return Delivery.objects.filter(kind=kind).latest("pk")


def test_own_words_go_out_and_number_and_links_stay(s: SimpleNamespace) -> None:
    before = wording.render(letter("taken"))
    texts.write(
        "taken", "ru", "{name}, мы взялись", "Заявка {number} («{subject}»), клиент {client}.\n\nРаботает {author}.",
        by=s.adam, at=clock.now(),
    )  # fmt: skip
    after = wording.render(letter("taken"))
    assert before.text != after.text
    assert "Иван Петров, мы взялись" in after.text
    assert f"Заявка {s.ticket.number} («Не печатает принтер»), клиент Север-Логистик." in after.text
    assert "Работает Ольга Смирнова." in after.text
    assert after.subject == before.subject
    assert f"[#{s.ticket.number}]" in after.subject
    assert status_link.url(s.ticket).split("/s/")[0] + "/s/" in after.text
    assert "Иван Петров, мы взялись" in after.html
    other = letter("taken")
    other.language = "bg"
    assert "взялись" not in wording.render(other).text


def test_back_to_the_original_by_one_deed_and_both_are_in_the_audit(s: SimpleNamespace) -> None:
    before = wording.render(letter("taken")).text
    texts.write("taken", "ru", "Да", "Текст", by=s.adam, at=clock.now())
    texts.reset("taken", "ru", by=s.adam, at=clock.now())
    assert wording.render(letter("taken")).text == before
    assert [row.action for row in Row.objects.filter(target="letter:taken.ru").order_by("id")] == [
        "letter written", "letter reset",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "headline", "body", "field"),
    [
        ("taken", "Да", "{nmae}", "body"),
        ("taken", "Да {", "x", "headline"),
        ("taken", "Да", "{name.password}", "body"),
        ("taken", "Да", "{{name}}", "body"),
        ("received", "Да", "Тема {subject}", "body"),
        ("taken", "", "x", "headline"),
        ("taken", "Да", " ", "body"),
        ("answer", "Да", "x", "kind"),
    ],
)
def test_a_broken_variable_is_refused_at_saving(
    s: SimpleNamespace, kind: str, headline: str, body: str, field: str
) -> None:
    with pytest.raises(WrongText) as refused:
        texts.write(kind, "ru", headline, body, by=s.adam, at=clock.now())
    assert [name for name, _problem in refused.value.problems] == [field]


def test_what_stands_in_a_value_is_never_a_variable() -> None:
    assert text_variables.filled("{subject}", {"subject": "{name}", "name": "x"}) == "{name}"
    assert text_variables.problems("Скидка {number}", ["number"]) == []


def test_nobody_but_an_administrator_writes_letters(s: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        texts.write("taken", "ru", "Да", "x", by=s.maria, at=clock.now())


def test_the_page_previews_on_a_real_ticket_and_keeps_nothing(s: SimpleNamespace) -> None:
    browser = Browser()
    s.adam.language = "en"
    s.adam.save()
    browser.force_login(s.adam)
    sent = {"headline": "Взяли {number}", "body": "Текст", "ticket": str(s.ticket.number), "do": "preview"}
    page = browser.post("/desk/letters/taken/ru/", sent).content.decode()
    assert f"Взяли {s.ticket.number}" in page
    assert texts.of("taken", "ru") is None
    wrong = browser.post("/desk/letters/taken/ru/", {**sent, "body": "{x}", "do": "keep"})
    assert (wrong.status_code, "This is no variable here: {x}" in wrong.content.decode()) == (422, True)
    assert browser.post("/desk/letters/taken/ru/", {**sent, "do": "keep"}).status_code == 302
    assert "own text" in browser.get("/desk/letters/").content.decode()
    browser.post("/desk/letters/taken/ru/original/")
    assert texts.of("taken", "ru") is None
    for kind in texts.VARIABLES:
        assert browser.get(f"/desk/letters/{kind}/bg/").status_code == 200, kind


def test_a_link_that_signs_in_is_in_no_preview(s: SimpleNamespace) -> None:
    Delivery.objects.create(kind="invitation", to="x@y.example", language="ru", person=s.ivan.pk,
                            data={"login": "ivan", "url": "https://desk.example/account/SECRET/"})  # fmt: skip
    browser = Browser()
    browser.force_login(s.adam)
    page = browser.get("/desk/letters/invitation/ru/").content.decode()
    assert ("SECRET" in page, "https://…" in page) == (False, True)


def test_the_api_writes_and_puts_back(s: SimpleNamespace) -> None:
    adam = Caller(s.adam)
    path = "/letter-texts/solved/bg"
    assert adam.raw("PUT", path, json.dumps({"headline": "Готово", "body": "{number}"}).encode()).status_code == 200
    assert fields(adam.raw("PUT", path, json.dumps({"headline": "Готово", "body": "{"}).encode())) == ["body"]
    assert [one["kind"] for one in json.loads(adam.get("/letter-texts").content)["items"]] == ["solved"]
    assert json.loads(adam.raw("DELETE", path).content) == {"items": [], "next_cursor": None}


def test_a_letter_that_never_left_is_tried_on_the_newest_ticket(s: SimpleNamespace) -> None:
    Delivery.objects.all().delete()
    browser = Browser()
    browser.force_login(s.adam)
    for kind in texts.VARIABLES:
        page = browser.post(f"/desk/letters/{kind}/ru/", {"headline": "Наше", "body": "Слово", "do": "preview"})
        assert (page.status_code, "Слово" in page.context["preview"]) == (200, True), kind


def test_a_moment_and_a_number_that_the_reader_needs_are_there_whatever_the_words_are(s: SimpleNamespace) -> None:
    at = clock.now()
    held = lifecycle.take(cast.ticket(s), by=s.olga, at=at)
    lifecycle.hold(held, until=at + timedelta(hours=30), reason="Ждём деталь", by=s.olga, at=at)
    target = cast.ticket(s)
    merging.merge(cast.ticket(s), target, by=s.olga, at=at)
    silent = lifecycle.take(cast.ticket(s), by=s.olga, at=at)
    silent = lifecycle.wait(silent, on="client", reason="Модель?", by=s.olga, at=at)
    closes = at + timedelta(hours=50)
    history.record(silent, Kind.REMINDED, by=None, at=at, deed="warn", reason="?", closes_at=closes.isoformat())
    for kind, needed in (
        ("scheduled", occasion_of(letter("scheduled")).moment(at + timedelta(hours=30))),
        ("closing_soon", occasion_of(letter("closing_soon")).moment(closes)),
        ("merged", f"#{target.pk}"),
    ):
        texts.write(kind, "ru", "Заголовок", "Слова", by=s.adam, at=at)
        words = wording.render(letter(kind))
        assert needed in words.text.split("\n-- \n")[0], kind
        assert needed in words.html, kind
