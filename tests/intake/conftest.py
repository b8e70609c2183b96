"""A mailbox at a provider that lets in with a token only: a token server, a real Dovecot that asks it, an SMTP server
that does, and the application entered."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from firstline.intake import mailboxes
from firstline.intake.mailboxes import Wanted
from firstline.lib import clock
from firstline.post.models import Account
from tests.intake.consenting import application
from tests.real.dovecot import Dovecot, Mailbox, start_dovecot
from tests.real.oauth import CLIENT_SECRET, TokenServer
from tests.real.smtp import SmtpSink


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
def token_mailbox(token_dovecot: Dovecot) -> Mailbox:
    return token_dovecot.mailbox(f"desk-{uuid4().hex[:12]}")


@pytest.fixture
def token_account(server: TokenServer, token_mailbox: Mailbox, smtp_sink: SmtpSink) -> Account:
    """Its address at the provider is its login at the mail server."""
    smtp_sink.script.knows = server.knows
    address = f"{token_mailbox.login}@firm.example"
    server.memory.user = token_mailbox.login
    wanted = Wanted(
        address,
        imap=f"imap://{token_mailbox.login}@{token_mailbox.host}:{token_mailbox.port}/?auth=xoauth2",
        smtp=f"smtp://{token_mailbox.login}@{smtp_sink.host}:{smtp_sink.port}?timeout=2&auth=xoauth2",
        consent=application(server),
    )
    return mailboxes.set_up(wanted, by="person:7", at=clock.now()).account
