"""A machine that speaks for somebody: the form of a web site writes as no-reply@… and names the person in Reply-To.

Nobody reads the first address, so an answer to it is lost. The other one is only a word, like any that is typed into a
form: it opens nobody's tickets, and what it makes is marked (decision 0014).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from firstline.intake import proof, senders
from firstline.intake.reading.letters import Letter
from firstline.people.models import Person
from firstline.post.mime import is_address
from firstline.post.own import House
from firstline.tickets.models import Ticket

FLAGS = ("by-reply-to", "unverified-sender")
MOST_AN_HOUR = 3  # acknowledgements to one person; more than this may be somebody having him written to
_NOBODY_READS = re.compile(r"(?i)^(?:no|do[-_.]?not)[-_.]?reply(?:[+.=_-].*)?$")


@dataclass(frozen=True)
class Spoken:
    """`letter`: with the one for whom it speaks as its sender, his name checked like any other."""

    letter: Letter
    person: Person

    def has_enough(self, at: datetime) -> bool:
        """Whether he was told often enough within the hour."""
        made = Ticket.objects.filter(requester=self.person, created_at__gt=at - timedelta(hours=1))
        return made[:MOST_AN_HOUR].count() == MOST_AN_HOUR


def read(letter: Letter, house: House) -> Spoken | None:
    """Who asks, where an address that nobody reads names exactly one other; never somebody of the desk."""
    named = {address.email.lower(): address for address in letter.reply_to}
    if not _is_deaf(letter.from_email or "") or len(named) != 1:
        return None
    (address,) = named.values()
    if not is_address(address.email) or _is_deaf(address.email) or house.has(address.email):
        return None
    theirs = proof.with_signs(replace(letter, from_email=address.email, from_name=address.name or None, signs=()))
    person = senders.find(address.email) or senders.make(
        email=address.email, name=proof.shown_name(theirs), client=senders.client_of(address.email),
        words=letter.reply_text,
    )  # fmt: skip
    return None if person.is_agent or not person.is_active else Spoken(theirs, person)


def _is_deaf(email: str) -> bool:
    return bool(_NOBODY_READS.match(email.partition("@")[0]))
