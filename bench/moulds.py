"""A life made into rows by the product's own rules: what clocks read, where the board stands, what an event says.

Numbers, names and addresses are holes in the rows, which casting.py fills.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.lives import Life, Step
from bench.sheets import Pattern, Sheets
from firstline.audit.models import Row as AuditRow
from firstline.contracts.models import ContractVersion, Metric, Service
from firstline.contracts.terms import FAR_AHEAD
from firstline.intake.models import Inbound
from firstline.notices.models import Notice
from firstline.people.models import Person, Team
from firstline.post.models import Attempt, Delivery
from firstline.reports import course, rollups
from firstline.reports.course import Happened, Stand
from firstline.reports.models import Standing
from firstline.search.words import all_terms, plain_words
from firstline.sla import clocks
from firstline.sla.models import Clock, Standstill
from firstline.sla.reading import derive
from firstline.sla.terms_of_contract import ContractTerms
from firstline.tickets import statuses
from firstline.tickets.models import Event, Kind, Message, Participant, Ticket

KEPT_NOTICES = timedelta(days=60)


@dataclass(frozen=True)
class Example:
    """Whom the rows are made for, before their holes are filled."""

    requester: Person
    agent: Person
    service: Service
    team: Team
    version: ContractVersion


@dataclass(frozen=True)
class Mould:
    """`flows`, and the last deed of the agent: what, when. `facts` is what all of the tickets are found
    by, `terms` and `words` are of what was said on them."""

    life: Life
    patterns: list[Pattern]
    events: int
    messages: list[str]
    assigned: bool
    accompanied: bool
    flows: Counter[tuple[datetime, int, str]]
    deed: tuple[str, datetime] | None
    terms: frozenset[str]
    words: frozenset[str]
    facts: frozenset[str]


_terms: dict[str, frozenset[str]] = {}


def _terms_of(text: str) -> frozenset[str]:
    if text not in _terms:
        _terms[text] = frozenset(all_terms(text))
    return _terms[text]


class Foundry:
    """Makes moulds; what they cast is in `sheets`."""

    def __init__(self, sheets: Sheets, example: Example, now: datetime) -> None:
        self._sheets, self._example, self._now, self._terms = sheets, example, now, ContractTerms()

    def mould(self, life: Life) -> Mould:
        one = self._example
        ticket = Ticket(
            pk=1, subject="", priority=life.priority, team=one.team, line=1, client=one.requester.client,
            requester=one.requester, service=one.service, contract=one.version, channel=life.channel,
            created_at=life.began, queue_at=FAR_AHEAD,
        )  # fmt: skip
        history = [self._event(ticket, step, number) for number, step in enumerate(life.steps)]
        ticket.is_open = ticket.status in statuses.OPEN
        kept = self._clocks(ticket, history)
        accompanied = life.number % 10 == 3
        patterns = [self._ticket(ticket, len(history) - 1)]
        patterns += [self._history(event, step, number) for number, (event, step) in
                     enumerate(zip(history, life.steps, strict=True))]  # fmt: skip
        patterns += [self._audit(step, number) for number, step in enumerate(life.steps)]
        patterns += self._messages(ticket, life)
        pattern = self._sheets.pattern
        patterns += [pattern(clock, ticket_id="ticket") for clock in kept]
        patterns += self._received(ticket)
        if life.channel == "email":
            patterns.append(self._letter(life))
        patterns += self._waits(ticket, history, life, kept)
        if accompanied:
            row = Participant(since=life.began)
            patterns.append(pattern(row, ticket_id="ticket", person_id="colleague"))
        patterns += self._notices(ticket, life)
        standing, flows = self._course(history, life)
        patterns.append(standing)
        deeds = [(step.kind, step.at) for step in life.steps
                 if step.by == "agent" and step.kind in rollups.DEEDS]  # fmt: skip
        words = [step.words for step in life.steps if step.words]
        return Mould(
            life, patterns, len(history), words, ticket.assignee_id is not None, accompanied, flows,
            deeds[-1] if deeds else None, frozenset[str]().union(*map(_terms_of, words)),
            frozenset(plain_words("\n".join([life.subject, *words]))),
            frozenset({f"s:{ticket.status}", f"o{int(ticket.is_open)}", "l1", f"y{ticket.priority}",
                       f"g{one.team.pk}"}),
        )  # fmt: skip

    def _event(self, ticket: Ticket, step: Step, number: int) -> Event:
        by = {"system": None, "agent": self._example.agent, "requester": self._example.requester}[step.by]
        data = dict(step.data) if step.kind != Kind.CREATED else created_data(ticket)
        event = Event(
            pk=number + 1, ticket=ticket, kind=step.kind, by=by, happened_at=step.at, learnt_at=step.at,
            public=step.public, data=data,
        )  # fmt: skip
        for name, value in step.sets.items():
            setattr(ticket, name, self._example.agent if value == "agent" else value)
        ticket.updated_at = step.at
        return event

    def _clocks(self, ticket: Ticket, history: list[Event]) -> list[Clock]:
        readings = derive(clocks.facts_of(ticket, history), self._terms, max(event.learnt_at for event in history))
        kept = [clocks.keep(Clock(ticket=ticket, metric=reading.metric), reading) for reading in readings]
        owed = [one.due_at for one in kept if not one.is_over and one.due_at is not None]
        ticket.due_at = min(owed) if owed and ticket.is_open else None
        ticket.queue_at = ticket.due_at or FAR_AHEAD
        return kept

    def _ticket(self, ticket: Ticket, last: int) -> Pattern:
        holes = {
            "id": "ticket", "subject": "subject", "client_id": "client", "requester_id": "requester",
            "service_id": "service", "contract_id": "contract", "version": f"event{last}",
        }  # fmt: skip
        if ticket.assignee_id is not None:
            holes["assignee_id"] = "agent"
        return self._sheets.pattern(ticket, **holes)

    def _history(self, event: Event, step: Step, number: int) -> Pattern:
        holes = {"id": f"event{number}", "ticket_id": "ticket"}
        if step.kind == Kind.CREATED:
            holes["data"] = "created"
            if event.ticket.channel == "email":
                event.by = None
        if event.by_id is not None:
            holes["by_id"] = step.by
        return self._sheets.pattern(event, **holes)

    def _audit(self, step: Step, number: int) -> Pattern:
        row = AuditRow(at=step.at, actor="system", action=step.kind)
        holes = {"target": "target", "data": f"audit{number}"}
        if step.by != "system":
            holes["actor"] = f"{step.by}_actor"
        if number == 0:
            holes["actor"] = "creator"
        return self._sheets.pattern(row, **holes)

    def _messages(self, ticket: Ticket, life: Life) -> list[Pattern]:
        said = [(number, step) for number, step in enumerate(life.steps) if step.words]
        return [
            self._sheets.pattern(
                Message(
                    by_agent=step.by == "agent", public=step.public, text=step.words, reply_text=step.words,
                    channel="portal" if step.by == "agent" else ticket.channel, created_at=step.at,
                ),
                id=f"message{place}", event_id=f"event{number}", ticket_id="ticket", author_id=step.by,
            )
            for place, (number, step) in enumerate(said)
        ]  # fmt: skip

    def _received(self, ticket: Ticket) -> list[Pattern]:
        """The acknowledgement, and that it left the house."""
        at = ticket.created_at
        delivery = Delivery(
            kind="received", language="ru", at_most_once=True, mime=b"Subject: x\r\n\r\n" + b"x" * 400, state="sent",
            due_at=None, created_at=at, sent_at=at, attempts=1,
        )  # fmt: skip
        return [
            self._sheets.pattern(
                delivery, id="delivery", uuid="uuid", to="email", ticket="ticket", event="event0", person="requester",
                message_id="message_id", subject="received",
            ),
            self._sheets.pattern(Attempt(at=at, answer="250 fine", outcome="sent"), delivery_id="delivery"),
        ]  # fmt: skip

    def _letter(self, life: Life) -> Pattern:
        row = Inbound(
            source="pipe", received_at=life.began, try_at=life.began, done_at=life.began, state="done",
            outcome="ticket",
        )  # fmt: skip
        return self._sheets.pattern(
            row, source_key="source_key", sha256="checksum", size="size", raw="raw", ticket_id="ticket",
            message_id="message0", sender="email", subject="subject", mail_id="mail_id", mail_key="mail_key",
        )  # fmt: skip

    def _waits(self, ticket: Ticket, history: list[Event], life: Life, kept: list[Clock]) -> list[Pattern]:
        found = []
        clock = next((one for one in kept if one.metric == Metric.RESOLUTION), None)
        left = None if clock is None or clock.is_over else clock.target_minutes * 60 - clock.consumed_seconds
        for number, (event, step) in enumerate(zip(history, life.steps, strict=True)):
            if step.kind == Kind.WAITING:
                row = Standstill(
                    status=ticket.status, words=step.data["reason"], party=step.data["for"],
                    began_at=event.happened_at, seconds_left=left,
                )  # fmt: skip
                found.append(
                    self._sheets.pattern(row, ticket_id="ticket", event=f"event{number}", by_id="agent")
                )  # fmt: skip
        return found

    def _notices(self, ticket: Ticket, life: Life) -> list[Pattern]:
        """Who works on it was told of the words after he took it; the inbox keeps sixty days."""
        if life.began < self._now - KEPT_NOTICES or ticket.assignee_id is None:
            return []
        number, step = max((number, step) for number, step in enumerate(life.steps) if step.words and number)
        unread = ticket.is_open and life.number % 10 == 2
        row = Notice(kind="message", at=step.at, read_at=None if unread else step.at + timedelta(minutes=5))
        return [self._sheets.pattern(row, person_id="agent", ticket_id="ticket", event_id=f"event{number}")]

    def _course(self, history: list[Event], life: Life) -> tuple[Pattern, Counter[tuple[datetime, int, str]]]:
        stand: Stand | None = None
        flows: Counter[tuple[datetime, int, str]] = Counter()
        for event, step in zip(history, life.steps, strict=True):
            login = event.by.login if event.by else None
            happened = Happened(
                event.kind, event.happened_at, event.data, login, event.public, step.by == "requester"
            )  # fmt: skip
            before, stand = stand, course.after(stand, happened)
            flows.update((rollups.hour_of(happened.at), *move) for move in course.moves(before, stand, happened))
        if stand is None:
            raise ValueError(f"life {life.number} has no steps")
        row = Standing(**vars(stand))
        holes = {"ticket_id": "ticket"}
        if stand.assignee is not None:
            holes["assignee"] = "agent_login"
        return self._sheets.pattern(row, **holes), flows


def created_data(ticket: Ticket) -> dict[str, Any]:
    return {
        "answered": False, "channel": ticket.channel, "type": ticket.type, "priority": ticket.priority,
        "service": ticket.service.slug if ticket.service else None,
        "client": ticket.client.slug if ticket.client else None,
        "contract": ticket.contract_id, "line": 1, "team": ticket.team.slug if ticket.team else None,
    }  # fmt: skip
