"""Alarms that come too late to be alarms: after an outage each person gets one letter about all of them.

The first late alarm puts a digest into his outbox, to be sent a little later; those that follow until then are in it,
because its words are made when it is sent. An alarm belongs to the digest in whose time it was learnt: none is in two.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from firstline.lib import turns
from firstline.notices import alarm_rules, audience
from firstline.people.models import Person
from firstline.post import outbox
from firstline.post.limits import TO_THE_DESK
from firstline.post.models import Delivery
from firstline.tickets.models import Event, Kind

KIND = "late_alarms"
COLLECTED_FOR = timedelta(minutes=3)
MOST_NAMED = 100


def tell(event: Event, people: Iterable[Person]) -> None:
    """Sees to it that each of them gets a digest that has this alarm in it."""
    now = event.learnt_at
    concerned = {person.pk: person for person in people if person.email}
    if concerned.keys() <= _with_a_digest(concerned, now):
        return
    turns.wait_for_turn(KIND)  # a transaction may tell of several tickets, whose people come in any order
    for number in sorted(concerned.keys() - _with_a_digest(concerned, now)):
        person = concerned[number]
        count = Delivery.objects.filter(person=person.pk, kind=KIND).count()
        made = outbox.put(
            kind=KIND, to=person.email, language=person.language, data={TO_THE_DESK: True}, at=now, person=person.pk,
            unique_key=f"{KIND}:{person.pk}:{count}",
        )  # fmt: skip
        if made is not None:  # None: another process was faster, and his holds this alarm too
            Delivery.objects.filter(pk=made.pk).update(due_at=now + COLLECTED_FOR)


def _with_a_digest(people: Iterable[int], now: datetime) -> set[int]:
    """Who of them has one that an alarm of this moment will be in."""
    waiting = Delivery.objects.filter(
        person__in=list(people), kind=KIND, state=Delivery.State.WAITING, attempts=0, due_at__gt=now,
        created_at__lte=now,
    )  # fmt: skip
    return {number for number in waiting.values_list("person", flat=True) if number is not None}


def alarms_of(delivery: Delivery, person: Person) -> tuple[list[Event], bool]:
    """The late alarms that are for this person, oldest first, and whether there are more than are named."""
    since: datetime = delivery.created_at
    events = Event.objects.filter(
        kind__in=(Kind.SLA_WARNING, Kind.SLA_BREACH, Kind.INNER_TERM, Kind.ESCALATED), learnt_at__gte=since,
        learnt_at__lt=since + COLLECTED_FOR, data__late=True,
    ).select_related("ticket").order_by("happened_at", "pk")  # fmt: skip
    found: list[Event] = []
    with audience.remembered():
        for event in events.iterator(chunk_size=200):
            if any(one.pk == person.pk for one in alarm_rules.people_for(event)):
                if len(found) == MOST_NAMED:
                    return found, True
                found.append(event)
    return found, False
