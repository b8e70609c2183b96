"""What ladders see of tickets: which one holds, which marks are reached and when. Many tickets at once, in a number of
statements that does not grow with them; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from firstline.lines import ladder, routing, routing_preview, rules
from firstline.lines.ladder import ClockNow, Key, Known, Looked, Reached, Rung
from firstline.lines.ladder_models import Escalation, Ladder
from firstline.lines.routing import as_rule
from firstline.lines.rules import Broken, Rule
from firstline.sla import clocks as sla_clocks
from firstline.sla.models import Clock, ClockState
from firstline.sla.reading import Reading, derive
from firstline.sla.terms_of_contract import ContractTerms
from firstline.tickets.models import Event, Kind, Ticket

MOST_LADDERS = 50
LINKED = ("client", "service", "category", "requester", "assignee", "team", "equipment__site")
OF_THE_TICKET = frozenset({ladder.HANDED_OVER, ladder.REOPENED, ladder.VIP, ladder.COMPLAINT})


@dataclass(frozen=True)
class Seen:
    """What was found of one ticket. `ladder` None: none holds, or it is not open."""

    ticket: Ticket
    ladder: Ladder | None = None
    rungs: tuple[Rung, ...] = ()
    reached: list[Reached] = field(default_factory=list)
    rows: list[Escalation] = field(default_factory=list)
    broken: list[tuple[Ladder, str]] = field(default_factory=list)

    @property
    def known(self) -> list[Known]:
        return [Known(key_of(row), frozenset(row.marks), row.acknowledged_at is not None) for row in self.rows]

    def at(self, at: datetime) -> Looked:
        since = self.ladder.since if self.ladder is not None else None
        return ladder.look(self.reached, self.known, since=since, at=at)

    def counts(self, row: Escalation) -> bool:
        """Whether what was said is still so: the ticket is open, a ladder still speaks of such things, and of a clock
        that its time counts."""
        if not self.ticket.is_open or self.is_taken_away(row):
            return False
        return row.what != ladder.CLOCK or any(
            one.key[:2] == key_of(row)[:2] and row.number in (one.openers or {one.key.number}) for one in self.reached
        )

    def is_taken_away(self, row: Escalation) -> bool:
        """Whether no ladder that holds speaks of such things any more. One that cannot be read now is not taken away:
        it is named until it is mended, and who is called goes on being called."""
        if any(broken.pk == row.ladder_id for broken, _problem in self.broken):
            return False
        return all(rung.what != row.what for rung in self.rungs)


def key_of(row: Escalation) -> Key:
    return Key(row.what, row.metric, row.number)


def in_force() -> list[Ladder]:
    """The ladders that are on, in their order."""
    return list(Ladder.objects.filter(is_on=True).select_related("hours").order_by("position", "id")[:MOST_LADDERS])


def rungs_of(row: Ladder) -> tuple[Rung, ...]:
    """Raises Broken for what another version or a hand wrote."""
    try:
        found = tuple(rung_of(given) for given in row.rungs)
    except (TypeError, KeyError, ValueError, AttributeError) as wrong:
        raise Broken(f"a rung cannot be read: {wrong}"[:200]) from wrong
    if wrong_ones := ladder.problems(found):
        raise Broken(f"{wrong_ones[0][0]}: {wrong_ones[0][1]}"[:200])
    return found


def rung_of(given: Mapping[str, Any]) -> Rung:
    return Rung(
        str(given["what"]), int(given.get("mark", 1)), str(given.get("metric", "")),
        tuple(str(who) for who in given.get("tell", ())),
        tuple(str(channel) for channel in given.get("channels", ladder.USUAL)),
        int(given.get("priority") or 0), int(given.get("line") or 0), bool(given.get("watch", False)),
    )  # fmt: skip


def see(tickets: Sequence[Ticket], ladders: Sequence[Ladder], *, at: datetime) -> list[Seen]:
    """Each ticket with the ladder that holds for it and the marks that it has, past or to come."""
    open_ones = [ticket for ticket in tickets if ticket.is_open]
    if not open_ones:
        return [Seen(ticket) for ticket in tickets]
    prefetch_related_objects(open_ones, *LINKED)
    chosen = _chosen(open_ones, ladders, at)
    held = [ticket for ticket in open_ones if chosen[ticket.pk].ladder is not None]
    asked = {rung.what for ticket in held for rung in chosen[ticket.pk].rungs}
    clocks = _clocks(held, at) if ladder.CLOCK in asked else {}
    happened = _happened(held, asked)
    rows = defaultdict(list)
    for row in Escalation.objects.filter(ticket__in=[ticket.pk for ticket in open_ones]).order_by("pk"):
        rows[row.ticket_id].append(row)
    found = []
    for ticket in tickets:
        seen = chosen.get(ticket.pk) or Seen(ticket)
        reached = ladder.marks(seen.rungs, clocks.get(ticket.pk, ()), happened.get(ticket.pk, {}))
        found.append(Seen(ticket, seen.ladder, seen.rungs, reached, rows[ticket.pk], seen.broken))
    return found


def _chosen(tickets: Sequence[Ticket], ladders: Sequence[Ladder], at: datetime) -> dict[int, Seen]:
    """The first ladder that holds. One that cannot be read holds for nobody, and is named."""
    readable: dict[Rule, tuple[Ladder, tuple[Rung, ...]]] = {}
    unreadable: list[tuple[Ladder, str]] = []
    for row in ladders:
        try:
            readable[as_rule(row)] = row, rungs_of(row)
        except Broken as broken:
            unreadable.append((row, str(broken)))
    asks = routing.asks_for(ladders)
    words = routing_preview.first_words(tickets) if "language" in asks else {}
    timetables = routing.timetables_named(ladders)
    needs = routing.needs_of({one.category_id for one in tickets if one.category_id}) if "skill" in asks else {}
    found = {}
    for ticket in tickets:
        facts = routing.facts_from(
            ticket, at=at, asks=asks, words=words.get(ticket.pk, ticket.subject), timetables=timetables,
            skills=needs.get(ticket.category_id or 0, frozenset()),
        )  # fmt: skip
        decision = rules.decide(readable, facts)
        wrong = [*unreadable, *((readable[rule][0], why) for rule, why in decision.broken)]
        if decision.rule is None:
            found[ticket.pk] = Seen(ticket, broken=wrong)
        else:
            held, rungs = readable[decision.rule]
            found[ticket.pk] = Seen(ticket, held, rungs, broken=wrong)
    return found


def _clocks(tickets: Sequence[Ticket], at: datetime) -> dict[int, list[ClockNow]]:
    """From the history, as it is now; whether a breach is recorded and excused says the row."""
    if not tickets:
        return {}
    histories, terms = sla_clocks.histories(tickets), ContractTerms()
    rows: dict[int, list[Clock]] = defaultdict(list)
    for row in Clock.objects.filter(ticket__in=[ticket.pk for ticket in tickets], is_past=False):
        rows[row.ticket_id].append(row)
    found: dict[int, list[ClockNow]] = {}
    for ticket in tickets:
        readings = derive(histories[ticket.pk], terms, at) if rows[ticket.pk] else []
        found[ticket.pk] = [
            _now(reading, row)
            for reading in readings
            for row in rows[ticket.pk]
            if sla_clocks.is_of(row, reading) and not row.is_over
        ]
    return found


def _now(reading: Reading, row: Clock) -> ClockNow:
    counts = reading.state in ("running", "breached") and not (reading.is_over or reading.stands) and not row.excused
    used_up = {share: reading.used_up_at(share) for share in ladder.SHARES[:-1]} if counts else {}
    if row.state == ClockState.BREACHED and row.recorded_at is not None:
        used_up[ladder.SHARES[-1]] = row.verdict_at
    elif counts and reading.due_at is not None and reading.due_at > reading.read_at:
        used_up[ladder.SHARES[-1]] = reading.due_at  # still to come; once it has, the recorded breach says it
    return ClockNow(reading.metric, row.opened_by, reading.openers | {row.opened_by}, counts, used_up)


def _happened(tickets: Sequence[Ticket], asked: set[str]) -> dict[int, dict[str, list[datetime]]]:
    """When each was handed over, reopened, became a VIP's or a complaint."""
    if not tickets or not asked & OF_THE_TICKET:
        return {}
    found: dict[int, dict[str, list[datetime]]] = {ticket.pk: defaultdict(list) for ticket in tickets}
    became: dict[int, dict[str, datetime]] = defaultdict(dict)
    events = Event.objects.filter(
        ticket__in=list(found), kind__in=(Kind.HANDED_OVER, Kind.REOPENED, Kind.CHANGED)
    ).order_by("pk")  # fmt: skip
    for number, kind, moment, data in events.values_list("ticket_id", "kind", "happened_at", "data"):
        if kind == Kind.CHANGED:
            became[number] |= dict.fromkeys(data.get("changed", {}), moment)
        else:
            found[number][kind].append(moment)
    for ticket in tickets:
        since = became[ticket.pk]
        if ticket.requester.is_vip or (ticket.client is not None and ticket.client.is_vip):
            moments = [since[name] for name in ("requester", "client") if name in since]
            found[ticket.pk][ladder.VIP].append(max(moments, default=ticket.created_at))
        if ticket.type == "complaint":
            found[ticket.pk][ladder.COMPLAINT].append(since.get("type", ticket.created_at))
    return dict(found)
