"""The service catalogue: everybody of the desk reads it, the manager edits it, the trail keeps what it was."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.audit.models import Row
from firstline.contracts.models import Service
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def signed_in(person: Any) -> Client:
    person.language = "en"
    person.save()
    browser = Client()
    browser.force_login(person)
    return browser


def test_a_service_is_described_in_three_languages(s: SimpleNamespace) -> None:
    sent = {
        "names-ru": "Печать", "names-bg": "Печат", "names-en": "Printing", "descriptions-ru": "Принтеры",
        "qualities-ru": "Один принтер на этаже", "advice-bg": "Поръчайте", "owner": "emil", "calendar": "weekdays",
        "team": "line2", "line": "2", "checklist-ru": "Проверить тонер\n! Пробная страница",
    }  # fmt: skip
    assert signed_in(s.maria).post("/desk/services/printing/", sent).status_code == 302
    printing = Service.objects.get(slug="printing")
    assert (printing.label("bg"), printing.words("en"), printing.quality("bg")) == (
        "Печат", "Принтеры", "Один принтер на этаже",
    )  # fmt: skip
    assert (printing.owner, printing.calendar, printing.team, printing.line) == (s.emil, s.calendar, s.line2, 2)
    assert printing.checklist == {"ru": "Проверить тонер\n! Пробная страница"}
    row = Row.objects.get(action="service described")
    assert (row.actor, row.data["changed"]["owner"], row.data["before"]["owner"]) == (
        f"person:{s.maria.pk}", s.emil.pk, None,
    )  # fmt: skip


def test_what_contracts_say_of_it_stands_beside_it(s: SimpleNamespace) -> None:
    s.version.excluded.add(s.printing)
    page = signed_in(s.maria).get("/desk/services/printing/").content.decode()
    assert "118-24" in page
    assert "not covered" in page
    hidden = signed_in(s.olga).get("/desk/services/printing/").content.decode()
    assert "118-24" not in hidden, "an operator sees no contracts"
    assert '<form class="ct"' not in hidden


def test_a_new_service_needs_a_name_and_a_short_name(s: SimpleNamespace) -> None:
    browser = signed_in(s.adam)
    assert browser.post("/desk/services/new/", {"slug": "voip"}).status_code == 422
    assert browser.post("/desk/services/new/", {"slug": "printing", "names-en": "x"}).status_code == 422
    too_long = {"slug": "voip", "names-en": "x", "checklist-en": "x\n" * 41}
    assert "At most 40 items" in browser.post("/desk/services/new/", too_long).content.decode()
    assert browser.post("/desk/services/new/", {"slug": "voip", "names-en": "Telephony"}).status_code == 302
    assert Service.objects.get(slug="voip").name == "Telephony"


@pytest.mark.parametrize("who", ["olga", "emil", "lev", "anna"])
def test_others_of_the_desk_read_it_only(s: SimpleNamespace, who: str) -> None:
    browser = signed_in(getattr(s, who))
    assert browser.get("/desk/services/").status_code == 200
    assert browser.post("/desk/services/printing/", {"names-en": "x"}).status_code == 403
    assert browser.get("/desk/services/new/").status_code == 403
