"""Fetcher, worker and pipe are killed again and again at random while letters keep coming: none lost, none doubled.

12 s in every run, 60 s in the long one (`script/test --soak`), longer where the machine is busy: only who was killed in
the middle of his work counts. The seed is printed. The control is the same storm over a worker that makes the ticket in
one transaction and marks the letter in the next.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.rig import Rig, numbered
from tests.real.dovecot import Mailbox
from tests.real.site import COMMAND, ROOT

SOAK = os.environ.get("FIRSTLINE_SOAK") == "1"
SECONDS = 60.0 if SOAK else 12.0
AT_MOST = 480.0  # a busy machine needs longer until enough was killed
PATIENCE = 60.0  # so does one of its processes until it works
ENOUGH = 6 if SOAK else 3
MOST_LETTERS = 600  # in the mailbox: what lies there must be read in the end, and is no part of the storm
FETCHED = "SELECT COUNT(*) FROM intake_inbound WHERE source LIKE 'imap:%'"
UNDERSTOOD = "SELECT COUNT(*) FROM intake_inbound WHERE state <> 'new'"

pytestmark = pytest.mark.timeout(1_500)


class Storm:
    """Processes that are killed and started again until the time is over and each was killed often enough."""

    def __init__(self, rig: Rig, seconds: float, victims: tuple[str, ...]) -> None:
        seed = int(os.environ.get("FIRSTLINE_SEED") or time.time())
        print(f"FIRSTLINE_SEED={seed}")
        self.rig, self.dice, self.victims = rig, random.Random(seed), victims
        self.began, self.seconds = time.monotonic(), seconds
        self.kills: Counter[str] = Counter()

    def is_over(self) -> bool:
        passed = time.monotonic() - self.began
        enough = all(self.kills[name] >= ENOUGH for name in self.victims)
        return passed > AT_MOST or (enough and passed > self.seconds)

    def haunt(self, *command: str, work: str) -> None:
        """One part of the program, killed while it works: `work` counts what it has done."""
        name = command[-1]
        while not self.is_over():
            before = self.rig.query(work)
            part = subprocess.Popen(
                command, env=self.rig.environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            patience = time.monotonic() + PATIENCE
            while part.poll() is None and time.monotonic() < patience and self.rig.query(work) == before:
                time.sleep(0.2)
            time.sleep(self.dice.random())
            self.kills[name] += part.poll() is None and self.rig.query(work) != before
            part.kill()
            part.wait()


def deliver_by_mailbox(storm: Storm, mailbox: Mailbox, sent: list[int]) -> None:
    """Letters arrive in the folder."""
    with mailbox.session() as server:
        while not storm.is_over():
            if len(sent) >= MOST_LETTERS:
                time.sleep(0.2)
                continue
            number, letter = numbered()
            server.append("INBOX", letter)
            sent.append(number)
            time.sleep(storm.dice.uniform(0.02, 0.2))


def deliver_by_pipe(storm: Storm, sent: list[int], acknowledged: list[int]) -> None:
    """A mail server that comes again until the pipe says yes; half of its pipes are killed, at any moment of the time
    that the last whole one needed."""
    needed = 1.0
    while not storm.is_over():
        number, letter = numbered()
        sent.append(number)
        while not storm.is_over():
            began = time.monotonic()
            pipe = subprocess.Popen(
                [str(COMMAND), "intake", "email"],
                env=storm.rig.environment(),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if storm.dice.random() < 0.5:
                killer = threading.Timer(storm.dice.uniform(0.2, needed), pipe.kill)
                killer.start()
            pipe.communicate(letter)
            if pipe.returncode == 0:
                acknowledged.append(number)
                needed = time.monotonic() - began
                break
            storm.kills["pipe"] += 1


def rage(rig: Rig, mailbox: Mailbox, seconds: float) -> tuple[list[int], list[int], Storm]:
    """The storm: what was sent, what was acknowledged."""
    storm = Storm(rig, seconds, ("fetch-mail", "worker"))
    by_mailbox: list[int] = []
    by_pipe: list[int] = []
    acknowledged: list[int] = []
    works: list[Callable[[], None]] = [
        lambda: storm.haunt(str(COMMAND), "fetch-mail", work=FETCHED),
        lambda: storm.haunt(str(COMMAND), "worker", work=UNDERSTOOD),
        lambda: deliver_by_mailbox(storm, mailbox, by_mailbox),
        lambda: deliver_by_pipe(storm, by_pipe, acknowledged),
    ]
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    inbox = b"".join(mailbox.messages())
    acknowledged += [number for number in by_mailbox if f"N-{number:06d}-".encode() not in inbox]
    return [*by_mailbox, *by_pipe], acknowledged, storm


def test_a_storm_of_kills_loses_and_doubles_nothing(broken_rig: Rig, mailbox: Mailbox) -> None:
    rig = broken_rig  # a desk of its own
    rig.mailbox("storm@firm.example", mailbox.url)
    sent, acknowledged, storm = rage(rig, mailbox, SECONDS)
    assert min(storm.kills["fetch-mail"], storm.kills["worker"]) >= ENOUGH, storm.kills
    assert len(acknowledged) >= 10
    rig.settle()
    assert rig.violations(sent, acknowledged) == []
    rig.must("fetch-mail", "--once")
    rig.settle()
    assert mailbox.messages() == []
    assert rig.violations(sent, {*acknowledged, *sent} - set(never_taken(rig, sent))) == []


def never_taken(rig: Rig, sent: list[int]) -> list[int]:
    """The last letters of the pipe, cut off by the end of the storm before anybody said yes."""
    found = rig.found()
    return [number for number in sent[-2:] if not found[number]]


def test_control_a_storm_over_a_worker_with_two_transactions_is_found_out(broken_rig: Rig, tmp_path: Path) -> None:
    sent, files = [], []
    for _ in range(30 * ENOUGH):
        number, letter = numbered()
        sent.append(number)
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(letter)
    broken_rig.must("intake", "email", *map(str, files))
    storm = Storm(broken_rig, 8.0, ("worker",))
    storm.haunt(sys.executable, "-m", "tests.faults.broken", "ticket_before_done", "worker", work=UNDERSTOOD)
    assert storm.kills["worker"] >= ENOUGH
    broken_rig.run("intake", "drain", broken="believe_every_copy")
    assert broken_rig.violations(sent, acknowledged=sent)
