"""Lives that people could live, by their verbs, and what product.md's table of conventions says of each minute of them.

The reckoning here knows the table and a wall clock: it looks at every minute, asks whether the desk was open by the
hours that held on that day and who had the ball, and counts. It shares no line with the product's own calculation. More
lives: FIRSTLINE_LIVES=300.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from firstline.calendars.models import Calendar, CalendarVersion
from firstline.contracts import edition
from firstline.contracts.models import ContractVersion, Target
from firstline.sla import breaches, calendar_edits, clocks, replay
from firstline.tickets import conversation, lifecycle, merging, moving, properties
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import Words
from tests import cast

MINUTE = timedelta(minutes=1)
SOFIA = ZoneInfo("Europe/Sofia")
LIVES = int(os.environ.get("FIRSTLINE_LIVES", "12"))
Verdict = tuple[str, datetime | None]
# The clocks go forward on the 29th of March 2026 and back on the 25th of October: Fridays before them.
FRIDAYS = (date(2026, 3, 27), date(2026, 10, 23), date(2026, 6, 5))
OFFICE = {day: [["09:00", "13:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
WEEKS: dict[str, dict[str, list[list[str]]]] = {
    "office": OFFICE,
    "nights": {day: [["00:00", "06:00"], ["22:00", "24:00"]] for day in ("mon", "tue", "fri", "sat", "sun")},
    "always": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Life:
    """What was done to one ticket, and when."""

    week: dict[str, list[list[str]]]
    vendor_pauses: bool
    targets: dict[str, dict[object, int]]
    started: datetime
    priority: list[tuple[datetime, int]]
    type: list[tuple[datetime, str]]
    states: list[tuple[datetime, str]]
    exceptions: list[tuple[date, date]] = field(default_factory=list)  # (day of the edit, day that is off)
    recorded: dict[str, datetime] = field(default_factory=dict)
    answered: datetime | None = None
    ended: datetime | None = None
    held_until: datetime | None = None

    def is_open(self, minute: datetime) -> bool:
        local = minute.astimezone(SOFIA)
        if any(local.date() == off and local.date() >= edited for edited, off in self.exceptions):
            return False
        clock = f"{local:%H:%M}"
        return any(begin <= clock < end for begin, end in self.week.get(DAYS[local.weekday()], []))

    def state(self, minute: datetime) -> str:
        name = [state for since, state in self.states if since <= minute][-1]
        if name.startswith("hold:") and minute >= datetime.fromisoformat(name[5:]):
            return "running"
        return "hold" if name.startswith("hold:") else name

    def target(self, metric: str, minute: datetime) -> int:
        kind = [value for since, value in self.type if since <= minute or since == self.type[0][0]][-1]
        priority = [value for since, value in self.priority if since <= minute or since == self.priority[0][0]][-1]
        rows = self.targets[metric]
        return rows[kind] if kind in rows else rows[priority]

    def verdict(self, metric: str, now: datetime) -> Verdict:
        """Minute by minute."""
        if metric in self.recorded:
            return "breached", self.recorded[metric]
        reached: dict[int, datetime] = {0: self.started}
        used, minute = 0, self.started
        stop = self.answered if metric == "first_response" else None
        stood_at_the_end = False
        while minute < now:
            if stop is not None and minute >= stop:
                return "met", stop
            state = self.state(minute)
            if metric == "resolution" and state == "solved" and not self._lives_on(minute):
                return "met", self._solved_since(minute)
            if self.ended is not None and minute >= self.ended:
                return "cancelled", None
            pausing = {"client", "hold"} | ({"vendor"} if self.vendor_pauses else set())
            runs = state != "solved" and (metric == "first_response" or state not in pausing)
            target = self.target(metric, minute)
            if (state != "solved" or metric == "first_response") and used > target:
                return "breached", reached[target]
            if used == target:
                if not runs:
                    stood_at_the_end = True
                elif not stood_at_the_end or self.is_open(minute):
                    return "breached", minute if stood_at_the_end else reached[target]
            if runs and self.is_open(minute):
                used += 1
                reached[used] = minute + MINUTE
            minute += MINUTE
        if stop is not None and stop <= now:
            return "met", stop
        if metric == "resolution" and self.state(now) == "solved":
            return "met", self._solved_since(now)
        if self.ended is not None and self.ended <= now:
            return "cancelled", None
        pausing = {"client", "hold"} | ({"vendor"} if self.vendor_pauses else set())
        if used > self.target(metric, now):
            return "breached", reached[self.target(metric, now)]
        return ("paused" if metric == "resolution" and self.state(now) in pausing else "running"), None

    def _lives_on(self, minute: datetime) -> bool:
        return any(since > minute and state != "solved" for since, state in self.states)

    def _solved_since(self, minute: datetime) -> datetime:
        return [since for since, state in self.states if since <= minute and state == "solved"][-1]


class World:
    """One life, lived by verbs and written down beside."""

    def __init__(self, s: SimpleNamespace, seed: int) -> None:
        self.s, self.random, self.done = s, random.Random(seed), list[str]()
        week = self.random.choice(list(WEEKS))
        vendor_pauses = self.random.random() < 0.5
        step = self.random.choice([1, 1, 30])
        # Numbers of its own: what a process remembers of a calendar goes by the number, and lives are undone.
        self.calendar = Calendar.objects.create(pk=1000 + seed, slug=f"life-{seed}", time_zone="Europe/Sofia")
        CalendarVersion.objects.create(
            pk=1000 + seed * 20, calendar=self.calendar, number=1, time_zone="Europe/Sofia", weekly=WEEKS[week],
            exceptions={},
        )  # fmt: skip
        Target.objects.filter(version=s.version).delete()
        targets: dict[str, dict[object, int]] = {}
        for metric in ("first_response", "resolution"):
            targets[metric] = {p: step * self.random.randint(1, 900 // step) for p in (1, 2, 3, 4)}
            for priority, minutes in targets[metric].items():
                Target.objects.create(version=s.version, metric=metric, minutes=minutes, priority=priority)
        targets["resolution"]["complaint"] = step * self.random.randint(1, 900 // step)
        Target.objects.create(
            version=s.version, metric="resolution", minutes=targets["resolution"]["complaint"], type="complaint"
        )
        ContractVersion.objects.filter(pk=s.version.pk).update(vendor_pauses=vendor_pauses, calendar=self.calendar)
        edition.forget_all()
        at = datetime.combine(self.random.choice(FRIDAYS), time(8), SOFIA).astimezone(UTC)
        self.step = step
        self.now = at + step * MINUTE * self.random.randint(0, 600 // step)
        self.older: tuple[Ticket, datetime] | None = None
        if self.random.random() < 0.3:
            self.older = cast.ticket(s, at=self.now, subject="Раньше"), self.now
            self.now += step * MINUTE * self.random.randint(1, 120 // step + 1)
        self.ticket = cast.ticket(s, at=self.now)
        row = self.held
        self.life = Life(
            WEEKS[week], vendor_pauses, targets, self.now, [(self.now, row.priority)], [(self.now, row.type)],
            [(self.now, "running")],
        )  # fmt: skip
        self.done.append(f"{week} {vendor_pauses=} {targets} start {self.now}")

    @property
    def held(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def live(self, steps: int) -> None:
        for _n in range(steps):
            self.now += (
                self.step
                * MINUTE
                * self.random.choice([1, 2, 5, 17, 60, 240, 700, 1500])
                // (1 if self.step == 1 else 30)
            )
            self.now = self.now if self.step == 1 else self.now.replace(minute=self.now.minute // 30 * 30)
            while breaches.record_due(at=self.now):
                pass
            self.note_the_recorded()
            deeds = [deed for name, deed in self.deeds() if name]
            if not deeds:
                return
            deed = self.random.choice(deeds)
            self.done.append(f"{self.now} {deed.__name__} ({self.held.status})")
            deed()

    def note_the_recorded(self) -> None:
        """What was judged stays, whatever is edited later: the moment is checked before it is trusted."""
        for event in self.held.events.filter(kind="sla_breach"):
            metric, due = event.data["metric"], datetime.fromisoformat(event.data["due_at"])
            if metric in ("first_response", "resolution") and metric not in self.life.recorded:
                assert self.life.verdict(metric, self.now) == ("breached", due), self.done
                self.life.recorded[metric] = due

    def deeds(self) -> Iterator[tuple[bool, Callable[[], None]]]:
        status = self.held.status
        is_open = status not in {"resolved", "closed", "cancelled"}
        active = status in {"new", "in_progress"}
        yield is_open, self.answer
        yield status != "cancelled", self.the_requester_writes
        yield active, self.wait_for_client
        yield active, self.wait_for_vendor
        yield active, self.hold
        yield is_open and not active, self.go_on
        yield is_open, self.solve
        yield status == "resolved", self.not_solved
        yield status == "resolved", self.not_solved
        yield is_open, self.other_priority
        yield is_open, self.other_type
        yield is_open, self.note
        yield True, self.a_new_version
        yield True, self.a_day_off
        yield is_open and self.older is not None, self.the_older_one_is_merged_in
        yield is_open and self.random.random() < 0.1, self.cancel

    def to(self, state: str) -> None:
        self.life.states.append((self.now, state))

    def responded(self) -> None:
        self.life.answered = self.life.answered or self.now

    def answer(self) -> None:
        conversation.answer(self.ticket, Words(text="Смотрим"), by=self.s.olga, at=self.now)
        self.responded()

    def note(self) -> None:
        conversation.note(self.ticket, Words(text="Похоже на плату"), by=self.s.olga, at=self.now)

    def the_requester_writes(self) -> None:
        before = self.held.status
        conversation.reply(self.ticket, Words(text="Ну что?"), by=self.s.ivan, at=self.now, channel=Channel.EMAIL)
        if before in {"waiting_for_client", "on_hold", "resolved"}:
            self.to("running")

    def wait_for_client(self) -> None:
        lifecycle.wait(self.ticket, on="client", reason="ждём", by=self.s.olga, at=self.now)
        self.to("client")

    def wait_for_vendor(self) -> None:
        lifecycle.wait(self.ticket, on="vendor", reason="ждём", by=self.s.olga, at=self.now)
        self.to("vendor")

    def hold(self) -> None:
        until = self.now + self.step * MINUTE * self.random.choice([5, 60, 400, 4000])
        lifecycle.hold(self.ticket, until=until, reason="окно", by=self.s.olga, at=self.now)
        self.to(f"hold:{until.isoformat()}")

    def go_on(self) -> None:
        lifecycle.resume(self.ticket, by=self.s.olga, at=self.now)
        self.to("running")

    def solve(self) -> None:
        lifecycle.resolve(self.ticket, how="Готово", remote=True, by=self.s.olga, at=self.now)
        self.to("solved")
        self.responded()

    def not_solved(self) -> None:
        lifecycle.reopen(self.ticket, why="Опять", by=self.s.ivan, at=self.now)
        self.to("running")

    def other_priority(self) -> None:
        to = self.random.randint(1, 4)
        properties.change(self.ticket, by=self.s.olga, at=self.now, priority=to)
        self.life.priority.append((self.now, to))

    def other_type(self) -> None:
        to = self.random.choice(["incident", "complaint", "question"])
        properties.change(self.ticket, by=self.s.olga, at=self.now, type=to)
        self.life.type.append((self.now, to))

    def a_new_version(self) -> None:
        number = ContractVersion.objects.filter(contract=self.s.contract).count() + 1
        made = ContractVersion.objects.create(
            contract=self.s.contract, number=number, valid_from=self.s.version.valid_from,
            calendar=self.calendar, frozen_at=self.now,
        )  # fmt: skip
        Target.objects.create(version=made, metric="resolution", minutes=1)

    def a_day_off(self) -> None:
        today = self.now.astimezone(SOFIA).date()
        off = today + timedelta(days=self.random.randint(0, 4))
        calendar_edits.set_day(self.calendar, off, "", by=self.s.maria, at=self.now)
        self.life.exceptions.append((today, off))
        while breaches.record_due(at=self.now):
            pass
        self.note_the_recorded()

    def the_older_one_is_merged_in(self) -> None:
        assert self.older is not None
        source, began = self.older
        self.older = None
        merging.merge(source, self.held, by=self.s.olga, at=self.now)
        judged = self.life.verdict("first_response", self.now)
        self.life.started = began
        self.life.states[0] = (began, "running")
        self.done.append(f"older start {began}, first response was {judged}")
        assert all(one.state in {"cancelled", "breached"} for one in clocks.of(Ticket.objects.get(pk=source.pk)))

    def cancel(self) -> None:
        lifecycle.cancel(self.ticket, why="Не нужно", by=self.s.olga, at=self.now)
        self.life.ended = self.now

    def shown(self) -> dict[str, Verdict]:
        rows = {row.metric: row for row in clocks.of(self.held) if not row.is_past}
        return {
            metric: (rows[metric].state, rows[metric].verdict_at if rows[metric].state in {"met", "breached"} else None)
            for metric in ("first_response", "resolution")
        }


def test_every_life_reads_as_the_table_says(db: Any) -> None:
    s = cast.stage()
    wrong = []
    for seed in range(LIVES):
        with transaction.atomic():
            world = World(s, seed)
            world.live(7)
            world.now += world.step * MINUTE
            while breaches.record_due(at=world.now):
                pass
            try:
                world.note_the_recorded()
                says = {metric: world.life.verdict(metric, world.now) for metric in ("first_response", "resolution")}
                shown = world.shown()
            except AssertionError as problem:
                says, shown = {"moment": ("another", None)}, {"recorded": (str(problem), None)}
            if says != shown or replay.differences(world.held) != []:
                wrong.append((seed, world.now, says, shown, world.done))
            transaction.set_rollback(True)
        edition.forget_all()
    assert not wrong, f"{len(wrong)} of {LIVES}: {wrong[0]}\n{[one[0] for one in wrong]}"


@pytest.mark.django_db
def test_a_split_ticket_starts_at_its_message() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    later = cast.MONDAY_NINE + timedelta(hours=3)
    conversation.reply(ticket, Words(text="И сканер"), by=s.ivan, at=later, channel=Channel.EMAIL)
    message = Message.objects.filter(ticket=ticket).latest("id")
    fresh = moving.split(message, by=s.olga, at=later + timedelta(hours=30))
    rows = {row.metric: row for row in clocks.of(fresh)}
    assert rows["resolution"].started_at == later
    assert rows["first_response"].started_at == later


@pytest.mark.django_db
def test_a_promise_kept_before_an_older_ticket_was_merged_in_replays_without_a_difference() -> None:
    s = cast.stage()
    older = cast.ticket(s)
    ticket = cast.ticket(s, at=cast.MONDAY_NINE + 10 * MINUTE)
    conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=cast.MONDAY_NINE + 30 * MINUTE)

    merging.merge(older, ticket, by=s.olga, at=cast.MONDAY_NINE + 60 * MINUTE)

    row = next(one for one in clocks.of(Ticket.objects.get(pk=ticket.pk)) if one.metric == "first_response")
    assert (row.state, row.started_at, row.consumed_seconds) == ("met", cast.MONDAY_NINE, 30 * 60)
    assert replay.differences(Ticket.objects.get(pk=ticket.pk)) == []


@pytest.mark.django_db
def test_what_was_cancelled_before_a_calendar_was_edited_replays_without_a_difference() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    lifecycle.cancel(ticket, why="Не нужно", by=s.olga, at=cast.MONDAY_NINE + 30 * MINUTE)
    used = {row.metric: row.consumed_seconds for row in clocks.of(ticket)}

    calendar_edits.set_day(s.calendar, date(2026, 3, 2), "", by=s.maria, at=cast.MONDAY_NINE + timedelta(hours=3))

    assert {row.metric: row.consumed_seconds for row in clocks.of(ticket)} == used
    assert used["resolution"] == 30 * 60
    assert replay.differences(Ticket.objects.get(pk=ticket.pk)) == []
