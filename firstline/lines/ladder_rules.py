"""A ladder as it is typed or stands in a file, what may be wrong with it or odd about it, and which open tickets are
past a mark of it now. How ladders are ordered, switched and taken away: tickets.ordered_rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.calendars.models import Calendar
from firstline.lines import ladder, ladder_look, rules
from firstline.lines.ladder import ON_CALL, Rung
from firstline.lines.ladder_models import Ladder, LadderRound
from firstline.lines.routing import as_rule
from firstline.lines.routing_rules import unknown_names
from firstline.lines.rules import Broken, Condition
from firstline.people.models import Person, Team
from firstline.people.roles import DESK_SIDE, Role
from firstline.roster.models import Layer
from firstline.tickets import ordered_rules
from firstline.tickets.models import Ticket
from firstline.tickets.ordered_rules import Wrong, WrongRule, name_of

LOOKED_THROUGH, SHOWN = 1_000, 20


@dataclass(frozen=True)
class Wanted:
    """A ladder as it is typed. `hours`: a calendar's slug, or nothing. `at_once`: also of marks that are past.
    `may_have_left`: whom it tells need not work here any more; then the ladder is odd, not wrong."""

    name: str
    conditions: Sequence[Condition]
    rungs: Sequence[Rung]
    hours: str = ""
    wait: int = ladder.WAIT
    is_on: bool = True
    at_once: bool = False
    may_have_left: bool = False


def made_of(wanted: Wanted, row: Ladder | None = None) -> Ladder:
    """The row of it, not yet kept. Raises WrongRule with everything that is wrong."""
    found = [Wrong(f"conditions[{n}].{name}", problem) for n, name, problem in rules.problems(wanted.conditions)]
    if not found:
        found += unknown_names(wanted.conditions)
    name = name_of(wanted.name, found)
    found += [Wrong(field_of, problem) for field_of, problem in ladder.problems(wanted.rungs)]
    found += _unknown_people(wanted.rungs, may_have_left=wanted.may_have_left)
    hours = Calendar.objects.filter(slug=wanted.hours).first() if wanted.hours else None
    if wanted.hours and hours is None:
        found.append(Wrong("hours", "unknown"))
    if not 1 <= wanted.wait <= ladder.LONGEST_WAIT:
        found.append(Wrong("wait", f"1 to {ladder.LONGEST_WAIT}"))
    if found:
        raise WrongRule(found)
    made = row or Ladder()
    made.name, made.is_on, made.hours, made.wait = name, wanted.is_on, hours, wanted.wait
    made.conditions = [
        {"field": one.field, "values": list(one.values), "negated": one.negated} for one in wanted.conditions
    ]
    made.rungs = [said(rung) for rung in wanted.rungs]
    if lasting := rules.never(as_rule(made)):
        raise WrongRule([Wrong("conditions", f"never: {lasting}")])
    return made


def said(rung: Rung) -> dict[str, Any]:
    """A rung as it is kept, and as API and file show it."""
    return {**rung._asdict(), "tell": list(rung.tell), "channels": list(rung.channels)}


def _unknown_people(rungs: Sequence[Rung], *, may_have_left: bool) -> list[Wrong]:
    named = {who for rung in rungs for who in rung.tell if ":" in who}
    logins = [who.partition(":")[2] for who in named if who.startswith("person:")]
    slugs = [who.partition(":")[2] for who in named if who.startswith("team:")]
    desk = Person.objects.filter(login__in=logins)
    if not may_have_left:
        desk = desk.filter(is_active=True, role__in=DESK_SIDE)
    known = {f"person:{login}" for login in desk.values_list("login", flat=True)}
    known |= {f"team:{slug}" for slug in Team.objects.filter(slug__in=slugs).values_list("slug", flat=True)}
    return [
        Wrong(f"rungs[{place}].tell", f"{who}: unknown")
        for place, rung in enumerate(rungs)
        for who in rung.tell
        if ":" in who and who not in known
    ]


# ---- what is said beside a ladder before it is saved, on the list and on the board -------------------


@dataclass(frozen=True)
class Oddity:
    """`kind`: never, shadowed (`what`: the ladder above), broken, empty_team (`what`: the team that has nobody),
    gone (`what`: a person who works here no more), no_leads, no_managers, no_layers (nobody is ever on call)."""

    kind: str
    what: str = ""


def oddities(row: Ladder, above: Sequence[Ladder]) -> list[Oddity]:
    """What is odd about the ladder, `above` being those that are on and stand over it."""
    try:
        rungs = ladder_look.rungs_of(row)
        if lasting := rules.never(as_rule(row)):
            return [Oddity("never", lasting)]
        over = rules.shadowed_by(as_rule(row), [as_rule(other) for other in above])
    except Broken as broken:
        return [Oddity("broken", str(broken))]
    found = [Oddity("shadowed", over.name)] if over is not None else []
    tell = {who for rung in rungs for who in rung.tell}
    return found + _without_people(tell, row)


def _without_people(tell: set[str], row: Ladder) -> list[Oddity]:
    agents = Person.objects.filter(is_active=True, role__in=DESK_SIDE)
    found = []
    if not agents.filter(role=Role.MANAGER).exists():
        found.append(Oddity("no_managers"))
    if ladder.LINE_LEAD in tell and not agents.filter(role=Role.LEAD, team__isnull=False).exists():
        found.append(Oddity("no_leads"))
    if (row.hours is not None or ON_CALL in tell) and not Layer.objects.filter(people__isnull=False).exists():
        found.append(Oddity("no_layers"))
    for who in sorted(tell):
        kind, _colon, name = who.partition(":")
        if kind == "team" and not agents.filter(team__slug=name).exists():
            found.append(Oddity("empty_team", name))
        if kind == "person" and not agents.filter(login=name).exists():
            found.append(Oddity("gone", name))
    return found


def odd_of_all(rows: Sequence[Ladder]) -> dict[int, list[Oddity]]:
    """Of each ladder that is on, by its number."""
    on = [row for row in rows if row.is_on]
    return {row.pk: found for place, row in enumerate(on) if (found := oddities(row, on[:place]))}


def above(row: Ladder | None) -> list[Ladder]:
    """The ladders that are on and asked before this one; before a new one all of them."""
    kept = ladder_look.in_force()
    if row is None or row.pk is None:
        return kept
    return [one for one in kept if (one.position, one.pk) < (row.position, row.pk)]


# ---- a preview ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """An open ticket that is past a mark now: the highest one."""

    ticket: Ticket
    what: str
    metric: str
    mark: int
    at: datetime


@dataclass
class Preview:
    """Of `looked_at` open tickets, those that are due first: for how many it holds, and which are past a mark."""

    looked_at: int = 0
    holds: int = 0
    past: int = 0
    shown: list[Hit] = field(default_factory=list)


def preview(row: Ladder, over: Sequence[Ladder], *, at: datetime) -> Preview:
    """What the ladder, standing under `over`, would say of the open tickets as they are. Nothing is written; what was
    said before is not counted again."""
    tickets = list(Ticket.objects.filter(is_open=True).order_by("queue_at", "pk")[:LOOKED_THROUGH])
    row.pk, kept = row.pk or -1, row.since
    row.since = None
    made = Preview(looked_at=len(tickets))
    for seen in ladder_look.see(tickets, [*over, row], at=at):
        if seen.ladder is not row:
            continue
        made.holds += 1
        speeches = seen.at(at).speeches
        if not speeches:
            continue
        made.past += 1
        last = speeches[-1]
        if len(made.shown) < SHOWN:
            made.shown.append(Hit(seen.ticket, last.key.what, last.key.metric, last.rung.mark, last.at))
    row.pk, row.since = None if row.pk == -1 else row.pk, kept
    return made


# ---- deeds -------------------------------------------------------------------------------------------


def keep(wanted: Wanted, *, by: str, at: datetime, row: Ladder | None = None, slug: str = "") -> Ladder:
    """The ladder, kept; a new one stands last. It speaks of what comes to pass from now on, unless `at_once`. `by` is
    the actor of the audit trail. Raises WrongRule."""

    def make() -> Ladder:
        made = made_of(wanted, row)
        made.since = None if wanted.at_once else at
        return made

    with transaction.atomic():
        then = {"rungs": [said(rung) for rung in wanted.rungs], "hours": wanted.hours, "wait": wanted.wait}
        kept = ordered_rules.keep(make, then=then, by=by, at=at, slug=slug)
        look_again()
    return kept


def switch(row: Ladder, *, on: bool, by: str, at: datetime) -> None:
    """Switched on it speaks of what comes to pass from now on."""
    with transaction.atomic():
        Ladder.objects.filter(pk=row.pk).update(since=at)
        ordered_rules.switch(row, on=on, by=by, at=at)
        look_again()


def move(row: Ladder, *, up: bool, by: str, at: datetime) -> None:
    with transaction.atomic():
        ordered_rules.move(row, up=up, by=by, at=at)
        look_again()


def take_away(row: Ladder, *, by: str, at: datetime) -> None:
    """What it said stays on the tickets, with its name; nobody else is called."""
    with transaction.atomic():
        ordered_rules.take_away(row, by=by, at=at)
        look_again()


def look_again() -> None:
    """Every open ticket is looked at again, by the worker."""
    LadderRound.objects.update_or_create(pk=1, defaults={"reached": 0})
