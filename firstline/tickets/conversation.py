"""What is said on a ticket: answers, internal notes, calls, and what a word of the requester moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.lib import html
from firstline.people.models import Person
from firstline.tickets import lifecycle, mentions, merging, opening, relations, statuses, who_sees
from firstline.tickets.history import locked, record
from firstline.tickets.models import Channel, Event, Kind, LinkKind, Participant, Ticket, Type
from firstline.tickets.opening import Words
from firstline.tickets.refusals import AlreadyMerged, WrongValue


def answer(
    ticket: Ticket,
    words: Words,
    *,
    by: Person,
    at: datetime,
    channel: Channel = Channel.WEB,
    learnt_at: datetime | None = None,
    seen: int | None = None,
) -> Ticket:
    """An agent's public message. On a new ticket that nobody has, it takes it."""
    with transaction.atomic():
        held = locked(ticket, deed="answer", by=by, seen=seen)
        _not_merged(held)
        _not_empty(words)
        _say(held, words, by=by, at=at, learnt_at=learnt_at, public=True, by_agent=True, channel=channel)
        if held.status == statuses.NEW and held.assignee_id is None:
            lifecycle.take(held, by=by, at=at, learnt_at=learnt_at)
            held.refresh_from_db()
        return held


def answer_and_wait(
    ticket: Ticket,
    words: Words,
    *,
    by: Person,
    at: datetime,
    channel: Channel = Channel.WEB,
    learnt_at: datetime | None = None,
    seen: int | None = None,
) -> Ticket:
    """Two verbs in one transaction: the answer goes out, and the ticket waits for the client; the reason is the answer.

    A ticket that may not begin to wait (it waits already) is answered only if it waits for the client.
    """
    with transaction.atomic():
        held = answer(ticket, words, by=by, at=at, channel=channel, learnt_at=learnt_at, seen=seen)
        if held.status == statuses.WAITING_FOR_CLIENT:
            return held
        said = words.text.strip() or html.text(words.html).strip() or ", ".join(file.name for file in words.files)
        return lifecycle.wait(held, on="client", reason=said, by=by, at=at, learnt_at=learnt_at)


def note(ticket: Ticket, words: Words, *, by: Person, at: datetime, seen: int | None = None) -> Ticket:
    """An internal note: the client's side never learns that it exists. Who is named in it with an @ is told."""
    with transaction.atomic():
        held = locked(ticket, deed="note", by=by, seen=seen)
        _not_merged(held)
        _not_empty(words)
        named = named_in(held, words)
        _say(
            held, words, by=by, at=at, learnt_at=None, public=False, by_agent=True, channel=Channel.WEB,
            facts={"mentioned": named} if named else None,
        )  # fmt: skip
        return held


def named_in(ticket: Ticket, words: Words) -> dict[str, str]:
    """The colleagues whom these words name with an @, by their logins: nobody who does not see the ticket."""
    text = words.text or (html.text(words.html) if mentions.SIGN in words.html else "")
    return mentions.named_in(text, who_sees.colleagues_on(ticket)) if mentions.SIGN in text else {}


def reply(
    ticket: Ticket,
    words: Words,
    *,
    by: Person,
    at: datetime,
    channel: Channel,
    learnt_at: datetime | None = None,
    seen: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Ticket:
    """A word of the client's side. It moves the ticket as product.md's table says; on a ticket that is closed for good
    it becomes a new one that follows up, on a merged one it goes to the end of the chain. The returned ticket is the
    one that has the words; `facts` are said in its event."""
    with transaction.atomic():
        end = merging.final(ticket)
        held = locked(end, deed="reply", by=by, seen=seen if end.pk == ticket.pk else None)
        _not_empty(words)
        if held.status == statuses.CANCELLED or (held.status == statuses.CLOSED and not lifecycle.in_window(held, at)):
            return _follow_up(held, words, by=by, at=at, channel=channel, learnt_at=learnt_at, facts=facts)
        _take_part(held, by, at)
        _say(held, words, by=by, at=at, learnt_at=learnt_at, public=True, by_agent=False, channel=channel, facts=facts)
        if held.status in statuses.DONE:
            lifecycle.reopen_by_answer(held, by=by, at=at, learnt_at=learnt_at)
        elif held.status in statuses.ANSWER_MOVES:
            lifecycle.resume_by_answer(held, by=by, at=at, learnt_at=learnt_at)
        held.refresh_from_db()
        return held


def call(
    ticket: Ticket,
    text: str,
    *,
    by: Person,
    at: datetime,
    seconds: int | None = None,
    learnt_at: datetime | None = None,
) -> Ticket:
    """A logged call with the requester: counts as a response. `at` is when it ended."""
    with transaction.atomic():
        held = locked(ticket, deed="call", by=by)
        _not_merged(held)
        words = Words(text=text)

        def with_words(event: Event) -> None:
            opening.keep_words(event, words, author=by, by_agent=True, channel=Channel.PHONE)

        record(
            held, Kind.CALLED, by=by, at=at, learnt_at=learnt_at, public=False, then=with_words if text else None,
            seconds=seconds,
        )  # fmt: skip
        return held


def _say(
    held: Ticket,
    words: Words,
    *,
    by: Person,
    at: datetime,
    learnt_at: datetime | None,
    public: bool,
    by_agent: bool,
    channel: Channel,
    facts: Mapping[str, Any] | None = None,
) -> Event:
    def with_words(event: Event) -> None:
        opening.keep_words(event, words, author=by, by_agent=by_agent, channel=channel)

    return record(
        held, Kind.MESSAGE, by=by, at=at, learnt_at=learnt_at, public=public, then=with_words,
        by_agent=by_agent, channel=channel, **(facts or {}),
    )  # fmt: skip


def _follow_up(
    held: Ticket,
    words: Words,
    *,
    by: Person,
    at: datetime,
    channel: Channel,
    learnt_at: datetime | None,
    facts: Mapping[str, Any] | None,
) -> Ticket:
    fresh = opening.open_ticket(
        subject=held.subject, words=words, requester=by, channel=channel, at=at, by=by, learnt_at=learnt_at,
        client=held.client, service=held.service, category=held.category, type=Type(held.type), team=held.team,
        facts=facts,
    )  # fmt: skip
    relations.link(fresh, held, LinkKind.FOLLOW_UP, by=None, at=at)
    fresh.refresh_from_db()
    return fresh


def _take_part(held: Ticket, by: Person, at: datetime) -> None:
    if held.requester_id != by.pk:
        Participant.objects.get_or_create(ticket=held, person=by, defaults={"since": at})


def demand_sayable(held: Ticket, *, is_empty: bool) -> None:
    """Raises what an answer would raise for the ticket as it is, before its words go on their way."""
    _not_merged(held)
    if is_empty:
        raise WrongValue("body", "empty")


def _not_merged(held: Ticket) -> None:
    """What we say belongs where the requester's words are."""
    if held.merged_into_id is not None:
        raise AlreadyMerged(held.pk, held.merged_into_id)


def _not_empty(words: Words) -> None:
    if not words.text.strip() and not html.text(words.html).strip() and not words.files:
        raise WrongValue("body", "empty")
