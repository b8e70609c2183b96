"""F-13, F-23: letters that kill their reader, readers that cannot start, a process that may open few files. Every
letter has one visible state, the others are tickets, and their order is kept.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from firstline.intake import processing
from firstline.intake.models import Inbound
from firstline.lib import confined
from firstline.tickets.models import Ticket
from tests import cast
from tests.faults.rig import Rig, numbered
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
    assert violations(poison)


def test_a_worker_that_may_open_few_files_loses_nothing(broken_rig: Rig, tmp_path: Path) -> None:
    sent, files = [], []
    for _ in range(8):
        number, raw = numbered()
        sent.append(number)
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(raw)
    broken_rig.must("intake", "email", *map(str, files))
    for most in (12, FEW_FILES):
        # With twelve it cannot even start its readers; what it began must be as it was for the next one.
        subprocess.run(
            ["sh", "-c", f'ulimit -n {most}; exec "$0" "$@"', str(COMMAND), "intake", "drain", "--timeout", "20"],
            env=broken_rig.environment(), cwd=ROOT, capture_output=True, timeout=120, check=False,
        )  # fmt: skip
    broken_rig.settle()
    assert broken_rig.violations(sent, acknowledged=sent) == []
    assert broken_rig.query("SELECT COUNT(*) FROM intake_inbound WHERE state = 'quarantine'") == [(0,)]
