"""What goes out, to the letter of interfaces.md: plain values, so that nothing stands between a row and its JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from firstline.calendars.working_time import Timetable
from firstline.knowledge import queries as wiki
from firstline.knowledge.models import Article
from firstline.people.models import Person
from firstline.sla import clocks
from firstline.sla.models import Clock
from firstline.tickets import queries
from firstline.tickets.models import Attachment, Event, Kind, Ticket

Shape = dict[str, Any]
# What the client's side reads of an event's data; the rest (row ids, teams, articles of the desk) is the desk's.
CLIENTS_DATA = frozenset({"for", "reason", "until", "how", "remote", "why", "channel", "type", "into"})


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with its offset, in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def ticket(
    one: Ticket,
    person: Person,
    at: datetime,
    known: dict[str, Timetable] | None = None,
    *,
    standing: Sequence[Clock] | None = None,
) -> Shape:
    """Ticket. No query of its own where the ticket came with its relations and clocks; `known` keeps the calendars of a
    list, so that each is asked for once. `standing`: its clocks, where they are known."""
    who = one.requester
    timetables = {} if known is None else known
    return {
        "number": one.number,
        "subject": one.subject,
        "status": str(one.status),
        "type": str(one.type),
        "impact": str(one.impact),
        "urgency": str(one.urgency),
        "priority": one.priority,
        "line": one.line,
        "team": one.team.slug if one.team else None,
        "assignee": one.assignee.login if one.assignee else None,
        "client": one.client.slug if one.client else None,
        "requester": {"email": who.email or None, "name": who.name, "phone": who.phone or None},
        "service": one.service.slug if one.service else None,
        "category": one.category.slug if one.category else None,
        "equipment": one.equipment.slug if one.equipment else None,
        "channel": str(one.channel),
        "tags": one.tags,
        "created_at": moment(one.created_at),
        "updated_at": moment(_updated_at(one, person)),
        "resolved_at": moment(one.resolved_at),
        "closed_at": moment(one.closed_at),
        "contract": one.contract.contract.slug if one.contract else None,
        "merged_into": str(one.merged_into_id) if one.merged_into_id else None,
        "clocks": [clocks.shape(each, at, timetables) for each in (clocks.of(one) if standing is None else standing)],
        "url": url(one, person),
    }


def _updated_at(one: Ticket, person: Person) -> datetime:
    """A list for the client's side brings the moment with it (queries.with_public_moment)."""
    known: datetime | None = None if person.is_agent else vars(one).get("public_at")
    return known or queries.last_change_for(person, one)[1]


def url(one: Ticket, person: Person) -> str:
    """Where this person reads the ticket: the desk or the portal."""
    return one.url if person.is_agent else f"{settings.FIRSTLINE_BASE_URL}/portal/requests/{one.pk}/"


def timeline_entry(event: Event, person: Person, on: Ticket) -> Shape:
    """Timeline entry of the ticket `on`. `body` is the plain text; the client's side reads only what is meant for it.

    A message that came in on another ticket says so (`came_in_on`); one that is shown elsewhere has left its entry
    without words here.
    """
    message = queries.words_on(on, event)
    from_elsewhere = event.ticket_id != on.pk
    data = event.data
    if not person.is_agent:
        data = {name: value for name, value in data.items() if name in CLIENTS_DATA}
    elif message is not None:
        data = {**data, "message": message.pk, "html": message.html or None}
        if from_elsewhere:
            data["came_in_on"] = str(event.ticket_id)
    return {
        "id": event.pk,
        "kind": str(Kind.MESSAGE if from_elsewhere and event.kind == Kind.CREATED else event.kind),
        "happened_at": moment(event.happened_at),
        "learnt_at": moment(event.learnt_at),
        "by": event.by.login if event.by else None,
        "public": event.public,
        "body": None if message is None else message.text,
        "attachments": [] if message is None else [attachment(file) for file in message.attachments.all()],
        "data": data,
    }


def attachment(file: Attachment) -> Shape:
    """A file of a message; `name` and `content_type` are its sender's words."""
    return {
        "id": file.pk,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "inline": file.inline,
        "url": f"{settings.FIRSTLINE_BASE_URL}/api/v1/files/{file.pk}",
    }


def person(one: Person) -> Shape:
    """Who is signed in."""
    return {
        "login": one.login,
        "name": one.name,
        "email": one.email or None,
        "phone": one.phone or None,
        "role": str(one.role),
        "client": one.client.slug if one.client else None,
        "team": one.team.slug if one.team else None,
        "line": one.line,
        "language": one.language,
        "time_zone": one.time_zone or None,
        "theme": one.theme,
        "channel": one.channel,
        "density": one.density,
        "single_keys": one.single_keys,
        "keys": one.keys,
    }


def article(one: Article, language: str, *, whole: bool = False) -> Shape:
    """An article in a language, or in the first that it has; `body` (Markdown) and `text` only where asked for."""
    text = wiki.text_in(one, language)
    said: Shape = {
        "slug": one.slug,
        "title": text.title,
        "language": text.language,
        "languages": sorted(each.language for each in wiki.texts_of(one)),
        "state": str(one.state),
        "audience": str(one.audience),
        "client": one.client.slug if one.client else None,
        "updated_at": moment(one.updated_at),
        "url": f"{settings.FIRSTLINE_BASE_URL}/kb/{one.slug}/",
    }
    if whole:
        said["body"] = text.body
        said["services"] = [service.slug for service in one.services.all()]
        said["revision"] = text.number
    return said
