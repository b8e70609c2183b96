"""Caps on automatic mail: what is held back is seen in the outbox, and people's own answers are never held back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from firstline.post import limits, outbox
from firstline.post.models import Account
from tests.post.desk_post import AT, acknowledgement, answers, fresh, put, send
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def test_e5_a_thousand_letters_in_a_strangers_name_bring_him_three_acknowledgements(sink: SmtpSink) -> None:
    receipts = [acknowledgement(ticket=2000 + n) for n in range(1000)]
    while send(limit=100):
        pass
    assert len(sink.received) == limits.MOST_ACKNOWLEDGEMENTS
    held = [one for one in map(fresh, receipts) if one.state == "failed"]
    assert len(held) == 997
    assert answers(held[0]) == ["held back: 3 acknowledgements went to this address within an hour"]
    assert outbox.dead_letters(AT) == 0


def test_after_an_hour_acknowledgements_go_out_again(sink: SmtpSink) -> None:
    for n in range(4):
        acknowledgement(ticket=2000 + n)
    send()
    acknowledgement(ticket=2010, at=AT + timedelta(minutes=61))
    send(61)
    assert len(sink.received) == 4


def test_who_is_signed_in_gets_every_acknowledgement(sink: SmtpSink) -> None:
    for n in range(8):
        acknowledgement(ticket=2000 + n, data={"channel": "portal"})
    send()
    assert len(sink.received) == 8


def test_f1_automatic_mails_about_one_ticket_stop_and_answers_of_people_go_on(sink: SmtpSink) -> None:
    for _ in range(limits.MOST_ABOUT_ONE_TICKET + 5):
        put(kind="waiting", automatic=True)
    by_hand = put()
    while send():
        pass
    assert len(sink.received) == limits.MOST_ABOUT_ONE_TICKET + 1
    assert fresh(by_hand).state == "sent"


def test_no_alarm_to_the_desk_is_lost_on_a_bad_day(sink: SmtpSink) -> None:
    alarms = [
        put(kind="sla_breach", to="maria@desk.example", automatic=True, data={limits.TO_THE_DESK: True})
        for _ in range(limits.MOST_ABOUT_ONE_TICKET + 3)
    ]
    while send():
        pass
    assert {fresh(one).state for one in alarms} == {"sent"}


def test_other_addresses_are_not_touched(sink: SmtpSink) -> None:
    for n in range(5):
        acknowledgement(ticket=2000 + n)
    other = acknowledgement(to="irina@north.example", ticket=2005)
    send()
    assert fresh(other).state == "sent"


def test_f4_nothing_is_sent_to_a_mailbox_of_our_own(sink: SmtpSink) -> None:
    Account.objects.create(address="Sales@support.example")
    to_ourselves = [
        put(to="sales@support.example"),
        put(to="DESK@support.example"),
        acknowledgement(to="sales@support.example"),
    ]
    send()
    assert sink.received == []
    assert {answers(fresh(one))[0] for one in to_ourselves} == {"held back: the address is a mailbox of ours"}


def test_what_was_held_back_goes_out_when_a_person_says_so(sink: SmtpSink) -> None:
    receipts = [acknowledgement(ticket=2000 + n) for n in range(4)]
    send()
    held = fresh(receipts[-1])
    assert held.state == "failed"
    outbox.retry(held, by=7, at=AT)
    send()
    assert fresh(held).state == "sent"
