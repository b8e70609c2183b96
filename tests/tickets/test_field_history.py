"""Who changed what: read from the events alone, and the same as what the ticket's row says."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firstline.people.models import Person
from firstline.tickets import (
    assignment,
    conversation,
    field_changes,
    field_history,
    handover,
    lifecycle,
    merging,
    properties,
    undoing,
)
from firstline.tickets.field_history import Happened, Step
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import later


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    return stage


def row_of(ticket: Ticket) -> dict[str, Any]:
    """The fields as the row has them, written as the history writes them."""
    fresh = Ticket.objects.get(pk=ticket.pk)
    slugs = {name: getattr(fresh, name) for name in ("service", "category", "client", "equipment", "team")}
    return {
        "status": fresh.status, "priority": fresh.priority, "line": fresh.line, "type": fresh.type,
        "assignee": fresh.assignee.login if fresh.assignee else None,
        "contact": fresh.contact_owner.login if fresh.contact_owner else None,
        "hold_until": fresh.hold_until.isoformat() if fresh.hold_until else None,
        **{name: one.slug if one else None for name, one in slugs.items()},
    }  # fmt: skip


def the_same(ticket: Ticket) -> None:
    said = field_changes.now(ticket)
    row = row_of(ticket)
    assert {name: said.get(name) for name in row} == row


def test_after_each_verb_the_events_say_what_the_row_says(s: SimpleNamespace) -> None:
    ticket = s.ticket
    other = cast.ticket(s, subject="Та же беда")
    verbs: list[Any] = [
        lambda at: lifecycle.take(ticket, by=s.olga, at=at),
        lambda at: properties.change(ticket, by=s.olga, at=at, priority=1, category=s.jam, tags=["vip"]),
        lambda at: lifecycle.hold(ticket, until=at + timedelta(days=2), reason="завтра", by=s.olga, at=at),
        lambda at: conversation.reply(ticket, Words(text="ну как?"), by=s.ivan, at=at, channel=Channel.PORTAL),
        lambda at: handover.hand_over(
            ticket, to_line=2, symptom="лампа", tried="всё", impact="low", reason="too_long", by=s.olga, at=at
        ),
        lambda at: lifecycle.take(ticket, by=s.emil, at=at),
        lambda at: handover.send_back(ticket, why="не наше", by=s.emil, at=at),
        lambda at: assignment.assign(ticket, assignee=s.nadia, by=s.maria, at=at),
        lambda at: undoing.undo(ticket, event=Ticket.objects.get(pk=ticket.pk).version, by=s.maria, at=at),
        lambda at: lifecycle.wait(ticket, on="vendor", reason="деталь", by=s.olga, at=at),
        lambda at: lifecycle.resume(ticket, by=s.olga, at=at),
        lambda at: lifecycle.resolve(ticket, how="заменили", remote=True, by=s.olga, at=at),
        lambda at: lifecycle.reopen(ticket, why="снова", by=s.ivan, at=at),
        lambda at: lifecycle.wait(ticket, on="client", reason="модель?", by=s.olga, at=at),
        lambda at: merging.merge(ticket, other, by=s.olga, at=at),
        lambda at: merging.unmerge(ticket, by=s.olga, at=at),
        lambda at: lifecycle.cancel(ticket, why="не нужно", by=s.olga, at=at),
    ]
    for number, verb in enumerate(verbs, start=1):
        verb(later(number))
        the_same(ticket)
    statuses = [one.step.new for one in field_changes.of(ticket, "status")]
    assert statuses == [
        "cancelled", "waiting_for_client", "cancelled", "waiting_for_client", "in_progress", "resolved", "in_progress",
        "waiting_for_vendor", "in_progress", "on_hold", "in_progress",
    ]  # fmt: skip


def test_a_solution_of_what_nobody_had_makes_it_ones_own(s: SimpleNamespace) -> None:
    lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=later(1))
    the_same(s.ticket)
    changed = field_changes.of(s.ticket, "assignee")
    assert [(one.step.old, one.step.new, one.event.by) for one in changed] == [(None, "olga", s.olga)]


def test_what_an_older_event_had_not_said_is_no_change_of_the_next() -> None:
    events = [
        Happened(1, "created", {"line": 1, "team": "a"}),
        Happened(2, "taken", {"assignee": "olga"}, "olga"),  # as it was written before it named the team
        Happened(3, "assigned", {"assignee": "emil", "team": "b", "was": {"assignee": "olga", "team": "b", "line": 1}}),
    ]
    assert [step for step in field_history.steps(events) if step.number == 3] == [Step("assignee", "olga", "emil", 3)]


def page(person: Person, number: int, **query: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(f"/desk/tickets/{number}/history/", query).content.decode()


def test_the_page_says_who_when_and_from_what_to_what_in_words(s: SimpleNamespace) -> None:
    properties.change(s.ticket, by=s.maria, at=later(1), priority=1, category=s.jam)
    lifecycle.take(s.ticket, by=s.olga, at=later(2))
    shown = page(s.adam, s.ticket.pk)  # in English
    for words in ("Priority", "Medium", "Critical", "Замятие бумаги", "Мария Волкова", "In progress", "Ольга Смирнова"):
        assert words in shown
    only = page(s.adam, s.ticket.pk, field="priority")
    assert "Critical" in only
    assert "Замятие бумаги" not in only
    assert page(s.adam, s.ticket.pk, field="nonsense").count("fh-row") == shown.count("fh-row")


def test_it_costs_the_same_however_often_fields_changed(s: SimpleNamespace) -> None:
    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(s.maria, s.ticket.pk)
        return len(asked)

    lifecycle.take(s.ticket, by=s.olga, at=later(1))
    few = counted()
    for minute in range(2, 12):
        assignment.assign(s.ticket, assignee=(s.nadia, s.olga)[minute % 2], by=s.maria, at=later(minute))
    assert counted() == few
