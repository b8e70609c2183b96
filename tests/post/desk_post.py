"""What these tests send: plain words through the scripted server, and the rows as they are afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from firstline.lib import clock
from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.post.words import Words
from tests.cast import MONDAY_NINE

AT = MONDAY_NINE


def words(delivery: Delivery) -> Words:
    """The simplest letter."""
    return Words(
        subject=f"[#{delivery.ticket}] Hello", text="It prints.\n", html="<p>It prints.</p>", sender="Service desk"
    )


def put(**given: Any) -> Delivery:
    """An agent's answer to Ivan on ticket 1042, unless said otherwise."""
    plain: dict[str, Any] = {
        "kind": "answer", "to": "ivan@north.example", "language": "ru", "data": {}, "at": AT, "ticket": 1042,
        "automatic": False,
    }  # fmt: skip
    made = outbox.put(**{**plain, **given})
    assert made is not None
    return made


def acknowledgement(**given: Any) -> Delivery:
    """A receipt for a mail: at most once, automatic."""
    return put(**{"kind": "received", "at_most_once": True, "automatic": True, "data": {"channel": "email"}, **given})


def send(minutes: float = 0, **given: Any) -> int:
    """One round of the worker, so many minutes after the beginning."""
    return outbox.send_due(words, AT + timedelta(minutes=minutes), **given)


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def answers(delivery: Delivery) -> list[str]:
    return [one.answer for one in delivery.tries.all()]


def outcomes(delivery: Delivery) -> list[str]:
    return [one.outcome for one in delivery.tries.all()]


def lose_lease(delivery: Delivery) -> None:
    """As if the process that holds it had been killed long ago."""
    Delivery.objects.filter(pk=delivery.pk).update(
        lease_until=clock.real_now() - timedelta(seconds=1), lease_owner="gone"
    )
