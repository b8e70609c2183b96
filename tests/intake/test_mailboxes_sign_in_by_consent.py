"""OAuth2: consent with PKCE, tokens renewed before they end, withdrawn consents named; IMAP (a real Dovecot) and SMTP
are signed in to with XOAUTH2. Microsoft and Google themselves cannot be reached from a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from django.db import connection

from firstline.audit.models import Row
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.intake import mailbox_health, mailboxes, processing
from firstline.intake.channels import email_fetch
from firstline.intake.mailbox_health import Trouble
from firstline.intake.mailboxes import Wanted, WrongMailbox
from firstline.lib import clock
from firstline.notices import mailbox_alarms
from firstline.ops import health
from firstline.post import consents, oauth, outbox, probes
from firstline.post.consent_settings import Settings
from firstline.post.models import Account, Consent, Delivery, Outlet, Probe
from firstline.tickets.models import Ticket
from tests import cast
from tests.cast import MONDAY_NINE
from tests.intake.mail import letter
from tests.post.desk_post import put, words
from tests.real.dovecot import Dovecot, Mailbox, start_dovecot
from tests.real.loop import deliver_into
from tests.real.oauth import CLIENT_ID, CLIENT_SECRET, TokenServer
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
ADAM = 7
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def one_server() -> Iterator[TokenServer]:
    server = TokenServer()
    yield server
    server.stop()


@pytest.fixture
def server(one_server: TokenServer) -> TokenServer:
    memory = one_server.memory
    memory.lifetime, memory.trouble, memory.secret, memory.replaces = 3600, 0, CLIENT_SECRET, True
    one_server.withdraw()
    memory.asked.clear()
    return one_server


@pytest.fixture(scope="module")
def token_dovecot(one_server: TokenServer) -> Iterator[Dovecot]:
    dovecot = start_dovecot(tokens=one_server.url)
    yield dovecot
    dovecot.stop()


@pytest.fixture
def mailbox(token_dovecot: Dovecot) -> Mailbox:
    return token_dovecot.mailbox(f"desk-{uuid4().hex[:12]}")


def application(server: TokenServer, **more: Any) -> Settings:
    given = {
        "provider": "other", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scope": "mail/.default",
        "authorize_url": f"{server.url}/authorize", "token_url": f"{server.url}/token", **more,
    }  # fmt: skip
    return Settings(**given)


@pytest.fixture
def account(server: TokenServer, mailbox: Mailbox, smtp_sink: SmtpSink) -> Account:
    """Its address at the provider is its login at the mail server."""
    smtp_sink.script.knows = server.knows
    address = f"{mailbox.login}@firm.example"
    server.memory.user = mailbox.login
    wanted = Wanted(
        address,
        imap=f"imap://{mailbox.login}@{mailbox.host}:{mailbox.port}/?auth=xoauth2",
        smtp=f"smtp://{mailbox.login}@{smtp_sink.host}:{smtp_sink.port}?timeout=2&auth=xoauth2",
        consent=application(server),
    )
    return mailboxes.set_up(wanted, by="person:7", at=clock.now()).account


def consent_of(account: Account) -> Consent:
    return Consent.objects.select_related("account").get(account=account)


def agreed(account: Account, mailbox: Mailbox, at: datetime | None = None) -> Consent:
    """A person goes to the provider and comes back; the worker exchanges what he brings."""
    at = at or clock.now()
    consent = consent_of(account)
    consents.begin(consent, by=ADAM, at=at)
    link = consents.link(consent).replace(account.address.replace("@", "%40"), mailbox.login)
    back = urlsplit(httpx.get(link, follow_redirects=False).headers["Location"])
    assert back.path == consents.REDIRECT
    brought = {name: values[0] for name, values in parse_qs(back.query).items()}
    consents.come_back(brought["state"], code=brought.get("code", ""), error=brought.get("error", ""), by=ADAM, at=at)
    assert consents.deal_with_due(at) == 1
    return consent_of(account)


def troubles(account: Account, at: datetime | None = None) -> list[Trouble]:
    account.refresh_from_db()
    return [one.trouble for one in mailbox_health.of_one(account, at or clock.now()).wrong]


class TestRound:
    def test_letters_come_and_go_with_a_token_and_without_a_password(
        self, account: Account, mailbox: Mailbox, smtp_sink: SmtpSink
    ) -> None:
        agreed(account, mailbox)
        mailbox.append(letter())
        account.refresh_from_db()
        assert email_fetch.fetch_once(account, clock.now()) == 1
        delivery = put(account=account)
        assert send(clock.now()) == 1
        delivery.refresh_from_db()
        assert (delivery.state, len(smtp_sink.letters)) == ("sent", 1)

    def test_the_probe_goes_round(self, account: Account, mailbox: Mailbox, smtp_sink: SmtpSink) -> None:
        agreed(account, mailbox)
        deliver_into(smtp_sink, mailbox)
        probe = probes.ask(account, at=clock.now())
        probes.deal_with_due(clock.now())
        account.refresh_from_db()
        email_fetch.fetch_once(account, clock.now())
        processing.drain()
        probe.refresh_from_db()
        assert probe.state == Probe.State.ARRIVED
        assert not Ticket.objects.exists()

    def test_an_application_that_signs_in_by_itself_asks_nobody(
        self, account: Account, server: TokenServer, mailbox: Mailbox
    ) -> None:
        wanted = Wanted(
            account.address, consent=application(server, flow="client", client_secret=None, authorize_url="")
        )
        with pytest.raises(WrongMailbox):
            mailboxes.set_up(wanted, by="x", at=clock.now())  # the secret goes to another place: it is typed again
        wanted = Wanted(account.address, consent=application(server, flow="client", authorize_url=""))
        mailboxes.set_up(wanted, by="x", at=clock.now())
        mailbox.append(letter())
        assert email_fetch.fetch_once(account, clock.now()) == 1
        assert [one["grant_type"] for one in server.memory.asked] == ["client_credentials"]

    def test_before_anybody_agreed_it_says_that_it_is_not_connected(self, account: Account) -> None:
        with pytest.raises(consents.NotConnected):
            email_fetch.fetch_once(account, clock.now())
        account.refresh_from_db()
        assert account.problem == f"NotConnected: {consents.NOT_CONNECTED}"


def send(at: datetime) -> int:
    """One round of the worker."""
    return outbox.send_due(words, at)


class TestConsent:
    def test_the_link_carries_state_and_challenge_and_no_secret(self, account: Account) -> None:
        consent = consent_of(account)
        consents.begin(consent, by=ADAM, at=MONDAY_NINE)
        link = consents.link(consent)
        asked = parse_qs(urlsplit(link).query)
        assert asked["code_challenge"] == [oauth.challenge_of(consent.verifier)]
        assert asked["state"] == [consent.state]
        assert consent.verifier not in link
        assert CLIENT_SECRET not in link

    def test_only_who_began_comes_back_and_only_once_and_soon(self, account: Account) -> None:
        consent = consent_of(account)
        consents.begin(consent, by=ADAM, at=MONDAY_NINE)
        state = consent.state
        for wrong in (
            {"state": "x" * 43, "by": ADAM, "at": MONDAY_NINE},
            {"state": state, "by": ADAM + 1, "at": MONDAY_NINE},
            {"state": state, "by": ADAM, "at": MONDAY_NINE + 16 * MINUTE},
        ):
            with pytest.raises(consents.NotYours):
                consents.come_back(code="c", error="", **wrong)  # type: ignore[arg-type]
        consents.come_back(state, code="c", error="", by=ADAM, at=MONDAY_NINE)
        with pytest.raises(consents.NotYours):
            consents.come_back(state, code="other", error="", by=ADAM, at=MONDAY_NINE)
        assert consent_of(account).code == "c"

    def test_a_code_without_the_verifier_is_worth_nothing(self, account: Account, mailbox: Mailbox) -> None:
        consent = consent_of(account)
        consents.begin(consent, by=ADAM, at=clock.now())
        back = urlsplit(httpx.get(consents.link(consent), follow_redirects=False).headers["Location"])
        code = parse_qs(back.query)["code"][0]
        with pytest.raises(oauth.Refused, match="code_verifier"):
            oauth.exchanged(consents.application_of(consent), code=code, verifier="another" * 8)

    def test_who_does_not_agree_changes_nothing(self, account: Account) -> None:
        consent = consent_of(account)
        consents.begin(consent, by=ADAM, at=MONDAY_NINE)
        consents.come_back(consent.state, code="", error="access_denied", by=ADAM, at=MONDAY_NINE)
        assert consent_of(account).problem == "not agreed to: access_denied"
        assert consents.deal_with_due(MONDAY_NINE + MINUTE) == 0

    def test_another_application_forgets_the_tokens_of_the_first(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        agreed(account, mailbox)
        mailboxes.set_up(Wanted(account.address, consent=application(server, tenant="other")), by="x", at=clock.now())
        consent = consent_of(account)
        assert (consent.access_token, consent.refresh_token, consent.due_at) == ("", "", None)
        mailboxes.set_up(Wanted(account.address, without_consent=True), by="x", at=clock.now())
        assert not Consent.objects.exists()


class TestTokens:
    def test_they_are_sealed_and_in_no_audit_row(self, account: Account, mailbox: Mailbox) -> None:
        consent = agreed(account, mailbox)
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_token, refresh_token, client_secret, code, verifier, state FROM post_consent")
            stored = cursor.fetchone()
        assert all(not text or text.startswith("sealed:") for text in stored)
        said = json.dumps([[row.action, row.data] for row in Row.objects.all()])
        for secret in (consent.access_token, consent.refresh_token, CLIENT_SECRET):
            assert secret
            assert secret not in said
        actions = list(Row.objects.order_by("id").values_list("action", flat=True))
        assert actions[-2:] == ["consent begun", "consent given"]

    def test_they_are_renewed_before_they_end_and_the_refresh_token_is_replaced(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(account, mailbox, now)
        assert (first.expires_at, first.due_at) == (now + 60 * MINUTE, now + 50 * MINUTE)
        assert consents.deal_with_due(now + 49 * MINUTE) == 0
        assert consents.deal_with_due(now + 50 * MINUTE) == 1
        second = consent_of(account)
        assert second.expires_at == now + 110 * MINUTE
        assert second.connected_at == first.connected_at
        assert second.refresh_token != first.refresh_token
        assert second.access_token != first.access_token
        assert server.memory.asked[-1]["refresh_token"] == first.refresh_token

    def test_google_gives_no_new_refresh_token_and_the_old_one_stays(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(account, mailbox, now)
        server.memory.replaces = False
        for minutes in (50, 100):
            assert consents.deal_with_due(now + minutes * MINUTE) == 1
            assert consent_of(account).refresh_token == first.refresh_token

    def test_a_token_server_that_is_away_is_asked_again_and_the_token_serves_to_its_end(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(account, mailbox, now)
        server.memory.trouble = 503
        assert consents.deal_with_due(now + 50 * MINUTE) == 1
        waiting = consent_of(account)
        assert (waiting.failures, waiting.due_at, waiting.withdrawn_at) == (1, now + 51 * MINUTE, None)
        assert "503" in waiting.problem
        assert consents.token_for(account, now + 55 * MINUTE) == first.access_token
        server.memory.trouble = 0
        assert consents.deal_with_due(now + 52 * MINUTE) == 1
        assert consent_of(account).problem == ""

    def test_where_the_worker_was_away_the_fetcher_renews(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(account, mailbox, now)
        token = consents.token_for(account, now + 90 * MINUTE)
        assert token != first.access_token
        assert server.memory.asked[-1]["grant_type"] == "refresh_token"


class TestWithdrawn:
    def test_the_mailbox_says_so_and_alarms_and_is_named_on_readyz(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        cast.stage()
        now = clock.now()
        agreed(account, mailbox, now)
        server.withdraw()
        assert consents.deal_with_due(now + 50 * MINUTE) == 1
        consent = consent_of(account)
        assert (consent.withdrawn_at, consent.due_at, consent.access_token) == (now + 50 * MINUTE, None, "")
        assert consent.problem == "invalid_grant: AADSTS50173: it was revoked"
        with pytest.raises(consents.NotConnected):
            email_fetch.fetch_once(account, now + 51 * MINUTE)
        assert troubles(account) == [Trouble.CONSENT]
        found = {one.name: one for one in health.problems(now + 51 * MINUTE)}
        assert f"consent of mailbox {account.pk}" in found
        assert account.address not in found[f"consent of mailbox {account.pk}"].words
        mailbox_alarms.tell(now + 56 * MINUTE)
        assert Delivery.objects.get(kind="mailbox_trouble").data["trouble"] == "consent"

    def test_a_mail_server_that_no_longer_takes_the_token_makes_us_ask(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        agreed(account, mailbox)
        server.memory.access.clear()  # the provider has taken it back, the refresh token is still good
        with pytest.raises(email_fetch.LoginError):
            email_fetch.fetch_once(account, clock.now())
        assert consents.deal_with_due(clock.now()) == 1
        account.refresh_from_db()
        assert email_fetch.fetch_once(account, clock.now()) == 0

    def test_the_same_at_the_server_for_sending(
        self, account: Account, mailbox: Mailbox, server: TokenServer, smtp_sink: SmtpSink
    ) -> None:
        now = clock.now()
        agreed(account, mailbox, now)
        server.memory.access.clear()
        delivery = put(account=account, at=now)
        assert send(now) == 1
        delivery.refresh_from_db()
        assert delivery.state == "waiting"
        assert "535" in delivery.tries.get().answer
        assert consents.deal_with_due(clock.now()) == 1
        assert Outlet.objects.get().closed_until is None
        assert send(now + 2 * MINUTE) == 1
        delivery.refresh_from_db()
        assert delivery.state == "sent"

    def test_connecting_again_ends_it(self, account: Account, mailbox: Mailbox, server: TokenServer) -> None:
        now = clock.now()
        agreed(account, mailbox, now)
        server.withdraw()
        consents.deal_with_due(now + 50 * MINUTE)
        assert troubles(account) == [Trouble.CONSENT]
        consent = agreed(account, mailbox, now + 60 * MINUTE)
        assert (consent.withdrawn_at, consent.connected_at) == (None, now + 60 * MINUTE)
        assert troubles(account) == []

    def test_a_secret_that_is_over_is_named_as_what_the_server_says(
        self, account: Account, mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        agreed(account, mailbox, now)
        server.memory.secret = "another"
        consents.deal_with_due(now + 50 * MINUTE)
        assert consent_of(account).problem == "invalid_client: AADSTS7000215: wrong secret"


FILE = """
[[mailbox]]
address = "desk@firm.example"
imap = "imaps://desk%40firm.example@outlook.office365.com/?auth=xoauth2"
oauth = {{ provider = "{provider}", tenant = "firm.example", client_id = "x"{more} }}
"""


def test_the_apply_file_says_the_same() -> None:
    text = FILE.format(provider="microsoft", more=', client_secret = "s3cret"')
    assert [one.result for one in stage.apply(text.encode(), at=MONDAY_NINE, actor="t")] == ["created"]
    assert [one.result for one in stage.apply(text.encode(), at=MONDAY_NINE, actor="t")] == ["unchanged"]
    provider = consents.application_of(Consent.objects.get()).provider
    assert provider.token_url == "https://login.microsoftonline.com/firm.example/oauth2/v2.0/token"
    assert "IMAP.AccessAsUser.All" in provider.scope


@pytest.mark.parametrize(
    ("provider", "more", "key"),
    [
        ("yandex", "", "oauth.provider"),
        ("google", ', flow = "client"', "oauth.flow"),
        ("other", ', authorize_url = "http://evil.example/", token_url = "https://x.example/"', "oauth.authorize_url"),
        ("other", "", "oauth.token_url"),
        ("microsoft", ', flow = "client"', "oauth.client_secret"),
        ("microsoft", ', secret = "x"', "oauth.secret"),
    ],
)
def test_a_slip_in_it_is_named_by_its_place(provider: str, more: str, key: str) -> None:
    with pytest.raises(WrongFile) as refused:
        stage.apply(FILE.format(provider=provider, more=more).encode(), at=MONDAY_NINE, actor="t")
    assert f"mailbox[0].{key}" in str(refused.value)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("answer", "status", "refusal"),
    [
        ({"error": "invalid_grant"}, 400, oauth.Refused),
        ({"error": "temporarily_unavailable"}, 400, oauth.NotNow),
        ({"access_token": ""}, 200, oauth.NotNow),
        ({"access_token": "нет"}, 200, oauth.NotNow),
        ([], 200, oauth.NotNow),
        (None, 502, oauth.NotNow),
    ],
)
def test_whatever_a_token_server_answers_is_a_token_or_a_named_refusal(
    answer: object, status: int, refusal: type[Exception]
) -> None:
    body = b"<html>" if answer is None else json.dumps(answer).encode()
    with pytest.raises(refusal):
        oauth._read(httpx.Response(status), body)


def test_nothing_secret_is_printed_by_accident() -> None:
    provider = oauth.provider_of("google")
    shown = repr(
        [oauth.Tokens("acc", "ref", 1), oauth.Application(provider, "id", "s3cret"), Settings("google", "i", "s3")]
    )
    assert not any(secret in shown for secret in ("acc", "ref", "s3cret", "s3'"))
