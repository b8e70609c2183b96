"""Caps on automatic mail, so that two machines that answer one another fall silent.

research/reliability_security.md E5, F1, F5.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, Count, DateTimeField, Q

from firstline.lib.asked_often import Given, Question
from firstline.post import own, undeliverable
from firstline.post.models import Delivery

TO_THE_DESK = "to_the_desk"  # in a delivery's data: it tells somebody of the desk
WINDOW = timedelta(hours=1)
ACKNOWLEDGEMENTS = frozenset({"received"})
# Roads on which a machine can ask again and again without anybody's hand.
OPEN_ROADS = frozenset({"email", "web", "sms"})
MOST_ACKNOWLEDGEMENTS = 3  # to one address, for what came by an open road
MOST_ABOUT_ONE_TICKET = 12  # automatic ones to one address about one ticket
MOST_TO_ONE_ADDRESS = 120  # automatic ones to one address


class Hold(NamedTuple):
    """Why something is not sent. `limit`: how many in an hour were enough, 0 where no limit stands in the way."""

    why: str
    limit: int = 0


def why_held_back(delivery: Delivery, at: datetime) -> Hold | None:
    """The limit that this delivery would pass, in words; None where it may go.

    Answers of people are held back only where they would come back to us (F4: our own mailbox as requester), and so are
    alarms to people of the desk: a bad day has more of them than any limit, and none may be lost. They cannot loop:
    what comes from such an address is an internal note, which tells nobody.
    """
    if own.is_ours(delivery.to):
        return Hold("held back: the address is a mailbox of ours")
    if not delivery.automatic or delivery.data.get(TO_THE_DESK):
        return None
    if why := undeliverable.why_held_back(delivery.to):
        return Hold(why)
    answers_a_machine = delivery.kind in ACKNOWLEDGEMENTS and delivery.data.get("channel") in OPEN_ROADS
    count = _WENT_OUT.first(to=delivery.to, since=at - WINDOW, itself=delivery.pk, ticket=delivery.ticket)
    if count is None:
        return None
    if answers_a_machine and count["acknowledged"] >= MOST_ACKNOWLEDGEMENTS:
        limit = MOST_ACKNOWLEDGEMENTS
        return Hold(f"held back: {limit} acknowledgements went to this address within an hour", limit)
    if delivery.ticket is not None and count["about"] >= MOST_ABOUT_ONE_TICKET:
        limit = MOST_ABOUT_ONE_TICKET
        return Hold(f"held back: {limit} mails about this ticket went to this address within an hour", limit)
    if count["all"] >= MOST_TO_ONE_ADDRESS:
        limit = MOST_TO_ONE_ADDRESS
        return Hold(f"held back: {limit} automatic mails went to this address within an hour", limit)
    return None


# One row of counts, or none where nothing went out.
_WENT_OUT = Question(
    lambda: (
        Delivery.objects.filter(
            to=Given("to", CharField()), automatic=True, created_at__gt=Given("since", DateTimeField()),
            message_id__gt="",
        )
        .exclude(pk=Given("itself", BigIntegerField()))
        .order_by()
        .values("automatic")
        .annotate(
            acknowledged=Count("pk", filter=Q(kind__in=ACKNOWLEDGEMENTS)),
            about=Count("pk", filter=Q(ticket=Given("ticket", BigIntegerField()))),
            all=Count("pk"),
        )
    )
)  # fmt: skip
