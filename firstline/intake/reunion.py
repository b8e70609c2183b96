"""An answer came before the letter that it answers, and became a ticket of its own: when the letter comes, the two are
brought together, whichever was first."""

from __future__ import annotations

from datetime import datetime

from firstline.intake import matching
from firstline.intake.models import Awaited
from firstline.intake.reading.letters import Letter
from firstline.tickets import merging, statuses
from firstline.tickets.models import Message, Ticket


def bring_earlier(letter: Letter, on: Ticket, *, at: datetime) -> None:
    """Tickets that answers to this letter have made are merged into `on`, where its words are. One that people have
    begun to work on, or whose writer takes no part in `on`, is asked about instead."""
    for answer in matching.answers_before(letter):
        message = answer.message
        if message is None or message.ticket_id == on.pk or message.ticket.merged_into_id is not None:
            continue
        if _may_come_by_itself(message, on):
            merging.merge(message.ticket, on, by=None, at=at)
        elif merging.claimed_by(message) is None:
            message.flags = [*message.flags, f"claims #{on.pk}"]
            message.save(update_fields=["flags"])
    if letter.message_id:
        Awaited.objects.filter(mail_key=matching.key_of(letter.message_id)).delete()


def bring_home(letter: Letter, on: Ticket, *, at: datetime) -> set[int]:
    """The same where the letter has just made the ticket `on`, because its writer takes no part in theirs: those whose
    writers take part in his come to him, as if his letter had been the first. Returns which; nobody is asked about the
    others, because the letter itself claims theirs."""
    came = set()
    for answer in matching.answers_before(letter):
        message = answer.message
        if message is not None and message.ticket.merged_into_id is None and _may_come_by_itself(message, on):
            merging.merge(message.ticket, on, by=None, at=at)
            came.add(message.ticket_id)
    return came


def _may_come_by_itself(message: Message, on: Ticket) -> bool:
    made = message.ticket
    if not (statuses.allows("merge", made.status) and statuses.allows("merge", on.status)):
        return False
    untouched = not Message.objects.filter(ticket=made).exclude(pk=message.pk).exists()
    its_own = message.author is not None and matching.takes_part(message.author, on)
    return untouched and its_own and made.client_id in (None, on.client_id)
