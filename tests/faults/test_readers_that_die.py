"""F-13, F-23: letters that kill their reader, readers that cannot start, a process that may open few files. Every
letter has one visible state, the others are tickets, and their order is kept.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from firstline.intake import processing
from firstline.intake.models import Inbound
from firstline.lib import confined
from firstline.tickets.models import Ticket
from tests import cast
from tests.faults.rig import Rig
from tests.faults.test_kill_at_named_points import take as take_files
from tests.intake.mail import letter, take
from tests.real.site import COMMAND, ROOT

DEADLY = "tests.intake.bombs.die"
FEW_FILES = 64
MANY = 30

pytestmark = pytest.mark.timeout(300)


def drain() -> None:
    pool = confined.Pool(DEADLY, processing.READERS)
    try:
        processing.drain(pool=pool)
    finally:
        pool.close()


def take_with_poison() -> Inbound:
    """Good letters, and in their midst one that kills whoever reads it; returns that one."""
    poison = MANY // 2
    rows = [
        take(letter(subject=f"N-{number:06d}-", **({"X_Bomb": "1"} if number == poison else {})))
        for number in range(MANY)
    ]
    return rows[poison]


def violations(poison: Inbound) -> list[str]:
    outcomes = dict(Inbound.objects.values_list("pk", "outcome"))
    out = [] if outcomes.pop(poison.pk, "") == "quarantine" else ["the poison is not in the quarantine"]
    out += [f"{number} is {outcome}" for number, outcome in outcomes.items() if outcome != "ticket"]
    subjects = list(Ticket.objects.order_by("id").values_list("subject", flat=True))
    return [*out, *([] if subjects == sorted(subjects) else ["not in their order"])]


@pytest.mark.django_db(transaction=True)
def test_poison_among_good_letters_is_in_quarantine_and_the_others_are_tickets_in_their_order() -> None:
    cast.stage()
    poison = take_with_poison()
    drain()
    assert violations(poison) == []


@pytest.mark.django_db(transaction=True)
def test_control_a_desk_that_drops_what_it_cannot_read_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.stage()
    monkeypatch.setattr(
        processing, "_quarantine", lambda row, letter, reason: Inbound.objects.filter(pk=row.pk).delete()
    )
    poison = take_with_poison()
    drain()
    assert violations(poison) == ["the poison is not in the quarantine"]


@pytest.mark.django_db(transaction=True)
def test_control_a_desk_that_gives_up_with_the_reader_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reader ended, everything that was claimed with the letter is put aside as unreadable."""
    cast.stage()
    real = processing._read

    def gives_up(row: Inbound, pool: confined.Pool) -> processing.Reading:
        found = real(row, pool)
        broken.extend([found] if found.problem else [])
        return broken[-1] if broken else found

    broken: list[processing.Reading] = []
    monkeypatch.setattr(processing, "_read", gives_up)
    poison = take_with_poison()
    drain()
    wrong = violations(poison)
    assert len([one for one in wrong if one.endswith("is quarantine")]) >= MANY // 2 - processing.READERS


def drain_with_few_files(rig: Rig, most: int, *, broken: str = "") -> int:
    """The worker's work by a process that may open so many files; returns how it ended."""
    command = [sys.executable, "-m", "tests.faults.broken", broken] if broken else [str(COMMAND)]
    return subprocess.run(
        ["sh", "-c", f'ulimit -n {most}; exec "$0" "$@"', *command, "intake", "drain", "--timeout", "10"],
        env=rig.environment(), cwd=ROOT, capture_output=True, timeout=120, check=False,
    ).returncode  # fmt: skip


def quarantined(rig: Rig) -> int:
    return int(rig.query("SELECT COUNT(*) FROM intake_inbound WHERE state = 'quarantine'")[0][0])


def test_a_worker_that_may_open_few_files_loses_nothing(broken_rig: Rig, tmp_path: Path) -> None:
    sent = take_files(broken_rig, tmp_path, 8)
    for most in (12, FEW_FILES):
        # With twelve it cannot even start its readers; what it began must be as it was for the next one.
        drain_with_few_files(broken_rig, most)
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=sent) == []
    assert quarantined(broken_rig) == 0


def test_control_a_worker_that_blames_the_letter_for_its_few_files_is_found_out(
    broken_rig: Rig, tmp_path: Path
) -> None:
    take_files(broken_rig, tmp_path, 2)
    drain_with_few_files(broken_rig, 12, broken="blame_the_letter")
    broken_rig.settle()
    assert quarantined(broken_rig) == 2
