"""The palette: a few letters in any language and layout reach every deed, ticket, article, person and client, among
what the person may see and do."""

from __future__ import annotations

import re
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.search.fitting import fits
from tests import cast
from tests.search import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    s.one = desk.ticket(s, "Не печатает принтер", "Горит лампочка")
    s.two = desk.ticket(s, "Принтер мажет", "Полосы", requester=s.stoyan)
    s.article = desk.article(s, "Замена картриджа в принтере", "Откройте крышку", audience="all")
    desk.index()
    return s


def lines(person: object, typed: str | None, at: str = "/desk/queue/") -> list[tuple[str, str]]:
    """(words, address) of each line."""
    browser = Client()
    browser.force_login(person)  # type: ignore[arg-type]
    asked = {"at": at} if typed is None else {"at": at, "q": typed}
    html = browser.get("/desk/palette/?" + urlencode(asked)).content.decode()
    found = re.findall(r'<div role="option"[^>]*data-href="([^"]*)"[^>]*>.*?<span class="trunc">(.*?)</span>', html)
    return [(words, href.replace("&amp;", "&")) for href, words in found]


def places(person: object, typed: str | None, at: str = "/desk/queue/") -> list[str]:
    return [href for _words, href in lines(person, typed, at)]


@pytest.mark.parametrize("typed", ["эска", "'crf", "эскал", "передать", "предай", "hand over", "escal", "gthtlfnm"])
def test_a_deed_is_found_in_any_language_and_layout(s: SimpleNamespace, typed: str) -> None:
    for person in (s.olga, s.emil):
        assert places(person, typed, f"/desk/tickets/{s.one.pk}/")[0] == f"/desk/tickets/{s.one.pk}/hand-over/"


def test_the_ticket_before_him_comes_first_with_its_keys(s: SimpleNamespace) -> None:
    at = f"/desk/tickets/{s.one.pk}/"
    assert lines(s.olga, None, at)[0] == ("Взять в работу", f"{at}take/")
    browser = Client()
    browser.force_login(s.olga)
    html = browser.get("/desk/palette/?" + urlencode({"at": at})).content.decode()
    assert f"#{s.one.pk} · Не печатает принтер" in html
    assert re.search(r"Решить.*?<kbd>Shift</kbd><kbd>R</kbd>", html)


def test_only_what_he_may_do_is_offered(s: SimpleNamespace) -> None:
    at = f"/desk/tickets/{s.one.pk}/"
    assert f"{at}take/" in places(s.olga, ">", at)
    assert not [href for href in places(s.anna, ">", at) if "take" in href or href == "#mode-reply"]
    assert "/desk/channels/" in places(s.adam, ">")
    assert "/desk/channels/" not in places(s.olga, ">")


def test_what_he_may_not_see_is_not_there(s: SimpleNamespace) -> None:
    """Petra looks after South only."""
    north, south = f"/desk/tickets/{s.one.pk}/", f"/desk/tickets/{s.two.pk}/"
    assert {north, south} <= set(places(s.olga, "принтер"))
    assert north not in places(s.petra, "принтер")
    assert south in places(s.petra, "принтер")
    assert north not in places(s.petra, f"#{s.one.pk}")
    assert f"{north}hand-over/" not in places(s.petra, "эска", north)
    assert "/desk/queue/?client=north" not in places(s.petra, "@Север")
    assert "/desk/queue/?client=north" in places(s.olga, "@Север")


def test_a_sign_narrows_to_one_kind(s: SimpleNamespace) -> None:
    assert f"/desk/tickets/{s.one.pk}/" in places(s.olga, f"#{s.one.pk}")
    assert f"/desk/tickets/{s.one.pk}/" in places(s.olga, f"№{s.one.pk}")
    assert all("/tickets/" in href or "/search/" in href for href in places(s.olga, "#принтер"))
    assert "/desk/search/?q=from%3Aivan" in places(s.olga, "@Иван")
    assert "/desk/search/?q=from%3Aivan" in places(s.olga, '"Иван')
    assert not [href for href in places(s.olga, ">принтер") if "/tickets/" in href]


def test_kinds_stand_in_their_order(s: SimpleNamespace) -> None:
    found = places(s.olga, "принтер")
    assert found.index(f"/kb/{s.article.slug}/") > found.index(f"/desk/tickets/{s.one.pk}/")
    assert found[-1] == "/desk/search/?" + urlencode({"q": "принтер"})


def test_what_is_half_typed_and_in_the_wrong_layout_is_found(s: SimpleNamespace) -> None:
    assert f"/desk/tickets/{s.one.pk}/" in places(s.olga, "ghbyn")
    assert "/desk/queue/?client=north" in places(s.olga, "ctdth")


def test_empty_it_has_the_recent_tickets(s: SimpleNamespace) -> None:
    assert places(s.olga, None)[-2:] == [f"/desk/tickets/{s.two.pk}/", f"/desk/tickets/{s.one.pk}/"]
    assert f"/desk/tickets/{s.one.pk}/" not in places(s.olga, None, f"/desk/tickets/{s.one.pk}/")


def test_nothing_fits_is_said_and_the_search_is_left(s: SimpleNamespace) -> None:
    assert places(s.olga, "абракадабра") == ["/desk/search/?" + urlencode({"q": "абракадабра"})]


def test_markup_in_names_is_text(s: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(s.olga)
    assert "<script>" not in browser.get("/desk/palette/?q=%3Cscript%3E").content.decode()


@pytest.mark.parametrize(("typed", "most"), [(None, 6), ("принтер", 16), ("#1", 12), (">перед", 4)])
def test_it_costs_few_statements_whatever_is_found(s: SimpleNamespace, typed: str | None, most: int) -> None:
    browser = Client()
    browser.force_login(s.olga)
    asked = {"at": f"/desk/tickets/{s.one.pk}/", **({} if typed is None else {"q": typed})}
    counts = []
    for more in (0, 5):
        for _ in range(more):
            desk.ticket(s, "Ещё принтер", "печатает полосы")
        desk.index()
        with CaptureQueriesContext(
            connection,
        ) as statements:
            browser.get("/desk/palette/?" + urlencode(asked))
        counts.append(len(statements))
    assert counts[0] <= most
    assert counts[1] <= counts[0] + 1  # the last was not there to be fetched


def test_the_button_is_a_link_to_the_search(s: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(s.maria)
    for address in ("/desk/queue/", "/desk/board/", "/kb/", "/desk/contracts/"):
        html = browser.get(address).content.decode()
        assert re.search(r'<a[^>]*href="/desk/search/"[^>]*data-palette', html), address


def test_every_word_begins_a_word_of_the_name() -> None:
    assert fits("перед инж", ["Передать инженерам"])
    assert not fits("ередать", ["Передать инженерам"])
    assert fits("", ["Передать"])
    assert fits("Ёлка", ["елка"])
    assert not fits("перед на", ["Передать", "На удержание"])
