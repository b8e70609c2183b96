"""The signed link that shows the status of one ticket to whoever has it, without signing in and without content."""

from __future__ import annotations

import re

from django.conf import settings

from firstline.lib import tokens
from firstline.tickets.models import Ticket

PURPOSE = "status"
_SHAPE = re.compile(r"([1-9][0-9]{0,14})\.([0-9a-f]+)")


def token_of(number: int) -> str:
    """`1042.3f…`: the number, and what nobody else can write behind it."""
    return f"{number}.{tokens.signature(settings.SECRET_KEY, PURPOSE, str(number))}"


def url(ticket: Ticket) -> str:
    """The full address, for mails."""
    return f"{settings.FIRSTLINE_BASE_URL}/s/{token_of(ticket.pk)}/"


def read(token: str) -> int | None:
    """The ticket's number, or None for anything that we did not sign."""
    match = _SHAPE.fullmatch(token)
    if match is None or not tokens.is_signature(settings.SECRET_KEY, match[2], PURPOSE, match[1]):
        return None
    return int(match[1])
