"""A real Postfix that hands letters to `firstline intake email`: what is not taken stays in its queue and comes again.

Acknowledged means here: Postfix has removed the letter from its queue. F-15's second road, and F-03 … F-06 as a mail
server sees them. With --soak more letters.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.faults.rig import KILLED, SOAK, Rig, numbered
from tests.real.postfix import Pipe, Postfix, start_postfix

MANY = 15 if SOAK else 5
TEMPORARY = 75

pytestmark = pytest.mark.timeout(900 if SOAK else 300)


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    server = start_postfix(lambda letter: TEMPORARY)
    yield server
    server.stop()


class Deliveries:
    """The pipe: `firstline intake email`, in trouble as often as `troubles` says. Remembers of each letter how its
    calls ended, in order.

    How many calls there are is the machine's affair: a busy one refuses for reasons of its own. What Postfix must do
    is to come again after every refusal, and never after a yes.
    """

    def __init__(self, rig: Rig, troubles: list[dict[str, str]]) -> None:
        self.rig, self.troubles = rig, troubles
        self.ends: defaultdict[int, list[int]] = defaultdict(list)
        self.lock = threading.Lock()

    def __call__(self, letter: bytes) -> int:
        with self.lock:
            how = self.troubles.pop() if self.troubles else {}
        code = self.rig.run("intake", "email", "--mailbox", "desk@firm.example", input=letter, **how).returncode
        number = re.search(rb"N-(\d{6})-", letter)
        assert number is not None
        with self.lock:
            self.ends[int(number[1])].append(code)
        return code

    def calls(self, code: int) -> int:
        """How many calls ended so."""
        with self.lock:
            return sum(ends.count(code) for ends in self.ends.values())

    def wrong(self, sent: list[int]) -> list[str]:
        """Letters that were not handed over again until a yes, or once more after it."""
        return [
            f"{number}: {self.ends[number]}"
            for number in sent
            if [*self.ends[number], 0].index(0) != len(self.ends[number]) - 1
        ]


def hand_over(postfix: Postfix, pipe: Pipe, count: int) -> list[int]:
    """Letters that Postfix has taken, and has been rid of again."""
    postfix.pipe = pipe
    sent = []
    for _ in range(count):
        number, letter = numbered()
        postfix.take(letter)
        sent.append(number)
    postfix.wait_until_empty(seconds=840 if SOAK else 240)
    return sent


def test_what_the_pipe_refuses_stays_in_the_queue_and_comes_in_once(postfix: Postfix, broken_rig: Rig) -> None:
    broken_rig.mailbox("desk@firm.example", "")
    pipe = Deliveries(broken_rig, [{"failpoint": "intake.before_commit:error"}] * MANY)
    postfix.pipe = pipe
    number, letter = numbered()
    postfix.take(letter)
    end = time.monotonic() + 60
    while not pipe.calls(TEMPORARY) and time.monotonic() < end:
        time.sleep(0.1)
    assert [one["recipients"] for one in postfix.queue()], "the letter was not kept"
    sent = [number, *hand_over(postfix, pipe, MANY - 1)]
    assert (pipe.troubles, pipe.wrong(sent)) == ([], [])
    assert pipe.calls(TEMPORARY) >= MANY
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=sent) == []


def test_whatever_kills_the_pipe_every_letter_comes_in_once(postfix: Postfix, broken_rig: Rig) -> None:
    broken_rig.mailbox("desk@firm.example", "")
    dice = random.Random(2026)
    points = ["intake.before_bytes", "intake.before_commit", "intake.after_commit", "intake.after_commit"]
    troubles = [{"failpoint": f"{dice.choice(points)}:kill"} for _ in range(MANY)]
    pipe = Deliveries(broken_rig, [*troubles, {"failpoint": "intake.after_commit:kill"}])
    sent = hand_over(postfix, pipe, MANY)
    assert (pipe.troubles, pipe.wrong(sent)) == ([], [])
    assert pipe.calls(KILLED) == MANY + 1
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=sent) == []
    copies = broken_rig.query("SELECT COUNT(*) FROM intake_inbound WHERE outcome = 'duplicate'")
    assert copies[0][0] >= 1, "no pipe was killed after it had stored its letter"


def test_control_a_pipe_that_says_yes_before_it_stores_is_found_out(postfix: Postfix, broken_rig: Rig) -> None:
    broken_rig.mailbox("desk@firm.example", "")
    fault = {"broken": "acknowledge_before_commit", "failpoint": "intake.before_commit:kill"}
    sent = hand_over(postfix, Deliveries(broken_rig, [fault]), 2)
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=sent)


def test_control_a_desk_that_does_not_know_its_bytes_again_is_found_out(postfix: Postfix, broken_rig: Rig) -> None:
    broken_rig.mailbox("desk@firm.example", "")
    sent = hand_over(postfix, Deliveries(broken_rig, [{"failpoint": "intake.after_commit:kill"}]), 1)
    broken_rig.run("intake", "drain", broken="believe_every_copy")
    assert broken_rig.violations(sent, acknowledged=sent)
