"""Pushes in the outbox: what is kept of one, which road it takes, and what its answer means for the browser."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings

from firstline.lib import clock
from firstline.post import browsers, mime, roads
from firstline.post.models import Delivery
from firstline.post.push_models import Browser
from firstline.post.roads import Line, Road
from firstline.post.transports.failures import Failure, Gone
from firstline.post.transports.push import PushLine, Target
from firstline.post.words import Words


def why_no_address(to: str) -> str:
    """A number of a browser, at the service that carries it, is made as an address is."""
    return "" if mime.is_address(to) else mime.NOT_AN_ADDRESS


def written(delivery: Delivery, words: Words, at: datetime) -> dict[str, object]:
    """The message as it will be kept and offered, each time the same: JSON for our own worker in the browser."""
    return {"subject": mime.plain_line(words.subject), "mime": words.text.encode()}


def road_of(delivery: Delivery) -> Road:
    """Each push service is a road of its own: one in trouble holds up no other."""
    return Road(f"{roads.OF_PUSHES}{delivery.to.rpartition('@')[2]}"[:254], "")


def line(delivery: Delivery, road: Road) -> Line:
    return PushLine(target_of, now=int(clock.now().timestamp()))


def hand_over(line: Line, delivery: Delivery, road: Road) -> str:
    return line.send("", delivery.to, bytes(delivery.mime or b""))


def target_of(to: str, raw: bytes) -> Target | None:
    """The browser with this address of a delivery; None where it is forgotten."""
    browser = browsers.find(to)
    if browser is None:
        return None
    said = json.loads(raw)
    return Target(
        endpoint=browser.endpoint, key=browser.key, secret=browser.secret, private=browsers.private_key(),
        subject=_complaints(), topic=said.get("tag", ""), urgent=bool(said.get("urgent")),
        loopback=settings.FIRSTLINE_TESTING,
    )  # fmt: skip


def settled(delivery: Delivery, outcome: str | Failure, at: datetime) -> None:
    """In the transaction of the answer: a browser that is gone is forgotten, of the others it is known when they were
    told."""
    if isinstance(outcome, Gone):
        browsers.gone(delivery.to)
    elif isinstance(outcome, str):
        Browser.objects.filter(pk=browsers.number_of(delivery.to)).update(sent_at=at)


def offered_anew(delivery: Delivery) -> dict[str, object]:
    """The same words to the same browser."""
    return {}


def _complaints() -> str:
    """Where a push service can turn to (RFC 8292 §2.1)."""
    base = settings.FIRSTLINE_BASE_URL
    return base if base.startswith("https://") else f"mailto:{settings.FIRSTLINE_MAIL_FROM}"
