"""Letters in a real mailbox (Dovecot): ours once their bytes are committed, then moved, never deleted, never by
flags.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from imapclient import IMAPClient

from firstline.intake import acceptance, processing
from firstline.intake.acceptance import NotDurable
from firstline.intake.channels import email_fetch, email_session
from firstline.intake.channels.email_fetch import Trouble
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Account
from firstline.tickets.models import Ticket
from tests.intake.mail import letter
from tests.intake.mail import mailbox as ours
from tests.real.dovecot import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(mailbox: Mailbox) -> Account:
    return ours(f"{mailbox.login}@firm.example", imap=mailbox.url)


def fetch(account: Account) -> int:
    account.refresh_from_db()
    return email_fetch.fetch_once(account, clock.now())


def test_everything_in_the_folder_is_taken_byte_for_byte_and_moved(account: Account, mailbox: Mailbox) -> None:
    letters = [letter(text=f"Письмо {number}").replace(b"\n", b"\r\n") for number in range(5)]
    for one in letters:
        mailbox.append(one)
    assert fetch(account) == 5
    rows = list(Inbound.objects.order_by("id"))
    assert [acceptance.bytes_of(row) for row in rows] == letters
    assert {row.source for row in rows} == {f"imap:{account.address}"}
    assert (mailbox.messages(), mailbox.messages("Processed")) == ([], letters)
    assert fetch(account) == 0
    account.refresh_from_db()
    assert (account.last_uid, account.problem) == (5, "")
    assert account.checked_at is not None


def test_flags_mean_nothing(account: Account, mailbox: Mailbox) -> None:
    mailbox.append(letter(text="Кто-то уже прочитал"))
    with mailbox.session() as server:
        server.select_folder("INBOX")
        server.add_flags(server.search("ALL"), [b"\\Seen", b"\\Answered"])
    assert fetch(account) == 1


def test_a_letter_cut_off_between_commit_and_move_is_moved_next_time_and_is_one(
    account: Account, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.append(letter())
    with monkeypatch.context() as patch:
        patch.setenv("FIRSTLINE_FAILPOINT", "fetch.before_move:error")
        with pytest.raises(Exception, match="before_move"):
            fetch(account)
    assert (Inbound.objects.count(), len(mailbox.messages())) == (1, 1)
    assert fetch(account) == 0
    assert (Inbound.objects.count(), len(mailbox.messages()), len(mailbox.messages("Processed"))) == (1, 0, 1)


def test_what_cannot_be_stored_stays_on_the_server_and_the_mailbox_says_so(
    account: Account, mailbox: Mailbox, settings: Any
) -> None:
    mailbox.append(letter())
    settings.FIRSTLINE_DISK_FLOOR_MB = 10**9
    with pytest.raises(NotDurable):
        fetch(account)
    account.refresh_from_db()
    assert "free" in account.problem
    assert account.problem_since is not None
    assert len(mailbox.messages()) == 1
    settings.FIRSTLINE_DISK_FLOOR_MB = 1
    assert fetch(account) == 1
    account.refresh_from_db()
    assert (account.problem, account.problem_since) == ("", None)


def test_a_renumbered_mailbox_is_read_again_and_nothing_is_doubled(account: Account, mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.append(letter(text=f"Письмо {number}"))
    assert fetch(account) == 3
    with mailbox.session() as server:  # somebody put them back, and the server was restored
        server.select_folder("Processed")
        server.move(server.search("ALL"), "INBOX")
    mailbox.renumber()
    mailbox.append(letter(text="Новое"))
    account.refresh_from_db()
    before = account.uid_validity
    fetch(account)
    account.refresh_from_db()
    assert account.uid_validity != before
    assert processing.drain() == 0
    outcomes = list(Inbound.objects.order_by("id").values_list("outcome", flat=True))
    assert sorted(outcomes) == ["duplicate"] * 3 + ["ticket"] * 4
    assert Ticket.objects.count() == 4
    assert mailbox.messages() == []


def test_a_renumbered_mailbox_that_we_cannot_empty_hides_no_new_letter(
    account: Account, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is moved away the watermark alone says what is new: it belongs to one numbering only."""
    real = IMAPClient.has_capability
    lacks = ("MOVE", "UIDPLUS")
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name not in lacks and real(self, name))
    for number in range(3):
        mailbox.append(letter(text=f"Письмо {number}"))
    assert fetch(account) == 3
    with mailbox.session() as server:
        server.select_folder("INBOX")
        server.delete_messages(server.search("ALL"))
        server.expunge()
    mailbox.renumber()
    mailbox.append(letter(text="Новое"))
    account.refresh_from_db()
    assert fetch(account) == 1
    assert Inbound.objects.count() == 4


def test_a_letter_without_content_stays_and_does_not_hold_up_the_others(
    account: Account, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        mailbox.append(letter(text=f"Письмо {number}"))
    real = email_session.Folder.content
    with monkeypatch.context() as patch:
        patch.setattr(email_session.Folder, "content", lambda self, uid, size: None if uid == 2 else real(self, uid))
        with pytest.raises(Trouble, match="letter 2"):
            fetch(account)
    assert (Inbound.objects.count(), len(mailbox.messages())) == (2, 1)
    account.refresh_from_db()
    assert account.last_uid == 1
    assert "no content" in account.problem
    assert fetch(account) == 1
    assert (Inbound.objects.count(), mailbox.messages()) == (3, [])


@pytest.mark.parametrize("missing", [("MOVE",), ("MOVE", "UIDPLUS")])
def test_servers_that_know_less_lose_nothing_either(
    account: Account, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    real = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name not in missing and real(self, name))
    mailbox.append(letter(text="Другая программа пометила его удалённым"))
    with mailbox.session() as server:
        server.select_folder("INBOX")
        server.add_flags([1], [b"\\Deleted"])
    mailbox.append(letter())
    assert fetch(account) == 2
    left = len(mailbox.messages())
    assert (left, len(mailbox.messages("Processed"))) == ((0, 2) if missing == ("MOVE",) else (2, 0))
    assert fetch(account) == 0
    assert Inbound.objects.count() == 2


def test_four_fetchers_on_one_mailbox_take_each_letter_once(account: Account, mailbox: Mailbox) -> None:
    if connection.vendor == "sqlite":
        account.refresh_from_db()
    for number in range(12):
        mailbox.append(letter(text=f"Письмо {number}"))
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        with contextlib.suppress(*email_fetch.TROUBLES):
            email_fetch.fetch_once(Account.objects.get(pk=account.pk), clock.now())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fetch(account)
    assert Inbound.objects.count() == 12
    assert (len(mailbox.messages()), len({*mailbox.messages("Processed")})) == (0, 12)


def test_a_mailbox_that_does_not_answer_holds_up_no_other(account: Account, mailbox: Mailbox) -> None:
    broken = ours("broken@firm.example", imap="imap://x:y@127.0.0.1:1/")
    mailbox.append(letter())
    assert email_fetch.fetch_all_once() is False
    assert Inbound.objects.count() == 1
    broken.refresh_from_db()
    assert "refused" in broken.problem


def test_a_password_never_reaches_the_problem(mailbox: Mailbox) -> None:
    account = ours("x@firm.example", imap=mailbox.url.replace("secret", "s3cr3t-w0rd"))
    with pytest.raises(email_fetch.TROUBLES):
        fetch(account)
    account.refresh_from_db()
    assert account.problem
    assert "s3cr3t-w0rd" not in account.problem


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`fetch_forever` in a thread, as `firstline fetch-mail` runs it; by itself it looks again after minutes only."""
    monkeypatch.setattr(email_fetch, "POLL_SECONDS", 300.0)
    stop = threading.Event()
    thread = threading.Thread(target=email_fetch.fetch_forever, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join(15)
    assert not thread.is_alive()


def _until(it_is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not it_is_so():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.2)


def test_a_letter_that_arrives_while_we_watch_is_ours_within_seconds(
    account: Account, mailbox: Mailbox, fetching: None
) -> None:
    """One between the look and the wait for news, one in the middle of the wait."""
    _until(lambda: Account.objects.filter(pk=account.pk, checked_at__isnull=False).exists())
    mailbox.append(letter(subject="between"))
    _until(Inbound.objects.exists)
    time.sleep(3)
    mailbox.append(letter(subject="while we wait"))
    _until(lambda: Inbound.objects.count() == 2)


def test_a_server_that_accepts_and_stays_silent_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_session, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(email_session, "READ_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = ours("silent@firm.example", imap=f"imap://x:y@127.0.0.1:{silent.getsockname()[1]}/")
        started = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            fetch(account)
    assert time.monotonic() - started < 50  # a minute is what it would be waited for otherwise
    account.refresh_from_db()
    assert "timed out" in account.problem


def test_an_address_that_is_none_is_said_in_words() -> None:
    account = ours("wrong@firm.example", imap="pop3://x:y@127.0.0.1/")
    with pytest.raises(email_session.WrongAddress):
        fetch(account)
    account.refresh_from_db()
    assert "imap[s]://" in account.problem
