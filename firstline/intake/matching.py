"""To which ticket a letter belongs, and whether its sender may put words there (product.md, always-true 6).

A letter refers to tickets by the Message-IDs it answers (ours carry an HMAC; those of earlier letters are in the
journal), by the tagged address it was sent to, and by a token in its subject. A reference alone opens nothing: the
sender must be one of the ticket's people. Who only refers makes a new ticket that says so. An answer that came before
what it answers waits for it (`Awaited`): the order of arrival does not matter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from firstline.intake.models import Awaited, Inbound
from firstline.intake.reading.letters import Letter
from firstline.lib import tokens
from firstline.lib.tokens import OwnAddress
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import merging, permissions
from firstline.tickets.models import Message, Ticket

MOST_REFERENCES = 60
MOST_AWAITED = 10
# [#1042], and [Incident #1042] of programs that put a word before the number.
_TOKEN = re.compile(r"\[(?:[^\[\]#]{0,60}\s)?#(\d{1,12})\]")


@dataclass(frozen=True)
class Match:
    """`ticket`: the words belong there. `claimed`: it refers to that one, but its sender does not take part in it.
    `how` it was found, in the words of the journal."""

    ticket: Ticket | None = None
    claimed: Ticket | None = None
    by_agent: bool = False
    how: str = ""


OUR_LETTER, OUR_ADDRESS, REFERENCE = "by our letter", "by the reply address", "by reference"
ANSWERED_BEFORE, SUBJECT_NUMBER = "answered before it came", "by subject number"


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
    for ticket, how in _candidates(letter):
        if person is not None and takes_part(person, ticket):
            return Match(ticket=ticket, by_agent=person.is_agent, how=how)
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


def notice_answered(letter: Letter, person: Person, ticket: Ticket) -> Delivery | None:
    """The mail of ours about this ticket that this person got and now answers."""
    for delivery in _named_deliveries(letter):
        if delivery.ticket == ticket.pk and delivery.to.lower() == person.email.lower():
            return delivery
    return None


def returned(letter: Letter) -> Delivery | None:
    """The delivery whose return address the letter was sent to: only servers and responders write there."""
    for tag in tags(letter):
        if tag.is_return:
            return Delivery.objects.filter(pk=tag.delivery).first()
    return None


def tags(letter: Letter) -> list[OwnAddress]:
    """What the tagged addresses of ours say that it was sent to; forgeries say nothing."""
    named = [*letter.delivered_to, *(address.email for address in (*letter.to, *letter.cc))]
    read = [tokens.read_address(settings.SECRET_KEY, one) for one in named[:MOST_REFERENCES]]
    return list(dict.fromkeys(tag for tag in read if tag is not None))


def _named_deliveries(letter: Letter) -> list[Delivery]:
    """Every mail of ours that it names, by Message-ID or by the address it was sent to, nearest first."""
    by_id = [own for one in references(letter) if (own := tokens.read_message_id(settings.SECRET_KEY, one))]
    by_tag = [tag.delivery for tag in tags(letter)]
    if not by_id and not by_tag:
        return []
    named = Q(uuid__in=[own.delivery for own in by_id]) | Q(pk__in=by_tag)
    found = list(Delivery.objects.filter(named).defer("mime"))
    order = {own.delivery: place for place, own in reversed(list(enumerate(by_id)))}
    return sorted(found, key=lambda one: order.get(one.uuid.hex, len(order)))


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


def await_original(letter: Letter, row: Inbound) -> None:
    """The letter became a ticket of its own and answers others that are not here: they may still be on their way."""
    foreign = [one for one in references(letter)[:MOST_AWAITED] if not is_ours(one)]
    keys = {key_of(one) for one in foreign}
    keys -= set(Inbound.objects.filter(mail_key__in=keys).values_list("mail_key", flat=True)) if keys else set()
    Awaited.objects.bulk_create(Awaited(mail_key=key, answer=row) for key in sorted(keys))


def answers_before(letter: Letter) -> list[Inbound]:
    """Letters that came before this one and answer it, as they became tickets by themselves."""
    if not letter.message_id:
        return []
    awaited = _awaiting(letter.message_id).select_related("answer__message")
    return [one.answer for one in awaited]


def _tickets_of_answers_before(letter: Letter) -> list[int]:
    """Their tickets, by number: of nearly every letter none, so that no row of the journal is read for it."""
    if not letter.message_id:
        return []
    numbers: list[int] = list(_awaiting(letter.message_id).values_list("answer__message__ticket_id", flat=True))
    return numbers


def _awaiting(message_id: str) -> QuerySet[Awaited]:
    awaited = Awaited.objects.filter(mail_key=key_of(message_id), answer__message__isnull=False)
    return awaited.order_by("id")[:MOST_AWAITED]


def _candidates(letter: Letter) -> list[tuple[Ticket, str]]:
    """The tickets that it refers to, the surest first, each at the end of its chain of merges."""
    wanted: dict[int, str] = {}
    named = references(letter)
    for given in named:
        own = tokens.read_message_id(settings.SECRET_KEY, given)
        if own is not None and own.ticket and Delivery.objects.filter(uuid=own.delivery, ticket=own.ticket).exists():
            wanted.setdefault(own.ticket, OUR_LETTER)
    for number in _by_address(letter):
        wanted.setdefault(number, OUR_ADDRESS)
    for number in _by_earlier_letters(named):
        wanted.setdefault(number, REFERENCE)
    for number in _TOKEN.findall(letter.subject)[:5]:
        wanted.setdefault(int(number), SUBJECT_NUMBER)
    for number in _tickets_of_answers_before(letter):
        wanted.setdefault(number, ANSWERED_BEFORE)
    found = Ticket.objects.select_related("client", "requester", "team").in_bulk(list(wanted)) if wanted else {}
    ends: dict[int, tuple[Ticket, str]] = {}
    for number, how in wanted.items():
        if number in found:
            ticket = found[number]
            end = ticket if ticket.merged_into_id is None else merging.final(ticket)
            ends.setdefault(end.pk, (end, how))
    return list(ends.values())


def _by_address(letter: Letter) -> list[int]:
    found = tags(letter)
    sent = Delivery.objects.filter(pk__in=[tag.delivery for tag in found]) if found else Delivery.objects.none()
    tickets = dict(sent.values_list("pk", "ticket"))
    named = [(tag, tickets.get(tag.delivery)) for tag in found]
    return [ticket for tag, ticket in named if ticket and (tag.is_return or tag.ticket == ticket)]


def _by_earlier_letters(named: list[str]) -> list[int]:
    """Where the letters that it answers are shown now: a message may have been moved since."""
    if not named:
        return []
    keys = {key_of(one): order for order, one in enumerate(named)}
    known = Inbound.objects.filter(ticket__isnull=False, mail_key__in=list(keys)).order_by("id")
    shown = known.annotate(on=Coalesce("message__ticket_id", "ticket_id"))
    rows = list(shown.values_list("mail_key", "on")[:200])
    return [ticket for key, ticket in sorted(rows, key=lambda row: keys[row[0] or ""]) if ticket is not None]
