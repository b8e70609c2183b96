"""Whole lives whose deadlines a person counts out with a calendar in his hand; the same by row, words and replay.

The desk works 9 to 18 in Moscow. Medium priority: response in 1 h, solution in 16 h; critical: 15 min and 4 h.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from firstline.contracts.models import Category, ContractVersion, Target
from firstline.people.models import Client
from firstline.sla import breaches, calendar_edits, explain, replay
from firstline.sla.models import Clock
from firstline.tickets import conversation, lifecycle, merging, moving, properties
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")


def march(day: int, clock: str) -> datetime:
    """Of 2026: the 6th is a Friday, the 9th a Monday."""
    return datetime.fromisoformat(f"2026-03-{day:02d} {clock}").replace(tzinfo=MOSCOW)


def answered(s: SimpleNamespace, ticket: Ticket, at: datetime) -> None:
    conversation.answer(ticket, Words(text="Смотрю."), by=s.olga, at=at)


def written(s: SimpleNamespace, ticket: Ticket, at: datetime) -> None:
    conversation.reply(ticket, Words(text="И ещё."), by=s.ivan, at=at, channel=Channel.EMAIL)


def recorded(at: datetime) -> None:
    while breaches.record_due(at=at):
        pass


def merged(s: SimpleNamespace) -> Ticket:
    older = cast.ticket(s, at=march(6, "17:30"))
    target = cast.ticket(s, at=march(9, "09:10"))
    merging.merge(older, target, by=s.olga, at=march(9, "09:20"))
    assert {row.state for row in older.clocks.all()} == {"cancelled"}
    recorded(march(9, "11:00"))
    assert {row.state for row in older.clocks.all()} == {"cancelled"}
    return target


def split(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, at=march(9, "09:00"))
    answered(s, ticket, march(9, "09:10"))
    written(s, ticket, march(9, "14:00"))
    word = Message.objects.filter(ticket=ticket).latest("pk")
    return moving.split(word, by=s.olga, at=march(10, "10:00"), subject="Другое")


def reopened(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, at=march(9, "09:00"))
    answered(s, ticket, march(9, "09:10"))
    lifecycle.resolve(ticket, how="готово", remote=True, by=s.olga, at=march(9, "12:00"))
    lifecycle.reopen(ticket, why="снова", by=s.ivan, at=march(10, "10:00"))
    return ticket


def made_critical(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, at=march(6, "17:30"))
    properties.change(ticket, by=s.maria, at=march(9, "09:20"), priority=1)
    return ticket


def waited(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, at=march(6, "17:00"))
    answered(s, ticket, march(6, "17:10"))
    lifecycle.wait(ticket, on="client", reason="нужен доступ", by=s.olga, at=march(6, "17:15"))
    written(s, ticket, march(9, "11:00"))
    return ticket


def given_to_a_client(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, requester=s.eve, at=march(9, "09:00"))
    properties.change(ticket, by=s.maria, at=march(9, "15:00"), client=Client.objects.get(slug="north"))
    return ticket


def under_a_version_that_was_followed(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, at=march(9, "09:00"))
    number, begins = 2, date(2026, 3, 10)
    made = ContractVersion.objects.create(
        contract=s.contract, number=number, valid_from=begins, calendar=s.calendar, frozen_at=march(9, "12:00")
    )
    Target.objects.create(version=made, metric="resolution", minutes=7)
    later = cast.ticket(s, at=march(10, "10:00"))
    assert later.clocks.get(metric="resolution").due_at == march(10, "10:07")
    properties.change(ticket, by=s.olga, at=march(10, "11:00"), category=Category.objects.get())
    return ticket


def before_a_holiday_that_was_announced(s: SimpleNamespace) -> Ticket:
    ticket = cast.ticket(s, at=march(9, "09:00"))
    calendar_edits.set_day(s.calendar, date(2026, 3, 10), "", by=s.maria, at=march(9, "12:00"))
    recorded(march(9, "12:01"))  # an edit is no event of the ticket: the recorder reads it again
    return ticket


Life = Callable[[SimpleNamespace], Ticket]
LIVES: list[tuple[Life, datetime, str, datetime]] = [
    # the life, when the solution is due, how the response ended, and its moment
    (merged, march(10, "15:30"), "breached", march(9, "09:30")),
    (split, march(11, "12:00"), "breached", march(9, "15:00")),
    (reopened, march(11, "14:00"), "met", march(9, "09:10")),
    (made_critical, march(9, "12:30"), "breached", march(6, "17:45")),
    (waited, march(10, "17:45"), "met", march(6, "17:10")),
    (given_to_a_client, march(10, "16:00"), "breached", march(9, "10:00")),
    (under_a_version_that_was_followed, march(10, "16:00"), "breached", march(9, "10:00")),
    (before_a_holiday_that_was_announced, march(11, "16:00"), "breached", march(9, "10:00")),
]


@pytest.mark.parametrize(("life", "due", "response", "moment"), LIVES, ids=lambda one: getattr(one, "__name__", ""))
def test_row_words_and_replay_say_what_a_person_counts(
    life: Life, due: datetime, response: str, moment: datetime
) -> None:
    s = cast.stage()

    lived = life(s)
    recorded(max(lived.events.values_list("learnt_at", flat=True)))
    ticket = Ticket.objects.get(pk=lived.pk)

    rows = {row.metric: row for row in ticket.clocks.filter(is_past=False)}
    assert (rows["resolution"].state, rows["resolution"].due_at) == ("running", due)
    assert (rows["first_response"].state, rows["first_response"].verdict_at) == (response, moment)
    with translation.override("en"):
        told = {one["metric"]: one for one in explain.explain(ticket, rows["resolution"].read_at)}
    assert datetime.fromisoformat(told["resolution"]["due_at"]) == due
    assert f"due {due:%a %d.%m.%Y %H:%M}" in told["resolution"]["words"]
    assert replay.differences(ticket) == []


def test_the_words_of_a_weekend_are_those_of_the_issue() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, at=march(6, "17:30"), impact="high", urgency="high")
    answered(s, ticket, march(6, "17:40"))

    with translation.override("en"):
        words = resolution(ticket, march(9, "10:00"))["words"]

    assert words == (
        "Created Fri 06.03.2026 17:30 · ran for 30 min · closed for the weekend · ran for 1 h · "
        "due Mon 09.03.2026 12:30 · contract 118-24, version 1"
    )


def test_an_excuse_changes_neither_verdict_nor_words_nor_replay() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, at=march(9, "09:00"))
    recorded(march(9, "10:05"))
    row = Clock.objects.get(ticket=ticket, metric="first_response")
    before = (row.state, row.due_at, row.verdict_at)

    breaches.excuse(ticket, row, reason="пожарная тревога", by=s.anna, at=march(9, "12:00"))

    row.refresh_from_db()
    assert (row.state, row.due_at, row.verdict_at) == before == ("breached", march(9, "10:00"), march(9, "10:00"))
    assert row.excused["reason"] == "пожарная тревога"
    assert replay.differences(Ticket.objects.get(pk=ticket.pk)) == []


def resolution(ticket: Ticket, at: datetime) -> dict[str, Any]:
    return next(one for one in explain.explain(Ticket.objects.get(pk=ticket.pk), at) if one["metric"] == "resolution")
