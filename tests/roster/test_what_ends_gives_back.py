"""When reinforcement ends, what its people still hold is in the queue again."""

from datetime import timedelta

import pytest

from firstline.lib import clock
from firstline.lines import after_reinforcement, choose
from firstline.lines.choose import Wanted as Deal
from firstline.people.models import Person
from firstline.roster import reinforcement
from firstline.tickets import lifecycle
from firstline.tickets.models import Kind, Ticket
from tests import cast
from tests.roster.test_reinforcement import NOW, called, stage

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_what_he_does_not_see_any_more_goes_back_once(monkeypatch):
    s = stage()
    ticket = cast.ticket(s)
    _row, call_up = called(s, s.partner)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + 2 * HOUR)
    lifecycle.take(ticket, by=Person.objects.get(pk=s.partner.pk), at=NOW + 2 * HOUR)
    assert after_reinforcement.give_back_due(NOW + 2 * HOUR) == 0
    monkeypatch.setattr(clock, "now", lambda: NOW + 5 * HOUR)
    assert after_reinforcement.give_back_due(NOW + 5 * HOUR) == 1
    assert after_reinforcement.give_back_due(NOW + 5 * HOUR) == 0
    kept = Ticket.objects.get(pk=ticket.pk)
    assert kept.assignee is None
    last = kept.events.latest("id")
    assert (last.kind, last.data["why"], last.data["before"]) == (Kind.GIVEN_BACK, "reinforcement_over", "partner")


def test_whoever_came_is_among_those_who_get_work(monkeypatch):
    s = stage()
    ticket = cast.ticket(s)
    _row, call_up = called(s, s.partner)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    for after, is_there in ((2, True), (6, False)):
        at = NOW + after * HOUR
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        people = choose._asked(Deal(1), at)
        found = {one.person: one for one in choose.candidates(people, at=at, ticket=ticket)}
        assert (s.partner.pk in found) == is_there
        assert not is_there or found[s.partner.pk].sees
