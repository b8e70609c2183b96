"""Add to a ticket: an agent says where a letter belongs that did not find its way by itself.

It becomes a word of its sender where he may speak on that ticket, else an internal note: an agent's decision puts words
there, never rights (product.md, always-true 6).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.intake import decisions, processing, proof, quarantine, senders
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import conversation, history, opening, permissions, queries
from firstline.tickets.models import Channel, Event, Kind, Message, Ticket
from firstline.tickets.opening import Words

Outcome = Inbound.Outcome
AS_NOTE = "added by an agent as an internal note"
ADDED = "added by an agent"


def add_to_ticket(inbound: Inbound, number: int | str, *, by: Person, at: datetime) -> Inbound:
    """The item with its words on that ticket (or, where it is closed for good, on the one that follows it up).

    Raises NotThere for a ticket that he does not see, NotAllowed, and WrongStatus where somebody has decided already.
    """
    demand(by, "journal")
    ticket = queries.get_for(by, number)
    reading = processing.read(inbound) if inbound.kind == "email" else processing.NOTHING_READ
    words, sender = _words(inbound, reading), _sender(inbound, reading)
    with transaction.atomic():
        item = decisions.held(inbound, "add to a ticket")
        permissions.demand(by, "note", ticket)
        if sender is not None and permissions.may(sender, "reply", ticket):
            on = conversation.reply(
                ticket, words, by=sender, at=item.received_at, channel=_channel(item),
                learnt_at=max(at, item.received_at),
            )  # fmt: skip
            outcome, reason = (Outcome.REPLY if on.pk == ticket.pk else Outcome.TICKET), ADDED
            message = Message.objects.filter(ticket=on, author=sender).order_by("-id").first()
        else:
            on, message = _note(ticket, words, sender, item, by=by, at=at)
            outcome, reason = Outcome.REPLY, AS_NOTE
        decisions.decide(
            item, by=by, at=at, action="intake added to a ticket", outcome=outcome, reason=reason, ticket=on,
            message=message, preview="",
        )  # fmt: skip
    inbound.refresh_from_db()
    return inbound


def _note(
    ticket: Ticket, words: Words, sender: Person | None, item: Inbound, *, by: Person, at: datetime
) -> tuple[Ticket, Message]:
    """Words that only the desk sees, in the sender's name where he is known; that it was put there is the agent's."""
    kept: list[Message] = []
    on = history.locked(ticket, deed="note", by=by)

    def with_words(event: Event) -> None:
        kept.append(opening.keep_words(event, words, author=sender, by_agent=False, channel=_channel(item)))

    history.record(
        on, Kind.MESSAGE, by=by, at=item.received_at, learnt_at=max(at, item.received_at), public=False,
        then=with_words, by_agent=False, channel=_channel(item).value, inbound=item.pk, sender=item.sender,
    )  # fmt: skip
    return on, kept[0]


def _words(inbound: Inbound, reading: processing.Reading) -> Words:
    letter = reading.letter
    flags = ("from-quarantine", "added-by-agent")
    if letter is None or reading.problem:
        subject, text = quarantine.submitted(inbound) if inbound.kind != "email" else (inbound.subject, "")
        return Words(text=text or subject or "—", files=quarantine.original_of(inbound), flags=flags)
    files = quarantine.parts_of(letter)
    if not letter.readable:
        files = [*files, *quarantine.original_of(inbound)]
    told = enclosed.whole(letter)
    text = told.text if told.text.strip() else letter.subject.strip() or "—"
    return Words(
        text=text, html=told.html or "", reply_text=told.reply_text or text,
        reply_html=told.reply_html or "", files=files,
        flags=(*flags, *proof.flags(proof.with_signs(letter)), *letter.defects),
    )  # fmt: skip


def _sender(inbound: Inbound, reading: processing.Reading) -> Person | None:
    """Whose words they are: the letter's sender where we know him (nobody is made up), or who submitted it."""
    if inbound.kind == "email":
        email = reading.letter.from_email if reading.letter else None
        return senders.find(email) if email else None
    return None


def _channel(item: Inbound) -> Channel:
    return Channel.EMAIL if item.kind == "email" else Channel(item.kind)
