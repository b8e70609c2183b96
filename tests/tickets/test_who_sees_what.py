"""The one door, against product.md's table written out by hand, for pages of tickets and for screens that listen."""

from __future__ import annotations

import pytest

from firstline.live.models import Signal
from firstline.reports import rollups
from firstline.tickets import conversation, queries, screens
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db

# login: the tickets that he sees, of: Ivan's (North), Stoyan's (South), Eve's (East), and one of nobody's client.
SEES = {
    "ivan": {"north"},
    "irina": set(),
    "kira": {"north"},
    "stoyan": {"south"},
    "elena": {"south"},
    "eve": {"east"},
    "olga": {"north", "south", "nobody"},
    "petra": {"south", "nobody"},
    "nadia": {"north", "south", "east", "nobody"},
    "emil": {"north", "south", "nobody"},
    "lev": {"north", "south", "nobody"},
    "maria": {"north", "south", "east", "nobody"},
    "anna": {"north", "south", "east", "nobody"},
    "adam": {"north", "south", "east", "nobody"},
}


@pytest.mark.parametrize("login", SEES)
def test_everybody_sees_what_the_table_says(login: str) -> None:
    stage = cast.stage()
    stranger = cast.person("stranger", "Stranger", "requester", email="who@nowhere.example")
    tickets = {
        "north": cast.ticket(stage),
        "south": cast.ticket(stage, requester=stage.stoyan),
        "east": cast.ticket(stage, requester=stage.eve),
        "nobody": cast.ticket(stage, requester=stranger),
    }
    person = getattr(stage, login)
    seen = set(queries.visible_to(person))
    assert {name for name, ticket in tickets.items() if ticket in seen} == SEES[login]
    for name, ticket in tickets.items():
        if name in SEES[login]:
            assert queries.get_for(person, ticket.number) == ticket
        else:
            with pytest.raises(queries.NotThere):
                queries.get_for(person, ticket.number)


@pytest.mark.parametrize("login", SEES)
def test_a_screen_hears_of_a_ticket_only_if_its_person_sees_it(login: str) -> None:
    stage = cast.stage()
    person = getattr(stage, login)
    tickets = [cast.ticket(stage, requester=who) for who in (stage.ivan, stage.stoyan, stage.eve)]
    mine = set(screens.listens_to(person))
    for ticket in tickets:
        audiences = [set(signal.audience.split()) for signal in Signal.objects.filter(topic=f"ticket:{ticket.pk}")]
        assert audiences
        assert any(mine & audience for audience in audiences) == queries.sees(person, ticket)


def test_a_note_is_not_heard_of_on_the_clients_side() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    newest = Signal.objects.latest("pk").pk
    conversation.note(ticket, Words(text="между нами"), by=stage.olga, at=cast.MONDAY_NINE)
    for signal in Signal.objects.filter(pk__gt=newest):
        assert not set(signal.audience.split()) & {*screens.listens_to(stage.ivan), *screens.listens_to(stage.kira)}


def test_who_takes_part_sees_the_ticket_and_a_link_never_widens_what_is_seen() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    assert not queries.sees(stage.irina, ticket)
    ticket.participants.create(person=stage.irina)
    assert queries.sees(stage.irina, ticket)


def test_the_clients_side_reads_public_events_only() -> None:
    stage = cast.stage()
    ticket = conversation.note(cast.ticket(stage), Words(text="между нами"), by=stage.olga, at=cast.MONDAY_NINE)
    assert all(event.public for event in queries.timeline_for(stage.ivan, ticket))
    assert not all(event.public for event in queries.timeline_for(stage.olga, ticket))
    note = ticket.messages.get(public=False)
    with pytest.raises(queries.NotThere):
        queries.message_for(stage.ivan, note.pk)


def test_nobody_who_left_sees_anything() -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    stage.maria.is_active = False
    assert not queries.sees(stage.maria, ticket)


@pytest.mark.parametrize("number", ["", "x", "-1", "0x10", "9" * 40, "١٠٠١", "1001 or 1=1"])
def test_a_strange_number_is_not_there(number: str) -> None:
    stage = cast.stage()
    with pytest.raises(queries.NotThere):
        queries.get_for(stage.maria, number)


@pytest.mark.django_db(transaction=True)  # the roll-up reads what is committed
def test_only_who_has_a_board_hears_that_it_changed() -> None:
    stage = cast.stage()
    hear = {who for who in ("olga", "nadia", "lev", "maria", "anna", "adam", "ivan", "kira")
            if screens.AT_THE_BOARD in screens.listens_to(getattr(stage, who))}  # fmt: skip
    assert hear == {"lev", "maria", "adam"}
    cast.ticket(stage)
    rollups.follow(cast.MONDAY_NINE)
    assert {signal.audience.strip() for signal in Signal.objects.filter(topic="board")} == {screens.AT_THE_BOARD}
