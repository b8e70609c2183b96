"""The audience of a notice and the door to tickets are the same rule, asked from two sides."""

from __future__ import annotations

import pytest

from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import history, lifecycle, queries
from firstline.tickets.models import Kind
from firstline.tickets.who_sees import Desk, people_who_see
from tests import cast
from tests.notices.told import later

pytestmark = pytest.mark.django_db


def test_the_audience_is_exactly_those_people_who_see_the_ticket() -> None:
    s = cast.stage()
    for requester in (s.ivan, s.stoyan, s.eve):
        ticket = cast.ticket(s, requester=requester)
        seeing = {person.login for person in Person.objects.all() if person.is_agent and queries.sees(person, ticket)}
        assert {person.login for person in people_who_see(ticket)} == seeing
        assert {person.login for person in Desk().who_see(ticket)} == seeing
    stranger = cast.person("stranger", "Чужой", "requester")
    ticket = cast.ticket(s, requester=stranger)
    agents = {person.login for person in Person.objects.all() if person.is_agent}
    assert {person.login for person in people_who_see(ticket)} == agents
    assert {person.login for person in Desk().who_see(ticket)} == agents
    Person.objects.filter(pk=s.olga.pk).update(is_active=False)
    assert "olga" not in {person.login for person in Desk().who_see(ticket)}


def test_an_agent_who_lost_sight_of_a_client_is_told_no_more_of_its_tickets() -> None:
    s = cast.stage()
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    s.olga.scope.set([s.south])
    history.record(ticket, Kind.SLA_WARNING, by=None, at=later(45), metric="resolution", due_at=later(60).isoformat())
    assert not Delivery.objects.filter(kind="sla_warning").exists()


def test_no_notice_about_a_client_reaches_the_people_of_another() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, requester=s.eve, participants=[])
    ticket = lifecycle.take(ticket, by=s.nadia, at=later(5))
    history.record(ticket, Kind.SLA_BREACH, by=None, at=later(60), metric="resolution", due_at=later(60).isoformat())
    told = set(Person.objects.filter(pk__in=Delivery.objects.values("person")).values_list("login", flat=True))
    assert told == {"eve", "nadia", "maria", "anna"}, "Lev, Olga, Emil and Petra do not look after East"
