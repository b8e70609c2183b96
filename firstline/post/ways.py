"""By which way words reach somebody: mail, or a text message where he wishes it or nothing else is known of him."""

from __future__ import annotations

from typing import NamedTuple

from firstline.post import gateways
from firstline.post.gateways import Sending

EMAIL, SMS = "email", "sms"


class Way(NamedTuple):
    """The channel of a delivery, and the address or number."""

    channel: str
    to: str


def of(*, email: str, number: str, by_sms: bool, sending: Sending | None = None) -> Way | None:
    """`number` is in E.164. A wish that no gateway can fulfil falls back to mail; None where nothing is known. Whoever
    has an address and no such wish costs no statement; who asks for many gives `sending` (gateways.reaches)."""
    if email and not by_sms:
        return Way(EMAIL, email)
    if number and gateways.reaches(number, sending):
        return Way(SMS, number)
    return Way(EMAIL, email) if email else None


def wants_sms(chosen: str, asked_by: str = "") -> bool:
    """What somebody chose (Person.channel); where he chose nothing, the way by which he asked."""
    return SMS in (chosen, asked_by if not chosen else "")
