"""Coming in by password: who, how often, where to, and with which session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.people.models import Person
from tests import cast
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def ivan() -> Person:
    person: Person = cast.stage().ivan
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, login: str = "ivan", password: str = PASSWORD, **fields: str) -> object:
    return client.post("/account/login/", {"login": login, "password": password, **fields})


@pytest.mark.parametrize("login", ["ivan", "IVAN", "ivan@north.example", " Ivan@North.Example "])
def test_by_login_or_address_whatever_its_case(client: Client, ivan: Person, login: str) -> None:
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/portal/")  # type: ignore[attr-defined, index]
    assert client.session["_auth_user_id"] == str(ivan.pk)


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client: Client, ivan: Person) -> None:
    known, unknown = sign_in(client, password="no"), sign_in(client, "nobody", "no")
    assert known.status_code == unknown.status_code == 422  # type: ignore[attr-defined]
    texts = [
        r.content.decode().replace(login, "").split("</head>")[1].split("csrfmiddlewaretoken")  # type: ignore[attr-defined]
        for r, login in ((known, "ivan"), (unknown, "nobody"))
    ]
    assert [part[80:] for part in texts[0]] == [part[80:] for part in texts[1]]
    assert "_auth_user_id" not in client.session


def test_the_session_has_a_new_key_after_signing_in(client: Client, ivan: Person) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    client.cookies["firstline_session"] = str(key)
    sign_in(client)
    assert client.session.session_key not in (None, key)


def test_remembered_for_a_month_or_until_the_browser_is_closed(client: Client, ivan: Person) -> None:
    sign_in(client)
    assert client.session.get_expire_at_browser_close()
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session
    sign_in(client, remember="on")
    assert not client.session.get_expire_at_browser_close()
    assert client.session.get_expiry_age() == 30 * 24 * 3600


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/portal/requests/7/", "/portal/requests/7/"),
        ("https://elsewhere.example/", "/portal/"),
        ("//elsewhere.example/", "/portal/"),
        ("/\\elsewhere.example/", "/portal/"),
        ("javascript:alert(1)", "/portal/"),
        ("", "/portal/"),
    ],
)
def test_it_goes_on_only_to_own_paths(client: Client, ivan: Person, wanted: str, goes_to: str) -> None:
    assert sign_in(client, next=wanted)["Location"] == goes_to  # type: ignore[index]


def test_after_five_wrong_passwords_one_has_to_wait_even_with_the_right_one(
    client: Client, ivan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert sign_in(client, password="no").status_code == 422  # type: ignore[attr-defined]
    refused = sign_in(client)
    assert refused.status_code == 429  # type: ignore[attr-defined]
    assert 0 < int(refused["Retry-After"]) <= 600  # type: ignore[index]
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_in(client).status_code == 302  # type: ignore[attr-defined]


def test_the_right_password_forgets_the_wrong_ones(client: Client, ivan: Person) -> None:
    for _ in range(3):
        for _ in range(3):
            sign_in(client, password="no")
        assert sign_in(client).status_code == 302  # type: ignore[attr-defined]
        client.post("/account/logout/")


def test_who_left_does_not_come_in_and_his_session_ends(client: Client, ivan: Person) -> None:
    sign_in(client)
    Person.objects.filter(pk=ivan.pk).update(is_active=False)
    assert client.get("/portal/").status_code == 302
    assert sign_in(client).status_code == 422  # type: ignore[attr-defined]


def test_a_form_without_a_login_keeps_its_place_and_says_what_is_missing(client: Client) -> None:
    response = client.post("/account/login/", {"login": " ", "password": "x"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_signing_out_needs_a_button(client: Client, ivan: Person) -> None:
    sign_in(client)
    assert client.get("/account/logout/").status_code == 405
    assert "_auth_user_id" in client.session
