"""Telling people of the desk: the one place where what somebody wishes meets what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.db.models import Q

from firstline.lib import one_row
from firstline.notices import matrix, pushes
from firstline.notices.models import Notice
from firstline.people.models import Person, Team
from firstline.people.roles import Role
from firstline.post import gateways, outbox, ways
from firstline.post.limits import TO_THE_DESK
from firstline.roster import duty
from firstline.tickets.models import Event, Ticket
from firstline.tickets.who_sees import people_who_see


def tell_agents(event: Event, kind: str, ids: Iterable[int | None]) -> None:
    """These, where there are any, and whoever else wants to hear of it."""
    wanted = {pk for pk in ids if pk is not None and pk != event.by_id} | listeners(event.ticket, kind)
    if wanted:
        tell(event, dict.fromkeys(people_who_see(event.ticket).filter(pk__in=wanted).distinct(), kind))


def tell_whom(event: Event, kind: str, concerned: Q) -> None:
    """Those of the desk who see the ticket and are concerned, or hear of such things anyhow."""
    people = people_who_see(event.ticket).filter(concerned | Q(pk__in=listeners(event.ticket, kind))).distinct()
    tell(event, dict.fromkeys(people, kind))


def tell(event: Event, told: dict[Person, str], *, at_once: bool = True) -> None:
    """Each hears of the event by the ways that he chose; nobody of what he did himself. `at_once` False: the letters
    are another's business (after an outage there is one about all)."""
    at = event.learnt_at
    people = [person for person in told if person.pk != event.by_id]
    away, in_browsers = _away(people, at), pushes.where(people)
    drafts, notices = [], []
    for person in people:
        kind = told[person]
        ways = matrix.ways(kind, person.notices, role=person.role, away=person.pk in away)
        if ways.mail == matrix.NOW and person.email and at_once:
            drafts.append(
                outbox.draft(
                    kind=kind, to=person.email, language=person.language, data={TO_THE_DESK: True}, at=at,
                    person=person.pk, ticket=event.ticket_id, event=event.pk,
                )
            )  # fmt: skip
        if ways.inbox or ways.mail == matrix.DIGEST:
            notices.append(_notice(event, person, kind, ways))
        if person.has_push and ways.push:
            drafts += pushes.drafts(event, person, kind, in_browsers)
    if drafts:
        outbox.put_all(drafts)
    one_row.add_all(notices)


def tell_once(event: Event, person: Person, kind: str, *, key: str) -> None:
    """Of what goes on and on he hears once in a while: `key` is the same as long as it is the same, by each way."""
    at = event.learnt_at
    ways = matrix.ways(kind, person.notices, role=person.role, away=person.pk in _away([person], at))
    if ways.mail == matrix.NOW and person.email:
        outbox.put(
            kind=kind, to=person.email, language=person.language, data={TO_THE_DESK: True}, at=at,
            person=person.pk, ticket=event.ticket_id, event=event.pk, unique_key=key,
        )  # fmt: skip
    if person.has_push and ways.push:
        pushes.put_once(event, person, kind, key=key)
    if ways.inbox or ways.mail == matrix.DIGEST:
        notice = _notice(event, person, kind, ways)
        notice.once = key
        Notice.objects.bulk_create([notice], ignore_conflicts=True)


def text(event: Event, people: Iterable[Person], kind: str) -> None:
    """A text message to each whose number a gateway reaches, beside whatever else he gets."""
    sending = cache(gateways.sending)
    outbox.put_all(
        outbox.draft(
            kind=kind, channel=ways.SMS, to=person.phone_e164, language=person.language, data={TO_THE_DESK: True},
            at=event.learnt_at, person=person.pk, ticket=event.ticket_id, event=event.pk,
        )
        for person in people
        if person.pk != event.by_id and gateways.reaches(person.phone_e164, sending)
    )  # fmt: skip


def hurried(people: Iterable[Person], kind: str, at: datetime) -> list[Person]:
    """Those of them who get a letter of this kind at once."""
    known = list(people)
    away = _away(known, at)
    return [
        person
        for person in known
        if matrix.ways(kind, person.notices, role=person.role, away=person.pk in away).mail == matrix.NOW
    ]


def listeners(ticket: Ticket, kind: str) -> set[int]:
    """Who hears of such things beyond what concerns him; whether he sees the ticket is the caller's to ask. One
    statement, which finds by an index the few who chose something, and the managers."""
    topic = matrix.TOPIC_OF.get(kind, "")
    if topic not in matrix.WIDER:
        return set()
    line = Q(team__in=Team.objects.filter(line=ticket.line).values("pk"))
    team = Q(team=ticket.team_id) if ticket.team_id else line
    watched = Q(pk__in=ticket.invitations.filter(left_at__isnull=True).values("person"))
    watched |= Q(pk=ticket.contact_owner_id) if ticket.contact_owner_id else Q(pk__in=[])
    wider = Q(hears__gt="") & (
        Q(hears__contains=f" {topic}:{matrix.ALL} ")
        | (Q(hears__contains=f" {topic}:{matrix.TEAM} ") & team)
        | (Q(hears__contains=f" {topic}:{matrix.WATCHED} ") & watched)
    )
    if matrix.hears("", topic, Role.MANAGER):
        wider |= Q(hears="", role=Role.MANAGER)
    return set(Person.objects.filter(wider, is_active=True).order_by().values_list("pk", flat=True))


def listens(person: Person, ticket: Ticket, kind: str) -> bool:
    """`listeners` of somebody who is known already; WATCHED needs no asking here, who watches an alarm is told of it
    as its holder."""
    reach = matrix.hears(person.hears, matrix.TOPIC_OF.get(kind, ""), person.role)
    if reach == matrix.TEAM:
        if ticket.team_id:
            return person.team_id == ticket.team_id
        return person.team is not None and person.team.line == ticket.line
    return reach == matrix.ALL or (reach == matrix.WATCHED and person.pk == ticket.contact_owner_id)


def _away(people: Iterable[Person], at: datetime) -> frozenset[int]:
    """Who of them wants quiet and is not on duty; asked only where somebody wants it."""
    quiet = {person.pk for person in people if matrix.wants_quiet(person.notices)}
    if not quiet or not duty.is_kept():
        return frozenset()
    return frozenset(quiet - duty.on_duty(at) | quiet & duty.absent(at).keys())


def _notice(event: Event, person: Person, kind: str, ways: matrix.Ways) -> Notice:
    return Notice(
        person_id=person.pk, ticket_id=event.ticket_id, event_id=event.pk, kind=kind, at=event.learnt_at,
        in_inbox=ways.inbox, awaits=ways.mail == matrix.DIGEST, held=ways.held,
    )  # fmt: skip
