"""What a person did last is undone by another event, as long as nobody has gone on from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.people.permissions import NotAllowed
from firstline.sla import replay
from firstline.tickets import assignment, conversation, handover, lifecycle, merging, properties, undoing
from firstline.tickets.models import Event, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongStatus
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
LATER = NINE + timedelta(minutes=1)
Deed = Callable[[SimpleNamespace, Ticket], Ticket]

UNDONE: dict[str, Deed] = {
    "take": lambda s, ticket: lifecycle.take(ticket, by=s.olga, at=NINE),
    "assign": lambda s, ticket: assignment.assign(ticket, assignee=s.nadia, by=s.olga, at=NINE),
    "hand over": lambda s, ticket: handover.hand_over(
        ticket, to_line=2, symptom="x", tried="y", impact="", reason="too_long", by=s.olga, at=NINE
    ),
    "priority": lambda s, ticket: properties.change(ticket, by=s.olga, at=NINE, priority=1),
    "category": lambda s, ticket: properties.change(ticket, by=s.olga, at=NINE, category=s.jam, tags=["тонер"]),
    "merge": lambda s, ticket: merging.merge(ticket, cast.ticket(s), by=s.olga, at=NINE),
}
LOOKS = ("assignee_id", "team_id", "line", "contact_owner_id", "priority", "category_id", "service_id", "tags",
         "merged_into_id", "is_open")  # fmt: skip


def looks(ticket: Ticket) -> list[object]:
    return list(Ticket.objects.values_list(*LOOKS).get(pk=ticket.pk))


@pytest.mark.parametrize("name", UNDONE)
def test_a_deed_is_undone_and_the_history_only_grows(name: str) -> None:
    stage = cast.stage()
    ticket = assignment.assign(cast.ticket(stage), assignee=stage.emil, by=stage.lev, at=NINE)
    if name in {"take", "assign", "hand over"}:
        ticket = assignment.assign(ticket, team=stage.line1, by=stage.lev, at=NINE)
    ticket = Ticket.objects.get(pk=ticket.pk)
    stage.olga.role = "lead"  # the deed itself is not the subject: any line's tickets are hers to direct
    stage.olga.team = stage.line3 if name != "hand over" else stage.line1
    before, events = looks(ticket), Event.objects.filter(ticket=ticket).count()

    done = UNDONE[name](stage, ticket)
    assert looks(ticket) != before
    undoing.undo(done, event=done.version, by=stage.olga, at=LATER)

    assert looks(ticket) == before
    assert Event.objects.filter(ticket=ticket).count() > events + 1
    assert list(replay.differences(ticket)) == []


def test_a_wait_is_undone_by_going_on() -> None:
    stage = cast.stage()
    waits = lifecycle.wait(cast.ticket(stage), on="client", reason="серийный номер", by=stage.olga, at=NINE)
    assert undoing.undo(waits, event=waits.version, by=stage.olga, at=LATER).status == "in_progress"


def test_what_others_went_on_from_is_not_undone() -> None:
    stage = cast.stage()
    taken = lifecycle.take(cast.ticket(stage), by=stage.olga, at=NINE)
    properties.change(taken, by=stage.lev, at=NINE, priority=1)
    with pytest.raises(WrongStatus):
        undoing.undo(taken, event=taken.version, by=stage.olga, at=LATER)


def test_nor_is_a_deed_of_somebody_else_or_a_newer_one_than_was_seen() -> None:
    stage = cast.stage()
    taken = lifecycle.take(cast.ticket(stage), by=stage.olga, at=NINE)
    with pytest.raises(WrongStatus):
        undoing.undo(taken, event=taken.version, by=stage.lev, at=LATER)
    changed = properties.change(taken, by=stage.olga, at=NINE, priority=1)
    with pytest.raises(WrongStatus):
        undoing.undo(changed, event=taken.version, by=stage.olga, at=LATER)


def test_what_a_letter_told_somebody_is_not_undone_and_the_clients_side_undoes_nothing() -> None:
    stage = cast.stage()
    taken = lifecycle.take(cast.ticket(stage), by=stage.olga, at=NINE)
    said = conversation.answer(taken, Words(text="готово"), by=stage.olga, at=NINE)
    with pytest.raises(WrongStatus):
        undoing.undo(said, event=said.version, by=stage.olga, at=LATER)
    with pytest.raises(NotAllowed):
        undoing.undo(said, event=said.version, by=stage.ivan, at=LATER)
