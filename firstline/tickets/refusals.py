"""The expected refusals of the verbs. Pages and the API show each in words; all else crashes loudly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstline.tickets.models import Event, Ticket


class WrongStatus(Exception):
    """The status does not allow the verb (409, names both)."""

    def __init__(self, verb: str, status: str) -> None:
        super().__init__(f"{verb} from {status}")
        self.verb, self.status = verb, status


class ChangedSince(Exception):
    """Somebody changed the ticket after this person looked at it (409): shows what, loses nothing."""

    def __init__(self, ticket: Ticket, events: list[Event]) -> None:
        super().__init__(f"{len(events)} newer events")
        self.ticket, self.events = ticket, events


class AlreadyMerged(Exception):
    """The ticket was merged into another one, perhaps a moment ago (409): what is to be done is done there."""

    def __init__(self, number: int, into: int) -> None:
        super().__init__(f"#{number} is merged into #{into}")
        self.number, self.into = number, into


class WrongValue(Exception):
    """A field's value is not possible (422); `field` is the name in the API and of the form."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem
