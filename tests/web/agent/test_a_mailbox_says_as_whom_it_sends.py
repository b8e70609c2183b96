"""The page of a mailbox: as whom it sends, whom it believes, and what is to be published. A key is never shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from firstline.people.models import Person
from firstline.post.identity import of_mailbox
from firstline.post.models import Account
from firstline.post.signing import new_key
from tests.web.agent.test_channels_are_the_administrators import FORM

IDENTITY = {
    **FORM, "sent_as": "Help@firm.example", "plus_tags": "1", "authserv_id": "MX.firm.example",
    "relays": "mx.firm.example, 198.51.100.0/28", "dkim_way": "new", "dkim_selector": "s1",
}  # fmt: skip


@pytest.fixture
def adam(stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: datetime) -> Client:
    return signed_in(stage.adam)


def page_of(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_what_the_apply_file_can_say_the_page_can_say(adam: Client) -> None:
    assert adam.post("/desk/channels/new/", IDENTITY).status_code == 302
    made = Account.objects.get()
    assert (made.sent_as, made.plus_tags) == ("help@firm.example", True)
    assert (made.authserv_id, made.relays) == ("mx.firm.example", "mx.firm.example, 198.51.100.0/28")
    html = page_of(adam, f"/desk/channels/{made.pk}/")
    for shown in (
        "help@firm.example",
        "mx.firm.example, 198.51.100.0/28",
        "s1._domainkey.firm.example",
        "v=DKIM1; k=rsa",
    ):
        assert shown in html


def test_a_new_key_signs_is_sealed_and_never_shown(adam: Client) -> None:
    adam.post("/desk/channels/new/", IDENTITY)
    made = Account.objects.get()
    assert b"DKIM-Signature" in of_mailbox(made).signed(b"From: help@firm.example\r\nSubject: x\r\n\r\nwords\r\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT dkim_key FROM post_account")
        assert cursor.fetchone()[0].startswith("sealed:1:")
    assert "PRIVATE" not in page_of(adam, f"/desk/channels/{made.pk}/").replace('-----BEGIN PRIVATE KEY-----"', "")


def test_a_key_is_kept_until_another_is_wanted_or_none(adam: Client) -> None:
    adam.post("/desk/channels/new/", IDENTITY)
    first = Account.objects.get()
    adam.post(f"/desk/channels/{first.pk}/", {**IDENTITY, "dkim_way": "keep"})
    assert Account.objects.get().dkim_key == first.dkim_key
    own = new_key()
    adam.post(f"/desk/channels/{first.pk}/", {**IDENTITY, "dkim_way": "given", "dkim_key": own})
    assert Account.objects.get().dkim_key == own.strip()
    adam.post(f"/desk/channels/{first.pk}/", {**IDENTITY, "dkim_way": "none"})
    kept = Account.objects.get()
    assert (kept.dkim_key, kept.dkim_selector) == ("", "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sent_as": "help at firm"}, "This is no mail address."),
        ({"authserv_id": "mx firm"}, "These are no names of servers"),
        ({"dkim_selector": ""}, "A selector is one word"),
        ({"dkim_selector": "a b"}, "A selector is one word"),
        ({"dkim_way": "given", "dkim_key": "-----BEGIN nonsense"}, "This is no private key that can sign"),
        ({"dkim_way": "given", "dkim_key": "/etc/passwd"}, "This is no private key that can sign"),
        ({"dkim_way": "keep"}, "This is no private key that can sign"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(adam: Client, wrong: dict[str, str], said: str) -> None:
    answer = adam.post("/desk/channels/new/", {**IDENTITY, **wrong})
    html = answer.content.decode()
    assert (answer.status_code, said in html, 'aria-invalid="true"' in html) == (422, True, True)
    assert not Account.objects.exists()
    assert "mx.firm.example, 198.51.100.0/28" in html


def test_a_key_sealed_with_another_secret_holds_its_letters_and_says_why(adam: Client, settings: Settings) -> None:
    adam.post("/desk/channels/new/", IDENTITY)
    settings.SECRET_KEY = "another"
    html = page_of(adam, f"/desk/channels/{Account.objects.get().pk}/")
    assert "_domainkey" not in html
    assert "sealed:1:" not in html
