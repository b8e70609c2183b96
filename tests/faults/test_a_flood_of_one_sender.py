"""F-27: nine tenths of what waits are one sender's, and the others wait no longer for it.

The oracle counts batches of the worker until the last letter of the others is understood: real letters that are read
and registered (900 before 100, 9,000 before 1,000 with `script/test --soak`), and, without reading them, 9,000 before
1,000 in every run. The control is the same flood and a worker that takes the oldest first.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firstline.intake import processing, whose_turn
from firstline.intake.models import Inbound
from firstline.lib import claims
from firstline.tickets.models import Ticket
from tests import cast
from tests.faults.rig import SOAK
from tests.intake.mail import letter, take
from tests.intake.test_each_sender_in_his_turn import understand, wait

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3_600 if SOAK else 300)]

FLOOD, OTHERS = (9_000, 1_000) if SOAK else (54, 6)
BATCH = claims.BATCH


def batches_until_the_others_are_done(others: list[Inbound], work: Callable[[], object], *, most: int) -> int:
    """How often somebody had to work, at most so often."""
    numbers = [row.pk for row in others]
    for count in range(most):
        if not Inbound.objects.filter(pk__in=numbers, state=Inbound.State.NEW).exists():
            return count
        work()
    return most


def fair(count: int) -> int:
    """The others' letters share every batch with the flood and with one another: twice their own number of batches."""
    return 2 * -(-count // BATCH) + 2


def flood() -> list[Inbound]:
    """Real letters: one sender's first, then the others'. Returns those of the others."""
    cast.stage()
    for number in range(FLOOD):
        take(letter(sender="flood@north.example", subject=f"Alarm {number}"))
    people = [f"p{number % 200}@east.example" for number in range(OTHERS)]
    return [take(letter(sender=person, subject=f"Question {number}")) for number, person in enumerate(people)]


def test_letters_of_the_others_are_tickets_before_the_flood_is_over() -> None:
    others = flood()
    needed = batches_until_the_others_are_done(others, processing.process_due, most=fair(OTHERS) + 1)
    assert needed <= fair(OTHERS)
    assert Ticket.objects.filter(subject__startswith="Question").count() == OTHERS
    assert Inbound.objects.filter(state=Inbound.State.NEW).count() > FLOOD // 2  # they did not wait for it


def test_control_a_worker_that_takes_the_oldest_first_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whose_turn, "_in_turn", lambda free, limit: [])
    others = flood()
    assert batches_until_the_others_are_done(others, processing.process_due, most=fair(OTHERS) + 1) > fair(OTHERS)
    assert Ticket.objects.filter(subject__startswith="Question").count() == 0


def test_nine_thousand_letters_of_one_sender_do_not_delay_the_thousand_of_the_others() -> None:
    wait("flood" for _ in range(9_000))
    others = wait(f"person {number % 200}" for number in range(1_000))
    needed = batches_until_the_others_are_done(others, lambda: understand(whose_turn.claim(BATCH)), most=130)
    assert 1_000 / BATCH <= needed <= 120


def test_control_the_thousand_wait_for_all_nine_thousand_without_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whose_turn, "_in_turn", lambda free, limit: [])
    wait("flood" for _ in range(9_000))
    others = wait(f"person {number % 200}" for number in range(1_000))
    needed = batches_until_the_others_are_done(others, lambda: understand(whose_turn.claim(BATCH)), most=130)
    assert needed > 120
    assert Inbound.objects.filter(pk__in=[row.pk for row in others]).exclude(state=Inbound.State.NEW).count() == 0
