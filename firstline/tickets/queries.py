"""The one door to tickets: what a person may not see does not exist for him (404)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from firstline.calendars.models import CalendarVersion
from firstline.lib.asked_often import Given
from firstline.people.asking import OfSomebody
from firstline.people.models import Grant, Person
from firstline.people.roles import Role
from firstline.tickets.models import Attachment, Event, Message, Ticket


class NotThere(Exception):
    """Not there, or not for this person: the two are never told apart."""


def visible_to(person: Person) -> QuerySet[Ticket]:
    """All tickets that the person may see. A ticket of nobody's client is the whole desk's."""
    if not person.is_active:
        return Ticket.objects.none()
    granted = person.granted if person.in_reserve else []
    if person.role == Role.REQUESTER and granted:
        # While he works here he is of the desk: what he asked for himself elsewhere he sees as a requester, afterwards.
        return Ticket.objects.filter(_reached(granted))
    if person.role == Role.REQUESTER:
        return concerning(person)
    if person.role == Role.COORDINATOR:
        own = Q(requester=person) | Q(pk__in=person.takes_part.values("ticket_id"))
        return Ticket.objects.filter(own | Q(client_id=person.client_id) if person.client_id else own)
    if person.sees_all_clients:
        return Ticket.objects.all()
    scope = Q(client_id__in=person.scope.through.objects.filter(person=person).values("client_id"))
    return Ticket.objects.filter(Q(client__isnull=True) | scope | (_reached(granted) if granted else Q()))


def concerning(person: Person) -> QuerySet[Ticket]:
    """What he asked himself or takes part in. As a list of numbers: PostgreSQL answers "the one or the other" by
    reading every ticket."""
    asked = Ticket.objects.filter(requester=person).order_by().values("pk")
    return Ticket.objects.filter(pk__in=asked.union(person.takes_part.order_by().values("ticket_id")))


def _reached(granted: list[Grant]) -> Q:
    """What reinforcement lets somebody see while it lasts: its clients, its lines, its project."""
    found = Q(pk__in=[])
    for one in granted:
        part = Q(line__in=[int(line) for line in one.lines])
        if not one.all_clients:
            part &= Q(client_id__in=[client.pk for client in one.clients.all()])
        if one.tag:
            part &= Q(tags__icontains=json.dumps(one.tag)) | Q(tags__icontains=json.dumps(one.tag, ensure_ascii=False))
        found |= part
    return found


def on_visible(person: Person) -> Exists:
    """Of rows with a `ticket` those whose ticket the person may see. Asked row by row: the list of what somebody sees
    may be a million, and SQLite would begin with it."""
    return Exists(visible_to(person).order_by().filter(pk=OuterRef("ticket")))


# The newest version of the contract's calendar: whoever says whether it is open now need not ask for it.
_NEWEST_HOURS = CalendarVersion.objects.filter(calendar=OuterRef("contract__calendar")).order_by("-number")


def asking(*beside: str, **more: Combinable) -> OfSomebody[Ticket]:
    """A ticket by its `number`, as a page wants it: `beside` and `more` are rows and columns that come with it."""

    def wording(person: Person) -> QuerySet[Ticket]:
        return (
            visible_to(person)
            .filter(pk=Given("number", BigIntegerField()))
            .select_related(
                "team",
                "assignee",
                "client",
                "requester",
                "service",
                "category",
                "equipment",
                "contract__contract",
                "contract__calendar",
                "contact_owner",
                *beside,
            )
            .annotate(
                hours_version=Subquery(_NEWEST_HOURS.values("pk")[:1]),
                hours_made_at=Subquery(_NEWEST_HOURS.values("created_at")[:1]),
                **more,
            )
        )

    return OfSomebody(wording)


TICKET = asking()


def get_for(person: Person, number: int | str, asked: OfSomebody[Ticket] = TICKET) -> Ticket:
    """The ticket with this number, if the person may see it. Raises NotThere."""
    text = str(number)
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise NotThere(text)
    ticket = asked.first(person, number=int(text))
    if ticket is None:
        raise NotThere(text)
    return ticket


def sees(person: Person, ticket: Ticket) -> bool:
    """Whether the ticket is among what the person may see."""
    return visible_to(person).filter(pk=ticket.pk).exists()


def timeline_for(person: Person, ticket: Ticket | Given) -> QuerySet[Event]:
    """The history as this person may read it, oldest first; the client's side gets public events only.

    With the events of messages that are shown here and came in elsewhere (merged, moved). Of what went elsewhere the
    event stays, its words do not: ask `words_on` for them.
    """
    there: Any = ticket  # the ticket itself, or its place in a question that is worded once
    here = Event.objects.filter(ticket=there).order_by().values("pk")
    shown = Message.objects.filter(ticket=there).order_by().values("event")
    events = Event.objects.filter(pk__in=here.union(shown)).select_related("by", "message", "message__author")
    events = events.prefetch_related("message__attachments")
    return events if person.is_agent else events.filter(public=True)


def words_on(ticket: Ticket, event: Event) -> Message | None:
    """The message of an event of this timeline, if it is shown on this ticket."""
    message = getattr(event, "message", None)
    return message if message is not None and message.ticket_id == ticket.pk else None


def with_public_moment(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Each with `public_at`: when something last happened that the client's side may know of. `updated_at` moves with
    an internal note too, and the client's side never learns that there is one."""
    public = Event.objects.filter(ticket=OuterRef("pk"), public=True).order_by("-id")
    return tickets.annotate(public_at=Subquery(public.values("learnt_at")[:1]))


def last_change_for(person: Person, ticket: Ticket) -> tuple[int, datetime]:
    """Number and moment of the last change that this person may know of: what `seen` is compared with."""
    if person.is_agent:
        return ticket.version, ticket.updated_at
    public = ticket.events.filter(public=True).order_by("-id").values_list("id", "learnt_at").first()
    return public or (0, ticket.created_at)


def message_for(person: Person, message_id: int) -> Message:
    """A message through the same door. Raises NotThere."""
    message = Message.objects.select_related("ticket", "author").filter(pk=message_id).first()
    if message is None or not sees(person, message.ticket) or not (message.public or person.is_agent):
        raise NotThere(str(message_id))
    return message


def attachment_for(person: Person, attachment_id: int) -> Attachment:
    """A file through the same door. Raises NotThere."""
    attachment = Attachment.objects.select_related("message__ticket").filter(pk=attachment_id).first()
    if attachment is None or not sees(person, attachment.message.ticket):
        raise NotThere(str(attachment_id))
    if not (attachment.message.public or person.is_agent):
        raise NotThere(str(attachment_id))
    return attachment
