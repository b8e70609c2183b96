"""Two tickets become one, and two again: nothing is rewritten, nobody sees what is not his."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from firstline.people.permissions import NotAllowed
from firstline.sla import clocks, replay
from firstline.tickets import conversation, lifecycle, merging, queries
from firstline.tickets.models import Channel, Event, Kind, Message, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import AlreadyMerged, WrongStatus, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
TEN, ELEVEN = NINE + timedelta(hours=1), NINE + timedelta(hours=2)


@pytest.fixture
def stage() -> SimpleNamespace:
    s = cast.stage()
    s.older = cast.ticket(s, subject="Старая", requester=s.irina, words=Words(text="Не печатает"))
    s.newer = cast.ticket(s, subject="Новая", at=TEN, words=Words(text="Снова не печатает"))
    return s


def texts(person: object, ticket: Ticket) -> list[str]:
    events = queries.timeline_for(person, ticket).order_by("pk")  # type: ignore[arg-type]
    return [message.text for event in events if (message := queries.words_on(ticket, event)) is not None]


def state_of(ticket: Ticket) -> dict[str, tuple[str, datetime | None]]:
    return {clock.metric: (clock.state, clock.due_at) for clock in ticket.clocks.all()}


def test_the_words_are_shown_on_the_target_with_their_origin_and_the_source_points_there(
    stage: SimpleNamespace,
) -> None:
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    source, target = Ticket.objects.get(pk=stage.newer.pk), Ticket.objects.get(pk=stage.older.pk)
    assert (source.status, source.merged_into_id, source.is_open) == ("cancelled", target.pk, False)
    assert texts(stage.olga, target) == ["Не печатает", "Снова не печатает"]
    assert texts(stage.olga, source) == []
    moved = Message.objects.get(text="Снова не печатает")
    assert (moved.ticket_id, moved.event.ticket_id) == (target.pk, source.pk)
    assert source.events.latest("pk").kind == Kind.MERGED
    assert target.events.latest("pk").kind == Kind.MERGED_HERE


def test_the_requester_of_the_source_takes_part_and_his_answer_follows_the_chain(stage: SimpleNamespace) -> None:
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    assert queries.sees(stage.ivan, stage.older)
    said = conversation.reply(stage.newer, Words(text="И сканер"), by=stage.ivan, at=ELEVEN, channel=Channel.EMAIL)
    assert said.pk == stage.older.pk
    assert texts(stage.irina, stage.older)[-1] == "И сканер"


def test_a_longer_chain_is_followed_to_its_end(stage: SimpleNamespace) -> None:
    third = cast.ticket(stage, at=ELEVEN)
    merging.merge(third, stage.newer, by=stage.olga, at=ELEVEN)
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    third.refresh_from_db()
    assert merging.final(third).pk == stage.older.pk
    assert len(texts(stage.olga, stage.older)) == 3


def test_unmerging_gives_back_words_people_status_and_clocks(stage: SimpleNamespace) -> None:
    lifecycle.wait(stage.newer, on="client", reason="?", by=stage.olga, at=TEN + timedelta(minutes=10))
    stage.newer.refresh_from_db()
    before = state_of(stage.newer)
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    merging.unmerge(stage.newer, by=stage.olga, at=ELEVEN)
    source, target = Ticket.objects.get(pk=stage.newer.pk), Ticket.objects.get(pk=stage.older.pk)
    assert (source.status, source.merged_into_id) == ("waiting_for_client", None)
    assert texts(stage.olga, source) == ["Снова не печатает"]
    assert texts(stage.olga, target) == ["Не печатает"]
    assert not queries.sees(stage.ivan, target)
    assert state_of(source) == before
    assert [*replay.differences(source), *replay.differences(target)] == []


def test_who_spoke_on_the_target_stays_there(stage: SimpleNamespace) -> None:
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    conversation.reply(stage.older, Words(text="Ещё"), by=stage.ivan, at=ELEVEN, channel=Channel.PORTAL)
    merging.unmerge(stage.newer, by=stage.olga, at=ELEVEN)
    assert queries.sees(stage.ivan, stage.older)
    assert texts(stage.olga, stage.older) == ["Не печатает", "Ещё"]


def test_the_clocks_of_the_source_end_as_cancelled_and_the_target_keeps_its_own(stage: SimpleNamespace) -> None:
    before = state_of(stage.older)
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    assert {state for state, _due in state_of(stage.newer).values()} == {"cancelled"}
    assert state_of(stage.older) == before


def test_the_target_takes_the_older_start_of_the_source(stage: SimpleNamespace) -> None:
    due = {clock.metric: clock.due_at for clock in stage.older.clocks.all()}
    merging.merge(stage.older, stage.newer, by=stage.olga, at=TEN)
    target = Ticket.objects.get(pk=stage.newer.pk)
    assert {clock.metric: clock.due_at for clock in target.clocks.all()} == due
    assert {clock.started_at for clock in target.clocks.all()} == {NINE}
    assert list(replay.differences(target)) == []
    then = clocks.read(target, at=TEN, known_at=target.events.earliest("pk").pk)
    assert {reading.started_at for reading in then} == {TEN}  # as it was known then


def test_unmerging_takes_the_older_start_back(stage: SimpleNamespace) -> None:
    before = state_of(stage.newer)
    merging.merge(stage.older, stage.newer, by=stage.olga, at=TEN)
    merging.unmerge(stage.older, by=stage.olga, at=TEN)
    assert state_of(stage.newer) == before
    assert merging.began_at(Ticket.objects.get(pk=stage.newer.pk)) == TEN


def test_tickets_of_different_clients_are_never_merged(stage: SimpleNamespace) -> None:
    south = cast.ticket(stage, requester=stage.stoyan)
    for source, target in ((south, stage.older), (stage.older, south)):
        with pytest.raises(WrongValue, match="another client"):
            merging.merge(source, target, by=stage.olga, at=ELEVEN)


def test_what_is_a_clients_is_never_merged_into_what_the_whole_desk_sees(stage: SimpleNamespace) -> None:
    stranger = cast.person("x", "Чужой", "requester", email="x@elsewhere.example")
    nobodys = cast.ticket(stage, requester=stranger)
    with pytest.raises(WrongValue, match="another client"):
        merging.merge(stage.older, nobodys, by=stage.olga, at=ELEVEN)
    merging.merge(nobodys, stage.older, by=stage.olga, at=ELEVEN)  # an agent says that he belongs there
    assert queries.sees(stranger, stage.older)


def test_only_who_solves_merges(stage: SimpleNamespace) -> None:
    for person in (stage.ivan, stage.kira, stage.anna, stage.adam):
        with pytest.raises(NotAllowed):
            merging.merge(stage.newer, stage.older, by=person, at=ELEVEN)
    merging.merge(stage.newer, stage.older, by=stage.emil, at=ELEVEN)


def test_what_is_merged_or_done_is_not_merged(stage: SimpleNamespace) -> None:
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    third = cast.ticket(stage, at=ELEVEN)
    with pytest.raises(AlreadyMerged):
        merging.merge(stage.newer, third, by=stage.olga, at=ELEVEN)
    with pytest.raises(AlreadyMerged):
        merging.merge(third, stage.newer, by=stage.olga, at=ELEVEN)
    lifecycle.cancel(third, why="не нужно", by=stage.olga, at=ELEVEN)
    with pytest.raises(WrongStatus):
        merging.merge(stage.older, third, by=stage.olga, at=ELEVEN)
    with pytest.raises(WrongValue):
        merging.merge(stage.older, stage.older, by=stage.olga, at=ELEVEN)


def test_no_word_of_ours_goes_to_a_merged_ticket(stage: SimpleNamespace) -> None:
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    for verb in (conversation.answer, conversation.note):
        with pytest.raises(AlreadyMerged):
            verb(stage.newer, Words(text="Ответ"), by=stage.olga, at=ELEVEN)
    with pytest.raises(AlreadyMerged):
        conversation.call(stage.newer, "", by=stage.olga, at=ELEVEN)


def test_the_inner_of_two_merges_is_undone_after_the_outer_one(stage: SimpleNamespace) -> None:
    third = cast.ticket(stage, at=ELEVEN, words=Words(text="Третья"))
    merging.merge(third, stage.newer, by=stage.olga, at=ELEVEN)
    merging.merge(stage.newer, stage.older, by=stage.olga, at=ELEVEN)
    with pytest.raises(AlreadyMerged):
        merging.unmerge(third, by=stage.olga, at=ELEVEN)
    merging.unmerge(stage.newer, by=stage.olga, at=ELEVEN)
    assert texts(stage.olga, stage.newer) == ["Снова не печатает", "Третья"]
    merging.unmerge(third, by=stage.olga, at=ELEVEN)
    assert texts(stage.olga, third) == ["Третья"]
    with pytest.raises(WrongStatus):
        merging.unmerge(third, by=stage.olga, at=ELEVEN)


def test_the_chain_is_bounded(stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LONGEST_CHAIN", 2)
    line = [cast.ticket(stage, at=ELEVEN) for _ in range(4)]
    merging.merge(line[0], line[1], by=stage.olga, at=ELEVEN)
    merging.merge(line[1], line[2], by=stage.olga, at=ELEVEN)
    with pytest.raises(WrongValue, match="too often"):
        merging.merge(line[2], line[3], by=stage.olga, at=ELEVEN)


def test_the_database_refuses_a_ticket_that_is_merged_into_itself(stage: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=stage.newer.pk).update(merged_into=stage.newer.pk, status="cancelled", is_open=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=stage.newer.pk).update(merged_into=stage.older.pk)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_merge_two_tickets_into_each_other_do_it_once() -> None:
    stage = cast.stage()
    one, two = cast.ticket(stage), cast.ticket(stage)
    gate, told = threading.Barrier(2), []

    def run(source: Ticket, target: Ticket) -> None:
        gate.wait()
        try:
            merging.merge(source, target, by=stage.olga, at=ELEVEN)
            told.append("merged")
        except AlreadyMerged:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["merged", "refused"]
    assert Event.objects.filter(kind=Kind.MERGED).count() == 1
