"""A text message that a gateway hands over: an answer on the ticket that was last spoken of, or a ticket of its own.

The number is what a caller's number is: it names whose words these are and never gives an agent's rights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q

from firstline.intake import acceptance, senders
from firstline.intake.acceptance import NotDurable
from firstline.intake.models import Inbound
from firstline.intake.results import Outcome, Result, learnt
from firstline.lib import clock, phones
from firstline.people.models import Person
from firstline.post import gateways, undeliverable, ways
from firstline.post.models import Delivery, Gateway
from firstline.tickets import conversation, opening
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue

__all__ = ["NotDurable", "accept", "again"]

LONGEST_ID, LONGEST_TEXT, LONGEST_SUBJECT = 100, 10_000, 120
# Who writes back without a number in his words answers what we wrote to him lately.
ANSWERS_FOR = timedelta(days=3)
_NUMBER = re.compile(r"#\s?([1-9][0-9]{0,14})\b")
UNPROVEN_AGENT = "unverified-agent"


def accept(gateway: Gateway, said: Mapping[str, Any], raw: bytes) -> Inbound:
    """The message, durable, still to be understood; its id makes a retry harmless. What a gateway says beyond our
    fields is kept and not asked for: no message is lost because it learnt a new one. Raises WrongValue, NotDurable."""
    for name, longest in (("id", LONGEST_ID), ("from", 40), ("to", 40), ("text", LONGEST_TEXT)):
        given = said.get(name, "")
        if not isinstance(given, str) or len(given) > longest:
            raise WrongValue(name, f"a text of at most {longest} characters")
        if name in ("id", "from") and not given.strip():
            raise WrongValue(name, "empty")
    source, key = f"{ways.SMS}:{gateway.slug}", said["id"].strip()
    first = acceptance.first_of(source, key)
    if first is not None:
        return first
    return acceptance.accept(kind=ways.SMS, raw=raw, source=source, source_key=key, at=clock.now())


def again(row: Inbound) -> Result:
    """What becomes of it; in the transaction that finishes the row. Raises the refusals of the verbs."""
    said = json.loads(acceptance.bytes_of(row))
    number = phones.normalised(said["from"])
    text = said.get("text", "").replace("\x00", "").strip()
    if not gateways.is_number(number):
        return Result(Outcome.QUARANTINE, f"its sender cannot be answered: {said['from'].strip()[:30]}")
    if not text:
        return Result(Outcome.IGNORED, "a message without words")
    undeliverable.heard_from(number)
    person = senders.find_or_make(phone=number, words=text)
    ticket = None if person.is_agent else _spoken_of(person, number, text, row)
    if ticket is not None:
        on = conversation.reply(
            ticket, Words(text=text), by=person, at=row.received_at, channel=Channel.SMS, learnt_at=learnt(row)
        )
        outcome = Outcome.REPLY if on.pk == ticket.pk else Outcome.TICKET
        return Result(outcome, "" if on.pk == ticket.pk else f"follows up #{ticket.pk}", on, _newest(on, person))
    made = opening.open_ticket(
        subject=_subject(text), words=Words(text=text, flags=(UNPROVEN_AGENT,) if person.is_agent else ()),
        requester=person, by=None, channel=Channel.SMS, at=row.received_at, learnt_at=learnt(row), client=person.client,
    )  # fmt: skip
    return Result(Outcome.TICKET, ticket=made, message=made.first_words)


def sender_of(row: Inbound) -> Person | None:
    """Whose number it came from, as far as it can be read and is known."""
    said = json.loads(acceptance.bytes_of(row))
    return senders.find(phone=phones.normalised(str(said.get("from") or "")))


def _spoken_of(person: Person, number: str, text: str, row: Inbound) -> Ticket | None:
    """The ticket whose number he writes, if he takes part in it; else the one of our last message to him."""
    his = Ticket.objects.filter(Q(requester=person) | Q(participants__person=person)).distinct()
    if named := _NUMBER.search(text):
        return his.filter(pk=int(named[1])).first()
    last = Delivery.objects.filter(
        to=number, channel=ways.SMS, ticket__isnull=False, created_at__gt=row.received_at - ANSWERS_FOR,
        created_at__lte=row.received_at,
    ).order_by("-id")  # fmt: skip
    spoken = last.values_list("ticket", flat=True).first()
    return his.filter(pk=spoken).first() if spoken else None


def _subject(text: str) -> str:
    first = " ".join(text.splitlines()[0].split())
    return first if len(first) <= LONGEST_SUBJECT else f"{first[: LONGEST_SUBJECT - 1].rstrip()}…"


def _newest(ticket: Ticket, person: Person) -> Message | None:
    return Message.objects.filter(ticket=ticket, author=person).order_by("-id").first()
