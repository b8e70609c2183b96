"""Who is on a ticket, and whether mail comes through to each: fetched after the page, which must not wait for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstline.people.models import Person
from firstline.post.models import Undeliverable
from firstline.tickets.models import Kind, Ticket
from firstline.web import bounce_words

MOST = 50
LOOKED_AT = 50  # letters, for who stands in their copy


@dataclass(frozen=True)
class OnTicket:
    """`part`: requester, participant, or copy (named in a letter, not added). `mark`: what is known of the address."""

    part: str
    email: str
    person: Person | None = None
    mark: Undeliverable | None = None

    @property
    def name(self) -> str:
        return self.person.name if self.person is not None else self.email

    @property
    def is_bad(self) -> bool:
        """Mail comes back from there for good, or somebody there complained."""
        return self.mark is not None and bool(self.mark.hard_since or self.mark.complained_at)

    @property
    def reason(self) -> str:
        return bounce_words.reason(self.mark.reason or "", self.mark.status or "") if self.mark is not None else ""


def of(ticket: Ticket) -> list[OnTicket]:
    """The requester, who takes part, who was only named: three statements."""
    taking_part = [one.person for one in ticket.participants.select_related("person").order_by("since", "id")[:MOST]]
    found = [OnTicket("requester", ticket.requester.email, ticket.requester)]
    found += [OnTicket("participant", person.email, person) for person in taking_part]
    there = {one.email.lower() for one in found}
    found += [OnTicket("copy", email) for email in _in_copy(ticket) if email.lower() not in there]
    return _marked(found)


def _in_copy(ticket: Ticket) -> Sequence[str]:
    letters = ticket.events.filter(kind__in=(Kind.CREATED, Kind.MESSAGE), data__has_key="in_copy").order_by("-id")
    named = [email for data in letters.values_list("data", flat=True)[:LOOKED_AT] for email in data["in_copy"]]
    return list(dict.fromkeys(named))[:MOST]


def _marked(people: list[OnTicket]) -> list[OnTicket]:
    marks = Undeliverable.objects.in_bulk([one.email.lower() for one in people if one.email], field_name="address")
    return [OnTicket(one.part, one.email, one.person, marks.get(one.email.lower())) for one in people]
