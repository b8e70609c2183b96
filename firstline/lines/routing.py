"""Where a ticket goes when it comes in, and when its category or service changes before anybody took it (a reaction).

What an administrator wrote runs in a savepoint: a rule that cannot be asked or applied is named on /readyz and on the
ticket, and the ticket stays in the queue where it came in (architecture.md, rule 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import BigIntegerField
from django.db.models.functions import Coalesce

from firstline.calendars.models import Calendar
from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import Timetable
from firstline.intake.reading import tongues
from firstline.lib import log
from firstline.lib.asked_often import Given, Question
from firstline.lines import choose, rules
from firstline.lines.choose import Wanted
from firstline.lines.routing_models import RoutingRule, SkillNeed, Strategy, Undealt
from firstline.lines.rules import NONE, Condition, Facts, Rule
from firstline.tickets import history
from firstline.tickets.history import record, whose
from firstline.tickets.models import Event, Kind, Message, Status, Ticket
from firstline.tickets.ordered_rules import OrderedRule

MOST_RULES = 200
AGAIN = timedelta(minutes=1)  # how often it is looked whether somebody can take what nobody could
MOVING = frozenset({"service", "category", "client"})
ALIKE, FEW_LETTERS = ("ru", "bg"), 200
LINKED = ("team", "person__team", "skill")
LOOKED_UP = frozenset({"skill", "calendar"})  # facts for which other rows are read, by what stands in the rules
_IN_FORCE = Question(lambda: RoutingRule.objects.filter(is_on=True).order_by("position", "id")[:MOST_RULES])
_WHOLE = Question(lambda: RoutingRule.objects.select_related(*LINKED).filter(pk=Given("number", BigIntegerField())))
_logger = log.get(__name__)


def follow(event: Event) -> None:
    """A reaction."""
    if history.is_quiet() or not _asks(event):
        return
    asked = in_force()
    if asked:
        route(event.ticket, asked, at=event.learnt_at)


def _asks(event: Event) -> bool:
    ticket = event.ticket
    if event.kind == Kind.CREATED:
        return ticket.is_open
    untouched = ticket.status == Status.NEW and ticket.assignee_id is None
    return event.kind == Kind.CHANGED and untouched and not MOVING.isdisjoint(event.data.get("changed", {}))


def in_force() -> list[RoutingRule]:
    """The rules that are on, in their order; what they name is looked up of the one that holds."""
    return _IN_FORCE.all()


def route(ticket: Ticket, asked: Sequence[RoutingRule], *, at: datetime) -> None:
    """Moves the ticket to where the first rule that holds sends it, in a savepoint. Raises only what the database
    raises."""
    before = {name: getattr(ticket, name) for name in ("line", "team", "assignee", "version", "updated_at")}
    rule: RoutingRule | None = None
    try:
        known = None if asks_for(asked) & LOOKED_UP else _decided(ticket, asked, at)
        if known is not None and known.rule is None and not known.broken:
            return  # most tickets stay where they came in: nothing is written, so there is nothing to take back
        with transaction.atomic():
            decision = known or _decided(ticket, asked, at)
            for broken, problem in decision.broken:
                _say_broken(ticket, next(row for row in asked if row.pk == broken.number), problem, at)
            if decision.rule is not None:
                rule = next(row for row in asked if row.pk == decision.rule.number)
                rule = _WHOLE.first(number=rule.pk) or rule
                send(ticket, wanted_of(rule, ticket), at=at, rule=rule, place=asked.index(rule) + 1)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        _logger.error("routing failed", exc_info=problem)
        for name, value in before.items():
            setattr(ticket, name, value)
        _say_broken(ticket, rule, f"{type(problem).__name__}: {problem}"[:200], at)


def _decided(ticket: Ticket, asked: Sequence[RoutingRule], at: datetime) -> rules.Decision:
    return rules.decide([as_rule(row) for row in asked], facts_of(ticket, asked, at=at))


def send(ticket: Ticket, wanted: Wanted, *, at: datetime, rule: RoutingRule | None, place: int = 0) -> Event:
    """The ticket goes to its queue, and to a person where one is to be named and can take it. One event says both."""
    was = whose(ticket)
    ticket.line, ticket.team, ticket.assignee = wanted.line, wanted.team, None
    said: dict[str, Any] = {"strategy": wanted.strategy}
    if wanted.skill is not None:
        said |= {"skill": wanted.skill.slug, "level": wanted.level}
    given: int | None = None
    if wanted.is_dealt:
        order = choose.order_for(ticket, wanted, at=at)
        if order.people:
            given = order.people[0]
            said["known"] = order.is_known
        else:
            said["nobody"] = order.why_nobody
    if given is not None:
        ticket.assignee_id = given
    event = record(
        ticket, Kind.ROUTED, by=None, at=at,
        rule=rule.name if rule else None, number=rule.pk if rule else None, place=place,
        line=ticket.line, team=ticket.team.slug if ticket.team else None,
        assignee=ticket.assignee.login if ticket.assignee else None, before=was["assignee"], was=was, **said,
    )  # fmt: skip
    if given is not None:
        choose.remember(given, event=event.pk)
    _keep_waiting(ticket, wanted, rule, said.get("nobody", ""), at)
    return event


def _keep_waiting(ticket: Ticket, wanted: Wanted, rule: RoutingRule | None, why: str, at: datetime) -> None:
    """What nobody can take now is tried again; what went somewhere else waits no more."""
    if not why:
        Undealt.objects.filter(ticket=ticket).delete()
        return
    values = {
        "rule": rule, "line": wanted.line, "team": wanted.team, "person": wanted.person, "strategy": wanted.strategy,
        "skill": wanted.skill, "level": wanted.level, "why": why, "try_at": at + AGAIN,
    }  # fmt: skip
    Undealt.objects.update_or_create(ticket=ticket, defaults=values, create_defaults={**values, "since": at})


# ---- rules and facts -------------------------------------------------------------------------------


def as_rule(row: OrderedRule) -> Rule:
    """The row as `lines.rules` asks it. What cannot be read in it makes a rule that cannot be asked."""
    return Rule(row.pk or 0, row.name, conditions_of(row))


def conditions_of(row: OrderedRule) -> tuple[Condition, ...]:
    found = []
    for given in row.conditions if isinstance(row.conditions, list) else [None]:
        try:
            values = tuple(str(value) for value in given["values"])
            found.append(Condition(given["field"], values, bool(given.get("negated"))))
        except (TypeError, KeyError, AttributeError):
            found.append(Condition("unreadable", ()))
    return tuple(found)


def wanted_of(row: RoutingRule, ticket: Ticket | None = None) -> Wanted:
    """Where the rule sends: its person's team and its team's line, where it says no other."""
    team = row.team or (row.person.team if row.person is not None and row.line is None else None)
    line = team.line if team is not None else row.line
    if line is None:
        line = ticket.line if ticket is not None else 1
    skill, level = row.skill, row.level
    if row.strategy == Strategy.SKILL and skill is None and ticket is not None and ticket.category is not None:
        need = ticket.category.needs.select_related("skill").first()
        skill, level = (need.skill, need.level) if need is not None else (None, 1)
    return Wanted(line, team, row.person, row.strategy, skill, level, row.sticks)


def asks_for(asked: Sequence[OrderedRule]) -> set[str]:
    """The facts that these rules ask for: what none asks for is not looked up."""
    return {condition.field for row in asked for condition in conditions_of(row)}


def facts_of(ticket: Ticket, asked: Sequence[RoutingRule], *, at: datetime) -> Facts:
    """What can be asked of the ticket now."""
    asks = asks_for(asked)
    category = ticket.category_id or 0
    return facts_from(
        ticket, at=at, asks=asks, words=_words(ticket) if "language" in asks else "",
        timetables=timetables_named(asked) if "calendar" in asks else {},
        skills=needs_of({category}).get(category, frozenset()) if "skill" in asks and category else frozenset(),
    )  # fmt: skip


def facts_from(
    ticket: Ticket, *, at: datetime, asks: Set[str], words: str, timetables: Mapping[str, Timetable],
    skills: frozenset[str],
) -> Facts:  # fmt: skip
    """The same from what was looked up already: for one ticket, or for many at once."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    site = ticket.equipment.site if "site" in asks and ticket.equipment is not None else None
    vip = ticket.requester.is_vip or (ticket.client is not None and ticket.client.is_vip)
    return Facts(
        client=ticket.client.slug if ticket.client else NONE,
        service=ticket.service.slug if ticket.service else NONE,
        category=ticket.category.slug if ticket.category else NONE,
        site=site.slug if site is not None else NONE,
        type=ticket.type,
        priority=str(ticket.priority),
        channel=ticket.channel,
        language=_language(words, ticket.requester.language) if "language" in asks else NONE,
        vip="yes" if vip else "no",
        day=rules.DAYS[local.weekday()],
        minute=local.hour * 60 + local.minute,
        skill=skills,
        calendar=frozenset(slug for slug, timetable in timetables.items() if timetable.is_open(at)),
    )


def _language(words: str, own: str) -> str:
    """Of a few Cyrillic words nobody can say whether they are Russian or Bulgarian: then his own language decides."""
    guessed = tongues.guessed(words) or NONE
    return own if guessed in ALIKE and own in ALIKE and len(words) < FEW_LETTERS else guessed


def _words(ticket: Ticket) -> str:
    first = ticket.first_words or Message.objects.filter(ticket=ticket).order_by("id").first()
    return f"{ticket.subject}\n{first.reply_text or first.text}" if first is not None else ticket.subject


def timetables_named(asked: Sequence[OrderedRule]) -> dict[str, Timetable]:
    """The hours of the calendars that these rules name."""
    slugs = {value for row in asked for one in conditions_of(row) if one.field == "calendar" for value in one.values}
    return {calendar.slug: timetable_of(calendar) for calendar in Calendar.objects.filter(slug__in=slugs)}


def needs_of(categories: Set[int]) -> dict[int, frozenset[str]]:
    """The skills that tickets of these categories need, by the category."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = SkillNeed.objects.filter(category__in=categories).values_list("category_id", "skill__slug")
    for category, skill in rows:
        found[category].add(skill)
    return {category: frozenset(named) for category, named in found.items()}


# ---- what is said ----------------------------------------------------------------------------------


def _say_broken(ticket: Ticket, row: RoutingRule | None, problem: str, at: datetime) -> None:
    name = f"rule ‘{row.name}’: {problem}" if row is not None else problem
    record(ticket, Kind.TROUBLE, by=None, at=at, what="routing", error=name[:500])
    if row is not None and row.problem != problem:
        RoutingRule.objects.filter(pk=row.pk).update(
            problem=problem[:300] or "broken", problem_since=Coalesce("problem_since", at)
        )
