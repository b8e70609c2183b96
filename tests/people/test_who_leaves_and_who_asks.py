"""Whoever leaves is in nobody's plan and holds nothing; whoever asks is known by every address that he has."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from firstline.events import listeners
from firstline.events.listeners import Entry
from firstline.imports import stage
from firstline.intake import senders
from firstline.lib import clock
from firstline.lines import parting
from firstline.people import accounts, companies, tokens
from firstline.people.models import OtherAddress, Person
from firstline.post.models import Delivery
from firstline.roster import layers
from firstline.roster.models import Turn
from firstline.tickets import assignment, participants, same_person
from firstline.tickets.models import Kind, Participant, Ticket
from tests import cast
from tests.cast import MONDAY_NINE
from tests.people.test_asking_for_an_account import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_who_left_is_on_call_no_more_and_again_when_he_is_back(s: SimpleNamespace) -> None:
    layers.write_layer(
        s.line1, position=1, people=[s.olga, s.petra], time_zone="Europe/Moscow", begins_on=date(2026, 3, 2), length=7,
        by=s.maria, at=MONDAY_NINE,
    )  # fmt: skip
    on_call = Turn.objects.filter(kind=Turn.Kind.ON_CALL)
    petras = list(on_call.filter(person=s.petra).values_list("starts_at", "ends_at"))
    assert on_call.filter(person=s.olga).exists()
    parting.part_with(s.olga, by=s.adam, at=MONDAY_NINE)
    assert not on_call.filter(person=s.olga).exists()
    assert list(on_call.filter(person=s.petra).values_list("starts_at", "ends_at")) == petras, "nobody's turn moves"
    parting.bring_back(s.olga, by=s.adam, at=MONDAY_NINE)
    assert on_call.filter(person=s.olga).exists()


def test_who_leaves_by_a_file_gives_back_what_he_holds(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    assignment.assign(ticket, by=s.maria, at=clock.now(), assignee=s.olga)
    row = '[[person]]\nlogin = "olga"\nname = "Ольга"\nrole = "operator"\nemail = "olga@desk.example"\nactive = false\n'
    assert [one.result for one in stage.apply(row.encode(), at=clock.now(), actor="test")] == ["changed"]
    held = Ticket.objects.get(pk=ticket.pk)
    assert held.assignee is None
    assert held.events.filter(kind=Kind.GIVEN_BACK, data__why="left").count() == 1
    assert [one.result for one in stage.apply(row.encode(), at=clock.now(), actor="test")] == ["unchanged"]


def test_an_account_is_given_to_whose_further_address_asks_and_his_first_one_stays(s: SimpleNamespace) -> None:
    OtherAddress.objects.create(person=s.ivan, kind="email", value="new@north.example")
    assert accounts.accept(ask(), client=s.north, by=s.anna, at=MONDAY_NINE) == s.ivan
    s.ivan.refresh_from_db()
    assert (s.ivan.email, Delivery.objects.get().to) == ("ivan@north.example", "ivan@north.example")
    assert not Person.objects.filter(email="new@north.example").exists()


def test_a_share_that_is_brought_is_an_event_of_the_ticket(s: SimpleNamespace) -> None:
    at = clock.now()
    twin = cast.person("twin", "Иван", "requester", client=s.north, email="i@home.example")
    shared, own = cast.ticket(s, requester=s.irina), cast.ticket(s)
    for one in (shared, own):
        participants.add(one, twin, by=s.olga, at=at)
    before = Ticket.objects.get(pk=shared.pk).version
    same_person.merge(twin, s.ivan, by=s.anna, at=at)
    assert shared.events.latest("pk").data["person"] == s.ivan.pk
    assert Ticket.objects.get(pk=shared.pk).version > before
    assert not Participant.objects.filter(ticket=own).exists(), "he asked it himself"


def test_a_number_that_two_have_names_nobody_be_it_a_further_one(s: SimpleNamespace) -> None:
    assert senders.find(phone="+7 921 555-01-42") == s.ivan
    OtherAddress.objects.create(person=s.irina, kind="phone", value="+7 921 555-01-42", number="+79215550142")
    assert senders.find(phone="+7 921 555-01-42") is None


def test_people_of_a_closed_client_listen_no_more(s: SimpleNamespace) -> None:
    token, _secret = tokens.create(s.ivan, at=clock.now(), by=None)
    entry = Entry("token", str(token.pk))
    assert entry in listeners.still_in([entry])
    companies.close(s.north, by=s.anna, at=clock.now())
    assert listeners.still_in([entry]) == {}
