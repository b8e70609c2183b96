"""F-17, F-18: whatever the outgoing server does, the queue drains, nothing is sent twice without a reason, and no
server is stormed.

A day of troubles, drawn at random (the seed is printed), is played to the outbox minute by minute. The ledger is the
server's own. For TLS that is broken in every way, no letter may go to whom nobody vouches for.
"""

from __future__ import annotations

import os
import random
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from firstline.post import sending
from firstline.post.models import Delivery
from firstline.post.transports import email, failures
from tests.post.desk_post import AT, acknowledgement, put, send
from tests.real.smtp import SmtpSink
from tests.real.tls import BROKEN, TlsFront, make_certificates

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
    assert any("was offered again within a minute" in one for one in violations(sink, play(sink)))


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
    wrong = violations(sink, play(sink))
    assert any("an acknowledgement may have come twice" in one for one in wrong), wrong


# ---- TLS -------------------------------------------------------------------------------------------

BROKEN_MINUTES = 15


@pytest.fixture
def front(sink: SmtpSink, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsFront]:
    """The server behind TLS with a certificate that this desk trusts."""
    certificates = make_certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.good))
    made = TlsFront(sink.port, certificates)
    settings.EMAIL_URL = f"smtps://127.0.0.1:{made.port}?timeout=0.5"
    yield made
    made.stop()


def play_broken_tls(front: TlsFront, sink: SmtpSink) -> list[str]:
    """Four letters; TLS is broken in one way after another, then it is whole. What is wrong; empty is good."""
    for number in range(4):
        make = put if number % 2 else acknowledgement
        make(to=f"p{number}@north.example", ticket=3_000 + number)
    out, last = [], len(BROKEN) * BROKEN_MINUTES
    for minutes in range(last + 180):
        front.how = BROKEN[minutes // BROKEN_MINUTES] if minutes < last else ""
        before = front.connections
        for _ in range(5):
            if not Delivery.objects.filter(due_at__lte=AT + timedelta(minutes=minutes)).exists():
                break
            send(minutes)
        if front.how and sink.received:
            out.append(f"given away while TLS was broken ({front.how})")
            sink.clear()
        if front.connections - before > 4:
            out.append(f"{front.connections - before} connections in one minute")
    if front.connections > 60:
        out.append(f"{front.connections} connections: a storm")
    return out + violations(sink, list(Delivery.objects.order_by("id")))


def test_while_tls_is_broken_no_letter_leaves_and_afterwards_all_of_them(front: TlsFront, sink: SmtpSink) -> None:
    assert play_broken_tls(front, sink) == []
    assert {one.state for one in Delivery.objects.all()} == {"sent"}
    tried = " ".join(attempt.answer for one in Delivery.objects.all() for attempt in one.tries.all()).lower()
    assert "certificate verify failed" in tried
    assert "timed out" in tried


def test_a_server_from_whose_answer_somebody_took_starttls_away_gets_no_letter(
    sink: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_URL = f"starttls://127.0.0.1:{sink.port}?timeout=0.5"
    made = put()
    for minutes in (0, 2, 10):
        send(minutes)
    made.refresh_from_db()
    assert sink.received == []
    assert made.state == "waiting"
    assert "STARTTLS" in made.tries.order_by("id")[0].answer


def test_control_a_program_that_trusts_everybody_is_found_out(
    front: TlsFront, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusting(server: email.Server) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    monkeypatch.setattr(email, "_tls", trusting)
    assert "given away while TLS was broken (stranger)" in play_broken_tls(front, sink)
