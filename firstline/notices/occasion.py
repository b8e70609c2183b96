"""What a notice is about: the event as it was, the ticket, and the person who reads it, with his zone and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firstline.lib.asked_often import Given, Question
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import status_link
from firstline.tickets.models import Event, Message, Ticket


@dataclass(frozen=True)
class Occasion:
    """Everything that words are made of. `ticket`, `event` and `message` are None for what is about an account."""

    delivery: Delivery
    person: Person | None
    ticket_or_none: Ticket | None
    event_or_none: Event | None
    message: Message | None

    @property
    def ticket(self) -> Ticket:
        if self.ticket_or_none is None:
            raise LookupError(f"{self.delivery.kind} without a ticket")
        return self.ticket_or_none

    @property
    def event(self) -> Event:
        if self.event_or_none is None:
            raise LookupError(f"{self.delivery.kind} without an event")
        return self.event_or_none

    @property
    def data(self) -> dict[str, Any]:
        """What the event says."""
        said: dict[str, Any] = self.event.data
        return said

    @property
    def author(self) -> str:
        """Who did it, as the reader may know him."""
        return self.event.by.name if self.event.by and self.event.by.name else _("Service desk")

    @property
    def portal_url(self) -> str:
        return f"{settings.FIRSTLINE_BASE_URL}/portal/requests/{self.ticket.pk}/"

    @property
    def status_url(self) -> str:
        """Without signing in."""
        return status_link.url(self.ticket)

    def moment(self, at: datetime | str) -> str:
        """A moment as the reader says it, in his own zone, which is named."""
        instant = datetime.fromisoformat(at) if isinstance(at, str) else at
        return date_format(instant.astimezone(self.zone), "j E Y, H:i T")

    @property
    def zone(self) -> ZoneInfo:
        """His own, else his company's, else the desk's."""
        names = [settings.TIME_ZONE]
        if self.person is not None:
            names = [self.person.time_zone, self.person.client.time_zone if self.person.client else "", *names]
        for name in names:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):  # nothing set, or a name that this machine does not know
                continue
        return ZoneInfo("UTC")


def occasion_of(delivery: Delivery) -> Occasion:
    """Looks everything up. Raises DoesNotExist where the rows that a delivery names are gone (they never go)."""
    event = None
    if delivery.event and (event := _EVENT.first(event=delivery.event)) is None:
        raise Event.DoesNotExist(delivery.event)
    ticket = event.ticket if event else None
    if ticket is None and delivery.ticket:
        ticket = Ticket.objects.select_related("client", "requester__client").get(pk=delivery.ticket)
    return Occasion(delivery, _reader_of(delivery, ticket), ticket, event, _message_of(event))


def _reader_of(delivery: Delivery, ticket: Ticket | None) -> Person | None:
    """Most of what leaves the house is for the requester, who has come with his ticket."""
    if ticket is not None and ticket.requester_id == delivery.person:
        return ticket.requester
    return Person.objects.select_related("client").get(pk=delivery.person) if delivery.person else None


def _message_of(event: Event | None) -> Message | None:
    try:
        return event.message if event else None
    except Message.DoesNotExist:
        return None


_EVENT = Question(
    lambda: Event.objects.select_related("by", "message", "ticket__client", "ticket__requester__client").filter(
        pk=Given("event", BigIntegerField())
    )
)
