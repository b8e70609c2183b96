"""What fails is tried again or put before people; one poisoned letter never holds up the others."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from firstline.blobs import store
from firstline.intake import in_copy, processing, registration
from firstline.intake.channels import portal
from firstline.intake.models import Inbound
from firstline.lib import claims, clock, confined
from firstline.tickets import history
from firstline.tickets.models import Event, Ticket
from tests import cast
from tests.intake.mail import letter, process, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def test_a_reader_that_cannot_start_is_no_letters_fault(stage: Any) -> None:
    pool = confined.Pool("tests.intake.bombs.nothing_of_that_name", 2)
    row = take(letter())
    try:
        assert processing.drain(pool=pool) == 0
    finally:
        pool.close()
    row.refresh_from_db()
    assert (row.state, row.failures) == ("new", 1)
    assert "did not start" in row.last_error


@pytest.mark.parametrize(("what", "words"), [("hang", "time"), ("die", "signal 9"), ("grow", "memory")])
def test_a_letter_that_kills_its_reader_is_in_quarantine_and_the_others_are_tickets(
    stage: Any, what: str, words: str
) -> None:
    pool = confined.Pool(f"tests.intake.bombs.{what}", 2)
    try:
        first = take(letter(text="до"))
        bomb = take(letter(X_Bomb="1", subject="Бомба"))
        last = take(letter(text="после"))
        assert processing.drain(pool=pool) == 0
    finally:
        pool.close()
    for row in (first, bomb, last):
        row.refresh_from_db()
    assert [row.outcome for row in (first, bomb, last)] == ["ticket", "quarantine", "ticket"]
    assert words in bomb.reason
    assert (bomb.sender, bomb.subject) == ("ivan@north.example", "Бомба")


def test_the_same_failure_twice_ends_in_quarantine_with_the_reason(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = registration.register

    def fail(row: Inbound, *rest: Any) -> registration.Result:
        if row.pk == poisoned.pk:
            raise KeyError("something")
        return real(row, *rest)

    monkeypatch.setattr(registration, "register", fail)
    poisoned, good = take(letter(text="яд")), take(letter(text="хорошее"))
    assert processing.drain() == 0
    poisoned.refresh_from_db()
    good.refresh_from_db()
    assert (poisoned.state, poisoned.outcome, good.outcome) == ("quarantine", "quarantine", "ticket")
    assert "2 times: KeyError" in poisoned.reason
    assert Ticket.objects.count() == 1


def test_a_database_that_is_away_is_waited_for_with_longer_and_longer_pauses(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*rest: Any) -> None:
        raise OperationalError("the server closed the connection")

    row = take(letter())
    with monkeypatch.context() as patch:
        patch.setattr(registration, "register", away)
        pauses = []
        for _ in range(12):
            Inbound.objects.update(try_at=clock.now())
            processing.process_due()
            row.refresh_from_db()
            assert row.state == "new"
            pauses.append((row.try_at - clock.now()).total_seconds())
    assert pauses[0] <= 1 < pauses[1] <= 2 < pauses[2] <= 4
    assert 500 < pauses[-1] <= 600
    Inbound.objects.update(try_at=clock.now())
    assert processing.drain() == 0
    row.refresh_from_db()
    assert row.outcome == "ticket"


def test_a_letter_that_kills_the_worker_itself_is_not_tried_for_ever(stage: Any) -> None:
    row = take(letter())
    Inbound.objects.filter(pk=row.pk).update(attempts=processing.DEATHS_ALLOWED)
    processing.process_due()
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("quarantine", "quarantine")
    assert "the worker ended" in row.reason


def test_the_neighbours_of_what_kills_workers_are_not_buried_with_it(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker ends while it has the first of three, again and again, as kill -9 would end it."""
    killer, *others = [take(letter(text=text)) for text in ("раз", "два", "три")]
    whole = processing._one

    def one(row: Inbound, reading: Any) -> None:
        if row.pk == killer.pk and row.attempts <= processing.DEATHS_ALLOWED:
            raise KeyboardInterrupt
        whole(row, reading)

    monkeypatch.setattr(processing, "_one", one)
    for _death in range(processing.DEATHS_ALLOWED):
        with pytest.raises(KeyboardInterrupt):
            processing.process_due()
        Inbound.objects.update(lease_until=None, lease_owner="")  # the leases end
    while processing.process_due():
        pass
    rows = [Inbound.objects.get(pk=row.pk) for row in (killer, *others)]
    assert [row.outcome for row in rows] == ["quarantine", "ticket", "ticket"]
    assert "the worker ended" in rows[0].reason


def test_the_claim_of_a_dead_process_is_free_at_once_and_that_of_a_living_one_is_not(stage: Any) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = claims.owner_name().partition(":")[0]
    row = take(letter())
    held = {"lease_until": clock.real_now() + timedelta(hours=1)}
    Inbound.objects.filter(pk=row.pk).update(lease_owner=f"{host}:{os.getppid()}:abcd", **held)
    assert processing.drain() == 1
    Inbound.objects.filter(pk=row.pk).update(lease_owner=f"{host}:{dead.pid}:abcd", **held)
    assert processing.drain() == 0


def test_who_lost_his_lease_leaves_nothing_behind(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fencing: the work of a worker that slept over its lease is rolled back where it wants to finish."""
    row = take(letter())
    real = registration.register

    def stolen(held: Inbound, *rest: Any) -> registration.Result:
        done = real(held, *rest)
        Inbound.objects.filter(pk=row.pk).update(lease_owner="another:1:x")
        return done

    with monkeypatch.context() as patch:
        patch.setattr(registration, "register", stolen)
        processing.process_due()
    assert (Ticket.objects.count(), Event.objects.count()) == (0, 0)
    Inbound.objects.filter(pk=row.pk).update(lease_until=None, lease_owner="")
    assert processing.drain() == 0
    assert Ticket.objects.count() == 1


def test_a_request_kept_without_its_ticket_becomes_one_or_goes_to_quarantine(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def fail(event: Event) -> None:
        if broken:
            raise KeyError("a broken rule")

    monkeypatch.setattr(history, "_reactions", (*history._reactions, fail))
    one = portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="1", at=clock.now()).inbound
    broken = False
    assert processing.drain() == 0
    one.refresh_from_db()
    assert (one.outcome, one.subject) == ("ticket", "Принтер")
    assert one.ticket is not None
    assert (one.ticket.created_at, one.message) == (one.received_at, one.ticket.messages.get())
    again = portal.submit(by=stage.ivan, subject="Принтер", text="Горит", key="1", at=clock.now())
    assert again.ticket == one.ticket
    broken = True
    two = portal.submit(by=stage.ivan, subject="Сканер", text="Молчит", at=clock.now()).inbound
    assert processing.drain() == 0
    two.refresh_from_db()
    assert (two.state, two.subject) == ("quarantine", "Сканер")
    assert json.loads(bytes(two.raw or b""))["text"] == "Молчит"


def test_the_oldest_waiting_item_is_known_and_stuck_ones_hold_up_nothing(stage: Any) -> None:
    now = clock.now()
    assert processing.oldest_waiting() is None
    old = take(letter(), at=now - timedelta(minutes=40))
    young = take(letter(), at=now - timedelta(minutes=4))
    assert processing.oldest_waiting() == old.received_at
    assert processing.oldest_waiting(since=now - timedelta(minutes=15)) == young.received_at
    processing.drain()
    assert processing.oldest_waiting() is None


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "sender"),
        (b"\x00" * 5000, "sender"),
        (b"Subject: no sender\n\nx", "sender"),
        (b"From: undisclosed-recipients:;\nSubject: x\n\nx", "sender"),
        (os.urandom(4000), "cannot be read"),
    ],
)
def test_an_unreadable_letter_is_in_quarantine_with_the_reason(raw: bytes, why: str) -> None:
    row = process(raw)
    assert (row.state, row.outcome) == ("quarantine", "quarantine")
    assert why in row.reason


def test_nul_bytes_and_a_flood_of_recipients_reach_the_database_as_a_ticket(stage: Any) -> None:
    people = ", ".join(f"p{number}@north.example" for number in range(10_000))
    raw = (
        b"From: ivan@north.example\nTo: "
        + people.encode()
        + b"\nSubject: NUL \x00 here\nX-Long: "
        + b"x" * 2_000_000
        + b"\nMessage-ID: <nul\x00@x>\n\nHello\x00World"
    )
    row = process(raw)
    assert row.outcome == "ticket"
    assert row.ticket is not None
    assert "\x00" not in row.ticket.subject + row.ticket.messages.get().text
    assert row.ticket.participants.count() <= in_copy.MOST_IN_COPY
    assert row.blob is not None


def test_a_large_letter_is_a_blob_and_comes_back_byte_for_byte(stage: Any) -> None:
    raw = letter(files=(("большой.bin", os.urandom(25 * 1024 * 1024)),))
    row = process(raw)
    assert row.outcome == "ticket"
    assert row.raw is None
    assert processing.acceptance.bytes_of(row) == raw
    assert connection.is_usable()


def test_what_a_clock_took_in_that_has_been_set_back_since_is_understood_at_once(stage: Any) -> None:
    ahead = [take(letter(), at=clock.now() + timedelta(days=3)) for _number in range(claims.BATCH + 2)]
    Inbound.objects.filter(pk__in=[row.pk for row in ahead]).update(try_at=clock.now() + timedelta(days=3))
    assert processing.drain() == 0
    assert Ticket.objects.count() == len(ahead)


def test_a_disk_without_room_for_a_letters_files_puts_it_off_and_nothing_else(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(content: bytes) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with_files, without = take(letter(files=(("scan.pdf", b"%PDF"),))), take(letter())
    with monkeypatch.context() as full:
        full.setattr(store, "put_down", no_room)
        processing.process_due()
    with_files.refresh_from_db()
    without.refresh_from_db()
    assert (with_files.state, with_files.failures, without.outcome) == ("new", 1, "ticket")
    assert "No space left" in with_files.last_error
    Inbound.objects.filter(pk=with_files.pk).update(try_at=clock.now())
    assert processing.drain() == 0
    with_files.refresh_from_db()
    assert (with_files.outcome, with_files.message.attachments.count()) == ("ticket", 1)
