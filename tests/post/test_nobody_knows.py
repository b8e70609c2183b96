"""No answer after the whole letter, or a process that ended while sending: a second copy only where it does no harm."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from firstline.lib import claims
from firstline.post import outbox, sending
from firstline.post.models import Attempt, Delivery
from firstline.post.transports import email
from tests.post.desk_post import AT, acknowledgement, answers, fresh, lose_lease, outcomes, put, send
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fate", ["silent", "close"])
def test_an_answer_of_a_person_is_sent_once_more_after_a_quarter_of_an_hour_with_the_same_bytes(
    sink: SmtpSink, fate: str
) -> None:
    sink.answers.extend([fate, "accept"])
    delivery = put()
    send()
    unknown = fresh(delivery)
    assert (unknown.state, unknown.due_at) == ("uncertain", AT + timedelta(minutes=15))
    assert answers(unknown)[0].startswith("no answer after the whole letter")
    assert send(14.9) == 0
    send(15)
    assert fresh(delivery).state == "sent"
    first, second = sink.received
    assert first.raw == second.raw
    assert outcomes(delivery) == ["uncertain", "sent"]


def test_uncertain_twice_is_dead(sink: SmtpSink) -> None:
    sink.answers.extend(["close", "close", "accept"])
    delivery = put()
    send()
    send(15)
    assert fresh(delivery).state == "dead"
    assert send(10_000) == 0
    assert len(sink.received) == 2


@pytest.mark.parametrize("fate", ["silent", "close"])
def test_an_acknowledgement_stays_uncertain_and_is_never_sent_again(sink: SmtpSink, fate: str) -> None:
    sink.answers.append(fate)
    delivery = acknowledgement()
    send()
    assert (fresh(delivery).state, fresh(delivery).due_at) == ("uncertain", None)
    assert send(10_000) == 0
    assert len(sink.received) == 1


def test_what_a_killed_process_was_sending_counts_as_uncertain(sink: SmtpSink) -> None:
    answer, receipt = put(), acknowledgement(to="irina@north.example")
    for delivery in (answer, receipt):
        Delivery.objects.filter(pk=delivery.pk).update(state="sending", mime=b"x", message_id=f"<{delivery.pk}@desk>")
        Attempt.objects.create(delivery=delivery, at=AT)
        lose_lease(delivery)
    send()
    assert sink.received == []
    assert (fresh(answer).state, fresh(answer).due_at) == ("uncertain", AT + timedelta(minutes=15))
    assert (fresh(receipt).state, fresh(receipt).due_at) == ("uncertain", None)
    assert (
        answers(answer)
        == answers(receipt)
        == ["the process ended while it was sending: nobody knows whether it was taken"]
    )


def test_what_a_killed_process_had_only_claimed_is_sent_as_if_nothing_had_been(sink: SmtpSink) -> None:
    delivery = acknowledgement()
    claims.claim(Delivery.objects.filter(pk=delivery.pk))
    assert send() == 0
    lose_lease(delivery)
    assert send() == 1
    assert outcomes(delivery) == ["sent"]


def test_a_process_whose_lease_was_taken_over_sends_nothing(sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = put()
    real = claims.claim

    def claimed_and_lost(*given: object, **more: object) -> list[Delivery]:
        rows = real(*given, **more)  # type: ignore[arg-type]
        Delivery.objects.filter(pk=delivery.pk).update(lease_owner="somebody else")
        return rows

    monkeypatch.setattr(claims, "claim", claimed_and_lost)
    send()
    assert sink.received == []
    assert outcomes(delivery) == []


def test_an_uncertain_acknowledgement_goes_again_only_when_a_person_says_so(sink: SmtpSink) -> None:
    sink.answers.append("close")
    delivery = acknowledgement()
    send()
    outbox.retry(fresh(delivery), by=7, at=AT)
    send()
    assert fresh(delivery).state == "sent"
    assert sink.received[0].raw == sink.received[1].raw


def test_a_server_that_drips_for_ever_is_left_in_time_before_the_lease_is_over(
    sink: SmtpSink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sending.LEASE_WHILE_SENDING.total_seconds() > email.CONVERSATION_SECONDS
    monkeypatch.setattr(email, "CONVERSATION_SECONDS", 0.5)
    settings.EMAIL_URL = sink.url.replace("?timeout=1", "")
    sink.answers.append("silent")
    delivery = put()
    began = time.monotonic()
    send()
    assert time.monotonic() - began < 10
    assert fresh(delivery).state == "uncertain"
