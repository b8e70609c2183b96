"""A NUL in a form or an address is left out: no page breaks on it, on either engine, and the rest is taken."""

from __future__ import annotations

import pytest
from django.test import Client

from firstline.tickets import lifecycle
from tests import cast

pytestmark = pytest.mark.django_db

CARD = {
    "to_line": "2", "symptom": "не \x00печатает", "tried": "пере\x00загрузка", "reason": "too_long",
    "articles": ["print\x00er"],
}  # fmt: skip


def signed_in(person: object) -> Client:
    browser = Client()
    browser.force_login(person)  # type: ignore[arg-type]
    return browser


def test_a_card_with_nul_is_handed_over_without_it() -> None:
    stage = cast.stage()
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=cast.MONDAY_NINE)
    assert signed_in(stage.olga).post(f"/desk/tickets/{ticket.pk}/hand-over/", CARD).status_code == 302
    said = ticket.events.latest("pk").data
    assert (said["symptom"], said["tried"], said["articles"]) == ("не печатает", "перезагрузка", ["printer"])


@pytest.mark.parametrize(
    "address",
    [
        "/desk/queue/?client=no\x00rth&team=\x00&q=\x00",
        "/desk/queue/?assignee=ol\x00ga",
        "/desk/calls/new/?who=\x00ив&requester=iv\x00an&service=\x00x",
        "/kb/?service=\x00x&q=\x00",
        "/desk/sidebar/?at=\x00",
    ],
)
def test_an_address_with_nul_is_a_page(address: str) -> None:
    assert signed_in(cast.stage().olga).get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/desk/tokens/", {"note": "a\x00b", "scopes": ["read"]}),
        ("/desk/profile/", {"language": "en", "time_zone": "Europe/\x00Sofia"}),
        ("/language/", {"language": "e\x00n", "next": "/\x00desk/"}),
    ],
)
def test_a_form_with_nul_is_taken(address: str, form: dict[str, object]) -> None:
    assert signed_in(cast.stage().olga).post(address, form).status_code in {200, 302}


def test_a_sign_in_with_nul_is_a_wrong_password() -> None:
    cast.stage()
    assert Client().post("/account/login/", {"login": "ol\x00ga", "password": "x\x00"}).status_code == 422
