"""OAuth2: consent with PKCE, by page and apply file; IMAP (a real Dovecot) and SMTP are signed in to with XOAUTH2.
Microsoft and Google themselves cannot be reached from a test."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.intake import mailboxes, processing
from firstline.intake.channels import email_fetch
from firstline.intake.mailboxes import Wanted, WrongMailbox
from firstline.lib import clock
from firstline.post import consents, oauth, probes
from firstline.post.consent_settings import Settings
from firstline.post.models import Account, Consent, Probe
from firstline.tickets.models import Ticket
from tests.cast import MONDAY_NINE
from tests.intake.consenting import ADAM, agreed, application, consent_of, send
from tests.intake.mail import letter
from tests.post.desk_post import put
from tests.real.dovecot import Mailbox
from tests.real.loop import deliver_into
from tests.real.oauth import CLIENT_SECRET, TokenServer
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


class TestRound:
    def test_letters_come_and_go_with_a_token_and_without_a_password(
        self, token_account: Account, token_mailbox: Mailbox, smtp_sink: SmtpSink
    ) -> None:
        agreed(token_account, token_mailbox)
        token_mailbox.append(letter())
        token_account.refresh_from_db()
        assert email_fetch.fetch_once(token_account, clock.now()) == 1
        delivery = put(account=token_account)
        assert send(clock.now()) == 1
        delivery.refresh_from_db()
        assert (delivery.state, len(smtp_sink.letters)) == ("sent", 1)

    def test_the_probe_goes_round(self, token_account: Account, token_mailbox: Mailbox, smtp_sink: SmtpSink) -> None:
        agreed(token_account, token_mailbox)
        deliver_into(smtp_sink, token_mailbox)
        probe = probes.ask(token_account, at=clock.now())
        probes.deal_with_due(clock.now())
        token_account.refresh_from_db()
        email_fetch.fetch_once(token_account, clock.now())
        processing.drain()
        probe.refresh_from_db()
        assert probe.state == Probe.State.ARRIVED
        assert not Ticket.objects.exists()

    def test_an_application_that_signs_in_by_itself_asks_nobody(
        self, token_account: Account, server: TokenServer, token_mailbox: Mailbox
    ) -> None:
        wanted = Wanted(
            token_account.address, consent=application(server, flow="client", client_secret=None, authorize_url="")
        )
        with pytest.raises(WrongMailbox):
            mailboxes.set_up(wanted, by="x", at=clock.now())  # the secret goes to another place: it is typed again
        wanted = Wanted(token_account.address, consent=application(server, flow="client", authorize_url=""))
        mailboxes.set_up(wanted, by="x", at=clock.now())
        token_mailbox.append(letter())
        assert email_fetch.fetch_once(token_account, clock.now()) == 1
        assert [one["grant_type"] for one in server.memory.asked] == ["client_credentials"]

    def test_before_anybody_agreed_it_says_that_it_is_not_connected(self, token_account: Account) -> None:
        with pytest.raises(consents.NotConnected):
            email_fetch.fetch_once(token_account, clock.now())
        token_account.refresh_from_db()
        assert token_account.problem == f"NotConnected: {consents.NOT_CONNECTED}"


class TestConsent:
    def test_the_link_carries_state_and_challenge_and_no_secret(self, token_account: Account) -> None:
        consent = consent_of(token_account)
        consents.begin(consent, by=ADAM, at=MONDAY_NINE)
        link = consents.link(consent)
        asked = parse_qs(urlsplit(link).query)
        assert asked["code_challenge"] == [oauth.challenge_of(consent.verifier)]
        assert asked["state"] == [consent.state]
        assert consent.verifier not in link
        assert CLIENT_SECRET not in link

    def test_only_who_began_comes_back_and_only_once_and_soon(self, token_account: Account) -> None:
        consent = consent_of(token_account)
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
        assert consent_of(token_account).code == "c"

    def test_a_code_without_the_verifier_is_worth_nothing(self, token_account: Account, token_mailbox: Mailbox) -> None:
        consent = consent_of(token_account)
        consents.begin(consent, by=ADAM, at=clock.now())
        back = urlsplit(httpx.get(consents.link(consent), follow_redirects=False).headers["Location"])
        code = parse_qs(back.query)["code"][0]
        with pytest.raises(oauth.Refused, match="code_verifier"):
            oauth.exchanged(consents.application_of(consent), code=code, verifier="another" * 8)

    def test_who_does_not_agree_changes_nothing(self, token_account: Account) -> None:
        consent = consent_of(token_account)
        consents.begin(consent, by=ADAM, at=MONDAY_NINE)
        consents.come_back(consent.state, code="", error="access_denied", by=ADAM, at=MONDAY_NINE)
        assert consent_of(token_account).problem == "not agreed to: access_denied"
        assert consents.deal_with_due(MONDAY_NINE + MINUTE) == 0

    def test_another_application_forgets_the_tokens_of_the_first(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        agreed(token_account, token_mailbox)
        mailboxes.set_up(
            Wanted(token_account.address, consent=application(server, tenant="other")), by="x", at=clock.now()
        )
        consent = consent_of(token_account)
        assert (consent.access_token, consent.refresh_token, consent.due_at) == ("", "", None)
        mailboxes.set_up(Wanted(token_account.address, without_consent=True), by="x", at=clock.now())
        assert not Consent.objects.exists()


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
