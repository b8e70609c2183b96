"""Notices in the browsers where somebody switched them on: beside his letters, or in their place where he chose so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from firstline.audit import trail
from firstline.people.models import Person
from firstline.post import browsers, outbox, ways
from firstline.post.browsers import PUSH
from firstline.post.limits import ACKNOWLEDGEMENTS, TO_THE_DESK
from firstline.post.models import Browser, Delivery
from firstline.tickets.models import Event

ENDED = (Delivery.State.FAILED, Delivery.State.DEAD)


def switch_on(person: Person, *, endpoint: str, key: str, secret: str, label: str, at: datetime) -> Browser:
    """This browser shows his notices from now on. Raises browsers.WrongBrowser."""
    made = browsers.take_in(person.pk, endpoint=endpoint, key=key, secret=secret, label=label, at=at)
    _know(person, at, "push_on", host=made.host)
    return made


def switch_off(person: Person, number: int, *, at: datetime) -> bool:
    """One of his browsers; whether it was his."""
    if not browsers.forget(person.pk, number):
        return False
    _know(person, at, "push_off")
    return True


def _know(person: Person, at: datetime, action: str, **facts: str) -> None:
    person.has_push = browsers.of(person.pk).exists()
    person.save(update_fields=["has_push"])
    trail.note(at=at, actor=person.actor, action=action, target=f"person:{person.pk}", **facts)


def alone(person: Person, in_browsers: list[Delivery]) -> bool:
    """Whether they are all that he gets: he chose so, and there is a browser."""
    return person.channel == PUSH and bool(in_browsers)


def where(people: Iterable[Person]) -> dict[int, list[str]]:
    """The browsers of all who are told of one event, for `drafts`."""
    return browsers.of_all(person.pk for person in people if person.has_push)


def drafts(event: Event, person: Person, kind: str, known: Mapping[int, list[str]]) -> list[Delivery]:
    """One for each of his browsers. An acknowledgement is none: he has just sent the request."""
    if kind in ACKNOWLEDGEMENTS:
        return []
    only = person.channel == PUSH and not person.is_agent
    data = {TO_THE_DESK: True} if person.is_agent else {}
    return [
        outbox.draft(
            kind=kind, channel=PUSH, to=browser, language=person.language, data=data, at=event.learnt_at,
            person=person.pk, ticket=event.ticket_id, event=event.pk, at_most_once=not only,
        )
        for browser in known.get(person.pk, [])
    ]  # fmt: skip


def put_once(event: Event, person: Person, kind: str, *, key: str) -> None:
    """Of what goes on and on, once a key in each browser."""
    for one in drafts(event, person, kind, where([person])):
        outbox.put(
            kind=kind, channel=PUSH, to=one.to, language=one.language, data=one.data, at=one.created_at,
            person=one.person, ticket=one.ticket, event=one.event, at_most_once=True,
            unique_key=f"{key}:{one.to}"[:160],
        )  # fmt: skip


def instead(delivery: Delivery, at: datetime) -> bool:
    """A push failed for good. Where he wanted nothing else, and no other browser of his was told, it becomes a letter
    or a text message: a notice is never lost. False where neither reaches him.

    Called with the ticket held, so that of two browsers that fail at once the second sees the first."""
    person = Person.objects.filter(pk=delivery.person).first() if delivery.person else None
    if person is None:
        return True
    if not browsers.of(person.pk).exists() and person.has_push:
        Person.objects.filter(pk=person.pk).update(has_push=False)
    same = Delivery.objects.filter(person=person.pk, event=delivery.event, kind=delivery.kind)
    others = same.exclude(pk=delivery.pk).exclude(channel=PUSH, state__in=ENDED)
    if person.channel != PUSH or person.is_agent or others.exists():
        return True
    way = ways.of(email=person.email, number=person.phone_e164, by_sms=False)
    if way is not None:
        outbox.put(
            kind=delivery.kind, to=way.to, channel=way.channel, language=person.language, data=delivery.data, at=at,
            person=person.pk, ticket=delivery.ticket, event=delivery.event, automatic=delivery.automatic,
            unique_key=f"instead of push:{delivery.event}:{delivery.kind}:{person.pk}",
        )  # fmt: skip
    return way is not None
