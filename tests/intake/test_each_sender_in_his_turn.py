"""Where much waits, one sender's flood does not delay the others, and a conversation keeps its order. The flood itself
(F-27) is in tests/faults/test_a_flood_of_one_sender.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.intake import processing, whose_turn
from firstline.intake.models import Inbound
from firstline.intake.reading import glance
from firstline.lib import claims, clock
from tests import cast
from tests.intake.mail import letter, take

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = claims.BATCH


def wait(senders: Iterable[str], *, thread: str = "") -> list[Inbound]:
    """Letters that wait, one for each name, in this order; their bytes are not what this is about."""
    first = Inbound.objects.count()
    return Inbound.objects.bulk_create(
        Inbound(
            source="pipe", source_key=f"{first + number}", sha256="0" * 64, size=1, raw=b"x", lane=glance.lane_of(name),
            thread=thread,
        )
        for number, name in enumerate(senders)
    )  # fmt: skip


def understand(rows: list[Inbound]) -> None:
    Inbound.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="done", outcome="ignored", lease_until=None, done_at=clock.now()
    )


@pytest.mark.parametrize("many", [50, 5_000])
def test_a_batch_costs_the_same_however_much_waits(many: int) -> None:
    wait(f"person {number % (many // 2)}" for number in range(many))
    whose_turn.claim(BATCH)
    with CaptureQueriesContext(connection) as asked:
        assert len(whose_turn.claim(BATCH)) == BATCH
    assert len(asked) <= 8


def test_two_senders_share_a_batch_and_one_alone_has_all_of_it() -> None:
    flood = wait("flood" for _ in range(40))
    person = wait("person" for _ in range(5))
    rows = whose_turn.claim(BATCH)
    assert rows == [*flood[:5], *person]
    assert whose_turn.claim(BATCH) == flood[5:15]


def test_what_fits_into_one_batch_is_taken_in_its_order() -> None:
    rows = wait(["b", "a", "c", "a", "b"])
    assert whose_turn.claim(BATCH) == rows


def test_everybody_comes_round_again() -> None:
    rows = wait([*(f"person {number}" for number in range(25)), *(f"person {number}" for number in range(25))])
    seen: list[Inbound] = []
    for _ in range(5):
        seen += whose_turn.claim(BATCH)
    assert {row.pk for row in seen[:25]} == {row.pk for row in rows[:25]}
    assert {row.pk for row in seen} == {row.pk for row in rows}


def test_what_was_put_off_or_is_held_by_others_is_passed_over() -> None:
    rows = wait("flood" for _ in range(30))
    Inbound.objects.filter(pk=rows[0].pk).update(try_at=clock.now() + timedelta(minutes=5))
    Inbound.objects.filter(pk=rows[1].pk).update(lease_until=clock.real_now() + timedelta(minutes=1), lease_owner="x")
    assert whose_turn.claim(BATCH) == rows[2:12]


def test_what_came_earlier_in_a_conversation_is_taken_along() -> None:
    flood = wait("flood" for _ in range(30))
    early = wait(["flood"], thread="printer")
    wait("flood" for _ in range(30))
    answers = wait(["person"], thread="printer")
    rows = whose_turn.claim(BATCH)
    assert answers[0] in rows
    assert rows.index(early[0]) < rows.index(answers[0])
    assert flood[0] in rows


def test_who_answers_what_another_worker_reads_stands_back_for_a_moment() -> None:
    early, late = wait(["north", "south"], thread="printer")
    held = Inbound.objects.filter(pk=early.pk)
    held.update(lease_until=clock.real_now() + timedelta(minutes=1), lease_owner="other")
    assert whose_turn.claim(BATCH) == []
    late.refresh_from_db()
    assert (late.lease_until, late.attempts) == (None, 0)
    assert processing.is_postponed()
    understand([early])
    Inbound.objects.update(try_at=clock.now())
    assert whose_turn.claim(BATCH) == [late]


def test_who_floods_a_conversation_does_not_hold_up_its_people() -> None:
    held = wait(("flood" for _ in range(60)), thread="printer")
    Inbound.objects.filter(pk__in=[row.pk for row in held[:20]]).update(
        lease_until=clock.real_now() + timedelta(minutes=1), lease_owner="other"
    )
    (person,) = wait(["person"], thread="printer")
    assert person in whose_turn.claim(BATCH)


def test_something_put_off_for_long_holds_up_no_conversation() -> None:
    early, late = wait(["north", "south"], thread="printer")
    Inbound.objects.filter(pk=early.pk).update(try_at=clock.now() + timedelta(minutes=5))
    assert whose_turn.claim(BATCH) == [late]


def test_the_door_notes_whose_it_is_and_an_answer_finds_its_place() -> None:
    cast.stage()
    first = take(letter(sender="Иван <ivan@north.example>", Message_ID="<one@north.example>"))
    answer = take(letter(sender="irina@north.example", References="<one@north.example> <x@y.example>"))
    again = take(letter(sender="IVAN@north.example"))
    assert (first.lane, first.thread) == (again.lane, answer.thread)
    assert first.lane != answer.lane
    assert processing.drain() == 0
