"""A dead or failed letter is said on its ticket, and to whoever has the ticket; an alarm raises no alarm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.tickets import conversation, history
from firstline.tickets.models import Kind
from firstline.tickets.opening import Words
from firstline.web import event_words
from tests import cast
from tests.notices.told import deliver, later
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(smtp_sink: SmtpSink, settings: Settings) -> Iterator[SmtpSink]:
    settings.EMAIL_URL = f"{smtp_sink.url}?timeout=1"
    return smtp_sink


def test_a_refused_answer_is_on_the_ticket_and_told_to_who_wrote_it(sink: SmtpSink) -> None:
    s = cast.stage()
    ticket = conversation.answer(cast.ticket(s), Words(text="Смотрим"), by=s.olga, at=later(1))
    sink.answers.extend(["accept", "550", "550"])
    deliver(later(1))
    trouble = ticket.events.get(kind=Kind.TROUBLE)
    refused = Delivery.objects.get(kind="answer")
    assert (trouble.data["what"], trouble.data["delivery"], trouble.public) == ("undelivered", refused.pk, False)
    assert trouble.data["error"] == "550 not wanted here"
    alarm = Delivery.objects.get(kind="undelivered")
    assert (alarm.person, alarm.state) == (s.olga.pk, "failed")
    assert ticket.events.filter(kind=Kind.TROUBLE).count() == 1, "the alarm was refused too, and raised none"
    assert outbox.dead_letters(later(2)) == 2


def test_a_bounce_is_told_unless_the_other_server_is_still_trying() -> None:
    s = cast.stage()
    ticket = conversation.answer(cast.ticket(s), Words(text="Смотрим"), by=s.olga, at=later(1))
    history.record(
        ticket, Kind.BOUNCED, by=None, at=later(2), recipient="ivan@north.example", reason="busy", hard=False
    )
    assert not Delivery.objects.filter(kind="undelivered").exists()
    history.record(ticket, Kind.BOUNCED, by=None, at=later(3), recipient="ivan@north.example", reason="gone", hard=True)
    assert Delivery.objects.get(kind="undelivered").person == s.olga.pk


def test_the_thread_of_the_ticket_says_that_a_letter_did_not_leave(sink: SmtpSink) -> None:
    s = cast.stage()
    ticket = conversation.answer(cast.ticket(s), Words(text="Смотрим"), by=s.olga, at=later(1))
    sink.answers.extend(["accept", "550"])
    deliver(later(1))
    with translation.override("en"):
        said = event_words.line(ticket.events.get(kind=Kind.TROUBLE), {})
    assert (said.words, said.more) == ("A letter could not be delivered", "550 not wanted here")
