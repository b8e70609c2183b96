"""F-14: processes stand still (SIGSTOP) for longer than their lease, others take over what they held, and then they go
on as if nothing had happened: nothing is lost, nothing doubled.

At named points in every run, where the lease is made to be over; then a storm in which leases are taken from the
living. In the long one (`script/test --soak`) four fetchers and four workers stand still at random for up to 90 s, and
the leases of 60 s run out by themselves.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig import BIG, SOAK, Rig, is_stopped, numbered
from tests.faults.test_kill_at_named_points import ACCEPTING, FETCHING, WORKING, fill, moved, take
from tests.real import engine
from tests.real.dovecot import Mailbox
from tests.real.zygote import Running

SECONDS, EACH, LONGEST_STOP = (300.0, 4, 90.0) if SOAK else (8.0, 2, 1.5)
# A process that stands still inside its transaction holds SQLite's one lock: nobody can take anything over. Others are
# told to come again (test_the_database_goes_away.py).
POINTS = [one for one in WORKING if engine.ENGINE == "postgresql" or one != "register.before_commit"]

pytestmark = pytest.mark.timeout(900 if SOAK else 300)


@contextlib.contextmanager
def standing_still(rig: Rig, *command: str, at: str, broken: str = "") -> Iterator[None]:
    """A command that stands still at a named point while this goes on, without a lease any more; then it ends well."""
    process = rig.start(*command, failpoint=at if ":" in at else f"{at}:stop", broken=broken)
    try:
        end = time.monotonic() + 60
        while not is_stopped(process.pid):
            assert process.poll() is None, "the point was not reached"
            assert time.monotonic() < end, "the point was not reached in time"
            time.sleep(0.02)
        rig.leases_are_over()
        yield
        os.kill(process.pid, signal.SIGCONT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_goes_on_after_another_has_done_its_work(rig: Rig, tmp_path: Path, point: str) -> None:
    sent = take(rig, tmp_path, 3)
    with standing_still(rig, "intake", "drain", at=point):
        if point == "register.before_commit":  # one letter waits for the end of the transaction, the others do not
            assert rig.run("intake", "drain", "--timeout", "3").returncode == 75
            assert sum(rig.found()[number] for number in sent) == 2
        else:
            rig.settle()
            assert rig.violations(sent, acknowledged=sent) == []
    rig.settle()
    assert rig.violations(sent, acknowledged=sent) == []


@pytest.mark.parametrize("point", FETCHING)
def test_a_fetcher_goes_on_after_another_has_emptied_its_mailbox(rig: Rig, mailbox: Mailbox, point: str) -> None:
    sent = fill(mailbox, 2)
    rig.mailbox(f"{mailbox.login}@firm.example", mailbox.url)
    with standing_still(rig, "fetch-mail", "--once", at=point):
        rig.must("fetch-mail", "--once")
        assert moved(mailbox, sent) == sent
        sent += fill(mailbox, 1)
    rig.must("fetch-mail", "--once")
    assert moved(mailbox, sent) == sent
    rig.settle()
    assert rig.violations(sent, acknowledged=sent) == []


@pytest.mark.parametrize("point", ACCEPTING)
def test_a_pipe_goes_on_after_its_mail_server_has_come_again(rig: Rig, tmp_path: Path, point: str) -> None:
    number, letter = numbered(BIG)
    file = tmp_path / "letter.eml"
    file.write_bytes(letter)
    with standing_still(rig, "intake", "email", str(file), at=point):
        rig.must("intake", "email", str(file))
        rig.settle()
    rig.settle()
    assert rig.violations([number], acknowledged=[number]) == []


def test_control_a_worker_that_does_not_ask_whether_it_still_holds_a_letter_is_found_out(
    broken_rig: Rig, tmp_path: Path
) -> None:
    sent = take(broken_rig, tmp_path, 2)
    with standing_still(broken_rig, "intake", "drain", at="worker.after_parse", broken="believe_every_lease"):
        broken_rig.settle()
        assert broken_rig.violations(sent, acknowledged=sent) == []
    assert f"{sent[0]} was acknowledged and is there 2 times" in broken_rig.violations(sent, acknowledged=sent)


def test_control_a_desk_that_does_not_know_its_bytes_again_is_found_out(broken_rig: Rig, tmp_path: Path) -> None:
    number, letter = numbered()
    file = tmp_path / "letter.eml"
    file.write_bytes(letter)
    with standing_still(broken_rig, "intake", "email", str(file), at="intake.before_bytes"):
        broken_rig.must("intake", "email", str(file))
    broken_rig.must("intake", "drain", broken="believe_every_copy")
    assert broken_rig.violations([number], acknowledged=[number]) == [f"{number} was acknowledged and is there 2 times"]


# ---- at random -------------------------------------------------------------------------------------


class Storm:
    """Workers and fetchers that stand still at random, and leases that are over at random, until the time is."""

    def __init__(self, rig: Rig) -> None:
        seed = int(os.environ.get("FIRSTLINE_SEED") or time.time())
        print(f"FIRSTLINE_SEED={seed}")
        self.rig, self.dice = rig, random.Random(seed)
        self.parts: list[Running | subprocess.Popen[bytes]] = []
        self.end = time.monotonic() + SECONDS
        self.stops = 0

    def is_over(self) -> bool:
        return time.monotonic() > self.end

    def stop_one_after_another(self) -> None:
        while not self.is_over():
            part = self.dice.choice(self.parts)
            assert part.poll() is None, "a part ended by itself"
            os.kill(part.pid, signal.SIGSTOP)
            self.stops += 1
            time.sleep(self.dice.random() * LONGEST_STOP)
            os.kill(part.pid, signal.SIGCONT)
            time.sleep(self.dice.random() * 0.3)

    def take_leases_away(self) -> None:
        while not self.is_over():
            self.rig.leases_are_over()
            time.sleep(self.dice.random() * 0.4)

    def letters_come(self, mailbox: Mailbox, sent: list[int]) -> None:
        with mailbox.session() as server:
            while not self.is_over():
                number, letter = numbered()
                server.append("INBOX", letter)
                sent.append(number)
                time.sleep(self.dice.uniform(0.02, 0.3))

    def rage(self, mailbox: Mailbox) -> list[int]:
        """What was sent."""
        sent: list[int] = []
        self.parts = [self.rig.start(name) for name in ("worker", "fetch-mail") for _ in range(EACH)]
        try:
            works = [self.stop_one_after_another, lambda: self.letters_come(mailbox, sent)]
            works += [] if SOAK else [self.take_leases_away]
            threads = [threading.Thread(target=work) for work in works]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            end = time.monotonic() + 60
            while mailbox.messages() and time.monotonic() < end:
                time.sleep(0.3)
        finally:
            for part in self.parts:
                part.kill()
                part.wait()
        return sent


def test_a_storm_of_stops_and_lost_leases_loses_and_doubles_nothing(broken_rig: Rig, mailbox: Mailbox) -> None:
    broken_rig.mailbox("storm@firm.example", mailbox.url)
    storm = Storm(broken_rig)
    sent = storm.rage(mailbox)
    assert storm.stops >= 3
    assert len(sent) >= 10
    assert mailbox.messages() == []
    broken_rig.leases_are_over()
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=sent) == []
