"""What came in another way than as a letter, understood from the bytes that were kept: one road, one function."""

from __future__ import annotations

from collections.abc import Callable

from firstline.intake import exchange_calls
from firstline.intake.channels import api, phone, portal, sms, telephony, web
from firstline.intake.models import Inbound
from firstline.intake.results import Result
from firstline.tickets.models import Message, Ticket

_TICKETS: dict[str, Callable[[Inbound], Ticket]] = {
    "portal": portal.again,
    "phone": phone.again,
    "api": api.again,
    "web": web.again,
}
# What may become something else than a ticket.
_RESULTS: dict[str, Callable[[Inbound], Result]] = {"sms": sms.again, telephony.KIND: exchange_calls.again}


def understood(row: Inbound) -> Result:
    """What becomes of the row, in the transaction that finishes it. Raises what the verbs of its road raise."""
    if (whole := _RESULTS.get(row.kind)) is not None:
        return whole(row)
    ticket = _TICKETS[row.kind](row)
    message = Message.objects.filter(ticket=ticket).order_by("id").first()
    return Result(Inbound.Outcome.TICKET, ticket=ticket, message=message)
