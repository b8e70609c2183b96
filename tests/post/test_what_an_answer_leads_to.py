"""Sent, again later, failed or dead: what the server says decides, and every attempt keeps its words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from firstline.lib import tokens
from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.post.words import Words
from tests.post.desk_post import AT, acknowledgement, answers, fresh, outcomes, put, send, words
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def test_an_accepted_letter_is_sent_and_its_answer_kept(sink: SmtpSink) -> None:
    delivery = put()
    assert send() == 1
    sent = fresh(delivery)
    assert (sent.state, sent.sent_at, sent.due_at) == ("sent", AT, None)
    assert answers(sent) == ["250 fine"]
    assert [letter["Message-ID"] for letter in sink.letters] == [sent.message_id]
    assert send(1) == 0


def test_the_message_id_names_delivery_and_ticket_and_is_signed(sink: SmtpSink, settings: Settings) -> None:
    delivery = put()
    send()
    own = tokens.read_message_id(settings.SECRET_KEY, fresh(delivery).message_id)
    assert own == tokens.OwnMessageId(delivery.uuid.hex, 1042)
    assert fresh(delivery).message_id.endswith("@support.example>")


@pytest.mark.parametrize("refusal", ["421", "450", "452", "data:450", "hangup"])
def test_a_letter_refused_for_now_is_offered_again_a_minute_later_with_the_same_bytes(
    sink: SmtpSink, refusal: str
) -> None:
    sink.answers.extend([refusal, "accept"])
    delivery = put()
    send()
    waiting = fresh(delivery)
    assert (waiting.state, waiting.due_at) == ("waiting", AT + timedelta(minutes=1))
    assert send(0.9) == 0
    send(1)
    assert fresh(delivery).state == "sent"
    assert outcomes(delivery) == ["temporary", "sent"]
    assert bytes(fresh(delivery).mime or b"") == sink.received[-1].raw == bytes(waiting.mime or b"")


@pytest.mark.parametrize("refusal", ["550", "552", "data:554"])
def test_a_letter_refused_for_good_is_failed_and_alarms_once(sink: SmtpSink, refusal: str) -> None:
    sink.answers.append(refusal)
    alarms: list[tuple[int, str, datetime]] = []
    delivery = put()
    send(alarm=lambda failed, answer, at: alarms.append((failed.pk, answer, at)))
    failed = fresh(delivery)
    assert (failed.state, failed.due_at) == ("failed", None)
    assert alarms == [(delivery.pk, answers(failed)[0], AT)]
    assert answers(failed)[0].startswith(refusal.removeprefix("data:"))
    assert send(60) == 0


def test_one_refused_recipient_does_not_hold_up_the_next_letter_on_the_same_connection(sink: SmtpSink) -> None:
    sink.answers.extend(["550", "accept"])
    refused, taken = put(), put(to="irina@north.example")
    assert send() == 2
    assert (fresh(refused).state, fresh(taken).state) == ("failed", "sent")


def test_pauses_grow_from_a_minute_to_two_hours_and_after_two_days_it_is_dead(sink: SmtpSink) -> None:
    delivery = put()
    at, pauses, alarmed = AT, [], []
    while fresh(delivery).state == "waiting":
        sink.answers.append("450")
        assert outbox.send_due(words, at, alarm=lambda dead, answer, when: alarmed.append(dead.pk)) == 1
        due = fresh(delivery).due_at
        if due is not None:
            pauses.append((due - at).total_seconds() / 60)
            at = due
    assert pauses[:9] == [1, 2, 5, 10, 20, 40, 60, 120, 120]
    assert max(pauses) == 120
    assert timedelta(days=2) <= at - AT <= timedelta(days=2, hours=2)
    assert (fresh(delivery).state, alarmed) == ("dead", [delivery.pk])
    assert outbox.dead_letters(at) == 1
    assert outbox.dead_letters(at + timedelta(days=8)) == 0


def test_a_dead_letter_is_sent_again_by_hand_with_the_same_message_id_and_new_patience(sink: SmtpSink) -> None:
    sink.answers.append("550")
    delivery = put()
    send()
    before = fresh(delivery)
    again = outbox.retry(before, by=7, at=AT + timedelta(days=3))
    assert (again.state, again.due_at) == ("waiting", AT + timedelta(days=3))
    sink.answers.append("450")
    outbox.send_due(words, AT + timedelta(days=3))
    assert fresh(delivery).state == "waiting", "patience begins anew: days have passed since the first attempt"
    outbox.send_due(words, AT + timedelta(days=3, minutes=2))
    assert outcomes(delivery) == ["permanent", "again", "temporary", "sent"]
    assert fresh(delivery).message_id == before.message_id == sink.letters[0]["Message-ID"]


def test_what_is_waiting_or_sent_is_not_sent_again_by_hand(sink: SmtpSink) -> None:
    delivery = put()
    with pytest.raises(outbox.NotToBeSentAgain):
        outbox.retry(delivery, by=7, at=AT)
    send()
    with pytest.raises(outbox.NotToBeSentAgain):
        outbox.retry(fresh(delivery), by=7, at=AT)


def test_words_that_cannot_be_made_are_tried_again_and_hold_up_nobody(sink: SmtpSink) -> None:
    broken, whole = put(), put(to="irina@north.example")

    def render(delivery: Delivery) -> Words:
        if delivery.pk == broken.pk:
            raise KeyError("name")
        return words(delivery)

    outbox.send_due(render, AT)
    assert (fresh(broken).state, fresh(whole).state) == ("waiting", "sent")
    assert answers(broken) == ["no words: KeyError('name')"]
    send(1)
    assert fresh(broken).state == "sent"


def test_a_refused_acknowledgement_is_nobodys_alarm_on_readyz(sink: SmtpSink) -> None:
    sink.answers.append("550")
    acknowledgement()
    send()
    assert outbox.dead_letters(AT) == 0


def test_without_a_server_letters_become_files_and_the_answer_says_so(settings: Settings) -> None:
    settings.EMAIL_URL = ""
    delivery = put()
    send()
    answer = answers(delivery)[0]
    name = answer.split()[2].rstrip(",")
    written = settings.FIRSTLINE_HOME / name
    assert written.read_bytes() == bytes(fresh(delivery).mime or b"")
    assert "EMAIL_URL is not set" in answer
