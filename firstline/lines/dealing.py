"""What nobody could take is given to the first who can; what a person leaves behind is given back in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from firstline.lib import log
from firstline.lib.alone import alone
from firstline.lines import choose, routing, strategies
from firstline.lines.choose import Wanted
from firstline.lines.routing_models import RoutingRule, Share, Undealt
from firstline.people.models import Person
from firstline.people.roles import SOLVERS
from firstline.roster import shifts
from firstline.roster.models import Absence, Turn
from firstline.tickets.history import locked, record, whose
from firstline.tickets.models import Event, Kind, Status, Ticket

BATCH = 50
_log = log.get(__name__)
UNPLANNED = timedelta(hours=16)  # how long somebody is away whose next shift nobody has planned
OURS = (Status.NEW, Status.IN_PROGRESS)  # the next step is ours: only these wait for the person himself
SHARED = (strategies.NOBODY, strategies.ABSENT, strategies.UNSKILLED, strategies.FULL)


def deal_due(at: datetime) -> int:
    """Tries what nobody could take; returns how many found somebody. Of those that ask for the same people, one that
    finds nobody speaks for all."""
    given = 0
    due = Undealt.objects.filter(try_at__lte=at).order_by("since", "ticket_id")
    waiting = list(due.values_list("pk", flat=True)[:BATCH])
    while waiting:
        number = waiting.pop(0)
        with alone(_log, "not dealt", ticket=number) as tried:
            if deal(number, at=at):
                given += 1
            elif waiting:  # it has spoken for others, too: their tickets are not even locked
                still = set(due.order_by().filter(pk__in=waiting).values_list("pk", flat=True))
                waiting = [one for one in waiting if one in still]
        if tried.problem is not None:
            Undealt.objects.filter(pk=number).update(try_at=at + routing.AGAIN)
    return given


def deal(number: int, *, at: datetime) -> bool:
    """One ticket that waits for somebody. Whoever else tries it at this moment comes after us, and finds it given."""
    with transaction.atomic():
        held = locked(Ticket(pk=number))
        asked = Undealt.objects.select_related("team", "person__team", "skill", "rule").filter(pk=number).first()
        if asked is None or asked.try_at > at:
            return False
        if not held.is_open or held.assignee_id is not None or (held.line, held.team_id) != (asked.line, asked.team_id):
            asked.delete()  # somebody took it, or it went elsewhere
            return False
        wanted = Wanted(asked.line, asked.team, asked.person, asked.strategy, asked.skill, asked.level)
        order = choose.order_for(held, wanted, at=at)
        if order.people:
            routing.send(held, wanted, at=at, rule=asked.rule)
            return True
        alike = Undealt.objects.filter(pk=number)
        if order.why_nobody in SHARED:
            alike = Undealt.objects.filter(
                line=asked.line, team=asked.team, person=asked.person, strategy=asked.strategy, skill=asked.skill,
                level=asked.level,
            )  # fmt: skip
        alike.update(try_at=at + routing.AGAIN, why=order.why_nobody)
        return False


# ---- who goes gives back ---------------------------------------------------------------------------


def watch(at: datetime) -> int:
    """Each minute: who was here and is not any more gives back what must not wait for him."""
    solvers = set(Person.objects.filter(is_active=True, role__in=SOLVERS).values_list("pk", flat=True))
    now_here = choose.who_is_here(at)
    here = {person for person in solvers if person in now_here}
    kept = dict(Share.objects.values_list("person_id", "was_here"))
    was = {person for person, flag in kept.items() if flag}
    gone = (was - here) | _absent_with_work(solvers - here, at)
    given = sum(leave_behind(person, at=at, why="off_duty") for person in sorted(gone))
    Share.objects.filter(pk__in=was - here).update(was_here=False)
    Share.objects.filter(pk__in=(here - was) & set(kept)).update(was_here=True)
    Share.objects.bulk_create([Share(person_id=one, was_here=True) for one in here - set(kept)], ignore_conflicts=True)
    return given


def _absent_with_work(away: set[int], at: datetime) -> set[int]:
    """Who is absent and holds something: he fell ill after his shift, or something came back to him."""
    absent = Absence.objects.filter(person__in=away, starts_at__lte=at).exclude(ends_at__lte=at)
    held = Ticket.objects.filter(assignee__in=absent.values("person"), is_open__in=[True], status__in=OURS)
    return set(held.order_by().values_list("assignee", flat=True).distinct())


def leave_behind(person: int, *, at: datetime, why: str, back: datetime | None = None) -> int:
    """Gives back what is due before the person is here again; returns how many tickets."""
    back = back or back_at(person, at)
    rows = Ticket.objects.filter(assignee=person, is_open__in=[True], status__in=OURS, due_at__lt=back)
    numbers = list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:500])
    return sum(give_back(Ticket(pk=number), person=person, at=at, why=why, back=back) for number in numbers)


def back_at(person: int, at: datetime) -> datetime:
    """When he is here again, as far as it is planned."""
    coming = Turn.objects.filter(person=person, position=0, starts_at__gt=at).aggregate(first=Min("starts_at"))
    return coming["first"] or at + UNPLANNED


def give_back(
    ticket: Ticket, *, person: int, at: datetime, why: str, back: datetime | None, by: Person | None = None
) -> bool:
    """The ticket is nobody's again, in its queue; where a rule dealt it out it is dealt out again, to another."""
    with transaction.atomic():
        held = locked(ticket)
        if held.assignee is None or held.assignee_id != person or not held.is_open:
            return False
        was, login = whose(held), held.assignee.login
        held.assignee = None
        record(
            held, Kind.GIVEN_BACK, by=by, at=at, person=login, before=login, why=why,
            back=back.isoformat() if back else None, line=held.line, team=held.team.slug if held.team else None,
            assignee=None, was=was,
        )  # fmt: skip
        again = _as_dealt(held)
        if again is not None:
            rule, wanted = again
            routing.send(held, wanted, at=at, rule=rule)
        return True


def _as_dealt(held: Ticket) -> tuple[RoutingRule, Wanted] | None:
    """How the ticket was dealt out, if it was: to its queue of today, by the rule of then."""
    last = Event.objects.filter(ticket=held, kind=Kind.ROUTED).order_by("-id").first()
    if last is None or last.data.get("strategy", "pull") == "pull":
        return None
    rule = RoutingRule.objects.select_related(*routing.LINKED).filter(pk=last.data.get("number") or 0).first()
    if rule is None:
        return None
    as_asked = routing.wanted_of(rule, held)
    return rule, Wanted(held.line, held.team, None, as_asked.strategy, as_asked.skill, as_asked.level)


def leave(person: Person, *, at: datetime) -> tuple[int, datetime]:
    """He goes now: away until his next shift, and what cannot wait for him goes back into its queue. Returns how many
    tickets went, and when he is expected."""
    back = back_at(person.pk, at)
    shifts.tell_absence(person, why=Absence.Why.OTHER, starts_at=at, ends_at=back, by=person, at=at)
    # Each ticket by itself: ticket, then line, is everybody's order. What is left undone here `watch` does.
    return leave_behind(person.pk, at=at, why="leaves", back=back), back
