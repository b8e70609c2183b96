"""Text messages in the outbox: whom one can reach, what is kept of it, and what a provider reports later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from firstline.lib import sms_text
from firstline.post import gateways, mime, undeliverable, ways
from firstline.post.models import Attempt, Delivery, Gateway
from firstline.post.roads import Line, Road
from firstline.post.transports import sms
from firstline.post.transports.failures import Failure, Temporary
from firstline.post.words import Words

NO_GATEWAY = "no SMS gateway takes this number"
NOT_A_NUMBER = "not a telephone number with its country"
MOST_SEGMENTS = 8
DELIVERED, FAILED = "delivered", "failed"
Alarm = Callable[[Delivery, str, datetime], None]


class StillSending(Exception):
    """A provider was faster with his report than we with his id: he is to tell it again."""


def why_no_address(to: str) -> str:
    return "" if gateways.is_number(to) else NOT_A_NUMBER


def written(delivery: Delivery, words: Words, at: datetime) -> dict[str, object]:
    """The message as it will be kept and offered, each time the same, with the same id: a provider that knows the id
    sends it once."""
    number = delivery.uuid.hex
    raw = sms.packed(number, sms_text.fitted(words.text, "", MOST_SEGMENTS))
    return {"message_id": f"{ways.SMS}:{number}", "subject": mime.plain_line(words.subject), "mime": raw}


def text_of(delivery: Delivery) -> str:
    """What it says."""
    return sms.unpacked(bytes(delivery.mime))[1] if delivery.mime else ""


def road_of(delivery: Delivery) -> Road:
    """The gateway of its number, or a road that nobody keeps."""
    gateway = gateways.for_number(delivery.to)
    if gateway is None:
        return Road(gateways.ROAD, "")
    return Road(gateways.road_name(gateway), gateway.url, gateway=gateway)


def line(delivery: Delivery, road: Road) -> Line:
    if road.gateway is None:
        raise Temporary(NO_GATEWAY)
    return sms.HttpLine(gateways.provider_of(road.gateway))


def hand_over(line: Line, delivery: Delivery, road: Road) -> str:
    """The provider's own id of what he has just taken is kept with it: his reports name it."""
    sender = road.gateway.sender if road.gateway is not None else ""
    answer = line.send(sender, delivery.to, bytes(delivery.mime or b""))
    number = line.last_id if isinstance(line, sms.HttpLine) else ""
    delivery.receipt = f"{road.name} {number}"[:120] if number else ""
    return answer


def settled(delivery: Delivery, outcome: str | Failure, at: datetime) -> None:
    """What becomes of it a report tells later."""


def offered_anew(delivery: Delivery) -> dict[str, object]:
    """What changes in a message that is sent again after its provider reported that it did not come through: it gets
    an id of its own, under the old one he has dealt with it. Nothing changes in what was reported by nobody."""
    if not delivery.mime or not _is_judged(delivery):
        return {}
    number = uuid4().hex
    return {"message_id": f"{ways.SMS}:{number}", "mime": sms.packed(number, text_of(delivery)), "receipt": ""}


def _is_judged(delivery: Delivery) -> bool:
    """Whether its provider has said what became of it, since somebody last sent it by hand."""
    judged = False
    for outcome in delivery.tries.order_by("id").values_list("outcome", flat=True):
        judged = outcome in (DELIVERED, FAILED) or (judged and outcome != "again")
    return judged


def reported(gateway: Gateway, number: str, status: str, *, at: datetime, words: str = "", alarm: Alarm) -> bool:
    """A provider says what became of a message: on its delivery it is an attempt more; what did not come through alarms
    as a letter does that comes back. False where nothing of ours has this id; told twice it is told once.

    Raises StillSending where it may be of a message whose id we have not written down yet."""
    receipt = f"{gateways.road_name(gateway)} {number}"[:120]
    with transaction.atomic():
        # Asked before the message is looked for: it may be written down in between.
        on_its_way = Delivery.objects.filter(channel=ways.SMS, state=Delivery.State.SENDING).exists()
        delivery = Delivery.objects.select_for_update().filter(receipt=receipt, receipt__gt="").order_by("-id").first()
        if delivery is None and on_its_way:
            raise StillSending(number)
        if delivery is None:
            return False
        if _is_judged(delivery):
            return True
        answer = f"{status} {words}".strip()[:300]
        Attempt.objects.create(delivery=delivery, at=at, answer=answer, outcome=status)
        if status == FAILED:
            delivery.state, delivery.bounced_at, delivery.ended_at = Delivery.State.FAILED, at, at
            delivery.save(update_fields=["state", "bounced_at", "ended_at"])
            undeliverable.came_back(delivery.to, hard=False, status="", reason=words, at=at)
            alarm(delivery, answer, at)
    return True
