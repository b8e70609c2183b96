"""By which channel a delivery leaves.

Channels are alike: each is a file with the same functions, over a transport whose line has `send` and `close`. Adding
one is a row here (CONTRIBUTING.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from firstline.post import browsers, mailing, pushing, texting, ways
from firstline.post.models import Delivery
from firstline.post.roads import Line, Road
from firstline.post.transports.failures import Failure
from firstline.post.words import Words


class Channel(Protocol):
    """What each of the files does."""

    def why_no_address(self, to: str) -> str:
        """Why nothing can be sent there, in words; "" where it can."""

    def written(self, delivery: Delivery, words: Words, at: datetime) -> dict[str, object]:
        """The message as it will be kept and offered, each time the same: columns of the delivery."""

    def road_of(self, delivery: Delivery) -> Road:
        """Which server it is handed to."""

    def line(self, delivery: Delivery, road: Road) -> Line:
        """Opens the road, outside of transactions. Raises Temporary."""

    def hand_over(self, line: Line, delivery: Delivery, road: Road) -> str:
        """Offers it; the server's answer. Raises Temporary, Permanent, Uncertain."""

    def settled(self, delivery: Delivery, outcome: str | Failure, at: datetime) -> None:
        """What else follows, in the transaction of the answer."""

    def offered_anew(self, delivery: Delivery) -> dict[str, object]:
        """What changes in one that somebody sends again by hand."""


CHANNELS: dict[str, Channel] = {ways.EMAIL: mailing, ways.SMS: texting, browsers.PUSH: pushing}


def of(delivery: Delivery) -> Channel:
    return CHANNELS[delivery.channel]


def why_no_address(delivery: Delivery) -> str:
    return of(delivery).why_no_address(delivery.to)
