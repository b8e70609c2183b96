"""What a person does to connect a mailbox to its provider, and what the worker does of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from firstline.intake import mailbox_health
from firstline.intake.mailbox_health import Trouble
from firstline.lib import clock
from firstline.post import consents, outbox
from firstline.post.consent_settings import Settings
from firstline.post.models import Account, Consent
from tests.post.desk_post import words
from tests.real.dovecot import Mailbox
from tests.real.oauth import CLIENT_ID, CLIENT_SECRET, TokenServer

ADAM = 7


def application(server: TokenServer, **more: Any) -> Settings:
    given = {
        "provider": "other", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scope": "mail/.default",
        "authorize_url": f"{server.url}/authorize", "token_url": f"{server.url}/token", **more,
    }  # fmt: skip
    return Settings(**given)


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


def send(at: datetime) -> int:
    """One round of the worker."""
    return outbox.send_due(words, at)
