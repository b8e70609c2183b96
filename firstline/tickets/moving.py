"""A message that belongs elsewhere: moved to another ticket, or split off as one of its own.

History stays: the event remains on the ticket on which the message came in, both tickets say where it went, and moving
it back is the same verb. What we said ourselves is not moved: it went out to the people of its ticket.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.people.models import Person
from firstline.tickets import merging, opening
from firstline.tickets.history import locked, record
from firstline.tickets.models import Channel, Kind, Link, LinkKind, Message, Participant, Ticket, Type
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import AlreadyMerged, WrongValue


def move(message: Message, to: Ticket, *, by: Person | None, at: datetime) -> Ticket:
    """The message is shown on `to` from now on, and moves it as an answer does. Its author takes part there.

    `by` None is the program (an original came after its answer). The caller got both tickets through the door. Moving
    it to where it came in undoes a move: who only came along with it goes again.
    """
    with transaction.atomic():
        source, target = _hold(message, to)
        moved = Message.objects.select_related("event", "author").get(pk=message.pk)
        if moved.ticket_id != source.pk:
            raise WrongValue("message", "moved already")
        for one in (source, target):
            demand(by, "merge", one)
        _must_be_movable(moved)
        if target.merged_into_id is not None:
            raise AlreadyMerged(target.pk, target.merged_into_id)
        if source.client_id not in (None, target.client_id):
            raise WrongValue("to", "another client")
        back = moved.event.ticket_id == target.pk
        if not back and not Message.objects.filter(ticket=source).exclude(pk=moved.pk).exists():
            raise WrongValue("message", "the only one")  # a ticket without words: merge it
        joined = _author_takes_part(moved, target, at)
        _leave(moved, source)
        Message.objects.filter(pk=moved.pk).update(ticket=target)
        record(
            source, Kind.MOVED_AWAY, by=by, at=at, public=moved.public,
            to=target.pk, message=moved.pk, event=moved.event_id,
        )  # fmt: skip
        record(
            target, Kind.MOVED_HERE, by=by, at=at, public=moved.public,
            source=source.pk, message=moved.pk, event=moved.event_id, joined=joined, back=back,
        )  # fmt: skip
        if not back and moved.public and moved.author is not None and not moved.author.is_agent:
            merging.wake(target, by=moved.author, at=at)
        return target


def split(message: Message, *, by: Person, at: datetime, subject: str = "") -> Ticket:
    """A ticket of its own from a message of the client's side; it starts at the time of the message (product.md)."""
    with transaction.atomic():
        source = locked(Ticket(pk=message.ticket_id), deed="merge", by=by)
        moved = Message.objects.select_related("event", "author__client").get(pk=message.pk)
        if moved.ticket_id != source.pk:
            raise WrongValue("message", "moved already")
        _must_be_movable(moved)
        if moved.author is None or not moved.public:
            raise WrongValue("message", "not a request")
        if not Message.objects.filter(ticket=source).exclude(pk=moved.pk).exists():
            raise WrongValue("message", "the only one")

        fresh = opening.open_ticket(
            subject=subject.strip() or source.subject, words=moved, requester=moved.author,
            channel=Channel(moved.channel), at=moved.event.happened_at, by=by, learnt_at=at, client=source.client,
            type=Type(source.type), service=source.service, category=source.category, team=source.team,
            equipment=source.equipment,
            facts={"split_from": source.pk, "message": moved.pk},
        )  # fmt: skip
        Link.objects.get_or_create(source=fresh, target=source, kind=LinkKind.RELATED)
        record(
            source, Kind.MOVED_AWAY, by=by, at=at, public=True,
            to=fresh.pk, message=moved.pk, event=moved.event_id, split=True,
        )  # fmt: skip
        return fresh


def is_movable(message: Message) -> bool:
    """Words of the client's side and what only the desk reads; an answer of ours went out to its ticket's people."""
    return not (message.by_agent and (message.public or message.channel == Channel.PHONE))


def _must_be_movable(message: Message) -> None:
    if not is_movable(message):
        raise WrongValue("message", "our own answer")


def _hold(message: Message, to: Ticket) -> tuple[Ticket, Ticket]:
    """Both tickets, the lower number first, as `merging` holds them."""
    if message.ticket_id == to.pk:
        raise WrongValue("to", "the ticket itself")
    held = {pk: locked(Ticket(pk=pk)) for pk in sorted((message.ticket_id, to.pk))}
    return held[message.ticket_id], held[to.pk]


def _author_takes_part(moved: Message, target: Ticket, at: datetime) -> bool:
    """Whether the author was brought to the target by this."""
    author = moved.author
    if author is None or author.is_agent or author.pk == target.requester_id or not moved.public:
        return False
    if author.client_id not in (None, target.client_id):
        return False
    return Participant.objects.get_or_create(ticket=target, person=author, defaults={"since": at})[1]


def _leave(moved: Message, source: Ticket) -> None:
    """Who was brought to the source by this very message, and said nothing else there, goes with it."""
    brought = source.events.filter(kind=Kind.MOVED_HERE, data__message=moved.pk).order_by("-id").first()
    if brought is None or not brought.data.get("joined") or moved.author_id is None:
        return
    if not Message.objects.filter(ticket=source, author=moved.author_id).exclude(pk=moved.pk).exists():
        source.participants.filter(person=moved.author_id).delete()
