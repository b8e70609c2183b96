"""What finds what, in which order, page by page; the same sets on both engines, because both run this."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.knowledge import everywhere
from firstline.lib import clock
from firstline.search import ranked
from firstline.tickets import finding, lifecycle
from tests import cast
from tests.search import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


QUESTIONS = {
    "принтеры не печатают": {"printer", "printer_bg"},
    "принтерът": {"printer", "printer_bg"},
    "паролата": {"password"},
    "сбросить пароль": {"password"},
    "0x80070005": {"code"},
    "80070005": set(),
    "srv-01": {"code"},
    "SRV 01": {"code"},
    "wifi": {"wifi"},
    "wi-fi": {"wifi"},
    "8 (921) 555-01-42": {"printer", "password", "code", "wifi"},  # Ivan's, who asked
    "ivan@north.example": {"printer", "password", "code", "wifi"},
    "счета": {"account"},
    "принтер -бухгалтерии": {"printer_bg"},
    "отчёт.xlsx": {"account"},
}


@pytest.mark.parametrize("typed", QUESTIONS)
def test_questions_find_their_tickets(s: SimpleNamespace, typed: str) -> None:
    made = {
        "printer": desk.ticket(s, "Не печатает принтер", "В бухгалтерии принтер молчит"),
        "printer_bg": desk.ticket(s, "Принтерите не печатат", "Моля, помогнете", requester=s.stoyan),
        "password": desk.ticket(s, "Сброс пароля", "Не могу войти"),
        "code": desk.ticket(s, "Обновление", "На SRV-01 ошибка 0x80070005"),
        "wifi": desk.ticket(s, "Нет Wi-Fi", "В переговорной"),
        "account": desk.ticket(s, "Не открывается счёт", "Файл отчёт.xlsx", requester=s.stoyan),
    }
    desk.index()
    assert set(desk.numbers(s.olga, typed)) == {made[name].pk for name in QUESTIONS[typed]}


@pytest.mark.parametrize(
    ("typed", "how", "instead"),
    [
        ("ghbynth", everywhere.OTHER_LAYOUT, "принтер"),
        ("printer", everywhere.OTHER_LAYOUT, "принтер"),
        ("принтр", everywhere.OTHER_SPELLING, "принтер"),
        ("рпинтер", everywhere.OTHER_SPELLING, "принтер"),
        ("красная лампачка", everywhere.OTHER_SPELLING, "красная лампочка"),
        ("зелёная лампочка", everywhere.SOME_WORDS, ""),
    ],
)
def test_what_was_meant_is_found_and_said(s: SimpleNamespace, typed: str, how: str, instead: str) -> None:
    ticket = cast.ticket(s)
    desk.index()
    found = everywhere.look(s.olga, typed)
    assert [place.number for place in found.tickets.places] == [ticket.pk]
    assert (found.how, found.instead) == (how, instead)


def test_a_number_is_first_then_codes_then_subjects_then_the_newest(s: SimpleNamespace) -> None:
    first = desk.ticket(s, "Первая", "…")
    mentions = desk.ticket(s, "Вторая", f"см. {first.pk}")
    in_subject = desk.ticket(s, f"Повтор {first.pk}")
    desk.index()
    assert desk.numbers(s.olga, str(first.pk)) == [first.pk, in_subject.pk, mentions.pk]
    assert desk.numbers(s.olga, f"№ {first.pk}")[0] == first.pk
    older = desk.ticket(s, "Сервер SRV-01 недоступен")
    newer = desk.ticket(s, "Журнал", "сервер: srv, номер 01")
    desk.index()
    assert desk.numbers(s.olga, "srv-01") == [older.pk, newer.pk]
    assert desk.numbers(s.olga, "сервер srv") == [older.pk, newer.pk]


def test_filters_narrow_and_facets_count(s: SimpleNamespace) -> None:
    open_one = desk.ticket(s, "Принтер один")
    done = desk.ticket(s, "Принтер два")
    lifecycle.take(done, by=s.olga, at=clock.now())
    lifecycle.resolve(done, how="готово", remote=True, by=s.olga, at=clock.now())
    other = desk.ticket(s, "Принтер три", requester=s.stoyan)
    desk.index()
    assert desk.numbers(s.olga, "принтер") == [other.pk, done.pk, open_one.pk]
    for typed, expected in {
        "принтер status:open": [other.pk, open_one.pk],
        "принтер статус:resolved": [done.pk],
        "принтер client:south": [other.pk],
        "принтер assignee:me": [done.pk],
        "принтер assignee:olga": [done.pk],
        "принтер исполнитель:никто": [other.pk, open_one.pk],
        "принтер line:2": [],
        "from:stoyan@south.example": [other.pk],
        "status:wrong принтер": [],
    }.items():
        assert desk.numbers(s.olga, typed) == expected, typed
    facets = everywhere.look(s.olga, "принтер").tickets.facets
    assert dict(facets["status"]) == {"new": 2, "resolved": 1}
    assert dict(facets["client_id"]) == {s.north.pk: 2, s.south.pk: 1}


def test_pages_go_on_by_key_though_new_ones_come(s: SimpleNamespace) -> None:
    made = [desk.ticket(s, f"Принтер {number}").pk for number in range(7)]
    desk.index()

    def page(cursor: str) -> tuple[list[int], str]:
        places, after = ranked.page(everywhere.look(s.olga, "принтер").tickets.places, cursor, 3)
        return [place.number for place in places], after

    first, cursor = page("")
    desk.ticket(s, "Принтер новый")
    desk.index()
    second, cursor = page(cursor)
    third, last = page(cursor)
    assert first + second + third == sorted(made, reverse=True)
    assert last == ""


def test_statements_do_not_grow_with_what_is_found(s: SimpleNamespace) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            found = everywhere.look(s.olga, "принтер")
            finding.shown(s.olga, found.tickets.places[:20], found.asked)
        return len(seen)

    for number in range(3):
        desk.ticket(s, f"Принтер {number}", "лампа")
    desk.index()
    few = asked()
    for number in range(12):
        desk.ticket(s, f"Принтер {number}", "лампа")
    desk.index()
    assert asked() == few <= 9


def test_signs_of_the_engines_are_words_like_any_other(s: SimpleNamespace) -> None:
    cast.ticket(s)
    desk.index()
    for typed in (
        '"',
        "' & | ! ( )",
        "a:* OR b",
        "NEAR(принтер печатает)",
        "\\",
        "принтер* AND",
        "{subject}: x",
        "%",
        "-",
    ):
        for who, growing in ((s.olga, False), (s.ivan, True)):
            found = everywhere.look(who, typed, growing=growing)
            # What the letters say decides, never what the signs mean to an engine: nothing here is on the ticket.
            assert not found.tickets.places or "принтер" in typed
