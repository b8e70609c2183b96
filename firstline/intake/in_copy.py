"""Who else a letter was sent to: colleagues take part, strangers only where an agent says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firstline.intake import senders
from firstline.intake.reading.letters import Letter
from firstline.people.models import Client, Person
from firstline.post import own
from firstline.post.mime import is_address
from firstline.post.own import House
from firstline.tickets import participants
from firstline.tickets.models import Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongValue

MOST_IN_COPY = 20
MOST_NEW_IN_COPY = 10


@dataclass(frozen=True)
class InCopy:
    """`colleagues`: people of the same client, known or with its domain. `strangers`: other addresses, to be asked
    about."""

    colleagues: tuple[Person, ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """For the event of the letter; nothing where nobody is to be asked about."""
        return {"in_copy": list(self.strangers)} if self.strangers else {}


def of(letter: Letter, client: Client | None, sender: Person, house: House) -> InCopy:
    """The people in To and Cc. Nobody of another client is ever named, nobody of the desk taken along."""
    written = {address.email.lower(): address.name for address in (*letter.to, *letter.cc)[: MOST_IN_COPY * 2]}
    others = [one for one in written if not house.has(one) and one != (letter.from_email or "").lower()]
    known = senders.find_all(others[:MOST_IN_COPY])
    colleagues: list[Person] = []
    strangers: list[str] = []
    made = 0
    for email in others[:MOST_IN_COPY]:
        person = known.get(email)
        whose = senders.client_of(email) if person is None else None
        if person is None and client is not None and whose == client and made < MOST_NEW_IN_COPY:
            person, made = senders.make(email=email, name=written[email], client=client), made + 1
        if person is None:
            strangers += [email] if whose is None and is_address(email) else []
        elif person.is_agent or person.pk == sender.pk:
            continue
        elif client is not None and person.client_id == client.pk:
            colleagues.append(person)
        elif person.client_id is None:
            strangers.append(email)
    return InCopy(tuple(colleagues), tuple(strangers))


def add(ticket: Ticket, email: str, *, by: Person, at: datetime) -> Ticket:
    """An agent says that somebody takes part, known or not. Raises NotAllowed, WrongValue (no address; another client's
    person, who must not see it)."""
    demand(by, "link", ticket)
    address = email.strip()
    if not is_address(address) or own.is_ours(address):
        raise WrongValue("email", "an e-mail address")
    person = senders.find(address)
    if person is None:
        client = senders.client_of(address)
        if client is not None and client.pk != ticket.client_id:
            raise WrongValue("email", "another client")
        person = senders.make(email=address, client=client)
    return participants.add(ticket, person, by=by, at=at)
