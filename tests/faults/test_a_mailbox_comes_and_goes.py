"""F-12: the mail server was away for two days, then comes and goes about once a second, and other clients read there
too: everything arrives once, oldest first.

60 letters in every run, 2,000 in the long one (`script/test --soak`). Dovecot is killed, not asked to end.
"""

from __future__ import annotations

import contextlib
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection

from firstline.intake import acceptance, processing
from firstline.intake.channels import email_fetch, email_session
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Account
from tests.intake.mail import letter
from tests.intake.mail import mailbox as ours
from tests.real.dovecot import Dovecot, Mailbox, start_dovecot

SOAK = os.environ.get("FIRSTLINE_SOAK") == "1"
MANY = 2_000 if SOAK else 60
FLAPS = 30 if SOAK else 5

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_200 if SOAK else 600)]


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """One that a test may kill."""
    made = start_dovecot()
    yield made
    made.stop()


@pytest.fixture
def mailbox(server: Dovecot) -> Mailbox:
    made = server.mailbox("desk")
    made.messages()  # the first sign-in makes its folder
    return made


@pytest.fixture
def account(mailbox: Mailbox) -> Account:
    return ours("desk@firm.example", imap=mailbox.url)


def numbered(number: int) -> bytes:
    return letter(subject=f"N-{number:06d}-", text="строка\n" * 300).replace(b"\n", b"\r\n")


def fetch(account: Account) -> bool:
    """Whether it went well."""
    try:
        email_fetch.fetch_once(Account.objects.get(pk=account.pk), clock.now())
    except email_fetch.TROUBLES:
        return False
    return True


def violations(letters: list[bytes], elsewhere: list[bytes], mailbox: Mailbox) -> list[str]:
    kept = Counter(acceptance.bytes_of(row) for row in Inbound.objects.order_by("id"))
    here, away = mailbox.messages(), mailbox.messages("Processed")
    out = [f"ours {kept[one]} times" for one in letters if kept[one] > 1]
    out += ["vanished" for one in letters if not kept[one] and one not in elsewhere and one not in here]
    out += ["moved away and not ours" for one in away if not kept[one]]
    return out


def fetch_through(server: Dovecot, account: Account) -> Counter[bool]:
    """Looks into the mailbox again and again while the server comes and goes; how many looks went well and badly."""
    looks: Counter[bool] = Counter()
    ended = threading.Event()

    def look() -> None:
        while not ended.is_set():
            looks[fetch(account)] += 1
        connection.close()

    looking = threading.Thread(target=look)
    looking.start()
    dice = random.Random(2026)
    for _ in range(FLAPS):  # here: the kernel ends a child with the thread that started it
        time.sleep(dice.uniform(0.2, 0.8))
        server.end()
        time.sleep(dice.uniform(0.1, 0.4))
        server.begin()
    ended.set()
    looking.join()
    for _ in range(10):
        if fetch(account):
            break
    return looks


def test_after_two_days_away_and_while_it_comes_and_goes_everything_arrives_once_and_in_order(
    server: Dovecot, mailbox: Mailbox, account: Account
) -> None:
    letters = [numbered(number) for number in range(MANY)]
    server.end()
    mailbox.put_while_the_server_is_away(letters)
    assert not fetch(account)
    server.begin()
    assert fetch_through(server, account)[False] >= 1, "nothing went wrong: the server was never away when it was asked"
    assert violations(letters, [], mailbox) == []
    assert mailbox.messages() == []
    arrived = [acceptance.bytes_of(row) for row in Inbound.objects.order_by("id")]
    assert arrived == letters


def test_another_client_takes_letters_away_all_the_time(server: Dovecot, mailbox: Mailbox, account: Account) -> None:
    letters = [numbered(number) for number in range(MANY)]
    mailbox.put_while_the_server_is_away(letters)
    ended, gone = threading.Event(), 0

    def other_client() -> None:
        nonlocal gone
        dice = random.Random(7)
        with mailbox.session() as client:
            client.create_folder("Theirs")
            client.select_folder("INBOX")
            while not ended.is_set() and (uids := client.search("ALL")):
                with contextlib.suppress(Exception):
                    client.move([dice.choice(uids)], "Theirs")
                    gone += 1

    thread = threading.Thread(target=other_client)
    thread.start()
    time.sleep(0.3)
    fetch(account)
    ended.set()
    thread.join()
    fetch(account)
    assert gone >= 1
    assert violations(letters, mailbox.messages("Theirs"), mailbox) == []
    assert mailbox.messages() == []


def test_a_mailbox_that_is_numbered_anew_while_it_is_away_doubles_nothing(
    server: Dovecot, mailbox: Mailbox, account: Account
) -> None:
    letters = [numbered(number) for number in range(10)]
    mailbox.put_while_the_server_is_away(letters)
    real, moved = email_session.Folder.move, Counter[int]()

    def break_off(self: email_session.Folder, uid: int) -> None:
        moved[uid] += 1
        if len(moved) == 5:
            server.end()
        real(self, uid)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(email_session.Folder, "move", break_off)
        assert not fetch(account)
    mailbox.forget_numbers("INBOX")
    server.begin()
    assert fetch(account)
    assert mailbox.messages() == []
    kept = Counter(acceptance.bytes_of(row) for row in Inbound.objects.all())
    assert set(kept) == set(letters)
    assert processing.drain() == 0
    assert Inbound.objects.filter(outcome="ticket").count() == 10


def test_control_a_fetcher_that_moves_first_and_reads_then_is_found_out(
    server: Dovecot, mailbox: Mailbox, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [numbered(number) for number in range(10)]
    mailbox.put_while_the_server_is_away(letters)
    real, move = email_session.Folder.content, email_session.Folder.move

    def moves_first(self: email_session.Folder, uid: int, size: int = 0) -> bytes | None:
        body = real(self, uid, size)
        move(self, uid)
        if uid == 5:
            server.end()
            self.server.noop()
        return body

    monkeypatch.setattr(email_session.Folder, "content", moves_first)
    monkeypatch.setattr(email_session.Folder, "move", lambda self, uid: None)
    fetch(account)
    server.begin()
    fetch(account)
    connection.close()
    assert violations(letters, [], mailbox)
