"""F-17, F-18: whatever the outgoing server does, the queue drains, nothing is sent twice without a reason, and no
server is stormed.

A day of troubles, drawn at random (the seed is printed), is played to the outbox minute by minute. The ledger is the
server's own.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from pytest_django.fixtures import Settings

from firstline.post import sending
from firstline.post.models import Delivery
from firstline.post.transports import failures
from tests.post.desk_post import AT, acknowledgement, put, send
from tests.real.smtp import SmtpSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

SOAK = os.environ.get("FIRSTLINE_SOAK") == "1"
LETTERS, TROUBLES = (60, 90) if SOAK else (10, 14)
BEFORE_THE_DOT = ["421", "450", "452", "hangup"]
AFTER_THE_DOT = ["data:450", "close"]
FOR_GOOD = ["550", "552"]
HOURS = 12


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    made = SmtpSink()
    settings.EMAIL_URL = f"{made.url}?timeout=2"
    yield made
    made.stop()


def play(sink: SmtpSink) -> list[Delivery]:
    """Answers of people and acknowledgements, a bad morning, and a good day after it."""
    seed = int(os.environ.get("FIRSTLINE_SEED") or time.time())
    print(f"FIRSTLINE_SEED={seed}")
    dice = random.Random(seed)
    troubles = [*BEFORE_THE_DOT, *AFTER_THE_DOT, *FOR_GOOD]
    sink.answers.extend([*troubles, *(dice.choice(troubles) for _ in range(TROUBLES - len(troubles)))])
    for number in range(LETTERS):
        make = put if number % 2 else acknowledgement
        make(to=f"p{number}@north.example", ticket=1_000 + number)
    for minutes in range(0, HOURS * 60, 1):
        for _ in range(5):  # a worker does not wait for the next minute
            if not Delivery.objects.filter(due_at__lte=AT + timedelta(minutes=minutes)).exists():
                break
            send(minutes)
    return list(Delivery.objects.order_by("id"))


def violations(sink: SmtpSink, deliveries: list[Delivery]) -> list[str]:
    """What is wrong; empty is good."""
    copies = Counter(str(letter.message["Message-ID"]) for letter in sink.received if letter.accepted)
    seen = Counter(str(letter.message["Message-ID"]) for letter in sink.received)
    out = [f"no row knows {one}" for one in seen if one not in {made.message_id for made in deliveries}]
    for one in deliveries:
        outcomes = [attempt.outcome for attempt in one.tries.order_by("id")]
        if one.due_at is not None:
            out.append(f"{one.pk} is still due")
        if one.state == "sent" and copies[one.message_id] != 1:
            out.append(f"{one.pk} is sent, the server took {copies[one.message_id]}")
        if one.state == "failed" and "permanent" not in outcomes:
            out.append(f"{one.pk} failed without a refusal: {outcomes}")
        if one.state == "uncertain" and not one.at_most_once:
            out.append(f"{one.pk}: an answer of a person was given up")
        if one.at_most_once and outcomes.count("uncertain") and copies[one.message_id]:
            out.append(f"{one.pk}: an acknowledgement may have come twice")
        pauses = [later.at - earlier.at for earlier, later in pairwise(one.tries.order_by("id"))]
        if any(pause < timedelta(minutes=1) for pause in pauses):
            out.append(f"{one.pk} was offered again within a minute: {pauses}")
    return out


def test_a_bad_morning_is_over_by_evening_and_nothing_is_lost_or_doubled(sink: SmtpSink) -> None:
    deliveries = play(sink)
    assert not sink.answers, "not all troubles were met"
    assert violations(sink, deliveries) == []
    assert Counter(one.state for one in deliveries)["sent"] >= LETTERS // 3


def test_a_silent_server_is_asked_seldom_and_forgotten_when_it_speaks(sink: SmtpSink, settings: Settings) -> None:
    settings.EMAIL_URL = f"{sink.url}?timeout=0.3"
    sink.answers.extend(["silent"] * 3)
    for number in range(6):
        put(to=f"p{number}@north.example", ticket=2_000 + number)
    for minutes in range(240):
        if Delivery.objects.filter(due_at__lte=AT + timedelta(minutes=minutes)).exists():
            send(minutes)
    told = list(Delivery.objects.order_by("id"))
    assert {one.state for one in told} == {"sent"}
    assert sum(attempt.outcome == "uncertain" for one in told for attempt in one.tries.all()) == 3


def test_control_a_program_without_pauses_is_found_out(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSES", [timedelta(0)] * 20)
    assert violations(sink, play(sink))


def test_control_a_program_that_calls_every_cut_a_failure_doubles_letters(
    sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no answer after the final dot is offered again like anything else."""
    real = sending._consequence

    def careless(delivery: Delivery, outcome: str | failures.Failure, at: datetime) -> dict[str, object]:
        if isinstance(outcome, failures.Uncertain):
            outcome = failures.Temporary(outcome.answer)
        return real(delivery, outcome, at)

    monkeypatch.setattr(sending, "_consequence", careless)
    sink.answers.extend(["close"] * 6)
    assert violations(sink, play(sink))
