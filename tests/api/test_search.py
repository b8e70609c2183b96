"""GET /api/v1/search: the palette's source, and everybody's."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import cast
from tests.api.callers import Caller
from tests.search import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    s.tickets = [desk.ticket(s, f"Принтер {number}", "не печатает") for number in range(5)]
    desk.article(s, "Картридж принтера", audience="all")
    desk.index()
    return s


def test_a_word_that_is_being_typed_finds_each_kind(s: SimpleNamespace) -> None:
    said = Caller(s.olga).get("/search?q=прин&growing=true&limit=3").json()
    assert [one["kind"] for one in said["items"]] == ["ticket"] * 3 + ["article"]
    assert said["counts"] == {"ticket": 5, "article": 1, "person": 0}
    first = said["items"][0]
    assert first["id"] == str(s.tickets[-1].pk)
    assert first["title"] == [{"text": "Принтер", "marked": True}, {"text": " 4", "marked": False}]
    assert first["url"].endswith(f"/desk/tickets/{s.tickets[-1].pk}/")


def test_one_kind_goes_on_by_its_cursor(s: SimpleNamespace) -> None:
    caller, cursor, seen = Caller(s.olga), "", []
    while True:
        said = caller.get(f"/search?q=принтер&kind=ticket&limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in said["items"]]
        cursor = said["next_cursor"]
        if not cursor:
            break
    assert seen == [str(ticket.pk) for ticket in reversed(s.tickets)]


def test_how_it_was_found_is_said(s: SimpleNamespace) -> None:
    said = Caller(s.olga).get("/search?q=ghbynth").json()
    assert (said["how"], said["instead"]) == ("layout", "принтер")
    assert Caller(s.olga).get("/search?q=принтер").json()["how"] is None


def test_the_client_gets_the_addresses_of_the_portal_and_only_his_own(s: SimpleNamespace) -> None:
    items = Caller(s.ivan).get("/search?q=печатать").json()["items"]
    assert {one["url"].rsplit("/", 3)[1] for one in items} == {"requests"}
    assert Caller(s.eve).get("/search?q=печатать").json()["items"] == []
    assert Caller(s.ivan).get("/search?q=maria@desk.example").json()["counts"]["person"] == 0
