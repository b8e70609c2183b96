"""Reinforcement: people of the reserve are asked, come by one tap; their role and scope end by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.lib import tokens
from firstline.people import grants
from firstline.people.models import Client, Grant, Person
from firstline.people.permissions import demand
from firstline.people.roles import GIVEN
from firstline.post import outbox, ways
from firstline.roster import planning
from firstline.roster.models import CallUp, Reinforcement, Turn
from firstline.roster.refusals import WrongRoster

Answer = CallUp.Answer
PURPOSE = "call-up"
MOST_PEOPLE, LONGEST = 200, timedelta(days=92)
_SHAPE = re.compile(r"([1-9][0-9]{0,14})\.([0-9a-f]+)")


@dataclass(frozen=True)
class Wanted:
    """What people are called in for, and for which tickets; `lines` is such as "12"."""

    reason: str
    starts_at: datetime
    ends_at: datetime
    role: str
    clients: Sequence[Client] = ()
    all_clients: bool = False
    lines: str = "123"
    tag: str = ""
    place: str = ""
    people: Sequence[Person] = field(default=())


def call(wanted: Wanted, *, by: Person, at: datetime) -> Reinforcement:
    """Asks everybody at once: each gets a letter with a link that needs no sign-in. Raises WrongRoster."""
    demand(by, "reinforcement")
    _check(wanted, at)
    with transaction.atomic():
        made = Reinforcement.objects.create(
            reason=wanted.reason.strip()[:300], place=wanted.place.strip()[:300], role=wanted.role,
            all_clients=wanted.all_clients, lines=wanted.lines, tag=wanted.tag.strip()[:60],
            starts_at=max(wanted.starts_at, at), ends_at=wanted.ends_at, made_by=by, made_at=at,
        )  # fmt: skip
        made.clients.set(() if wanted.all_clients else wanted.clients)
        _note(
            "reinforcement_called", made, by, at, reason=made.reason, role=made.role, lines=made.lines, tag=made.tag,
            clients="all" if made.all_clients else [client.slug for client in wanted.clients],
            since=made.starts_at.isoformat(), until=made.ends_at.isoformat(),
        )  # fmt: skip
        _ask(made, wanted.people, by, at)
    return made


def ask_more(row: Reinforcement, people: Iterable[Person], *, by: Person, at: datetime) -> None:
    """Asks others, too; who was asked already is not asked again. Raises WrongRoster."""
    demand(by, "reinforcement")
    with transaction.atomic():
        row = _held(row.pk)
        if row.ends_at <= at:
            raise WrongRoster("reinforcement", "over")
        known = set(row.call_ups.values_list("person_id", flat=True))
        _ask(row, [person for person in people if person.pk not in known], by, at)


def answer(call_up: CallUp, *, accepts: bool, at: datetime) -> CallUp:
    """He comes, or cannot; until it is over he may say otherwise. Raises WrongRoster."""
    with transaction.atomic():
        _held(call_up.reinforcement_id)
        held = CallUp.objects.select_for_update(of=("self",)).select_related(
            "reinforcement", "person", "grant"
        ).get(pk=call_up.pk)  # fmt: skip
        if held.reinforcement.ends_at <= at or not _may_come(held.person):
            raise WrongRoster("call_up", "over")
        wanted = Answer.ACCEPTED if accepts else Answer.DECLINED
        if held.answer == wanted:
            return held
        held.answer, held.answered_at = wanted, at
        if accepts:
            held.grant = _give(held, at)
        elif held.grant is not None:
            grants.end(Grant.objects.filter(pk=held.grant.pk), at)
        held.save(update_fields=["answer", "answered_at", "grant"])
        planning.replan_reinforcement([held.person_id], at)
        trail.note(
            at=at, actor=f"person:{held.person_id}", action=f"call_up_{wanted.value}", target=f"call_up:{held.pk}",
            reinforcement=held.reinforcement_id,
        )  # fmt: skip
        if accepts:
            _write("called_up_brief", held, at)
    return held


def end(row: Reinforcement, *, by: Person, at: datetime) -> None:
    """Over at once for everybody: roles and scopes with it. Whoever came is told."""
    demand(by, "reinforcement")
    with transaction.atomic():
        held = _held(row.pk)
        if held.ends_at <= at:
            raise WrongRoster("reinforcement", "over")
        held.ends_at, held.ended_early = max(at, held.starts_at), True
        if held.starts_at > at:
            held.starts_at = held.ends_at = at
        held.save(update_fields=["starts_at", "ends_at", "ended_early"])
        came = list(held.call_ups.filter(answer=Answer.ACCEPTED).select_related("person", "reinforcement"))
        grants.end(Grant.objects.filter(call_up__reinforcement=held), at)
        planning.replan_reinforcement([one.person_id for one in came], at)
        _note("reinforcement_ended", held, by, at)
        for one in came:
            _write("called_off", one, at, by=by.name)


def mark(person: Person, *, in_reserve: bool, by: Person, at: datetime) -> None:
    """Whether he may be asked to come in. What he was given before goes on until its end, or until it is ended."""
    demand(by, "reinforcement")
    if in_reserve and person.client_id is not None:
        raise WrongRoster("person", "of a client")
    with transaction.atomic():
        if not in_reserve and Grant.objects.filter(person=person, ends_at__gt=at).exists():
            raise WrongRoster("person", "called in now")
        Person.objects.filter(pk=person.pk).update(in_reserve=in_reserve)
        person.in_reserve = in_reserve
        action = "reserve_added" if in_reserve else "reserve_left"
        trail.note(at=at, actor=by.actor, action=action, target=f"person:{person.pk}")


# ---- links and reading -------------------------------------------------------------------------------


def token_of(call_up: CallUp) -> str:
    """`17.3f…`: his number, and what nobody else can write behind it."""
    return f"{call_up.pk}.{tokens.signature(settings.SECRET_KEY, PURPOSE, str(call_up.pk))}"


def url(call_up: CallUp) -> str:
    """The full address of the page that asks him."""
    return f"{settings.FIRSTLINE_BASE_URL}/come/{token_of(call_up)}/"


def page() -> str:
    """Where the manager calls people in, as a full address."""
    return f"{settings.FIRSTLINE_BASE_URL}/desk/reinforcement/"


def by_token(token: str) -> CallUp | None:
    """Whoever was asked by this link; None for anything that we did not sign."""
    match = _SHAPE.fullmatch(token)
    if match is None or not tokens.is_signature(settings.SECRET_KEY, match[2], PURPOSE, match[1]):
        return None
    rows = CallUp.objects.select_related("person__client", "person__team", "reinforcement__made_by")
    return rows.prefetch_related("reinforcement__clients").filter(pk=int(match[1]), person__is_active=True).first()


def reserve(at: datetime) -> QuerySet[Person]:
    """Who may be asked, by name."""
    rows = Person.objects.filter(in_reserve=True, is_active=True, client=None)
    return rows.select_related("team", "client").order_by("name", "id")


def asked_of(person: Person, at: datetime) -> list[CallUp]:
    """What somebody of the reserve has not answered yet; nobody else is looked up."""
    if not person.in_reserve:
        return []
    rows = CallUp.objects.filter(person=person, answer=Answer.SILENT, reinforcement__ends_at__gt=at)
    return list(rows.select_related("reinforcement"))


class Strength(NamedTuple):
    """How many of its lines are here without it, and how many came."""

    own: int
    came: int


def strength_of(rows: Sequence[Reinforcement], at: datetime) -> dict[int, Strength]:
    """Of each: at its beginning, or now while it lasts, or at its end. One statement beside what was prefetched."""
    moments = {row.pk: min(max(at, row.starts_at), row.ends_at) for row in rows}
    covering = Q(pk__in=())
    for moment in sorted(set(moments.values())):
        covering |= Q(starts_at__lte=moment, ends_at__gt=moment)
    turns = list(
        Turn.objects.filter(covering, kind=Turn.Kind.SHIFT)
        .order_by()
        .values_list("person_id", "person__team__line", "starts_at", "ends_at")
    )
    found = {}
    for row in rows:
        lines, moment = {int(line) for line in row.lines}, moments[row.pk]
        own = {person for person, line, start, end in turns if line in lines and start <= moment < end}
        came = {one.person_id for one in row.call_ups.all() if one.answer == Answer.ACCEPTED}
        found[row.pk] = Strength(len(own), len(came - own))
    return found


def _check(wanted: Wanted, at: datetime) -> None:
    if not wanted.reason.strip():
        raise WrongRoster("reason", "needed")
    if wanted.ends_at <= max(wanted.starts_at, at):
        raise WrongRoster("ends_at", "not after the start")
    if wanted.ends_at - wanted.starts_at > LONGEST:
        raise WrongRoster("ends_at", "too far away")
    if wanted.role not in GIVEN:
        raise WrongRoster("role", "unknown")
    if not re.fullmatch(r"1?2?3?", wanted.lines) or not wanted.lines:
        raise WrongRoster("lines", "none")
    if not wanted.all_clients and not wanted.clients:
        raise WrongRoster("clients", "none")
    if not 1 <= len(wanted.people) <= MOST_PEOPLE:
        raise WrongRoster("people", "nobody")


def _ask(row: Reinforcement, people: Iterable[Person], by: Person, at: datetime) -> None:
    for person in people:
        if not _may_come(person):
            raise WrongRoster("people", "not in the reserve")
        made = CallUp.objects.create(reinforcement=row, person=person, asked_at=at)
        trail.note(at=at, actor=by.actor, action="called_up", target=f"person:{person.pk}", reinforcement=row.pk)
        _write("called_up", made, at)


def _may_come(person: Person) -> bool:
    """Of the reserve, and of no client: those never see what belongs to another (product.md, always true, 4)."""
    return person.in_reserve and person.is_active and person.client_id is None


def _held(number: int) -> Reinforcement:
    """Whoever asks, answers or ends comes one after the other."""
    return Reinforcement.objects.select_for_update().get(pk=number)


def _give(call_up: CallUp, at: datetime) -> Grant:
    row = call_up.reinforcement
    values = {
        "role": row.role, "all_clients": row.all_clients, "lines": row.lines, "tag": row.tag,
        "starts_at": max(row.starts_at, at), "ends_at": row.ends_at, "given_back_at": None,
    }  # fmt: skip
    if call_up.grant is not None:
        Grant.objects.filter(pk=call_up.grant.pk).update(**values)
        return call_up.grant
    made = Grant.objects.create(person=call_up.person, **values)
    made.clients.set(row.clients.all())
    return made


def _write(kind: str, call_up: CallUp, at: datetime, **data: str) -> None:
    """By the way that he chose. Whether he can come is asked by both, unless he wants mail only: he is not at work, and
    who is to come within minutes has his telephone with him."""
    person = call_up.person
    both = kind == "called_up" and person.channel != ways.EMAIL
    found = [ways.of(email=person.email, number=person.phone_e164, by_sms=by_sms) for by_sms in (
        (False, True) if both else (ways.wants_sms(person.channel),)
    )]  # fmt: skip
    for way in dict.fromkeys(one for one in found if one is not None):
        outbox.put(
            kind=kind, to=way.to, channel=way.channel, language=person.language, person=person.pk, at=at,
            data={"call_up": call_up.pk, **data},
        )  # fmt: skip


def _note(action: str, row: Reinforcement, by: Person, at: datetime, **data: object) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"reinforcement:{row.pk}", **data)
