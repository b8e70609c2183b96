"""Calling colleagues into a ticket: it stays where it is and whose it is, they work along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from firstline.people.models import Person
from firstline.tickets import queries
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.permissions import NotAllowed, may_direct
from firstline.tickets.refusals import WrongValue
from firstline.tickets.swarm_models import Invitation

LONGEST_WHY = 500


def invite(ticket: Ticket, person: Person, *, by: Person, at: datetime, why: str = "") -> Ticket:
    """He is told, and works along. Who comes by himself invites himself. No event where he is there already."""
    with transaction.atomic():
        held = locked(ticket, deed="invite", verb="invitation", by=by)
        if not (person.is_active and person.solves):
            raise WrongValue("person", "not somebody who solves tickets")
        if not queries.sees(person, held):
            raise WrongValue("person", "does not see tickets of this client")
        if is_in(person, held):
            return held
        Invitation.objects.create(ticket=held, person=person, by=by, since=at)
        words = why.replace("\x00", "").strip()[:LONGEST_WHY]
        record(held, Kind.INVITED, by=by, at=at, person=person.pk, login=person.login, name=person.name, why=words)
        return held


def leave(ticket: Ticket, person: Person, *, by: Person, at: datetime) -> Ticket:
    """He leaves; who invited him and who directs the ticket may send him on. No event where he is not there."""
    with transaction.atomic():
        held = locked(ticket, deed="invite", by=by)
        row = held.invitations.filter(person=person, left_at__isnull=True).first()
        if row is None:
            return held
        if by.pk not in {person.pk, row.by_id} and not may_direct(by, held):
            raise NotAllowed("invite")
        row.left_at = at
        row.save(update_fields=["left_at"])
        record(held, Kind.LEFT_SWARM, by=by, at=at, person=person.pk, login=person.login, name=person.name)
        return held


def members(ticket: Ticket) -> QuerySet[Invitation]:
    """Who works along now."""
    return ticket.invitations.filter(left_at__isnull=True).select_related("person").order_by("id")


def works_along(person: Person | None) -> QuerySet[Invitation, Any]:
    """The numbers of the tickets into which he was called and which he has not left."""
    return Invitation.objects.filter(person=person, left_at__isnull=True).order_by().values("ticket")


def is_in(person: Person, ticket: Ticket) -> bool:
    return ticket.invitations.filter(person=person, left_at__isnull=True).exists()
