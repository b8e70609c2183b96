"""The form of a service is edited in the page and kept as a whole."""

from __future__ import annotations

import html
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.contracts import forms
from firstline.web.manager import service_form
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/desk/services/printing/form/"


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    client.force_login(stage.maria)
    return stage


def carried(page: str, name: str = "rows") -> Any:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return json.loads(html.unescape(found[1]))


def test_fields_are_added_edited_moved_and_kept_as_one_version(client: Client, s: SimpleNamespace) -> None:
    state: dict[str, Any] = {"rows": "[]", "seen": "0", "opened": "-1"}

    def press(deed: str, **typed: Any) -> str:
        page = client.post(PAGE, {**state, **typed, "deed": deed}).content.decode()
        state.update(rows=json.dumps(carried(page)), opened=str(carried(page, "opened")))
        return page

    press("add")
    press(
        "add",
        **{
            "key": "place",
            "kind": "choice",
            "names-ru": "Где",
            "options-ru": "Офис\nДом",
            "options-en": "Office\nHome",
        },
    )
    opened = press(
        "keep", **{"key": "floor", "kind": "number", "names-bg": "Етаж", "required": "on", "when_field": "place"}
    )
    assert not forms.of(s.printing)
    assert "Етаж" in opened
    choices = press("open-1")
    assert 'name="when_is" value="office"' in choices
    press(
        "keep",
        **{
            "key": "floor",
            "kind": "number",
            "names-bg": "Етаж",
            "required": "on",
            "when_field": "place",
            "when_is": ["office"],
        },
    )
    assert client.post(PAGE, {**state, "deed": "save"}).status_code == 302
    kept = forms.of(s.printing)
    assert kept is not None
    place, floor = kept.asked
    assert [one.key for one in place.options] == ["office", "home"]
    assert floor.shown_when is not None
    assert (floor.required, floor.shown_when.field, floor.shown_when.values) == (True, "place", ("office",))
    assert kept.number == 1


def test_what_cannot_be_is_said_with_its_field_and_nothing_is_lost(client: Client, s: SimpleNamespace) -> None:
    rows = [
        {"key": "a", "kind": "line", "names": {"ru": "Один"}},
        {"key": "a", "kind": "choice", "names": {"ru": "Два"}},
    ]
    response = client.post(PAGE, {"rows": json.dumps(rows), "seen": "0", "opened": "-1", "deed": "save"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert carried(page) == rows
    assert carried(page, "opened") == 1
    assert forms.of(s.printing) is None


def test_two_managers_at_once_are_told_of_one_another(client: Client, s: SimpleNamespace) -> None:
    rows = json.dumps([{"key": "a", "kind": "line", "names": {"ru": "Один"}}])
    forms.write(s.printing, [{"key": "b", "kind": "line", "names": {"ru": "Два"}}], by=s.adam, at=cast.MONDAY_NINE)
    assert client.post(PAGE, {"rows": rows, "seen": "0", "deed": "save"}).status_code == 422
    assert client.post(PAGE, {"rows": rows, "seen": "1", "deed": "save"}).status_code == 302


@pytest.mark.parametrize("rows", ["", "null", "[[]]", '{"a": 1}', "[1, 2]"])
def test_a_page_that_carries_rubbish_is_an_empty_form(client: Client, s: SimpleNamespace, rows: str) -> None:
    assert client.post(PAGE, {"rows": rows, "seen": "0", "deed": "open-3"}).status_code == 200


def test_the_desk_reads_it_and_the_apply_file_writes_it(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.olga)
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {"rows": "[]", "seen": "0", "deed": "save"}).status_code == 403


@pytest.mark.parametrize(
    ("ru", "en", "keys"),
    [
        ("Офис\nДача", "Office\nVilla", ["office", "villa"]),  # one is taken out
        ("Дача\nОфис\nДом", "Villa\nOffice\nHome", ["villa", "office", "home"]),  # they change places
        ("Офис\nДома\nДача", "Office\nAt home\nVilla", ["office", "home", "villa"]),  # one is called better
        ("Офис\nДома\nДача\nЛодка", "Office\nHome\nVilla\nBoat", ["office", "home", "villa", "boat"]),  # one comes
        ("Офис\nСклад", "Office\nStore", ["office", "store"]),  # two go, another comes
    ],
)
def test_a_choice_keeps_its_key_whatever_happens_to_the_others(ru: str, en: str, keys: list[str]) -> None:
    names = [("office", "Офис", "Office"), ("home", "Дом", "Home"), ("villa", "Дача", "Villa")]
    before = {"options": [{"key": key, "names": {"ru": ru, "en": en}} for key, ru, en in names]}
    made = service_form._options_typed({"options-ru": ru, "options-en": en}, before)
    assert [one["key"] for one in made] == keys


def test_a_key_that_was_taken_out_is_not_given_to_another() -> None:
    before = {"options": [{"key": f"option-{n}", "names": {"ru": f"Выбор {n}"}} for n in (1, 2, 3)]}
    made = service_form._options_typed({"options-ru": "Выбор 1\nДругое"}, before)
    assert [one["key"] for one in made] == ["option-1", "option-2-2"]
