"""Two people swap shifts: one asks, the other accepts, and where the team wants it the lead or manager approves."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role
from firstline.roster import planning
from firstline.roster.models import Cover, Swap
from firstline.roster.refusals import WrongRoster
from firstline.roster.shifts import may_plan, zone_of

State = Swap.State
WAITING = (State.ASKED, State.ACCEPTED)


def ask(asker: Person, asked: Person, *, gives_on: date, takes_on: date | None, note: str = "", at: datetime) -> Swap:
    """He asks a colleague to work his shifts of a day, and offers the other's of another. Raises WrongRoster."""
    if asked.pk == asker.pk or not (asked.is_active and asked.is_agent):
        raise WrongRoster("asked", "somebody else")
    if takes_on == gives_on:
        raise WrongRoster("takes_on", "another day")
    if _is_over(asker, gives_on, takes_on, at):
        raise WrongRoster("gives_on", "over")
    with transaction.atomic():
        made = Swap.objects.create(
            asker=asker, asked=asked, gives_on=gives_on, takes_on=takes_on, note=note.strip()[:200], asked_at=at
        )
        _note("swap_asked", made, asker, at, to=asked.pk, gives=str(gives_on), takes=str(takes_on or ""))
    return made


def answer(swap: Swap, *, accepts: bool, by: Person, at: datetime) -> Swap:
    """The colleague accepts or declines. Where nobody need approve, it counts at once."""
    if by.pk != swap.asked_id:
        raise NotAllowed("swap")
    return _moved(swap, {State.ASKED}, State.ACCEPTED if accepts else State.DECLINED, by, at)


def approve(swap: Swap, *, approves: bool, by: Person, at: datetime) -> Swap:
    """The lead or the manager says whether it may be."""
    if not may_plan(by, swap.asker) or not may_plan(by, swap.asked):
        raise NotAllowed("plan roster")
    return _moved(swap, {State.ACCEPTED}, State.APPROVED if approves else State.DECLINED, by, at)


def withdraw(swap: Swap, *, by: Person, at: datetime) -> Swap:
    """Whoever asked does not want it any more; a swap that counts is undone by another one."""
    if by.pk != swap.asker_id:
        raise NotAllowed("swap")
    return _moved(swap, {State.ASKED, State.ACCEPTED}, State.WITHDRAWN, by, at)


STEPS = ("acceptance", "refusal", "approval", "rejection", "withdrawal")


def move(swap: Swap, step: str, *, by: Person, at: datetime) -> Swap:
    """One of STEPS: acceptance and refusal are of who was asked, approval and rejection of who plans, withdrawal of who
    asked."""
    if step == "withdrawal":
        return withdraw(swap, by=by, at=at)
    if step in {"approval", "rejection"}:
        return approve(swap, approves=step == "approval", by=by, at=at)
    return answer(swap, accepts=step == "acceptance", by=by, at=at)


def open_for(person: Person) -> QuerySet[Swap]:
    """What waits for somebody: asked by or of him, or for his approval."""
    waiting = Swap.objects.filter(state__in=WAITING).select_related("asker", "asked")
    if person.role == Role.MANAGER:
        return waiting
    own = Q(asker=person) | Q(asked=person)
    return waiting.filter(own | Q(asker__team=person.team_id) if person.role == Role.LEAD else own)


def _is_over(asker: Person, gives_on: date, takes_on: date | None, at: datetime) -> bool:
    """Whether one of the days is over where he is: what was worked was worked."""
    today = at.astimezone(zone_of(asker)).date()
    return gives_on < today or (takes_on is not None and takes_on < today)


def _moved(swap: Swap, among: set[Swap.State], to: Swap.State, by: Person, at: datetime) -> Swap:
    with transaction.atomic():
        held = Swap.objects.select_for_update(of=("self",)).select_related("asker", "asked").get(pk=swap.pk)
        if held.state not in among:
            raise WrongRoster("swap", "decided already")
        if to in {State.ACCEPTED, State.APPROVED} and _is_over(held.asker, held.gives_on, held.takes_on, at):
            raise WrongRoster("gives_on", "over")
        if to == State.ACCEPTED and _needs_nobody(held):
            to = State.APPROVED
        held.state = to
        if to == State.APPROVED:
            held.agreed_at = at
        held.save(update_fields=["state", "agreed_at"])
        if to == State.APPROVED:
            planning.replan([held.asker_id, held.asked_id], at)
        _note(f"swap_{to.value}", held, by, at)
    return held


def _needs_nobody(swap: Swap) -> bool:
    teams = {swap.asker.team_id, swap.asked.team_id}
    return None not in teams and Cover.objects.filter(team__in=teams, free_swaps=True).count() == len(teams)


def _note(action: str, swap: Swap, by: Person, at: datetime, **data: object) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"swap:{swap.pk}", **data)
