"""Fetcher, worker and pipe are killed again and again at random while letters keep coming: none lost, none doubled.

12 s in every run, 60 s in the long one (`script/test --soak`). The seed is printed. The control is the same storm over
a worker that makes the ticket in one transaction and marks the letter in the next.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.rig import Rig, numbered
from tests.real.dovecot import Mailbox
from tests.real.site import COMMAND, ROOT

SOAK = os.environ.get("FIRSTLINE_SOAK") == "1"
SECONDS = 60.0 if SOAK else 12.0
LIVES = (0.1, 1.6)  # seconds of work before a process is killed, after the time it needs to start

pytestmark = pytest.mark.timeout(300)


@dataclass
class Storm:
    """Processes that are killed and started again until the time is over."""

    rig: Rig
    dice: random.Random
    ends: float
    start: float
    kills: dict[str, int] = field(default_factory=dict)

    def haunt(self, *command: str) -> None:
        """One part of the program, killed at random moments of its life."""
        name = command[-1]
        while time.monotonic() < self.ends:
            part = subprocess.Popen(
                command, env=self.rig.environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                part.wait(self.start + self.dice.uniform(*LIVES))
            except subprocess.TimeoutExpired:
                part.kill()
                self.kills[name] = self.kills.get(name, 0) + 1
            part.wait()


def deliver_by_mailbox(storm: Storm, mailbox: Mailbox, sent: list[int]) -> None:
    """Letters arrive in the folder."""
    with mailbox.session() as server:
        while time.monotonic() < storm.ends:
            number, letter = numbered()
            server.append("INBOX", letter)
            sent.append(number)
            time.sleep(storm.dice.uniform(0.02, 0.2))


def deliver_by_pipe(storm: Storm, sent: list[int], acknowledged: list[int]) -> None:
    """A mail server that comes again until the pipe says yes; half of its pipes are killed."""
    while time.monotonic() < storm.ends:
        number, letter = numbered()
        sent.append(number)
        while time.monotonic() < storm.ends:
            pipe = subprocess.Popen(
                [str(COMMAND), "intake", "email"],
                env=storm.rig.environment(),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if storm.dice.random() < 0.5:
                killer = threading.Timer(storm.start * storm.dice.uniform(0.6, 1.3), pipe.kill)
                killer.start()
            pipe.communicate(letter)
            if pipe.returncode == 0:
                acknowledged.append(number)
                break
            storm.kills["pipe"] = storm.kills.get("pipe", 0) + 1


def gather(rig: Rig, seconds: float) -> Storm:
    """A storm that knows how long a process needs to start on this machine today."""
    seed = int(os.environ.get("FIRSTLINE_SEED") or time.time())
    print(f"FIRSTLINE_SEED={seed}")
    began = time.monotonic()
    rig.must("intake", "list", "--limit", "1")
    now = time.monotonic()
    return Storm(rig, random.Random(seed), now + seconds, now - began)


def rage(rig: Rig, mailbox: Mailbox, seconds: float) -> tuple[list[int], list[int], Storm]:
    """The storm: what was sent, what was acknowledged."""
    storm = gather(rig, seconds)
    by_mailbox: list[int] = []
    by_pipe: list[int] = []
    acknowledged: list[int] = []
    works: list[Callable[[], None]] = [
        lambda: storm.haunt(str(COMMAND), "fetch-mail"),
        lambda: storm.haunt(str(COMMAND), "worker"),
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
    assert storm.kills.get("fetch-mail", 0) >= 3, storm.kills
    assert storm.kills.get("worker", 0) >= 3, storm.kills
    assert len(acknowledged) >= 20
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
    for _ in range(80):
        number, letter = numbered()
        sent.append(number)
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(letter)
    broken_rig.must("intake", "email", *map(str, files))
    storm = gather(broken_rig, 8.0)
    storm.haunt(sys.executable, "-m", "tests.faults.broken", "ticket_before_done", "worker")
    assert storm.kills.get("worker", 0) >= 2
    broken_rig.run("intake", "drain", broken="believe_every_copy")
    assert broken_rig.violations(sent, acknowledged=sent)
