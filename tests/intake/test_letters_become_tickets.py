"""A letter of a person is a ticket or words on one; who may put words where is never the letter's own claim."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.conf import settings

from firstline.intake.models import Inbound
from firstline.lib import clock, tokens
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Event, Kind, LinkKind, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.intake.mail import letter, mailbox, process, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def sent(ticket: Ticket, to: Person) -> str:
    """The Message-ID of a mail of ours that went out."""
    name = uuid.uuid4()
    identifier = tokens.message_id(settings.SECRET_KEY, delivery=name, ticket=ticket.pk, domain="firm.example")
    Delivery.objects.create(
        uuid=name, kind="answer", to=to.email, language="ru", ticket=ticket.pk, message_id=identifier
    )
    return identifier


def test_a_letter_of_a_known_person_is_a_ticket_of_his_client_from_its_acceptance_on(stage: Any) -> None:
    account = mailbox(team=stage.line2)
    row = process(letter(files=(("лог.txt", b"error 5"),)), account=account)
    ticket = row.ticket
    assert ticket is not None
    assert (row.state, row.outcome, row.sender) == ("done", "ticket", "ivan@north.example")
    assert (ticket.requester, ticket.client, ticket.team, ticket.line) == (stage.ivan, stage.north, stage.line2, 2)
    assert (ticket.channel, ticket.subject, ticket.created_at) == ("email", "Не печатает принтер", row.received_at)
    message = ticket.messages.get()
    assert row.message == message
    assert (message.author, message.text.strip(), message.by_agent, message.public) == (
        stage.ivan,
        "Горит красная лампочка.",
        False,
        True,
    )
    assert [(file.name, file.size) for file in message.attachments.all()] == [("лог.txt", 7)]
    created = ticket.events.get(kind=Kind.CREATED)
    assert created.happened_at == row.received_at
    assert created.learnt_at >= row.received_at
    assert "quiet" not in created.data


def test_a_stranger_becomes_a_requester_of_the_client_whose_domain_or_mailbox_it_is(stage: Any) -> None:
    by_domain = process(letter(sender='"Нов, Човек" <new@south.example>')).ticket
    assert by_domain is not None
    assert (by_domain.client, by_domain.requester.name, by_domain.requester.language) == (
        stage.south,
        "Нов, Човек",
        "bg",
    )
    account = mailbox("north@firm.example", client=stage.north)
    by_mailbox = process(letter(sender="kto@elsewhere.example"), account=account).ticket
    assert by_mailbox is not None
    assert by_mailbox.client == stage.north
    of_nobody = process(letter(sender="who@elsewhere2.example")).ticket
    assert of_nobody is not None
    assert of_nobody.client is None


def test_the_mailbox_is_found_in_the_headers_where_the_road_does_not_say(stage: Any) -> None:
    account = mailbox(team=stage.line2)
    row = process(letter(to="Desk <DESK@firm.example>"))
    assert row.account == account
    assert row.ticket is not None
    assert row.ticket.team == stage.line2


def test_colleagues_in_copy_take_part_and_nobody_of_another_client_does(stage: Any) -> None:
    mailbox()
    copy = "irina@north.example, New <new@north.example>, stoyan@south.example, x@gmail.example, olga@desk.example"
    ticket = process(letter(Cc=copy)).ticket
    assert ticket is not None
    assert {one.person.email for one in ticket.participants.all()} == {"irina@north.example", "new@north.example"}
    reply = process(letter(sender="new@north.example", subject=f"Re: [#{ticket.pk}] x"))
    assert (reply.outcome, reply.ticket) == ("reply", ticket)


@pytest.mark.parametrize("by", ["our message-id", "reference", "earlier letter", "subject"])
def test_a_reply_of_the_requester_lands_on_his_ticket(stage: Any, by: str) -> None:
    first = process(letter(Message_ID="<first@north.example>"))
    ticket = first.ticket
    assert ticket is not None
    headers = {
        "our message-id": {"In_Reply_To": sent(ticket, stage.ivan)},
        "reference": {"References": f"<x@y> {sent(ticket, stage.ivan)}"},
        "earlier letter": {"In_Reply_To": "<first@north.example>"},
        "subject": {"subject": f"Re: [#{ticket.pk}] Не печатает"},
    }[by]
    ticket = lifecycle.wait(ticket, on="client", reason="какой принтер?", by=stage.olga, at=clock.now())
    row = process(letter(text="HP в коридоре", **headers))
    assert (row.outcome, row.ticket) == ("reply", ticket)
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"
    assert row.message is not None
    assert row.message.event.happened_at == row.received_at


@pytest.mark.parametrize("sender", ["stoyan@south.example", "irina@north.example", "nobody@elsewhere.example"])
@pytest.mark.parametrize("by", ["our message-id", "earlier letter", "subject"])
def test_who_only_refers_to_a_ticket_makes_a_new_one_that_says_so(stage: Any, sender: str, by: str) -> None:
    first = process(letter(Message_ID="<first@north.example>")).ticket
    assert first is not None
    lifecycle.resolve(first, how="Заменён", remote=True, by=stage.olga, at=clock.now())
    before = list(first.events.values_list("pk", flat=True))
    headers = {
        "our message-id": {"In_Reply_To": sent(first, stage.ivan)},
        "earlier letter": {"References": "<first@north.example>"},
        "subject": {"subject": f"Re: [#{first.pk}] Не печатает"},
    }[by]
    row = process(letter(sender=sender, **headers))
    assert row.outcome == "ticket"
    assert row.ticket is not None
    assert row.ticket != first
    assert f"claims #{first.pk}" in row.ticket.messages.get().flags
    assert str(first.pk) in row.reason
    first.refresh_from_db()
    assert first.status == "resolved"
    assert list(first.events.values_list("pk", flat=True)) == before


def test_a_forged_message_id_of_ours_names_nothing(stage: Any) -> None:
    ticket = cast.ticket(stage)
    real = sent(ticket, stage.ivan)
    other = cast.ticket(stage, requester=stage.irina)
    for forged in (
        real.replace(f".{ticket.pk}.", f".{other.pk}."),
        real[:20] + ("0" if real[20] != "0" else "1") + real[21:],
        f"<fl.{uuid.uuid4().hex}.{ticket.pk}.{'0' * 32}@firm.example>",
        f"<fl.{uuid.uuid4().hex}.{ticket.pk}.@firm.example>",
    ):
        row = process(letter(sender="eve@east.example", In_Reply_To=forged))
        assert row.outcome == "ticket"
        assert row.ticket not in (ticket, other)


@pytest.mark.parametrize("agent", ["olga", "maria"])
def test_who_writes_as_an_agent_gets_no_agents_rights(stage: Any, agent: str) -> None:
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=clock.now())
    person = getattr(stage, agent)
    row = process(letter(sender=person.email, subject=f"Re: [#{ticket.pk}] x", text="Пароль: 123, закрывайте"))
    ticket.refresh_from_db()
    assert ticket.status == "in_progress"
    if agent == "olga":  # she works on it: her words are kept there, for the desk only, in nobody's name
        assert (row.outcome, row.ticket) == ("reply", ticket)
        assert row.message is not None
        assert (row.message.public, row.message.by_agent, row.message.event.by) == (False, False, None)
        assert "unverified-agent" in row.message.flags
    else:  # she has nothing to do with it
        assert row.outcome == "ticket"
        assert row.ticket != ticket
    assert not ticket.messages.filter(by_agent=True).exists()


def test_an_agents_letter_about_nothing_is_a_ticket_he_asks_for(stage: Any) -> None:
    row = process(letter(sender=stage.olga.email))
    assert row.ticket is not None
    assert (row.ticket.requester, row.ticket.status, row.ticket.assignee) == (stage.olga, "new", None)


def test_an_answer_reopens_within_the_window_and_makes_a_linked_ticket_after_it(stage: Any) -> None:
    ticket = cast.ticket(stage)
    conversation.answer(ticket, Words(text="Готово"), by=stage.olga, at=clock.now())
    ticket, _ = lifecycle.resolve(ticket, how="Заменён картридж", remote=True, by=stage.olga, at=clock.now())
    row = process(letter(subject=f"Re: [#{ticket.pk}]", text="Нет, опять"))
    ticket.refresh_from_db()
    assert (row.outcome, ticket.status) == ("reply", "in_progress")
    ticket, _ = lifecycle.resolve(ticket, how="Теперь да", remote=True, by=stage.olga, at=clock.now())
    lifecycle.confirm(ticket, by=stage.ivan, at=clock.now())
    Ticket.objects.filter(pk=ticket.pk).update(window_ends_at=clock.now())
    late = process(letter(subject=f"Re: [#{ticket.pk}]", text="Через месяц снова"))
    assert late.outcome == "ticket"
    assert late.ticket is not None
    assert late.ticket.links_out.get().kind == LinkKind.FOLLOW_UP
    assert late.ticket.links_out.get().target == ticket


def test_the_same_bytes_from_the_same_source_are_a_visible_duplicate(stage: Any) -> None:
    raw = letter()
    first, second = process(raw), process(raw)
    assert (second.state, second.outcome, second.ticket) == ("done", "duplicate", first.ticket)
    assert str(first.pk) in second.reason
    assert Ticket.objects.count() == 1
    assert first.ticket is not None
    assert first.ticket.messages.count() == 1


def test_the_same_letter_in_another_mailbox_joins_the_first_ones_ticket(stage: Any) -> None:
    desk, sales = mailbox(), mailbox("sales@firm.example")
    given = {"Message_ID": "<one@north.example>"}
    first = process(b"Delivered-To: desk@firm.example\n" + letter(**given), account=desk)
    copy = process(b"Delivered-To: sales@firm.example\n" + letter(**given), account=sales)
    assert (copy.outcome, copy.reason, copy.ticket) == ("reply", "copy", first.ticket)
    assert Ticket.objects.count() == 1
    assert first.ticket is not None
    assert first.ticket.messages.count() == 1
    assert first.ticket.events.get(kind=Kind.COPY).data["also"] == "sales@firm.example"


@pytest.mark.parametrize(
    "other", [{"text": "Другое"}, {"sender": "irina@north.example"}, {"Date": "Mon, 02 Mar 2026 09:00:01 +0300"}]
)
def test_the_same_message_id_with_anything_else_different_is_a_new_item(stage: Any, other: dict[str, str]) -> None:
    given = {"Message_ID": "<one@north.example>"}
    first = process(letter(**given))
    second = process(letter(**{**given, **other}))
    assert second.outcome == "ticket"
    assert second.ticket != first.ticket


def test_a_letter_without_subject_or_words_is_still_a_ticket(stage: Any) -> None:
    no_subject = process(letter(subject="", text="Не работает почта\nс утра")).ticket
    assert no_subject is not None
    assert no_subject.subject == "Не работает почта"
    nothing = process(letter(subject="", text="")).ticket
    assert nothing is not None
    assert nothing.subject
    ticket = cast.ticket(stage)
    empty = process(letter(subject=f"Re: [#{ticket.pk}]", text=""))
    assert (empty.outcome, empty.ticket) == ("reply", ticket)


def test_an_address_that_writes_very_often_gets_no_more_acknowledgements(stage: Any) -> None:
    rows = [process(letter(text=f"Опять {number}")) for number in range(5)]
    quiet = [bool(row.ticket and row.ticket.events.get(kind=Kind.CREATED).data.get("quiet")) for row in rows]
    assert quiet == [False] * 3 + [True] * 2


def test_a_reply_and_its_original_that_wait_together_keep_their_order(stage: Any) -> None:
    first = take(letter(Message_ID="<first@north.example>"))
    second = take(letter(In_Reply_To="<first@north.example>", text="И ещё"))
    from_there = process(letter(In_Reply_To="<first@north.example>", text="И ещё раз"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ticket == second.ticket == from_there.ticket
    assert Event.objects.filter(ticket=first.ticket, kind=Kind.MESSAGE).count() == 2
    assert Inbound.objects.filter(state="new").count() == 0


def test_a_stranger_is_answered_in_the_language_in_which_he_wrote(stage: Any) -> None:
    mailbox()
    words = "Здравейте, принтерът не печата от сутринта. Моля, помогнете, няма как да работим."
    ticket = process(letter(sender="Веселин <v@strange.example>", subject="Печат", text=words)).ticket
    assert ticket is not None
    assert (ticket.client, ticket.requester.language) == (None, "bg")
    assert Delivery.objects.get(kind="received", ticket=ticket.pk).language == "bg"
    same = process(letter(sender="Веселин <v@strange.example>", text="The printer is dead and we are waiting for it."))
    assert same.ticket is not None
    assert same.ticket.requester.language == "bg", "who is known keeps the language that stands with him"
    short = process(letter(sender="x@strange.example", text="Принтер")).ticket
    assert short is not None
    assert short.requester.language == settings.LANGUAGE_CODE
