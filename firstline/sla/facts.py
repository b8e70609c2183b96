"""What a ticket's history says to its clocks: the facts, what they mean, and what the ticket was when. Pure: no Django,
no system clock.

A history is a sequence of `Fact`s, one for each event of the ticket. The kinds that mean something here, and the keys
of `data` that are read (anything else is passed over):

| kind | data | says |
| --- | --- | --- |
| created | answered: bool; priority, type, service, client … | the clocks start; `answered` = made during a call |
| message | public: bool, by_agent: bool | public and by an agent: a response; public and not: it wants one |
| called | – | a logged call with the requester: a response |
| workaround | – | a way around was given to the requester: a response, and the end of the workaround clock |
| arrived | – | somebody of ours is on site |
| no_visit | – | nobody has to be: the on-site clock ends without a verdict |
| waiting | for: "client" or "vendor"; party; pauses | a pause begins (see courses.Pause) |
| held | until: ISO moment, datetime or None; party; pauses | a pause until then or the next move, what comes first |
| resumed, taken, handed_over | – | the pause ends; *taken* acknowledges |
| resolved, confirmed, closed | – | solved; the first of them counts; *resolved* is a response too |
| cancelled | – | the clocks end without a verdict |
| reopened | – | solved or cancelled no more: the clocks go on, the time between is not counted |
| merged | – | the clocks end without a verdict, as if it was cancelled |
| unmerged | – | the merge is undone: the clocks are as if it had never been |
| merged_here | source; began_at: ISO moment, if it began earlier | from now on they started then |
| unmerged_here | source | what the last `merged_here` of this source said is undone |
| changed | field: {"from": …, "to": …} | a property of the ticket, and with it the target, is another one from now on |
| sla_breach | metric: str; since: int; due_at: ISO moment or datetime | a breach was recorded (see reading.derive) |

The statuses move only by these facts: an answer of the requester that wakes a waiting or solved ticket is a `message`
and a `resumed` or `reopened` beside it. `assigned` keeps the status and says nothing here.

How each clock goes by these facts is in `sla.courses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

RESUMING = frozenset({"resumed", "taken", "handed_over", "reopened"})
SOLVING = frozenset({"resolved", "confirmed", "closed"})
ENDING = frozenset({"confirmed", "closed", "cancelled"})


@dataclass(frozen=True)
class Fact:
    """One event as clocks see it: when it happened, when we learnt it, its number in the history (it only grows)."""

    kind: str
    at: datetime
    learnt_at: datetime
    data: Mapping[str, object] = field(default_factory=dict)
    number: int = 0


class Change(NamedTuple):
    """From `at` on the ticket has these properties (priority, type, service, client, …)."""

    at: datetime
    properties: Mapping[str, object]


def known(facts: Iterable[Fact], known_at: datetime | int | None = None) -> list[Fact]:
    """Return the facts in the order in which they happened, only those learnt by a moment or up to an event number."""
    if isinstance(known_at, datetime):
        facts = (fact for fact in facts if fact.learnt_at <= known_at)
    elif known_at is not None:
        facts = (fact for fact in facts if fact.number <= known_at)
    return sorted(facts, key=lambda fact: (fact.at, fact.number))


def properties_over_time(facts: Iterable[Fact]) -> list[Change]:
    """Return what the ticket was from its creation on, in order: one entry for each change, the creation first."""
    changes: list[Change] = []
    for fact in known(facts):
        if fact.kind == "created" and not changes:
            changes.append(Change(fact.at, {k: v for k, v in fact.data.items() if k != "answered"}))
        elif fact.kind == "changed" and changes:
            new = {k: step["to"] for k, step in fact.data.items() if isinstance(step, Mapping) and "to" in step}
            changes.append(Change(fact.at, {**changes[-1].properties, **new}))
    return changes


def is_response(fact: Fact) -> bool:
    """Say whether the fact is a first response (product.md): never a note, an acknowledgement or an assignment.

    A solution and a workaround are: how it was done is what the agent says to the requester, on the page and by mail.
    """
    if fact.kind == "created":
        return bool(fact.data.get("answered"))
    if fact.kind == "message":
        return bool(fact.data.get("public")) and bool(fact.data.get("by_agent"))
    return fact.kind in {"called", "resolved", "workaround"}


def acknowledges(fact: Fact) -> bool:
    """Say whether by this somebody made the request his own: he took it, went there, or said the first public word."""
    return fact.kind in {"taken", "arrived"} or is_response(fact)


def wants_response(fact: Fact) -> bool:
    """Say whether the requester's side spoke: a public message that is no agent's, or "it is not solved"."""
    if fact.kind == "message":
        return bool(fact.data.get("public")) and not fact.data.get("by_agent")
    return fact.kind == "reopened"


def tells_how_it_stands(fact: Fact) -> bool:
    """Say whether the requester hears how it stands: a response, or the letter that asks him or says until when."""
    return is_response(fact) or fact.kind == "held" or (fact.kind == "waiting" and fact.data.get("for") == "client")


def moment_of(value: object) -> datetime | None:
    """Read a moment out of an event's data, where JSON has made it a text. ValueError: it is none, or has no offset."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no offset to UTC")
    return moment
