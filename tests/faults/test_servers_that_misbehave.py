"""F-09: whatever an IMAP server does with a letter, it is ours whole and once, or it stays where it was and says so.

The server is our own and does on request what real ones did (reliability_security.md J1–J6). The oracle: nothing has
vanished from the mailbox, what was moved away is in the journal byte for byte, nothing is there twice.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from firstline.intake import acceptance
from firstline.intake.channels import email_fetch, email_session
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Account
from tests.intake.mail import letter
from tests.intake.mail import mailbox as ours
from tests.real.imap import MisbehavingImap

pytestmark = pytest.mark.django_db(transaction=True)

BREAKS = ["bye", "cut", "long"]
WRONG = ["empty", "nil", "nothing", "no", "short", "half", "other"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MisbehavingImap]:
    monkeypatch.setattr(email_session, "READ_SECONDS", 1.0)
    made = MisbehavingImap()
    yield made
    made.stop()


@pytest.fixture
def account(server: MisbehavingImap) -> Account:
    return ours("desk@firm.example", imap=server.url)


def numbered(number: int, *, size: int = 2_000) -> bytes:
    return letter(subject=f"N-{number:06d}-", text=f"Номер {number}\n" + "строка\n" * (size // 13 + number))


def fetch(account: Account, *, rounds: int = 1) -> None:
    for _ in range(rounds):
        with contextlib.suppress(*email_fetch.TROUBLES):
            account.refresh_from_db()
            email_fetch.fetch_once(account, clock.now())


def violations(server: MisbehavingImap, delivered: list[bytes]) -> list[str]:
    """What is wrong; empty is good."""
    store = server.store
    sent = {one.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for one in delivered}
    kept = [acceptance.bytes_of(row) for row in Inbound.objects.all()]
    there = [*store.inbox.values(), *store.processed, *store.taken_by_others]
    out = [f"vanished from the server: {one[:200]!r}" for one in sent if one not in there]
    out += [f"moved away and not ours: {one[:200]!r}" for one in store.processed if one not in kept]
    out += [f"ours {kept.count(one)} times: {one[:200]!r}" for one in set(kept) if kept.count(one) > 1]
    out += [f"never sent so: {len(one)} bytes {one[-60:]!r}" for one in kept if one not in sent]
    return out


@pytest.mark.parametrize("act", [*BREAKS, *WRONG])
def test_what_goes_wrong_once_is_made_good_and_holds_up_no_other_letter(
    server: MisbehavingImap, account: Account, act: str
) -> None:
    letters = [numbered(number) for number in range(5)]
    for number, one in enumerate(letters):
        server.deliver(one, *([act] if number == 1 else []))
    fetch(account)
    assert violations(server, letters) == []
    assert len(server.store.processed) >= 4
    fetch(account)
    assert violations(server, letters) == []
    assert (len(server.store.inbox), Inbound.objects.count()) == (0, 5)
    account.refresh_from_db()
    assert account.problem == ""


@pytest.mark.parametrize("act", BREAKS)
def test_a_letter_that_breaks_every_connection_holds_up_no_other_and_is_named(
    server: MisbehavingImap, account: Account, act: str
) -> None:
    letters = [numbered(number) for number in range(4)]
    for number, one in enumerate(letters):
        server.deliver(one, *([act] * 20 if number == 0 else []))
    fetch(account)
    assert violations(server, letters) == []
    assert len(server.store.processed) == 3
    account.refresh_from_db()
    assert account.problem
    assert account.last_uid == 0
    assert server.store.connections <= 3


def test_a_server_that_gives_no_letter_whole_loses_none(server: MisbehavingImap, account: Account) -> None:
    letters = [numbered(number) for number in range(3)]
    for one in letters:
        server.deliver(one, "half", "other", "half", "short", "nil")
    fetch(account, rounds=6)
    assert violations(server, letters) == []
    assert Inbound.objects.count() == 3


def test_another_client_takes_letters_away_while_we_read(server: MisbehavingImap, account: Account) -> None:
    letters = [numbered(number) for number in range(6)]
    for number, one in enumerate(letters):
        server.deliver(one, *(["gone"] if number % 2 else []))
    fetch(account)
    assert violations(server, letters) == []
    assert (Inbound.objects.count(), len(server.store.taken_by_others)) == (3, 3)
    account.refresh_from_db()
    assert account.problem == ""


@pytest.mark.parametrize("honestly", [True, False])
def test_numbers_that_are_given_twice_hide_no_letter(server: MisbehavingImap, account: Account, honestly: bool) -> None:
    first, second = [numbered(n) for n in range(3)], [numbered(n) for n in range(10, 13)]
    for one in first:
        server.deliver(one)
    fetch(account)
    server.begin_numbers_again(honestly=honestly)
    for one in second:
        server.deliver(one)
    fetch(account)
    assert violations(server, [*first, *second]) == []
    assert Inbound.objects.count() == 6


def test_a_number_that_was_given_to_another_letter_before_its_move_hides_it_not(
    server: MisbehavingImap, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = numbered(1), numbered(2)
    server.deliver(first)
    with monkeypatch.context() as patch:
        patch.setenv("FIRSTLINE_FAILPOINT", "fetch.before_move:error")
        with pytest.raises(Exception, match="before_move"):
            email_fetch.fetch_once(account, clock.now())
    server.store.taken_by_others.append(server.store.inbox[1])
    server.begin_numbers_again(honestly=False)
    server.deliver(second)
    fetch(account)
    assert violations(server, [first, second]) == []
    assert Inbound.objects.count() == 2


def test_a_server_that_drips_for_ever_is_left_in_time_and_holds_up_no_other_letter(
    server: MisbehavingImap, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_session, "PATIENCE_SECONDS", 1.0)
    letters = [numbered(number) for number in range(3)]
    for number, one in enumerate(letters):
        server.deliver(one, *(["slow"] * 3 if number == 0 else []))
    began = time.monotonic()
    fetch(account)
    assert time.monotonic() - began < 20
    assert violations(server, letters) == []
    assert len(server.store.processed) == 2


def test_a_server_that_tells_of_letters_that_are_not_there_is_not_asked_without_end(
    server: MisbehavingImap, account: Account
) -> None:
    server.store.more_than_there_is = True
    server.deliver(numbered(1))
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (email_fetch.fetch_forever(stop), connection.close()))
    thread.start()
    time.sleep(3)
    stop.set()
    thread.join(15)
    assert Inbound.objects.count() == 1
    assert sum("SEARCH" in one for one in server.store.commands) <= 20


# ---- the controls: programs with these mistakes are found out ------------------------------------


def test_control_moving_what_was_not_read_whole_is_found_out(
    server: MisbehavingImap, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that takes what it is given."""
    monkeypatch.setattr(
        email_session.Folder, "content", lambda self, uid, size: self._part(uid, "BODY.PEEK[]", b"BODY[]")
    )
    letters = [numbered(1), numbered(2)]
    server.deliver(letters[0], "half")
    server.deliver(letters[1])
    fetch(account)
    assert violations(server, letters)


def test_control_believing_that_a_known_number_is_a_known_letter_is_found_out(
    server: MisbehavingImap, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_fetch, "_is_still", lambda *rest: True)
    first, second = numbered(1), numbered(2)
    server.deliver(first)
    fetch(account)
    server.begin_numbers_again(honestly=False)
    server.deliver(second)
    fetch(account)
    assert violations(server, [first, second])


def test_control_moving_a_letter_that_gave_no_bytes_is_found_out(
    server: MisbehavingImap, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J1: the server named a letter and gave no content; the program was done with it."""
    real = email_fetch._take

    def careless(account: Account, folder: email_session.Folder, uid: int, *rest: object) -> bool:
        with contextlib.suppress(email_fetch.Trouble):
            return real(account, folder, uid, *rest)  # type: ignore[arg-type]
        folder.move(uid)
        return False

    monkeypatch.setattr(email_fetch, "_take", careless)
    one = numbered(1)
    server.deliver(one, "nil")
    fetch(account)
    assert violations(server, [one])
