"""A word that a person may not read is never found, counted, completed, corrected to, or shown around another."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.knowledge import everywhere
from firstline.lib import clock
from firstline.people import finding as people
from firstline.people.models import Person
from firstline.tickets import conversation, findable, finding, queries
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.search import desk

pytestmark = pytest.mark.django_db
EVERYBODY = (
    "olga", "petra", "nadia", "emil", "lev", "maria", "anna", "adam", "ivan", "irina", "kira", "stoyan", "elena", "eve",
)  # fmt: skip


@pytest.fixture
def s() -> SimpleNamespace:
    """Each client's ticket has a word of its own in public and one in a note; each word once on the whole desk."""
    s = cast.stage()
    s.tickets = {}
    for client, login in (("north", "ivan"), ("south", "stoyan"), ("east", "eve")):
        made = desk.ticket(s, f"Принтер {client}", f"публичное{client}слово", requester=getattr(s, login))
        conversation.note(made, Words(text=f"внутреннее{client}слово"), by=s.maria, at=clock.now())
        s.tickets[client] = made
    desk.index()
    return s


def may_see(person: Person, ticket: Ticket) -> bool:
    return queries.visible_to(person).filter(pk=ticket.pk).exists()


@pytest.mark.parametrize("login", EVERYBODY)
def test_everybody_finds_what_he_sees_and_nothing_else(s: SimpleNamespace, login: str) -> None:
    person = getattr(s, login)
    for client, ticket in s.tickets.items():
        expected = [ticket.pk] if may_see(person, ticket) else []
        assert desk.numbers(person, f"публичное{client}слово") == expected
        assert desk.numbers(person, f"Принтер {client}") == expected
        assert desk.numbers(person, f"#{ticket.pk}") == expected
        inside = expected if person.is_agent else []
        assert desk.numbers(person, f"внутреннее{client}слово") == inside


@pytest.mark.parametrize("login", EVERYBODY)
def test_what_he_may_not_read_is_neither_completed_nor_corrected_to(s: SimpleNamespace, login: str) -> None:
    person = getattr(s, login)
    for client, ticket in s.tickets.items():
        for word, may in (
            (f"публичное{client}слово", may_see(person, ticket)),
            (f"внутреннее{client}слово", may_see(person, ticket) and person.is_agent),
        ):
            begun = everywhere.look(person, word[:-4], growing=True)
            mistyped = everywhere.look(person, word[:-3] + word[-2:])
            assert begun.is_empty is not may, word
            assert mistyped.is_empty is not may, word
            assert mistyped.instead == (word if may else "")


@pytest.mark.parametrize("login", EVERYBODY)
def test_counts_and_facets_are_of_what_he_sees(s: SimpleNamespace, login: str) -> None:
    person = getattr(s, login)
    found = everywhere.look(person, "принтер").tickets
    seen = [ticket for ticket in s.tickets.values() if may_see(person, ticket)]
    assert found.count == len(seen)
    assert dict(found.facets["client_id"]) == {ticket.client_id: 1 for ticket in seen}


def test_a_snippet_for_the_client_never_has_a_word_of_a_note(s: SimpleNamespace) -> None:
    found = everywhere.look(s.ivan, "принтер внутреннееnorthслово")
    assert found.how == everywhere.SOME_WORDS
    said = "".join(
        part.text for _t, subject, words in finding.shown(s.ivan, found.tickets.places, found.asked) for part in words
    )
    assert "внутреннее" not in said
    assert desk.numbers(s.ivan, "принтер -внутреннееnorthслово") == [s.tickets["north"].pk]


def test_a_note_on_a_file_name_and_a_tag_are_for_the_desk(s: SimpleNamespace) -> None:
    ticket = s.tickets["north"]
    Ticket.objects.filter(pk=ticket.pk).update(tags=["меткавип"])
    desk.findable_again(ticket)
    assert desk.numbers(s.olga, "меткавип") == [ticket.pk]
    assert desk.numbers(s.ivan, "меткавип") == []


def test_the_facts_of_the_index_say_what_the_door_says(s: SimpleNamespace) -> None:
    """A fact that did not fit would hide a ticket from who may see it: compared for every person and ticket."""
    documents = {document.number: document for document in findable.read([t.pk for t in s.tickets.values()])}
    for login in EVERYBODY:
        person = getattr(s, login)
        facts = findable.facts_of(person)
        for ticket in s.tickets.values():
            assert (facts is None or bool(facts & documents[ticket.pk].facts)) == may_see(person, ticket), login


def test_who_leaves_a_scope_finds_nothing_at_once(s: SimpleNamespace) -> None:
    assert desk.numbers(s.olga, "публичноеnorthслово")
    s.olga.scope.remove(s.north)
    assert desk.numbers(s.olga, "публичноеnorthслово") == []


def test_who_takes_part_finds_it(s: SimpleNamespace) -> None:
    from_irina = conversation.reply(
        s.tickets["north"], Words(text="и у меня"), by=s.kira, at=clock.now(), channel=Channel.PORTAL
    )
    assert desk.numbers(s.irina, "публичноеnorthслово") == []
    from_irina.participants.get_or_create(person=s.irina)
    desk.findable_again(from_irina)
    assert desk.numbers(s.irina, "публичноеnorthслово") == [from_irina.pk]


def test_people_are_found_by_the_desk_within_its_clients(s: SimpleNamespace) -> None:
    def found(who: Person, typed: str) -> list[str]:
        look = everywhere.look(who, typed)
        return sorted(one.login for one in people.shown(who, look.people))

    assert found(s.olga, "ivan@north.example") == ["ivan"]
    assert found(s.olga, "8 921 555 01 42") == ["ivan"]
    assert found(s.olga, "волковой") == ["maria"]
    assert found(s.olga, "eve stone") == []
    assert found(s.maria, "eve stone") == ["eve"]
    assert found(s.petra, "ivan@north.example") == []
    for outsider in (s.ivan, s.kira):
        assert found(outsider, "ivan@north.example") == []


def test_articles_are_found_by_who_may_read_them(s: SimpleNamespace) -> None:
    for audience, client in (("all", None), ("client", s.north), ("client", s.east), ("desk", None)):
        desk.article(s, f"Картридж {audience} {client.slug if client else ''}", audience=audience, client=client)
    draft = desk.articles.write(title="Картридж черновик", body="…", language="ru", by=s.lev, at=clock.now())
    desk.index()

    def titles(who: Person) -> set[str]:
        found = everywhere.look(who, "картриджи")
        return {one.text.title for one in desk.found_articles(who, found)}

    assert titles(s.ivan) == {"Картридж all", "Картридж client north"}
    assert titles(s.stoyan) == {"Картридж all"}
    assert titles(s.olga) == {"Картридж all", "Картридж client north", "Картридж desk", "Картридж черновик"}
    assert titles(s.maria) == titles(s.olga) | {"Картридж client east"}
    assert draft.slug
