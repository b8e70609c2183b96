"""F-15: one conversation arrives in every order, some of it twice, by mailbox and by pipe, at two of our addresses: the
tickets that come of it are the same, each word is there once, nothing is doubled.

Four letters in all their 24 orders and six in some of their 720 (the seed is printed); in the long run
(`script/test --soak`) in all of them.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections import Counter
from typing import Any

import pytest

from firstline.intake import matching, processing, reunion, twins
from firstline.intake.models import Inbound
from firstline.tickets import merging
from firstline.tickets.models import Message, Ticket
from tests import cast
from tests.faults.rig import SOAK
from tests.intake.mail import letter, mailbox, take

pytestmark = pytest.mark.django_db(transaction=True)

PIPE = "pipe"
SEED = int(os.environ.get("FIRSTLINE_SEED") or time.time())
# Ivan writes with Irina in copy, she answers him, he answers her.
ORIGINAL: dict[str, str] = {"Cc": "irina@north.example", "text": "ORIGINAL", "Message_ID": "<original@north.example>"}
ANSWER = {
    "sender": "irina@north.example", "text": "ANSWER", "Message_ID": "<answer@north.example>",
    "In_Reply_To": "<original@north.example>", "subject": "Re: Не печатает принтер",
}  # fmt: skip
BACK = {
    "text": "BACK", "Message_ID": "<back@north.example>", "In_Reply_To": "<answer@north.example>",
    "References": "<original@north.example> <answer@north.example>", "subject": "Re: Не печатает принтер",
}  # fmt: skip
# name: the letter, and the road by which it comes.
LETTERS: dict[str, tuple[dict[str, str], str]] = {
    "original": (ORIGINAL, "desk"),
    "to sales as well": ({**ORIGINAL, "Delivered_To": "sales@firm.example"}, "sales"),
    "answer": (ANSWER, "desk"),
    "answer by the other road": (ANSWER, PIPE),
    "back": (BACK, "desk"),
    "same words anew": ({**ORIGINAL, "Message_ID": "<anew@north.example>"}, "desk"),
}
FOUR = ("original", "to sales as well", "answer", "back")
ORDERS_OF_SIX = list(itertools.permutations(LETTERS))
SOME = ORDERS_OF_SIX if SOAK else random.Random(SEED).sample(ORDERS_OF_SIX, 12)


@pytest.fixture
def stage() -> Any:
    made = cast.stage()
    made.roads = {name: mailbox(f"{name}@firm.example") for name in ("desk", "sales")}
    return made


def come(stage: Any, order: tuple[str, ...], *, at_once: bool) -> None:
    """Each letter is understood before the next one comes, or all of them wait together."""
    for name in order:
        words, road = LETTERS[name]
        take(letter(**words), account=stage.roads.get(road), source="" if road in stage.roads else road)
        if not at_once:
            assert processing.drain() == 0
    if at_once:
        processing.drain(timeout=20, pause=time.sleep)


def told() -> list[tuple[str, ...]]:
    """What stands on each ticket that people see: the words of its messages, with those of tickets merged into it."""
    out: dict[int, list[str]] = {}
    for message in Message.objects.select_related("ticket"):
        out.setdefault(merging.final(message.ticket).pk, []).append(message.text.strip())
    return sorted(tuple(sorted(words)) for words in out.values())


def wanted(order: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The conversation is one ticket, with each word once; what has a number of its own is another."""
    conversation = {"original": "ORIGINAL", "to sales as well": "ORIGINAL", "answer": "ANSWER", "back": "BACK"}
    words = {conversation[name] for name in order if name in conversation}
    words |= {"ANSWER" for name in order if name.startswith("answer")}
    return sorted([tuple(sorted(words)), *[("ORIGINAL",) for name in order if name == "same words anew"]])


def violations(order: tuple[str, ...]) -> list[str]:
    """What is wrong; empty is good."""
    states = Counter(Inbound.objects.values_list("state", flat=True))
    out = [] if states == {"done": len(order)} else [f"not all of them ended: {dict(states)}"]
    out += [] if told() == wanted(order) else [f"tickets say {told()}"]
    empty = Ticket.objects.filter(messages__isnull=True, merged_into__isnull=True).count()
    return [*out, *([f"{empty} tickets without a word"] if empty else [])]


@pytest.mark.parametrize("order", list(itertools.permutations(FOUR)), ids=" · ".join)
def test_a_conversation_is_one_ticket_in_whatever_order_it_arrives(stage: Any, order: tuple[str, ...]) -> None:
    come(stage, order, at_once=False)
    assert violations(order) == []


@pytest.mark.parametrize("order", SOME, ids=" · ".join)
@pytest.mark.parametrize("at_once", [False, True])
def test_so_it_is_where_some_come_twice_and_all_of_them_wait(stage: Any, order: tuple[str, ...], at_once: bool) -> None:
    print(f"FIRSTLINE_SEED={SEED}")
    come(stage, order, at_once=at_once)
    assert violations(order) == []


BACKWARDS = ("back", "answer", "to sales as well", "original")


def test_control_a_desk_that_looks_only_for_earlier_letters_is_found_out(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reunion, "bring_earlier", lambda *rest, **how: None)
    come(stage, BACKWARDS, at_once=False)
    assert any("tickets say" in one for one in violations(BACKWARDS))


def test_control_a_desk_that_believes_every_copy_is_found_out(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "of", lambda *rest: None)
    come(stage, FOUR, at_once=False)
    assert any("tickets say" in one for one in violations(FOUR))


def test_control_a_desk_that_finds_no_thread_is_found_out(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "find", lambda *rest: matching.Match())
    come(stage, FOUR, at_once=False)
    assert any("tickets say" in one for one in violations(FOUR))
