"""The signed link: status without content, names or hints; nothing else opens it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from firstline.lib import tokens
from firstline.tickets import conversation, lifecycle, status_link
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def path(url: str) -> str:
    return url.removeprefix(settings.FIRSTLINE_BASE_URL)


def test_it_shows_number_status_and_promises_and_no_word_of_anybody(client: Client, s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, subject="СЕКРЕТ", by=s.ivan, requester=s.ivan)
    response = client.get(path(status_link.url(ticket)))
    page = response.content.decode()
    assert response.status_code == 200
    assert str(ticket.pk) in page
    assert page.count("<sla-clock") == 2
    for secret in ("СЕКРЕТ", "лампочка", "Иван", "ivan", "Север"):
        assert secret not in page
    assert response["Referrer-Policy"] == "no-referrer"


def test_an_internal_note_leaves_no_trace_on_the_clients_side(client: Client, s: SimpleNamespace) -> None:
    """Not even a moment at which something must have happened."""
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=cast.MONDAY_NINE + timedelta(minutes=7))
    signed_in = Client()
    signed_in.force_login(s.ivan)
    pages = [(client, path(status_link.url(ticket))), (signed_in, "/portal/"), (signed_in, "/portal/requests/")]

    def moments() -> list[list[str]]:
        return [re.findall(r'datetime="([^"]+)"', one.get(address).content.decode()) for one, address in pages]

    before = moments()
    assert all("T06:07" in " ".join(shown) for shown in before)
    conversation.note(ticket, Words(text="знакомая беда"), by=s.olga, at=cast.MONDAY_NINE + timedelta(hours=2))
    assert moments() == before


def test_only_what_we_signed_for_this_purpose_opens_it(client: Client, s: SimpleNamespace) -> None:
    ticket, other = cast.ticket(s), cast.ticket(s)
    good = status_link.token_of(ticket.pk)
    number, signature = good.split(".")
    forged = [
        f"{other.pk}.{signature}", f"{number}.", f"{number}.{signature[:-1]}", f"{number}.{signature}0", f"0{good}",
        f"{number}.{'0' * 32}", number, f"{number}.{tokens.signature(settings.SECRET_KEY, 'login', number)}",
        status_link.token_of(999_999),
    ]  # fmt: skip
    assert status_link.read(good) == ticket.pk
    assert {client.get(f"/s/{token}/").status_code for token in forged} == {404}
