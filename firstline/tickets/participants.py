"""Who takes part in a ticket beside its requester, by an agent's decision."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person
from firstline.post import undeliverable
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Participant, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import AlreadyMerged, WrongValue


def mail_again(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """An agent says that mail to the requester comes through again: what goes by itself is sent as before."""
    demand(by, "answer", ticket)
    undeliverable.clear(ticket.requester.email, by=by.pk, at=at)
    return ticket


def add(ticket: Ticket, person: Person, *, by: Person, at: datetime) -> Ticket:
    """He reads and answers from now on. Nobody of another client ever does. No event where he takes part already."""
    with transaction.atomic():
        held = locked(ticket, deed="link", by=by)
        if held.merged_into_id is not None:
            raise AlreadyMerged(held.pk, held.merged_into_id)
        if not person.is_agent and person.client_id not in (None, held.client_id):
            raise WrongValue("email", "another client")
        if person.pk == held.requester_id:
            return held
        if Participant.objects.get_or_create(ticket=held, person=person, defaults={"since": at})[1]:
            record(held, Kind.JOINED, by=by, at=at, person=person.pk, name=person.name, email=person.email)
        return held
