"""Tokens are sealed, renewed before they end, and where a consent was withdrawn the mailbox says so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection

from firstline.audit.models import Row
from firstline.intake.channels import email_fetch
from firstline.intake.mailbox_health import Trouble
from firstline.lib import clock
from firstline.notices import mailbox_alarms
from firstline.ops import health
from firstline.post import consents
from firstline.post.models import Account, Delivery, Outlet
from tests import cast
from tests.intake.consenting import agreed, consent_of, send, troubles
from tests.post.desk_post import put
from tests.real.dovecot import Mailbox
from tests.real.oauth import CLIENT_SECRET, TokenServer
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


class TestTokens:
    def test_they_are_sealed_and_in_no_audit_row(self, token_account: Account, token_mailbox: Mailbox) -> None:
        consent = agreed(token_account, token_mailbox)
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
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(token_account, token_mailbox, now)
        assert (first.expires_at, first.due_at) == (now + 60 * MINUTE, now + 50 * MINUTE)
        assert consents.deal_with_due(now + 49 * MINUTE) == 0
        assert consents.deal_with_due(now + 50 * MINUTE) == 1
        second = consent_of(token_account)
        assert second.expires_at == now + 110 * MINUTE
        assert second.connected_at == first.connected_at
        assert second.refresh_token != first.refresh_token
        assert second.access_token != first.access_token
        assert server.memory.asked[-1]["refresh_token"] == first.refresh_token

    def test_google_gives_no_new_refresh_token_and_the_old_one_stays(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(token_account, token_mailbox, now)
        server.memory.replaces = False
        for minutes in (50, 100):
            assert consents.deal_with_due(now + minutes * MINUTE) == 1
            assert consent_of(token_account).refresh_token == first.refresh_token

    def test_a_token_server_that_is_away_is_asked_again_and_the_token_serves_to_its_end(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(token_account, token_mailbox, now)
        server.memory.trouble = 503
        assert consents.deal_with_due(now + 50 * MINUTE) == 1
        waiting = consent_of(token_account)
        assert (waiting.failures, waiting.due_at, waiting.withdrawn_at) == (1, now + 51 * MINUTE, None)
        assert "503" in waiting.problem
        assert consents.token_for(token_account, now + 55 * MINUTE) == first.access_token
        server.memory.trouble = 0
        assert consents.deal_with_due(now + 52 * MINUTE) == 1
        assert consent_of(token_account).problem == ""

    def test_where_the_worker_was_away_the_fetcher_renews(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        first = agreed(token_account, token_mailbox, now)
        token = consents.token_for(token_account, now + 90 * MINUTE)
        assert token != first.access_token
        assert server.memory.asked[-1]["grant_type"] == "refresh_token"


class TestWithdrawn:
    def test_the_mailbox_says_so_and_alarms_and_is_named_on_readyz(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        cast.stage()
        now = clock.now()
        agreed(token_account, token_mailbox, now)
        server.withdraw()
        assert consents.deal_with_due(now + 50 * MINUTE) == 1
        consent = consent_of(token_account)
        assert (consent.withdrawn_at, consent.due_at, consent.access_token) == (now + 50 * MINUTE, None, "")
        assert consent.problem == "invalid_grant: AADSTS50173: it was revoked"
        with pytest.raises(consents.NotConnected):
            email_fetch.fetch_once(token_account, now + 51 * MINUTE)
        assert troubles(token_account) == [Trouble.CONSENT]
        found = {one.name: one for one in health.problems(now + 51 * MINUTE)}
        assert f"consent of mailbox {token_account.pk}" in found
        assert token_account.address not in found[f"consent of mailbox {token_account.pk}"].words
        mailbox_alarms.tell(now + 56 * MINUTE)
        assert Delivery.objects.get(kind="mailbox_trouble").data["trouble"] == "consent"

    def test_a_mail_server_that_no_longer_takes_the_token_makes_us_ask(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        agreed(token_account, token_mailbox)
        server.memory.access.clear()  # the provider has taken it back, the refresh token is still good
        with pytest.raises(email_fetch.LoginError):
            email_fetch.fetch_once(token_account, clock.now())
        assert consents.deal_with_due(clock.now()) == 1
        token_account.refresh_from_db()
        assert email_fetch.fetch_once(token_account, clock.now()) == 0

    def test_the_same_at_the_server_for_sending(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer, smtp_sink: SmtpSink
    ) -> None:
        now = clock.now()
        agreed(token_account, token_mailbox, now)
        server.memory.access.clear()
        delivery = put(account=token_account, at=now)
        assert send(now) == 1
        delivery.refresh_from_db()
        assert delivery.state == "waiting"
        assert "535" in delivery.tries.get().answer
        assert consents.deal_with_due(clock.now()) == 1
        assert Outlet.objects.get().closed_until is None
        assert send(now + 2 * MINUTE) == 1
        delivery.refresh_from_db()
        assert delivery.state == "sent"

    def test_connecting_again_ends_it(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        agreed(token_account, token_mailbox, now)
        server.withdraw()
        consents.deal_with_due(now + 50 * MINUTE)
        assert troubles(token_account) == [Trouble.CONSENT]
        consent = agreed(token_account, token_mailbox, now + 60 * MINUTE)
        assert (consent.withdrawn_at, consent.connected_at) == (None, now + 60 * MINUTE)
        assert troubles(token_account) == []

    def test_a_secret_that_is_over_is_named_as_what_the_server_says(
        self, token_account: Account, token_mailbox: Mailbox, server: TokenServer
    ) -> None:
        now = clock.now()
        agreed(token_account, token_mailbox, now)
        server.memory.secret = "another"
        consents.deal_with_due(now + 50 * MINUTE)
        assert consent_of(token_account).problem == "invalid_client: AADSTS7000215: wrong secret"
