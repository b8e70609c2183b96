"""A word that came in becomes a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.assets.models import Equipment
from firstline.blobs.models import Blob
from firstline.contracts import edition, terms
from firstline.contracts.models import Category, Service
from firstline.lib import html, one_row
from firstline.people.models import Client, Person, Team
from firstline.tickets import answers as form_answers
from firstline.tickets.answers import Answered
from firstline.tickets.history import record
from firstline.tickets.models import Attachment, Channel, Event, Kind, Level, Message, Participant, Ticket, Type
from firstline.tickets.permissions import NotAllowed, may_create_for
from firstline.tickets.priority import priority_of
from firstline.tickets.refusals import WrongValue


@dataclass(frozen=True)
class File:
    """A file to attach: its bytes already kept."""

    blob: Blob
    name: str
    content_type: str
    inline: bool = False
    content_id: str = ""

    def as_inline(self) -> File:
        """The same, to stand within the words."""
        return replace(self, inline=True)


@dataclass(frozen=True)
class Words:
    """What was said: plain text, or HTML that is cleaned here; `reply_text` is the part without quotation,
    `reply_html` the same in HTML."""

    text: str = ""
    html: str = ""
    reply_text: str | None = None
    reply_html: str = ""
    files: Sequence[File] = ()
    flags: Sequence[str] = field(default_factory=tuple)


QUIETLY: dict[bool, dict[str, Any]] = {True: {"quiet": True}, False: {}}


def open_ticket(
    *,
    subject: str,
    words: Words | Message,
    requester: Person,
    channel: Channel,
    at: datetime,
    by: Person | None,
    learnt_at: datetime | None = None,
    client: Client | None = None,
    type: Type = Type.INCIDENT,
    impact: Level = Level.MEDIUM,
    urgency: Level = Level.MEDIUM,
    service: Service | None = None,
    category: Category | None = None,
    team: Team | None = None,
    equipment: Equipment | None = None,
    participants: Sequence[Person] = (),
    answered: bool = False,
    quiet: bool = False,
    facts: Mapping[str, Any] | None = None,
    priority: int | None = None,
    tags: Sequence[str] = (),
    answers: Answered | None = None,
) -> Ticket:
    """The new ticket, numbered, with its contract and its first event. `at` is the moment of durable acceptance.

    `words` are new ones, or a message that is moved here from another ticket (moving.split); `facts` are said in the
    first event beside what the ticket began with. `client` defaults to the requester's. `answered`: it was made while
    talking to him, which counts as the first response. `quiet`: no acknowledgement goes out (the event's data says so).
    `priority` goes before impact × urgency; `answers` are those to the service's form. Raises NotAllowed where `by` may
    not create for this client, WrongValue where the equipment is not his.
    """
    client, service = client or requester.client, service or (category.service if category else None)
    _demand(by, client, requester, equipment)
    team, line = _whose_queue(team, service, category)
    # Every road in has a transaction of its own around this; whatever fails here undoes that one.
    with transaction.atomic(savepoint=False), edition.held():
        ticket = Ticket(
            subject=" ".join(subject.replace("\x00", "").split())[:300], type=type, impact=impact, urgency=urgency,
            priority=priority or priority_of(impact, urgency), tags=list(tags), line=line,
            team=team, client=client, requester=requester, service=service, category=category,
            equipment=equipment, channel=channel,
            contract=terms.in_force(client, service, at, equipment) if client else None,
            queue_at=terms.FAR_AHEAD, created_at=at, updated_at=learnt_at or at,
        )  # fmt: skip
        one_row.add(ticket)
        beside = {**_bring_along(ticket, participants), **form_answers.said(answers)}
        author = _author(by, requester)

        def with_words(event: Event) -> None:
            ticket.first_words = (
                _bring_here(words, ticket) if isinstance(words, Message)
                else keep_words(event, words, author=author, by_agent=False, channel=channel)
            )  # fmt: skip
            form_answers.keep(ticket, answers)

        said = {**_beginning(ticket), **beside, "answered": answered, **(facts or {}), **QUIETLY[quiet]}
        record(ticket, Kind.CREATED, by=by, at=at, learnt_at=learnt_at, public=True, then=with_words, **said)
    return ticket


def _demand(by: Person | None, client: Client | None, requester: Person, equipment: Equipment | None) -> None:
    if equipment is not None and (client is None or equipment.client_id != client.pk):
        raise WrongValue("equipment", "unknown")
    if by is not None and not may_create_for(by, client.pk if client else None, requester):
        raise NotAllowed("create")


def _whose_queue(team: Team | None, service: Service | None, category: Category | None) -> tuple[Team | None, int]:
    """A category that goes straight to a line begins there, whoever took it in."""
    team = team or (service.team if service else None)
    if category is not None and category.line is not None and (team is None or team.line != category.line):
        fitting = service.team if service and service.team and service.team.line == category.line else None
        return fitting or Team.objects.filter(line=category.line).first(), category.line
    return team, team.line if team else (service.line if service and service.line else 1)


def _author(by: Person | None, requester: Person) -> Person:
    """What an agent types for a caller are the caller's words; a coordinator speaks for himself."""
    return by if by is not None and not by.is_agent else requester


def _bring_here(message: Message, ticket: Ticket) -> Message:
    message.ticket = ticket
    message.save(update_fields=["ticket"])
    return message


def _bring_along(ticket: Ticket, participants: Sequence[Person]) -> dict[str, Any]:
    """Those who take part from the start, and what the first event says of them."""
    beside = {person.pk: person for person in participants if person.pk != ticket.requester_id}
    one_row.add_all([Participant(ticket=ticket, person=one, since=ticket.created_at) for one in beside.values()])
    return {"participants": sorted(beside)} if beside else {}


def _beginning(ticket: Ticket) -> dict[str, Any]:
    """What the ticket began with: the first event says it, later ones say what changed."""
    return {
        "channel": ticket.channel,
        "type": ticket.type,
        "priority": ticket.priority,
        "service": ticket.service.slug if ticket.service else None,
        "client": ticket.client.slug if ticket.client else None,
        **({"equipment": ticket.equipment.slug} if ticket.equipment else {}),
        "contract": ticket.contract_id,
        "line": ticket.line,
        "team": ticket.team.slug if ticket.team else None,
    }


def keep_words(event: Event, words: Words, *, author: Person | None, by_agent: bool, channel: Channel) -> Message:
    """The message of an event, with its files. NUL never reaches the database; HTML is cleaned here, always."""
    body = html.sanitise(words.html) if words.html else ""
    text = (words.text or html.subset_text(body)).replace("\x00", "")
    said = text if words.reply_text is None else words.reply_text.replace("\x00", "")
    said_html = html.sanitise(words.reply_html) if words.reply_html and words.reply_html != words.html else ""
    message = one_row.add(
        Message(
            event=event,
            ticket_id=event.ticket_id,
            author=author,
            by_agent=by_agent,
            public=event.public,
            channel=channel,
            html=body,
            text=text,
            reply_text=said,
            reply_html=said_html,
            flags=list(words.flags),
            created_at=event.happened_at,
        )
    )
    files = [
        Attachment(
            message=message,
            blob=file.blob,
            name=file.name[:255],
            content_type=file.content_type[:120],
            size=file.blob.size,
            inline=file.inline,
            content_id=file.content_id[:255],
        )
        for file in words.files
    ]
    one_row.add_all(files)
    return message
