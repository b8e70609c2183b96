"""Connecting a mailbox to its provider in the page: the way there, the way back, the state of the token in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from firstline.intake.models import Desk
from firstline.people.models import Person
from firstline.post.models import Account, Consent
from tests.web.agent.test_channels_are_the_administrators import FORM, page_of

OAUTH = {
    "imap_auth": "token", "imap_password": "", "oauth_provider": "microsoft", "oauth_flow": "code",
    "oauth_tenant": "firm.example", "oauth_client_id": "desk-application", "oauth_secret": "s3cret",
}  # fmt: skip


@pytest.fixture
def adam(stage: SimpleNamespace, signed_in: Callable[[Person], Client], at: datetime) -> Client:
    return signed_in(stage.adam)


@pytest.fixture
def account(stage: SimpleNamespace) -> Account:
    made = Account.objects.create(address="desk@firm.example", imap="imaps://desk@mail.example/?auth=xoauth2")
    Desk.objects.create(account=made)
    Consent.objects.create(account=made, provider="microsoft", client_id="x", client_secret="s3cret")
    return made


def begun(adam: Client, account: Account) -> dict[str, list[str]]:
    """The query of the link to the provider that the page shows."""
    answer = adam.post(f"/desk/channels/{account.pk}/connection/")
    assert answer["Location"] == f"/desk/channels/{account.pk}/#connection"
    html = page_of(adam, f"/desk/channels/{account.pk}/")
    link = html.split('class="btn btn-primary" href="https://login.microsoftonline.com')[1].split('"')[0]
    return parse_qs(urlsplit(link.replace("&amp;", "&")).query)


def test_the_application_is_entered_and_its_secret_never_shown(adam: Client, stage: SimpleNamespace) -> None:
    assert adam.post("/desk/channels/new/", {**FORM, **OAUTH}).status_code == 302
    account = Account.objects.get()
    assert account.imap == "imaps://desk@mail.example:993?auth=xoauth2"
    assert account.consent.client_secret == "s3cret"
    html = page_of(adam, f"/desk/channels/{account.pk}/")
    assert "Not connected yet." in html
    assert "/desk/channels/consent/" in html
    assert "s3cret" not in html
    again = adam.post(f"/desk/channels/{account.pk}/", {**FORM, **OAUTH, "oauth_secret": ""})
    assert again.status_code == 302
    account.consent.refresh_from_db()
    assert account.consent.client_secret == "s3cret"
    moved = adam.post(f"/desk/channels/{account.pk}/", {**FORM, **OAUTH, "oauth_secret": "", "oauth_tenant": "evil"})
    assert moved.status_code == 422
    assert "enter the secret again" in moved.content.decode()


def test_back_to_a_password_forgets_the_application(adam: Client, account: Account) -> None:
    assert adam.post(f"/desk/channels/{account.pk}/", FORM).status_code == 302
    account.refresh_from_db()
    assert account.imap == "imaps://desk:pa55word@mail.example:993"
    assert not Consent.objects.exists()


def test_a_person_goes_to_the_provider_and_comes_back(adam: Client, account: Account) -> None:
    assert "Go on at Microsoft 365" not in page_of(adam, f"/desk/channels/{account.pk}/")
    asked = begun(adam, account)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].endswith("/desk/channels/consent/")
    answer = adam.get("/desk/channels/consent/", {"state": asked["state"][0], "code": "c0de"})
    assert answer["Location"] == f"/desk/channels/{account.pk}/#connection"
    html = page_of(adam, f"/desk/channels/{account.pk}/")
    assert "Being connected: the worker fetches the token." in html
    assert "c0de" not in html
    account.consent.refresh_from_db()
    assert account.consent.code == "c0de"


def test_an_answer_that_nobody_waits_for_is_said_and_changes_nothing(
    adam: Client, account: Account, stage: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    asked = begun(adam, account)
    stage.petra.role = "administrator"
    stage.petra.save()
    for browser, state in ((adam, "x" * 43), (signed_in(stage.petra), asked["state"][0])):
        answer = browser.get("/desk/channels/consent/", {"state": state, "code": "c"}, follow=True)
        assert "Nobody waits for this answer any more" in answer.content.decode()
    account.consent.refresh_from_db()
    assert account.consent.code == ""


def test_the_link_is_gone_when_its_time_is_over(
    adam: Client, account: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(adam, account)
    Consent.objects.update(begun_at=at - timedelta(minutes=16))
    assert "Go on at" not in page_of(adam, f"/desk/channels/{account.pk}/")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"expires": 60, "due": 50}, "renewed by itself."),
        ({"expires": 60}, "connect it again before then."),
        ({"expires": -5, "due": 1}, "could not be renewed yet"),
        ({"withdrawn": -5, "connected": -90}, "Consent was withdrawn, as we learnt on"),
        ({"withdrawn": -5}, "The provider refused: connect it again."),
    ],
)
def test_the_state_of_the_token_in_words(
    adam: Client, account: Account, at: datetime, row: dict[str, int], words: str
) -> None:
    names = {"expires": "expires_at", "due": "due_at", "withdrawn": "withdrawn_at", "connected": "connected_at"}
    moments = {names[key]: at + timedelta(minutes=minutes) for key, minutes in row.items()}
    Consent.objects.filter(account=account).update(access_token="t0ken", **moments)
    html = page_of(adam, f"/desk/channels/{account.pk}/")
    assert words in html
    assert "t0ken" not in html
    assert ("Connect it again" in page_of(adam, "/desk/channels/")) == ("withdrawn" in row)


def test_disconnecting_throws_the_tokens_away(adam: Client, account: Account, at: datetime) -> None:
    Consent.objects.update(access_token="t0ken", refresh_token="r", expires_at=at)
    assert adam.post(f"/desk/channels/{account.pk}/disconnection/").status_code == 302
    consent = Consent.objects.get()
    assert (consent.access_token, consent.refresh_token, consent.client_secret) == ("", "", "s3cret")
