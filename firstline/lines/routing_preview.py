"""A dry run: where the last tickets would go by these rules, and what that changes. Nothing is written.

The cost is the same at any size: the newest tickets only, in two or three statements. Who in a team would get a ticket
is not said: it depends on who is here then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from firstline.lines import routing, rules
from firstline.lines.routing_models import RoutingRule
from firstline.lines.rules import Facts, Rule
from firstline.people.models import Person
from firstline.tickets.models import Event, Kind, Message, Ticket
from firstline.tickets.queries import visible_to

NEWEST, SHOWN = 500, 20
NEW = -1  # the number of a rule that is not kept yet: its hits are told from those for which no rule holds
WORDS = 1_000  # of the first message, for who asks for its language
LINKED = ("client", "service", "category", "requester", "team", "equipment__site")


class Destination(NamedTuple):
    """A queue, by its line and team, and the person that a rule names. `rule`: its number, 0 where none holds."""

    rule: int
    line: int
    team: str
    person: str


@dataclass(frozen=True)
class Change:
    ticket: Ticket
    before: Destination
    after: Destination


@dataclass
class Preview:
    """Of `looked_at` tickets: how many each rule takes, by its number (0: none holds), and those that go elsewhere."""

    looked_at: int = 0
    hits: Counter[int] = field(default_factory=Counter)
    changed: int = 0
    shown: list[Change] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)


def of(after: Sequence[RoutingRule], before: Sequence[RoutingRule]) -> Preview:
    """What changes when `after` are the rules that are on, and not `before`."""
    made = Preview()
    asked_after, asked_before = _as_asked(after), _as_asked(before)
    for ticket, facts in _tickets([*after, *before]):
        decision = rules.decide(asked_after, facts)
        made.broken |= {rule.number: why for rule, why in decision.broken}
        new = _destination(ticket, decision.rule, asked_after)
        old = _destination(ticket, rules.decide(asked_before, facts).rule, asked_before)
        made.looked_at += 1
        made.hits[new.rule] += 1
        if new[1:] != old[1:]:
            made.changed += 1
            if len(made.shown) < SHOWN:
                made.shown.append(Change(ticket, old, new))
    return made


@dataclass(frozen=True)
class Tried:
    """A rule that is not kept yet: what it would change, how many tickets it takes, and which are asked before it."""

    preview: Preview
    hits: int
    above: list[RoutingRule]


def tried(made: RoutingRule) -> Tried:
    """`made` in its place among the rules that are on; a new one is asked last. It is not saved."""
    before = list(RoutingRule.objects.filter(is_on=True).select_related(*routing.LINKED).order_by("position", "id"))
    others = [one for one in before if one.pk != made.pk]
    if not made.pk:
        made.pk = NEW
        above = others
    else:
        above = [one for one in others if (one.position, one.pk) < (made.position, made.pk)]
    preview = of([*above, made, *others[len(above) :]], before)
    return Tried(preview, preview.hits[made.pk], above)


class OfATicket(Protocol):
    @property
    def ticket(self) -> Ticket: ...


Shown = TypeVar("Shown", bound=OfATicket)


def shown_to(person: Person, shown: Sequence[Shown]) -> list[Shown]:
    """Those of a preview that the person may see; the numbers beside them count all."""
    seen = set(visible_to(person).filter(pk__in=[one.ticket.pk for one in shown]).values_list("pk", flat=True))
    return [one for one in shown if one.ticket.pk in seen]


def _as_asked(rows: Sequence[RoutingRule]) -> dict[Rule, RoutingRule]:
    return {routing.as_rule(row): row for row in rows}


def _destination(ticket: Ticket, rule: Rule | None, asked: Mapping[Rule, RoutingRule]) -> Destination:
    if rule is None:
        team = ticket.service.team if ticket.service is not None else None
        line = ticket.service.line if ticket.service is not None and ticket.service.line else 1
        return Destination(0, team.line if team else line, team.slug if team else "", "")
    row = asked[rule]
    wanted = routing.wanted_of(row)
    return Destination(
        row.pk or 0, wanted.line, wanted.team.slug if wanted.team else "", row.person.login if row.person else ""
    )


def _tickets(asked: Sequence[RoutingRule]) -> list[tuple[Ticket, Facts]]:
    fields = routing.asks_for(asked)
    rows = list(Ticket.objects.select_related(*LINKED, "service__team").order_by("-id")[:NEWEST])
    words = first_words(rows) if "language" in fields else {}
    timetables = routing.timetables_named(asked)
    needs = routing.needs_of({row.category_id for row in rows if row.category_id}) if "skill" in fields else {}
    return [
        (
            row,
            routing.facts_from(
                row, at=row.created_at, words=words.get(row.pk, row.subject), timetables=timetables,
                skills=needs.get(row.category_id or 0, frozenset()), asks=fields,
            ),
        )
        for row in rows
    ]  # fmt: skip


def first_words(rows: Sequence[Ticket]) -> dict[int, str]:
    """The beginning of what each ticket began with."""
    events = Event.objects.filter(ticket__in=[row.pk for row in rows], kind=Kind.CREATED).order_by().values("pk")
    said = Message.objects.filter(event__in=events).values_list("event__ticket_id", "reply_text")
    subjects = {row.pk: row.subject for row in rows}
    return {number: f"{subjects[number]}\n{text[:WORDS]}" for number, text in said if number in subjects}
