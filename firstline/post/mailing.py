"""Letters in the outbox: what is kept of one, by which server it leaves, and as whom."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from firstline.lib import tokens
from firstline.post import identity, limits, mime, roads, setting_out
from firstline.post.models import Delivery
from firstline.post.roads import Line, Road
from firstline.post.transports.failures import Failure
from firstline.post.words import Words


def why_no_address(to: str) -> str:
    return "" if mime.is_address(to) else mime.NOT_AN_ADDRESS


def written(delivery: Delivery, words: Words, at: datetime) -> dict[str, object]:
    """The whole letter, signed where the desk signs. Raises CannotSign."""
    delivery.account = delivery.account or words.mailbox
    sender = identity.of(delivery)
    message_id = tokens.message_id(
        settings.SECRET_KEY, delivery=delivery.uuid, ticket=delivery.ticket or 0,
        domain=sender.mailbox.rpartition("@")[2],
    )  # fmt: skip
    raw = mime.build(
        words,
        mailbox=sender.mailbox,
        sent_as=sender.sent_as,
        reply_to=sender.reply_to(delivery),
        to=delivery.to,
        message_id=message_id,
        at=at,
        automatic=delivery.automatic,
        acknowledges=delivery.kind in limits.ACKNOWLEDGEMENTS,
    )
    subject = mime.plain_line(words.subject)
    return {"message_id": message_id, "subject": subject, "account": delivery.account, "mime": sender.signed(raw)}


def road_of(delivery: Delivery) -> Road:
    return roads.road_from(delivery.account)


def line(delivery: Delivery, road: Road) -> Line:
    hello = roads.address_of(delivery).rpartition("@")[2]
    return setting_out.opened(road, hello=hello, folder=settings.FIRSTLINE_HOME / "outgoing")


def hand_over(line: Line, delivery: Delivery, road: Road) -> str:
    """An acknowledgement has the empty envelope sender, so that its bounce goes nowhere and cannot loop."""
    sender = "" if delivery.kind in limits.ACKNOWLEDGEMENTS else identity.of(delivery).return_path(delivery)
    return line.send(sender, delivery.to, bytes(delivery.mime or b""))


def settled(delivery: Delivery, outcome: str | Failure, at: datetime) -> None:
    """Nothing else follows."""


def offered_anew(delivery: Delivery) -> dict[str, object]:
    """The same bytes, the same Message-ID."""
    return {}
