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

LONGEST_ADDRESS = 254


def mail_again(ticket: Ticket, *, by: Person, at: datetime, email: str = "") -> Ticket:
    """An agent says that mail to somebody on the ticket (else its requester) comes through again: what goes by itself
    is sent as before. Raises WrongValue for an address that nobody on the ticket has."""
    demand(by, "answer", ticket)
    address = email.strip() or ticket.requester.email
    if address.lower() != ticket.requester.email.lower() and not _is_on(ticket, address):
        raise WrongValue("email", "nobody on the ticket")
    undeliverable.clear(address, by=by.pk, at=at)
    return ticket


def _is_on(ticket: Ticket, address: str) -> bool:
    """Whether the address takes part, or a letter on the ticket names it in copy."""
    if ticket.participants.filter(person__email__iexact=address).exists():
        return True
    named = ticket.events.filter(data__has_key="in_copy").order_by("-id").values_list("data", flat=True)[:50]
    return any(address.lower() == one.lower() for data in named for one in data["in_copy"])


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


def bring(ticket: Ticket, email: str, *, by: Person, at: datetime) -> Ticket:
    """Whoever asks brings a colleague: he reads and answers from now on. Only somebody of the same client who has an
    account; who that is not is not known, whoever he may be. Raises WrongValue("email"), NotAllowed."""
    with transaction.atomic():
        held = locked(ticket, deed="reply", by=by)
        if held.merged_into_id is not None:
            raise AlreadyMerged(held.pk, held.merged_into_id)
        address = email.replace("\x00", "").strip()
        person = None
        if by.client_id is not None and held.client_id == by.client_id and 0 < len(address) <= LONGEST_ADDRESS:
            person = Person.objects.filter(client=by.client_id, is_active=True, email__iexact=address).first()
        if person is None:
            raise WrongValue("email", "not a colleague")
        if (
            person.pk != held.requester_id
            and (Participant.objects.get_or_create(ticket=held, person=person, defaults={"since": at})[1])
        ):
            record(held, Kind.JOINED, by=by, at=at, public=True, person=person.pk, name=person.name, email=person.email)
        return held
