"""The checklist of a service on its tickets: who ticked what and when is an event, and some items stand before
solving."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation

from firstline.contracts import checklist as lists
from firstline.tickets import checklist, lifecycle
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.permissions import NotAllowed
from firstline.tickets.refusals import WrongStatus, WrongValue
from tests import cast
from tests.notices.told import later

TEXTS = {"ru": "Проверить тонер\n! Напечатать пробную страницу", "en": "Check the toner\n! Print a test page"}


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.printing.checklist = TEXTS
    stage.printing.save()
    stage.ticket = cast.ticket(stage, service=stage.printing)
    stage.toner, stage.page = (item.key for item in lists.items_of(TEXTS))
    return stage


def ticked(s: SimpleNamespace) -> list[tuple[str, str | None]]:
    lines = checklist.of(Ticket.objects.get(pk=s.ticket.pk))
    return [(line.item.label("en"), line.ticked.by.login if line.ticked and line.ticked.by else None) for line in lines]


def test_who_ticked_what_is_in_the_history_and_said_twice_it_is_said_once(s: SimpleNamespace) -> None:
    for minute in (1, 2):
        checklist.tick(s.ticket, s.toner, done=True, by=s.olga, at=later(minute))
    assert ticked(s) == [("Check the toner", "olga"), ("Print a test page", None)]
    checklist.tick(s.ticket, s.toner, done=False, by=s.nadia, at=later(3))
    assert ticked(s)[0] == ("Check the toner", None)
    kinds = Event.objects.filter(ticket=s.ticket, kind__in=(Kind.TICKED, Kind.UNTICKED)).order_by("id")
    assert [(one.kind, one.by.login if one.by else "") for one in kinds] == [("ticked", "olga"), ("unticked", "nadia")]


def test_what_stands_before_solving_holds_it_and_is_named(s: SimpleNamespace) -> None:
    for language, named in (("ru", "Напечатать пробную страницу"), ("en", "Print a test page")):
        with translation.override(language), pytest.raises(WrongValue, match=f"checklist: not ticked: {named}"):
            lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=later(1))
    checklist.tick(s.ticket, s.page, done=True, by=s.olga, at=later(2))
    lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=later(3))
    with pytest.raises(WrongStatus):
        checklist.tick(s.ticket, s.toner, done=True, by=s.olga, at=later(4))


def test_another_list_keeps_what_was_done_in_sight(s: SimpleNamespace) -> None:
    checklist.tick(s.ticket, s.toner, done=True, by=s.olga, at=later(1))
    s.printing.checklist = {"en": "Ask for the room"}
    s.printing.save()
    lines = checklist.of(Ticket.objects.get(pk=s.ticket.pk))
    assert [(line.item.label("en"), line.left) for line in lines] == [
        ("Ask for the room", False), ("Check the toner", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"en": TEXTS["en"]}, TEXTS),
        (TEXTS, {"en": TEXTS["en"]}),
        ({"en": TEXTS["en"]}, {**TEXTS, "ru": "Новое\n" + TEXTS["ru"], "en": "Fresh\n" + TEXTS["en"]}),
        (TEXTS, {**TEXTS, "ru": TEXTS["ru"].replace("страницу", "страничку")}),
    ],
    ids=["a language came", "one went", "one came with an item", "one is put better"],
)
def test_what_was_ticked_stays_ticked_whatever_language_comes_and_can_be_taken_back(
    s: SimpleNamespace, before: dict[str, str], after: dict[str, str]
) -> None:
    s.printing.checklist = before
    s.printing.save()
    checklist.tick(s.ticket, lists.items_of(before)[1].key, done=True, by=s.olga, at=later(1))
    s.printing.checklist = after
    s.printing.save()
    lines = checklist.of(Ticket.objects.get(pk=s.ticket.pk))
    assert [line.item.label("en") for line in lines if line.ticked and not line.left] == ["Print a test page"]
    assert not [line for line in lines if line.left]
    checklist.tick(s.ticket, lists.items_of(after)[-1].key, done=False, by=s.olga, at=later(2))
    with pytest.raises(WrongValue, match="checklist"):
        lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=later(3))
    checklist.tick(s.ticket, lists.items_of(after)[-1].key, done=True, by=s.olga, at=later(4))
    lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=later(5))


def test_a_tick_is_of_one_item_where_a_translation_calls_two_the_same() -> None:
    first, second = lists.items_of({"en": "Check the toner\n! Check the paper", "bg": "Провери\nПровери"})
    assert lists.still([first, second], first.key, first.words) is first
    assert lists.still([second], "gone", {"en": "Check the toner", "ru": "Проверить"}) is None
    assert lists.still([first, second], "gone", {"bg": "Провери"}) is None


def test_only_who_solves_ticks_and_only_what_is_there(s: SimpleNamespace) -> None:
    for person in (s.ivan, s.boss) if hasattr(s, "boss") else (s.ivan,):
        with pytest.raises(NotAllowed):
            checklist.tick(s.ticket, s.toner, done=True, by=person, at=later(1))
    with pytest.raises(WrongValue):
        checklist.tick(s.ticket, "x", done=True, by=s.olga, at=later(1))


def test_a_line_of_each_language_is_one_item_and_its_key_moves_with_its_words() -> None:
    first, second = lists.items_of(TEXTS)
    assert (first.words, first.gates, second.gates) == ({"ru": "Проверить тонер", "en": "Check the toner"}, False, True)
    turned = {"ru": "! Напечатать  пробную страницу\n\nПроверить тонер"}
    assert [item.key for item in lists.items_of(turned)] == [second.key, first.key]
    assert lists.items_of({}) == []


@pytest.mark.parametrize(("text", "problem"), [("x\n" * 41, "at most 40 items"), ("x" * 201, "an item is longer")])
def test_what_is_too_much_is_said(text: str, problem: str) -> None:
    assert lists.problem_of({"ru": text}).startswith(problem)
    assert lists.problem_of(TEXTS) == ""
