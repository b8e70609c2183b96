"""Who else is at a ticket, what is news to whom, and that neither costs more than it must."""

from datetime import timedelta

import pytest

from firstline.lib import clock
from firstline.live.models import Signal
from firstline.tickets import attention, conversation, lists
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE
SECOND = timedelta(seconds=1)


def beside(person, ticket, at=NOW):
    return [(one.person, one.writes) for one in attention.beside(person, ticket, at)]


def told(ticket):
    return Signal.objects.filter(topic=f"beside:{ticket.pk}").count()


def test_who_looks_is_seen_by_the_others_until_he_fades_or_leaves():
    s = cast.stage()
    ticket = cast.ticket(s)
    attention.look(s.olga, ticket, seen=0, at=NOW)
    assert beside(s.nadia, ticket) == [(s.olga, False)]
    assert beside(s.olga, ticket) == []
    assert beside(s.nadia, ticket, NOW + attention.FADES - SECOND) == [(s.olga, False)]
    assert beside(s.nadia, ticket, NOW + attention.FADES) == []
    attention.look(s.olga, ticket, seen=0, at=NOW + attention.FADES)
    attention.leave(s.olga, ticket, at=NOW + attention.FADES + SECOND)
    assert beside(s.nadia, ticket, NOW + attention.FADES + SECOND) == []


def test_who_writes_stands_first_and_not_for_ever():
    s = cast.stage()
    ticket = cast.ticket(s)
    attention.look(s.emil, ticket, seen=0, at=NOW)
    attention.look(s.olga, ticket, seen=0, writes=True, at=NOW)
    assert beside(s.nadia, ticket) == [(s.olga, True), (s.emil, False)]
    assert (s.olga, False) in beside(s.nadia, ticket, NOW + attention.WRITES)


def test_pages_are_told_of_a_change_and_not_of_each_beat():
    s = cast.stage()
    ticket = cast.ticket(s)
    for beat in range(5):
        attention.look(s.olga, ticket, seen=0, at=NOW + 30 * beat * SECOND)
    assert told(ticket) == 1
    at = NOW + 121 * SECOND
    for key in range(3):
        attention.look(s.olga, ticket, seen=0, writes=True, at=at + 8 * key * SECOND)
    assert told(ticket) == 2
    attention.look(s.olga, ticket, seen=0, at=at + 17 * SECOND)
    attention.leave(s.olga, ticket, at=at + 18 * SECOND)
    attention.leave(s.olga, ticket, at=at + 19 * SECOND)
    assert told(ticket) == 4


def test_the_signal_goes_to_the_desk_of_the_client_and_to_no_client():
    s = cast.stage()
    ticket = cast.ticket(s)
    attention.look(s.olga, ticket, seen=0, at=NOW)
    audience = Signal.objects.get(topic=f"beside:{ticket.pk}").audience.split()
    assert set(audience) == {"desk:*", f"desk:{ticket.client_id}"}


def test_news_is_what_came_after_the_look_and_what_is_his_and_never_opened():
    s = cast.stage()
    ticket = cast.ticket(s)

    def news(person, *, is_his=False):
        row = lists.page(person, lists.Filters(), "", ("version",), more={"seen": attention.seen_by(person)}).rows[0]
        return attention.is_news(row["version"], row["seen"], is_his=is_his)

    assert not news(s.olga)
    assert news(s.olga, is_his=True)
    attention.look(s.olga, ticket, seen=ticket.version, at=NOW)
    assert not news(s.olga, is_his=True)
    conversation.reply(ticket, Words(text="И ещё"), by=s.ivan, at=clock.now(), channel="portal")
    assert news(s.olga)
    attention.has_seen(s.olga, [ticket.pk])
    assert not news(s.olga)
    assert not news(s.nadia)


def test_what_was_read_stays_read_whatever_an_older_page_says():
    s = cast.stage()
    ticket = cast.ticket(s)
    attention.look(s.olga, ticket, seen=ticket.version, at=NOW)
    attention.look(s.olga, ticket, seen=0, at=NOW)
    attention.look(s.nadia, ticket, seen=10**17, at=NOW)
    assert set(ticket.looks.values_list("seen", flat=True)) == {ticket.version}


def test_the_name_of_who_writes_stands_in_the_list_of_the_others():
    s = cast.stage()
    ticket = cast.ticket(s)
    attention.look(s.olga, ticket, seen=0, writes=True, at=NOW)

    def writer(person):
        more = {"writer": attention.written_by_another(person, NOW)}
        return lists.page(person, lists.Filters(), "", (), more=more).rows[0]["writer"]

    assert writer(s.nadia) == s.olga.name
    assert writer(s.olga) is None
