"""kill -9 of the worker between any two stages of sending, and a worker that stands still there for longer than its
lease: acknowledgements at most once, answers at least once."""

from __future__ import annotations

import random
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.rig import Rig
from tests.faults.test_stopped_for_longer_than_a_lease import standing_still
from tests.real.site import Site, new_site
from tests.real.smtp import SmtpSink

START = datetime.fromisoformat("2026-03-02T09:00:00+03:00")


class Desk:
    """A desk of its own whose mails go to a scripted server, and whose clock the test moves."""

    def __init__(self, site: Site, sink: SmtpSink, hands: Path) -> None:
        self.site, self.sink, self.hands = site, sink, hands
        self.rig = Rig(site).quick()
        self.at(0)

    def at(self, minutes: float) -> None:
        self.hands.write_text((START + timedelta(minutes=minutes)).isoformat())

    def do(self, *verb: str) -> None:
        self.rig.python("import sys; from tests.faults.outgoing import do; do(*sys.argv[1:])", *verb)

    def work(self, failpoint: str = "") -> int:
        """`firstline worker --drain`; returns its exit code (negative: killed by that signal)."""
        done = self.rig.run("worker", "--drain", failpoint=failpoint)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()[-3000:]
        return done.returncode

    def outbox(self) -> list[dict[str, Any]]:
        return self.rig.lines(self.rig.must("outbox", "list"))

    def judge(self) -> None:
        """The oracle: what the server has against what the outbox says. Raises AssertionError."""
        copies: dict[str, list[bytes]] = defaultdict(list)
        for letter in self.sink.received:
            copies[str(letter.message["Message-ID"])].append(letter.raw)
        deliveries = self.outbox()
        assert set(copies) <= {one["message_id"] for one in deliveries}, "a letter that no row of the outbox knows"
        for one in deliveries:
            raw = copies[one["message_id"]]
            assert len(set(raw)) <= 1, f"copies of one letter differ: {one}"
            if one["kind"] == "received":
                assert len(raw) <= 1, f"{len(raw)} copies of an acknowledgement"
                assert one["state"] in ("sent", "uncertain"), one
            else:
                assert len(raw) >= 1, f"an answer was lost: {one}"
                assert one["state"] == "sent", one
            assert len(raw) <= 1 or any(a["outcome"] == "uncertain" for a in one["attempts"]), (
                f"a copy without a reason: {one}"
            )
            assert all(attempt["answer"] for attempt in one["attempts"]), "an attempt without its answer"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    sink = SmtpSink()
    hands = tmp_path_factory.mktemp("clock") / "now"
    hands.write_text(START.isoformat())
    made = new_site("post", EMAIL_URL=sink.url, FIRSTLINE_NOW=f"@{hands}")
    made_desk = Desk(made, sink, hands)
    yield made_desk
    made_desk.rig.close()
    sink.stop()


@pytest.fixture
def desk(site: Desk) -> Desk:
    site.at(0)
    site.do("make", "1")
    return site


# Reached once a batch, or once for each of the two letters: the acknowledgement, then the answer.
PLACES = [
    "post.after_claim:kill",
    "post.before_send:kill:1",
    "post.before_send:kill:2",
    "post.after_send:kill:1",
    "post.after_send:kill:2",
]


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_a_named_place_nothing_is_lost_and_no_acknowledgement_doubled(desk: Desk, place: str) -> None:
    assert desk.work(place) == -signal.SIGKILL
    desk.do("expire")
    assert desk.work() == 0
    desk.at(16)
    assert desk.work() == 0
    desk.judge()


@pytest.mark.parametrize("place", [one.replace(":kill", ":stop") for one in PLACES])
def test_who_stands_still_at_a_named_place_and_goes_on_after_another_has_sent_loses_and_doubles_nothing(
    desk: Desk, place: str
) -> None:
    with standing_still(desk.rig, "worker", "--drain", at=place):
        assert desk.work() == 0
        desk.at(16)
        assert desk.work() == 0
    assert desk.work() == 0
    desk.judge()


def test_killed_at_random_again_and_again_the_ledger_still_balances(desk: Desk) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    print(f"seed {seed}")
    desk.do("make", "25")
    minutes, kills = 0.0, 0
    for _ in range(8):
        worker = desk.rig.start("worker", "--drain")
        before, until = len(desk.sink.received), time.monotonic() + 20
        wanted = dice.randint(1, 9)
        # Killed while letters flow, not while the program starts: after so many letters, and a little.
        while len(desk.sink.received) - before < wanted and worker.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(dice.random() * 0.02)
        kills += worker.poll() is None
        worker.kill()
        worker.wait()
        desk.do("expire")
        minutes += 16
        desk.at(minutes)
    for _ in range(2):
        assert desk.work() == 0
        minutes += 16
        desk.at(minutes)
    assert kills >= 3
    desk.judge()


def test_the_oracle_catches_a_program_that_forgets_what_it_was_sending(desk: Desk) -> None:
    assert desk.work("post.after_send:kill:1") == -signal.SIGKILL
    desk.do("expire")
    desk.do("forget")
    assert desk.work() == 0
    with pytest.raises(AssertionError, match="2 copies of an acknowledgement"):
        desk.judge()
