"""What comes back by itself: bounces, complaints, receipts, notes of absence. None of it is a word of a person: it
answers no clock, moves no status and gets no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from firstline.intake import inspect_letter, letter_words, matching, ping_pong
from firstline.intake.matching import Match
from firstline.intake.models import Inbound
from firstline.intake.reading.bounces import Bounce
from firstline.intake.reading.letters import Letter
from firstline.intake.results import Outcome, Result
from firstline.lib import clock
from firstline.people.models import Person
from firstline.post import undeliverable
from firstline.post.models import Account, Delivery
from firstline.tickets import history, merging, statuses
from firstline.tickets.models import Kind, Message, Ticket
from firstline.tickets.opening import File

ATTACHED_LETTERS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")


def came_back(letter: Letter) -> bool:
    """A report of failed delivery; also one in a form that nobody knows: a machine wrote it to the return address of a
    mail of ours. A responder's note of absence goes there too, and is none."""
    if letter.bounce is not None:
        return True
    is_machine = letter.auto == "auto-generated" or (letter.auto is None and letter.return_path == "")
    return is_machine and matching.returned(letter) is not None


def bounce(row: Inbound, letter: Letter, account: Account | None) -> Result:
    """A mail of ours came back: said on its delivery, its address and its ticket."""
    told = letter.bounce or Bounce(None, None, False, letter.subject, None)
    named = [told.original_message_id] if told.original_message_id else []
    delivery = matching.delivery_of([*named, *matching.references(letter)]) or matching.returned(letter)
    reason = f"{told.status or 'no status'} {told.reason}"[:300]
    if delivery is None:
        return Result(Outcome.BOUNCE, reason, account=account)
    failed = told.hard or (told.status or "").startswith("5")
    if failed:
        Delivery.objects.filter(pk=delivery.pk, bounced_at__isnull=True).update(bounced_at=row.received_at)
    # The delivery says where our mail went: a report may name whoever it likes, or where somebody forwards his mail to.
    undeliverable.came_back(
        delivery.to, hard=told.hard, status=told.status or "", reason=told.reason or "", at=row.received_at
    )
    ticket = _ticket_of(delivery)
    if ticket is None:
        return Result(Outcome.BOUNCE, reason, account=account)
    held = history.locked(ticket)
    history.record(
        held, Kind.BOUNCED, by=None, at=row.received_at, learnt_at=clock.now(),
        delivery=delivery.pk, recipient=(told.recipient or delivery.to)[:254], to=delivery.to, status=told.status,
        hard=told.hard, failed=failed, reason=told.reason, inbound=row.pk,
    )  # fmt: skip
    return Result(Outcome.BOUNCE, reason, ticket=held, account=account)


def automatic(
    row: Inbound,
    letter: Letter,
    files: Sequence[File],
    person: Person | None,
    match: Match,
    account: Account | None,
) -> Result:
    """A machine's word stands on the ticket it answers. Who complained gets nothing more that goes by itself."""
    ticket = match.ticket
    if letter.auto == "feedback-report" and (complained := _complained_of(letter)) is not None:
        undeliverable.complained(complained.to, at=row.received_at)
        ticket = ticket or _ticket_of(complained)
    if ticket is None:
        return Result(Outcome.AUTO, letter.auto or "", account=account)
    words = letter_words.of(letter, files, "automatic", letter.auto or "")
    held, message = letter_words.silently(row, ticket, Kind.AUTOMATIC, words, person, auto=letter.auto)
    return Result(Outcome.AUTO, letter.auto or "", ticket=held, message=message, account=account)


def kept_still(
    row: Inbound, letter: Letter, files: Sequence[File], person: Person, ticket: Ticket, account: Account | None
) -> Result | None:
    """An answer that would reopen or wake a ticket once more, as a machine's does that does not say so: kept for the
    desk, which is told of it, and nothing moves. None where it is an answer like any other."""
    held = history.locked(merging.final(ticket))
    if held.status in statuses.DONE:
        why = _why_still(held, letter, person, row.received_at)
    elif held.status in statuses.ANSWER_MOVES:
        why = _why_asleep(held, letter, person, row.received_at)
    else:
        return None
    if not why:
        return None
    words = letter_words.of(letter, files, "automatic", why)
    held, message = letter_words.silently(row, held, Kind.AUTOMATIC, words, person, public=True, auto=why)
    return Result(Outcome.AUTO, why, ticket=held, message=message, account=account)


def _why_still(held: Ticket, letter: Letter, person: Person, at: datetime) -> str:
    reopened = held.events.filter(kind=Kind.REOPENED, happened_at__gt=at - ping_pong.DAY, data__why="")
    return ping_pong.why_still(
        letter.reply_text, at=at, solved_at=held.resolved_at, earlier=_said_lately(held, person, at),
        reopened=list(reopened.values_list("happened_at", flat=True)),
    )  # fmt: skip


def _why_asleep(held: Ticket, letter: Letter, person: Person, at: datetime) -> str:
    moved = held.events.filter(kind__in=(Kind.WAITING, Kind.HELD, Kind.RESUMED), happened_at__gt=at - ping_pong.DAY)
    events = list(moved.order_by("id").values_list("kind", "happened_at", "data"))
    asked = [moment for kind, moment, _data in events if kind != Kind.RESUMED]
    woken = [moment for kind, moment, data in events if kind == Kind.RESUMED and data.get("why") == "answer"]
    if not woken:
        return ""
    return ping_pong.why_asleep(
        letter.reply_text, at=at, asked_at=asked[-1] if asked else None, earlier=_said_lately(held, person, at),
        woken=woken,
    )  # fmt: skip


def _said_lately(held: Ticket, person: Person, at: datetime) -> QuerySet[Message, str]:
    said = Message.objects.filter(ticket=held, author=person, created_at__gt=at - ping_pong.DAY)
    return said.values_list("reply_text", flat=True)


def _complained_of(letter: Letter) -> Delivery | None:
    """The mail of ours that a report of a complaint holds."""
    held = [part for part in letter.attachments if part.content_type in ATTACHED_LETTERS]
    named = [inspect_letter.headers_only(part.content).message_id for part in held[:3]]
    return matching.delivery_of([one for one in named if one]) or matching.returned(letter)


def _ticket_of(delivery: Delivery) -> Ticket | None:
    ticket = Ticket.objects.filter(pk=delivery.ticket).first() if delivery.ticket else None
    return merging.final(ticket) if ticket is not None else None
