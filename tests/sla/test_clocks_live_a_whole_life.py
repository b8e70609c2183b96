"""A machine that does to a ticket whatever people do, in any order, beside a model that knows only sentences.

The model looks at each minute of the life that was lived: was the desk open, who had the ball, was it solved? The rows,
the replay and the model must agree after every step. On the other engine: FIRSTLINE_TEST_ENGINE=postgresql.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from firstline.contracts import edition
from firstline.contracts.models import ContractVersion, Target
from firstline.sla import breaches, calendar_edits, clocks, replay
from firstline.sla.models import Clock
from firstline.tickets import conversation, lifecycle, merging, properties, statuses
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from tests import cast

MINUTE = timedelta(minutes=1)
STEPS = st.sampled_from([1, 5, 30, 61, 240, 600, 1500])


class Life(RuleBasedStateMachine):
    """The model: which minutes of the resolution ran, as a plain list, and what is owed."""

    def __init__(self) -> None:
        super().__init__()
        self.life = transaction.atomic()  # each life is lived apart and then undone
        self.life.__enter__()
        edition.forget_all()
        self.stage = cast.stage()
        for metric in ("acknowledge", "next_response", "update"):
            Target.objects.create(version=self.stage.version, metric=metric, minutes=90)
        self.now = cast.MONDAY_NINE
        self.started = self.now
        self.closed_days: set[Any] = set()
        self.lived: list[tuple[datetime, str]] = []
        self.unanswered: datetime | None = None
        self.answered = False
        self.ticket = cast.ticket(self.stage)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    # what people do

    @rule(minutes=STEPS)
    def time_passes(self, minutes: int) -> None:
        status = self.held.status
        self.lived += [(self.now + n * MINUTE, status) for n in range(minutes)]
        self.now += minutes * MINUTE
        while breaches.record_due(at=self.now):
            pass

    @precondition(lambda self: self.held.status in statuses.OPEN)
    @rule()
    def answer(self) -> None:
        conversation.answer(self.ticket, Words(text="Смотрим"), by=self.stage.olga, at=self.now)
        self.answered, self.unanswered = True, None

    @rule()
    def the_requester_writes(self) -> None:
        before = self.held.status
        if before in {"closed", "cancelled"}:
            return
        conversation.reply(self.ticket, Words(text="Ну что?"), by=self.stage.ivan, at=self.now, channel=Channel.EMAIL)
        if self.answered:
            self.unanswered = self.unanswered or self.now

    @precondition(lambda self: self.held.status in {"new", "in_progress"})
    @rule(whom=st.sampled_from(["client", "vendor"]))
    def wait(self, whom: str) -> None:
        lifecycle.wait(self.ticket, on=whom, reason="ждём", by=self.stage.olga, at=self.now)

    @precondition(lambda self: self.held.status in {"new", "in_progress"})
    @rule()
    def hold(self) -> None:
        lifecycle.hold(self.ticket, until=self.now + timedelta(days=9), reason="окно", by=self.stage.olga, at=self.now)

    @precondition(lambda self: self.held.status in statuses.PAUSED)
    @rule()
    def go_on(self) -> None:
        lifecycle.resume(self.ticket, by=self.stage.olga, at=self.now)

    @precondition(lambda self: self.held.status in statuses.OPEN)
    @rule()
    def solve(self) -> None:
        lifecycle.resolve(self.ticket, how="Готово", remote=True, by=self.stage.olga, at=self.now)
        self.answered, self.unanswered = True, None

    @precondition(lambda self: self.held.status == "resolved")
    @rule()
    def not_solved(self) -> None:
        lifecycle.reopen(self.ticket, why="Опять", by=self.stage.ivan, at=self.now)
        self.unanswered = self.unanswered or self.now

    @rule(priority=st.integers(1, 4))
    def priority(self, priority: int) -> None:
        properties.change(self.ticket, by=self.stage.olga, at=self.now, priority=priority)

    @rule()
    def a_new_version_of_the_contract(self) -> None:
        """Open tickets keep the one that they began with."""
        number = ContractVersion.objects.filter(contract=self.stage.contract).count() + 1
        made = ContractVersion.objects.create(
            contract=self.stage.contract, number=number, valid_from=self.stage.version.valid_from,
            calendar=self.stage.calendar, frozen_at=self.now,
        )  # fmt: skip
        Target.objects.create(version=made, metric="resolution", minutes=7)

    @rule(days=st.integers(1, 4))
    def a_day_off_is_announced(self, days: int) -> None:
        day = (self.now + timedelta(days=days, hours=3)).date()
        calendar_edits.set_day(self.stage.calendar, day, "", by=self.stage.maria, at=self.now)
        self.closed_days.add(day)
        while breaches.record_due(at=self.now):
            pass

    @precondition(lambda self: self.held.status in statuses.OPEN)
    @rule()
    def another_ticket_is_merged_into_it(self) -> None:
        other = cast.ticket(self.stage, at=self.now)
        merging.merge(other, Ticket.objects.get(pk=self.ticket.pk), by=self.stage.olga, at=self.now)

    @precondition(lambda self: self.held.status in {"new", "in_progress"} and self.now > self.started + 9 * MINUTE)
    @rule()
    def a_letter_of_before_is_understood_only_now(self) -> None:
        conversation.reply(
            self.ticket, Words(text="Писал раньше"), by=self.stage.ivan, at=self.now - MINUTE, learnt_at=self.now,
            channel=Channel.EMAIL,
        )  # fmt: skip
        if self.answered:
            said = [
                e for e in self.held.events.filter(kind__in=["message", "resolved"]) if clocks.fact_of(e, self.held)
            ]
            last = max((e.happened_at for e in said if e.kind == "resolved" or e.data.get("by_agent")), default=None)
            if last is not None and last <= self.now - MINUTE:
                before = self.now - MINUTE
                self.unanswered = min(self.unanswered or before, before)

    # what must be so

    @property
    def held(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def is_open(self, minute: datetime) -> bool:
        local = minute + timedelta(hours=3)  # Moscow
        return local.weekday() < 5 and local.date() not in self.closed_days and 9 <= local.hour < 18

    @invariant()
    def replay_finds_no_difference(self) -> None:
        assert replay.differences(self.held) == []

    @invariant()
    def the_resolution_has_used_the_minutes_that_ran(self) -> None:
        row = Clock.objects.get(ticket=self.ticket, metric="resolution")
        ran = sum(
            self.is_open(minute) and status in {"new", "in_progress", "waiting_for_vendor"}
            for minute, status in self.lived
            if minute < row.read_at
        )
        if row.state in {"running", "paused"}:
            assert row.consumed_seconds == ran * 60
            if row.state == "running" and row.recorded_at is None:
                assert ran <= row.target_minutes or row.check_at is not None

    @invariant()
    def a_recorded_breach_never_goes_away(self) -> None:
        for event in self.held.events.filter(kind="sla_breach"):
            rows = Clock.objects.filter(ticket=self.ticket, metric=event.data["metric"], recorded_at__isnull=False)
            assert rows.filter(state="breached").exists()

    @invariant()
    def each_breach_is_recorded_once(self) -> None:
        said = [(e.data["metric"], e.data["since"]) for e in self.held.events.filter(kind="sla_breach")]
        assert len(said) == len(set(said))

    @invariant()
    def the_next_response_runs_from_the_oldest_unanswered_word(self) -> None:
        running = Clock.objects.filter(ticket=self.ticket, metric="next_response", is_past=False, is_over=False)
        assert [row.started_at for row in running] == ([] if self.unanswered is None else [self.unanswered])

    @invariant()
    def the_queue_stands_by_what_is_owed_first(self) -> None:
        held = self.held
        owed = [row.due_at for row in clocks.of(held) if not row.is_over and row.due_at is not None]
        assert held.due_at == (min(owed) if owed and held.is_open else None)


@pytest.mark.django_db
def test_the_rows_the_replay_and_the_model_agree_after_every_step() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=8, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
