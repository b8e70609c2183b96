"""To which ticket a letter belongs, and whether its sender may put words there (product.md, always-true 6).

A letter refers to tickets by the Message-IDs it answers (ours carry an HMAC; those of earlier letters are in the
journal) and by a token in its subject. A reference alone opens nothing: the sender must be one of the ticket's
people. Who only refers makes a new ticket that says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from firstline.intake.letters import Letter
from firstline.intake.models import Inbound
from firstline.lib import tokens
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import permissions
from firstline.tickets.models import Message, Ticket

MOST_REFERENCES = 60
# [#1042], and [Incident #1042] of programs that put a word before the number.
_TOKEN = re.compile(r"\[(?:[^\[\]#]{0,60}\s)?#(\d{1,12})\]")


@dataclass(frozen=True)
class Match:
    """`ticket`: the words belong there. `claimed`: it refers to that one, but its sender does not take part in it."""

    ticket: Ticket | None = None
    claimed: Ticket | None = None
    by_agent: bool = False


def key_of(message_id: str) -> str:
    """The index key of a Message-ID."""
    return hashlib.sha256(message_id.strip().encode("utf-8", "replace")).hexdigest()


def same_words(letter: Letter) -> str:
    """Equal for two copies of one letter: Message-ID, sender, date and body. Empty without a Message-ID."""
    if not letter.message_id:
        return ""
    date = letter.date.isoformat() if letter.date else ""
    sender = (letter.from_email or "").lower()
    files = ",".join(sorted(part.sha256 for part in letter.attachments))
    text = "\x1f".join((letter.message_id, sender, date, letter.text, files))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def references(letter: Letter) -> list[str]:
    """The Message-IDs it answers, nearest first."""
    named = [*letter.in_reply_to, *reversed(letter.references)]
    return list(dict.fromkeys(named))[:MOST_REFERENCES]


def find(letter: Letter, person: Person | None) -> Match:
    """The ticket of this letter for this sender. `person` None (nobody known) takes part in nothing."""
    claimed: Ticket | None = None
    for ticket in _candidates(letter):
        if person is not None and takes_part(person, ticket):
            return Match(ticket=ticket, by_agent=person.is_agent)
        claimed = claimed or ticket
    return Match(claimed=claimed)


def takes_part(person: Person, ticket: Ticket) -> bool:
    """Whether he is one of the ticket's people. An agent is, where he works or worked on it."""
    if not person.is_active:
        return False
    if permissions.may(person, "reply", ticket):
        return True
    if not person.is_agent:
        return False
    if person.pk in {ticket.assignee_id, ticket.contact_owner_id, ticket.requester_id}:
        return True
    on_it = ticket.participants.filter(person=person).exists()
    return on_it or Message.objects.filter(ticket=ticket, author=person).exists()


def delivery_of(message_ids: Iterable[str]) -> Delivery | None:
    """The mail of ours that one of these Message-IDs names; forgeries and unknown ones name nothing."""
    for given in message_ids:
        own = tokens.read_message_id(settings.SECRET_KEY, given)
        if own is None:
            continue
        found = Delivery.objects.filter(uuid=own.delivery).first()
        if found is not None and (found.ticket or 0) == own.ticket:
            return found
    return None


def is_ours(message_id: str | None) -> bool:
    """Whether we made this Message-ID."""
    return message_id is not None and tokens.read_message_id(settings.SECRET_KEY, message_id) is not None


def refers_to_unknown(letter: Letter) -> bool:
    """Whether it answers a letter that the journal does not know (yet)."""
    named = references(letter)
    return bool(named) and not Inbound.objects.filter(mail_key__in=[key_of(one) for one in named]).exists()


def _candidates(letter: Letter) -> list[Ticket]:
    numbers: list[int] = []
    named = references(letter)
    for given in named:
        own = tokens.read_message_id(settings.SECRET_KEY, given)
        if own is not None and own.ticket and Delivery.objects.filter(uuid=own.delivery, ticket=own.ticket).exists():
            numbers.append(own.ticket)
    numbers += _by_earlier_letters(named)
    numbers += [int(number) for number in _TOKEN.findall(letter.subject)[:5]]
    wanted = list(dict.fromkeys(numbers))
    found = Ticket.objects.select_related("client", "requester", "team").in_bulk(wanted) if wanted else {}
    return [found[number] for number in wanted if number in found]


def _by_earlier_letters(named: list[str]) -> list[int]:
    if not named:
        return []
    keys = {key_of(one): order for order, one in enumerate(named)}
    known = Inbound.objects.filter(Q(ticket__isnull=False), mail_key__in=list(keys)).order_by("id")
    rows = list(known.values_list("mail_key", "ticket_id")[:200])
    return [ticket for key, ticket in sorted(rows, key=lambda row: keys[row[0] or ""]) if ticket is not None]
