"""The list of keys, and each person's own arrangement, kept on the server and taken along to every page."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from firstline.people import preferences
from firstline.people.keyboard import WrongKey, movable
from firstline.people.models import Person
from tests import cast

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


def test_the_list_is_a_page_and_a_dialog() -> None:
    client = browser(cast.stage().olga)
    page = client.get("/desk/keys/").content.decode()
    assert "<html" in page
    dialog = client.get("/desk/keys/", headers={"HX-Request": "true"}).content.decode()
    assert dialog.lstrip().startswith("<dialog")
    for html in (page, dialog):
        assert re.search(r'data-key="g i".*?<kbd>G</kbd><kbd>I</kbd>', html)
        assert re.search(r'data-key="shift\+\.".*?Скопировать ссылку', html)


def test_what_is_moved_goes_along_to_every_page_and_back() -> None:
    s = cast.stage()
    client = browser(s.olga)
    assert "data-keys=" not in client.get("/desk/queue/").content.decode()
    answer = client.post("/desk/profile/keys/", {"single_keys": "1", "key.a": "shift+t", "key.x": ""})
    assert answer.status_code == 302
    s.olga.refresh_from_db()
    assert s.olga.keys == {"a": "shift+t", "x": ""}
    html = client.get("/desk/queue/").content.decode()
    told = re.search(r'data-keys="([^"]*)"', html)
    assert told is not None
    assert json.loads(unescape(told[1])) == {"a": "shift+t", "x": ""}
    assert re.search(r'data-key="a".*?<kbd>Shift</kbd><kbd>T</kbd>', client.get("/desk/keys/").content.decode())
    client.post("/desk/profile/keys/", {"single_keys": "1", "usual": "1"})
    s.olga.refresh_from_db()
    assert s.olga.keys == {}


def test_a_conflict_is_said_at_its_field_and_nothing_is_kept() -> None:
    s = cast.stage()
    answer = browser(s.olga).post("/desk/profile/keys/", {"single_keys": "1", "key.a": "e", "key.x": "shift+x"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="key\.a" value="e"[^>]*aria-invalid="true"', html)
    assert "Уже занято" in html
    assert 'name="key.x" value="shift+x"' in html
    s.olga.refresh_from_db()
    assert s.olga.keys == {}
    with pytest.raises(WrongKey):
        preferences.prefer(s.olga, keys={"a": "e"})


def test_single_keys_are_switched_off_on_the_same_page() -> None:
    s = cast.stage()
    client = browser(s.olga)
    client.post("/desk/profile/keys/", {})
    assert 'data-hotkeys="off"' in client.get("/desk/queue/").content.decode()
    assert len(re.findall("data-key-field", client.get("/desk/profile/keys/").content.decode())) == len(movable())
