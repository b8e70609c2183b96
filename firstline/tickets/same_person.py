"""Two records of one person become one: addresses, requests and shares in tickets are the one's that stays.

What he wrote under the other stays written under it: history is only added to, and the other record says whose it is.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.audit import trail
from firstline.people import findable, upkeep
from firstline.people.models import OtherAddress, Person
from firstline.people.upkeep import WrongPerson
from firstline.roster import planning
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Participant, Ticket

BATCH = 200


def merge(source: Person, into: Person, *, by: Person, at: datetime) -> int:
    """First the records, so that new letters find the one that stays; then ticket by ticket, the rest by `go_on`.
    Returns how many requests went with it. Raises NotAllowed, WrongPerson."""
    _join(source, into, by=by, at=at)
    return _bring(source, into, by=by, at=at)


def go_on(at: datetime) -> int:
    """Requests that still stand under a merged record: a job brings the rest, whatever broke it off."""
    rest = Ticket.objects.filter(requester__merged_into__isnull=False).select_related("requester__merged_into")
    numbers = [(one, one.requester) for one in rest[:BATCH]]
    for ticket, source in numbers:
        if source.merged_into is not None:
            _bring_one(ticket, source, source.merged_into, by=None, at=at)
    shares = Participant.objects.filter(person__merged_into__isnull=False).select_related("person__merged_into")[:BATCH]
    for share in list(shares):
        if share.person.merged_into is not None:
            _bring_share(share, share.person.merged_into, by=None, at=at)
    return len(numbers)


@transaction.atomic
def _join(source: Person, into: Person, *, by: Person, at: datetime) -> None:
    held = {one.pk: one for one in (upkeep.held_now(one) for one in sorted((source, into), key=lambda one: one.pk))}
    gone, stays = held[source.pk], held[into.pk]
    for one in (gone, stays):
        upkeep.demand_for(by, upkeep.is_of_the_desk(one), one)
    if gone.pk == stays.pk or gone.merged_into_id is not None or stays.merged_into_id is not None:
        raise WrongPerson([("into", "itself")])
    if not stays.is_active or (stays.client is not None and stays.client.closed_at is not None):
        raise WrongPerson([("into", "closed")])
    if upkeep.is_of_the_desk(gone) or upkeep.is_of_the_desk(stays):
        raise WrongPerson([("into", "of the desk")])
    if gone.client_id is not None and gone.client_id != stays.client_id:
        raise WrongPerson([("into", "another client")])
    upkeep.deactivate_quietly(gone, actor=by.actor, at=at)
    planning.replan_person(gone, at)
    email, phone, number = gone.email, gone.phone, gone.phone_e164
    Person.objects.filter(pk=gone.pk).update(merged_into=stays, email="", phone="", phone_e164="")
    OtherAddress.objects.filter(person=gone).update(person=stays)
    if email and not stays.email:
        Person.objects.filter(pk=stays.pk).update(email=email)
    elif email:
        OtherAddress.objects.create(person=stays, kind="email", value=email.lower())
    if phone and not stays.phone:
        Person.objects.filter(pk=stays.pk).update(phone=phone, phone_e164=number)
    elif phone and number != stays.phone_e164:
        OtherAddress.objects.create(person=stays, kind="phone", value=phone, number=number)
    findable.changed(gone, stays)
    trail.note(
        at=at, actor=by.actor, action="people merged", target=f"person:{stays.pk}", source=gone.pk,
        login=gone.login, email=email, phone=phone,
    )  # fmt: skip


def _bring(source: Person, into: Person, *, by: Person, at: datetime) -> int:
    asked = Ticket.objects.filter(requester=source).order_by("pk")
    numbers = list(asked.values_list("pk", flat=True)[:BATCH])
    for number in numbers:
        _bring_one(Ticket(pk=number), source, into, by=by, at=at)
    for share in list(Participant.objects.filter(person=source)):
        _bring_share(share, into, by=by, at=at)
    return len(numbers)


@transaction.atomic
def _bring_share(share: Participant, into: Person, *, by: Person | None, at: datetime) -> None:
    held = locked(Ticket(pk=share.ticket_id))
    kept = Participant.objects.filter(pk=share.pk)
    if held.requester_id == into.pk or Participant.objects.filter(ticket=held, person=into).exists():
        kept.delete()
    elif kept.update(person=into):
        record(held, Kind.JOINED, by=by, at=at, person=into.pk, name=into.name, email=into.email)


@transaction.atomic
def _bring_one(ticket: Ticket, source: Person, into: Person, *, by: Person | None, at: datetime) -> None:
    held = locked(ticket)
    if held.requester_id != source.pk:
        return
    held.requester = into
    changed = {"requester": {"from": source.login, "to": into.login}}
    record(held, Kind.CHANGED, by=by, at=at, changed=changed, why="same person")
