"""A message that belongs elsewhere is moved, moved back, or becomes a ticket of its own."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.ops import integrity
from firstline.people.permissions import NotAllowed
from firstline.sla import replay
from firstline.tickets import conversation, lifecycle, merging, moving, queries
from firstline.tickets.models import Channel, Kind, Message, Participant, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import AlreadyMerged, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
TEN, ELEVEN = NINE + timedelta(hours=1), NINE + timedelta(hours=2)


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    s.here, s.there = cast.ticket(s), cast.ticket(s, requester=s.irina, words=Words(text="Сканер"))
    conversation.reply(s.here, Words(text="И про сканер"), by=s.ivan, at=TEN, channel=Channel.EMAIL)
    s.said = Message.objects.get(text="И про сканер")
    return s


def texts(person: object, ticket: Ticket) -> list[str]:
    events = queries.timeline_for(person, ticket).order_by("pk")  # type: ignore[arg-type]
    return [message.text for event in events if (message := queries.words_on(ticket, event)) is not None]


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("pk").values_list("kind", flat=True))


def test_a_moved_message_is_shown_there_and_both_histories_say_so(s: SimpleNamespace) -> None:
    moving.move(s.said, s.there, by=s.olga, at=ELEVEN)
    assert texts(s.olga, s.there) == ["Сканер", "И про сканер"]
    assert "И про сканер" not in texts(s.olga, s.here)
    assert kinds(s.here) == [Kind.CREATED, Kind.MESSAGE, Kind.MOVED_AWAY]
    assert kinds(s.there) == [Kind.CREATED, Kind.MOVED_HERE]
    assert queries.sees(s.ivan, s.there)  # its author takes part from now on
    assert "И про сканер" in texts(s.irina, s.there)


def test_who_may_not_see_the_ticket_it_went_to_does_not_see_the_message(s: SimpleNamespace) -> None:
    Participant.objects.create(ticket=s.here, person=s.stoyan)
    assert queries.message_for(s.stoyan, s.said.pk)
    moving.move(s.said, s.there, by=s.olga, at=ELEVEN)
    with pytest.raises(queries.NotThere):
        queries.message_for(s.stoyan, s.said.pk)


def test_moving_it_back_undoes_it_and_takes_its_author_back(s: SimpleNamespace) -> None:
    before = texts(s.olga, s.here), texts(s.olga, s.there)
    moving.move(s.said, s.there, by=s.olga, at=ELEVEN)
    s.said.refresh_from_db()
    moving.move(s.said, s.here, by=s.olga, at=ELEVEN)
    assert (texts(s.olga, s.here), texts(s.olga, s.there)) == before
    assert not queries.sees(s.ivan, s.there)
    assert s.here.events.latest("pk").data["back"]


def test_a_moved_answer_of_the_client_wakes_the_ticket_that_waits_for_it(s: SimpleNamespace) -> None:
    lifecycle.wait(s.there, on="client", reason="Какой сканер?", by=s.olga, at=TEN)
    moving.move(s.said, s.there, by=s.olga, at=ELEVEN)
    s.there.refresh_from_db()
    assert s.there.status == "in_progress"
    assert list(replay.differences(s.there)) == []


def test_our_own_answer_is_not_moved(s: SimpleNamespace) -> None:
    conversation.answer(s.here, Words(text="Смотрим"), by=s.olga, at=TEN)
    with pytest.raises(WrongValue, match="our own answer"):
        moving.move(Message.objects.get(text="Смотрим"), s.there, by=s.olga, at=ELEVEN)


def test_the_only_message_is_not_moved_but_its_ticket_merged(s: SimpleNamespace) -> None:
    only = s.there.messages.get()
    with pytest.raises(WrongValue, match="the only one"):
        moving.move(only, s.here, by=s.olga, at=ELEVEN)
    with pytest.raises(WrongValue, match="the only one"):
        moving.split(only, by=s.olga, at=ELEVEN)


def test_nothing_is_moved_across_clients_or_to_a_merged_ticket(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match="another client"):
        moving.move(s.said, cast.ticket(s, requester=s.stoyan), by=s.olga, at=ELEVEN)
    third = cast.ticket(s, at=TEN)
    merging.merge(third, s.there, by=s.olga, at=ELEVEN)
    with pytest.raises(AlreadyMerged):
        moving.move(s.said, third, by=s.olga, at=ELEVEN)


def test_only_who_solves_moves_and_splits(s: SimpleNamespace) -> None:
    for person in (s.ivan, s.kira, s.anna, s.adam):
        with pytest.raises(NotAllowed):
            moving.move(s.said, s.there, by=person, at=ELEVEN)
        with pytest.raises(NotAllowed):
            moving.split(s.said, by=person, at=ELEVEN)


def test_what_somebody_has_moved_meanwhile_is_not_moved_again(s: SimpleNamespace) -> None:
    third = cast.ticket(s, at=TEN)
    stale = Message.objects.get(pk=s.said.pk)
    moving.move(s.said, s.there, by=s.olga, at=ELEVEN)
    with pytest.raises(WrongValue, match="moved already"):
        moving.move(stale, third, by=s.nadia, at=ELEVEN)


def test_a_ticket_split_off_starts_at_the_time_of_its_message(s: SimpleNamespace) -> None:
    made = moving.split(s.said, by=s.olga, at=ELEVEN, subject="Сканер не видит сеть")
    assert (made.subject, made.requester, made.client, made.created_at) == (
        "Сканер не видит сеть", s.ivan, s.north, TEN,
    )  # fmt: skip
    assert {clock.started_at for clock in made.clocks.all()} == {TEN}
    assert texts(s.ivan, made) == ["И про сканер"]
    assert "И про сканер" not in texts(s.ivan, s.here)
    first = made.events.earliest("pk")
    assert (first.kind, first.data["split_from"], first.learnt_at) == (Kind.CREATED, s.here.pk, ELEVEN)
    assert list(replay.differences(made)) == []


def test_what_was_split_off_goes_back_by_a_merge_and_out_again(s: SimpleNamespace) -> None:
    made = moving.split(s.said, by=s.olga, at=ELEVEN)
    merging.merge(made, s.here, by=s.olga, at=ELEVEN)
    assert "И про сканер" in texts(s.olga, s.here)
    merging.unmerge(made, by=s.olga, at=ELEVEN)
    assert texts(s.olga, made) == ["И про сканер"]


def test_whatever_was_merged_moved_and_split_the_stored_data_is_sound(s: SimpleNamespace) -> None:
    moving.move(s.said, s.there, by=s.olga, at=ELEVEN)
    merging.merge(s.here, s.there, by=s.olga, at=ELEVEN)
    s.said.refresh_from_db()
    moving.split(s.said, by=s.olga, at=ELEVEN)
    assert list(integrity.violations()) == []
    Message.objects.filter(pk=s.said.pk).update(ticket=cast.ticket(s, at=TEN))
    assert [line for line in integrity.violations() if line.startswith("messages_belong") or "nothing says why" in line]
