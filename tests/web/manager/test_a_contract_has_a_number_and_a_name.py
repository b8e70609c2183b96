"""What a contract is called is corrected on its page; the address that files and links know stays."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from firstline.audit.models import Row
from firstline.contracts.models import Contract
from firstline.people.models import Client as Company
from tests import cast
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import PAGE, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_number_and_names_are_corrected_and_the_trail_keeps_what_they_were(s: SimpleNamespace) -> None:
    browser = signed_in(s.anna)
    assert 'value="118-24"' in browser.get(f"{PAGE}name/").content.decode()
    sent = {"number": " 118/24 ", "names-ru": "Сопровождение", "names-bg": "Поддръжка"}
    assert browser.post(f"{PAGE}name/", sent).headers["Location"] == PAGE
    found = Contract.objects.get(slug="118-24")
    assert (str(found), found.label("bg"), found.label("en")) == ("118/24", "Поддръжка", "Сопровождение")
    row = Row.objects.get(action="contract renamed")
    assert (row.data["before"]["number"], row.data["number"], row.actor) == ("", "118/24", f"person:{s.anna.pk}")
    browser.post(f"{PAGE}name/", sent)
    assert Row.objects.filter(action="contract renamed").count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"number": " "}, "Give the number, at most 60 characters."),
        ({"number": "1" * 61}, "Give the number, at most 60 characters."),
        ({"number": "1", "names-en": "x" * 201}, "At most 200 characters."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(s: SimpleNamespace, sent: dict[str, str], words: str) -> None:
    refused = signed_in(s.anna).post(f"{PAGE}name/", sent)
    assert (refused.status_code, words in refused.content.decode()) == (422, True)
    assert Contract.objects.get(slug="118-24").number == ""


def test_the_list_asks_as_often_for_thirty_contracts_as_for_one(
    s: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    browser = signed_in(s.anna)
    browser.get("/desk/contracts/")
    for number in range(30):
        contract = Contract.objects.create(slug=f"c-{number}", client=s.south)
        contract.versions.create(
            number=1, valid_from=s.version.valid_from, calendar=s.calendar, frozen_at=cast.MONDAY_NINE
        )
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        page = browser.get("/desk/contracts/").content.decode()
    assert (page.count('class="card ct-row"'), "closed" in page or "open until" in page) == (31, True)


def test_a_thousand_clients_are_read_page_by_page_and_found_by_words(
    s: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    clients = Company.objects.bulk_create(
        Company(slug=f"k-{n}", name=f"Компания {n // 2:04}") for n in range(1000)
    )  # fmt: skip
    Contract.objects.bulk_create(Contract(slug=f"d-{one.pk}", number=f"Д/{one.slug}", client=one) for one in clients)
    browser, place, seen = signed_in(s.anna), "/desk/contracts/", []
    browser.get(place)
    while place:
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            page = browser.get(place).content.decode()
        seen += re.findall(r'href="/desk/contracts/(d-[^/]+)/"', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        place = f"/desk/contracts/{found[1]}" if found else ""
    assert sorted(seen) == sorted(f"d-{one.pk}" for one in clients)
    for words, many in (("д/k-77", 11), ("компания 0007", 2), ("Д/K-770", 1), ("ничего", 0)):
        page = browser.get("/desk/contracts/", {"q": words}).content.decode()
        assert page.count('class="card ct-row"') == many, words
