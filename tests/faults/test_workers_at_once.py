"""Several workers on one queue: copies join, replies find their original, nothing is there twice (F-14, F-15)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.faults.rig import Rig
from tests.real.site import COMMAND, ROOT

COUNT, WORKERS = 12, 3


def letter(number: int, kind: str) -> bytes:
    """An original, its copy by another mail server, or the reply to it."""
    answers = f"In-Reply-To: <once{number}@north.example>\n" if kind == "reply" else ""
    identifier = f"<re{number}@north.example>" if kind == "reply" else f"<once{number}@north.example>"
    delivered = "Delivered-To: sales@firm.example\n" if kind == "copy" else ""
    return (
        f"{delivered}From: p{number}@north.example\nTo: desk@firm.example\nSubject: once {number}\n{answers}"
        f"Message-ID: {identifier}\nDate: Mon, 02 Mar 2026 09:00:00 +0300\n\n"
        f"{'again' if kind == 'reply' else 'first'}\n"
    ).encode()


def test_copies_and_replies_are_registered_right_by_workers_that_know_nothing_of_one_another(
    broken_rig: Rig, tmp_path: Path
) -> None:
    rig = broken_rig  # a desk of its own
    files = []
    for number in range(COUNT):
        for kind in ("original", "copy", "reply"):
            files.append(tmp_path / f"{number}-{kind}.eml")
            files[-1].write_bytes(letter(number, kind))
    rig.must("intake", "email", *map(str, files))
    workers = [
        subprocess.Popen(
            [str(COMMAND), "intake", "drain"], env=rig.environment(), cwd=ROOT, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(WORKERS)
    ]  # fmt: skip
    assert [worker.wait(100) for worker in workers] == [0] * WORKERS
    outcomes = dict(rig.query("SELECT outcome || ' ' || reason, COUNT(*) FROM intake_inbound GROUP BY 1"))
    assert outcomes == {"ticket ": COUNT, "reply copy": COUNT, "reply by reference": COUNT}
    assert rig.query("SELECT COUNT(*) FROM tickets_ticket") == [(COUNT,)]
    assert rig.query("SELECT COUNT(*) FROM tickets_message") == [(2 * COUNT,)]
    by_ticket = rig.query("SELECT ticket_id, COUNT(*) FROM tickets_message GROUP BY 1")
    assert [count for _ticket, count in by_ticket] == [2] * COUNT
