"""The desk's search page and the portal's: what is found, marked, narrowed, and for whom."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.search import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    s.one = desk.ticket(s, "Не печатает принтер", "Горит <b>красная</b> лампочка на принтере")
    s.two = desk.ticket(s, "Принтер мажет", "Полосы", requester=s.stoyan)
    desk.article(s, "Замена картриджа в принтере", "Откройте крышку", audience="all")
    desk.index()
    return s


def page(person: object, address: str) -> str:
    browser = Client()
    browser.force_login(person)  # type: ignore[arg-type]
    return browser.get(address).content.decode()


def test_all_kinds_are_found_with_marks_and_without_markup(s: SimpleNamespace) -> None:
    html = page(s.olga, "/desk/search/?q=принтеры")
    assert f'href="/desk/tickets/{s.one.pk}/"' in html
    assert "Не печатает <mark>принтер</mark>" in html
    assert "Замена картриджа в <mark>принтере</mark>" in html
    assert "&lt;b&gt;красная&lt;/b&gt;" in html


def test_a_facet_narrows_and_its_filter_can_be_taken_away(s: SimpleNamespace) -> None:
    html = page(s.olga, "/desk/search/?q=принтер")
    narrowed = re.search(r'href="(/desk/search/\?q=[^"]*client%3Asouth)"', html)
    assert narrowed is not None
    html = page(s.olga, narrowed[1])
    assert f"/desk/tickets/{s.two.pk}/" in html
    assert f"/desk/tickets/{s.one.pk}/" not in html
    assert 'href="/desk/search/?q=%D0%BF%D1%80%D0%B8%D0%BD%D1%82%D0%B5%D1%80"' in html


def test_what_was_meant_is_said(s: SimpleNamespace) -> None:
    html = page(s.olga, "/desk/search/?q=ghbynth")
    assert "те же клавиши в другой раскладке" in html
    assert f"/desk/tickets/{s.one.pk}/" in html
    assert "Ничего не нашлось" in page(s.olga, "/desk/search/?q=абракадабра")


def test_one_kind_goes_on_page_by_page(s: SimpleNamespace) -> None:
    for number in range(35):
        desk.ticket(s, f"Принтер номер {number}")
    desk.index()
    first = page(s.olga, "/desk/search/?q=принтер&kind=ticket")
    following = re.search(r'href="(/desk/search/\?[^"]*cursor=[^"]*)" rel="next"', first)
    assert following is not None
    second = page(s.olga, following[1].replace("&amp;", "&"))
    numbers = [set(re.findall(r"/desk/tickets/(\d+)/", html)) for html in (first, second)]
    assert len(numbers[0]) == 30
    assert len(numbers[1]) == 7
    assert not numbers[0] & numbers[1]


def test_the_page_costs_the_same_whatever_it_finds(s: SimpleNamespace) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(s.olga, "/desk/search/?q=принтер")
        return len(seen)

    few = statements()
    for number in range(10):
        desk.ticket(s, f"Принтер {number}", requester=s.stoyan)
    desk.index()
    assert statements() <= few <= 30


def test_the_portal_finds_ones_own_requests_and_the_articles_for_everybody(s: SimpleNamespace) -> None:
    html = page(s.ivan, "/portal/?q=лампочки")
    assert f"/portal/requests/{s.one.pk}/" in html
    assert "<mark>лампочка</mark>" in html
    html = page(s.ivan, "/portal/?q=принтер")
    assert f"/portal/requests/{s.two.pk}/" not in html
    assert "Замена картриджа в <mark>принтере</mark>" in html
    assert f"/portal/requests/{s.one.pk}/" not in page(s.irina, "/portal/?q=лампочки")
    assert f"/portal/requests/{s.one.pk}/" in page(s.kira, "/portal/?q=лампочки")
