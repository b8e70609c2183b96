"""Why a ticket stands still, and whose time that is: a reason out of its contract's list, said in the event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

from firstline.calendars.timetables import timetable_of
from firstline.calendars.working_time import NeverOpen
from firstline.contracts.models import Duty, PauseReason
from firstline.contracts.models.promises import Side, Whose
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from firstline.tickets.statuses import WAITING_FOR_CLIENT, WAITING_FOR_VENDOR


def reasons_for(ticket: Ticket, statuses: tuple[str, ...]) -> list[PauseReason]:
    """The list of the contract that the ticket began with; empty where there is none."""
    if ticket.contract_id is None:
        return []
    return list(PauseReason.objects.filter(version=ticket.contract_id, status__in=statuses))


def whom_to_wait_for(held: Ticket, pause: str) -> str:
    """ "client" or "vendor", as the reason says. Raises WrongValue."""
    for whom, status in (("client", WAITING_FOR_CLIENT), ("vendor", WAITING_FOR_VENDOR)):
        if _reason(held, status, pause) is not None:
            return whom
    raise WrongValue("pause", "unknown")


def said(held: Ticket, *, status: str, pause: str, words: str, at: datetime) -> dict[str, Any]:
    """What the event says of a pause: words that the client may read, and what follows from the reason.

    `pause` is the slug of a reason; one that the contract has not is refused (WrongValue). Without it the words may be
    a slug, else they are only words: then the status alone says whose time it is.
    """
    written = words.replace("\x00", "").strip()[:5000]
    found = _reason(held, status, pause or written)
    if pause and found is None:
        raise WrongValue("pause", "unknown")
    if found is None:
        if not written:
            raise WrongValue("reason", "empty")
        return {"reason": written}
    if not written or (written == found.slug and not pause):
        with translation.override(held.requester.language or None):
            written = found.label()
    duty = _duty(held, found, at) if found.whose == Whose.CLIENT else {}
    return {"reason": written, "pause": found.slug, "party": found.whose, "pauses": found.pauses, **duty}


def _reason(held: Ticket, status: str, slug: str) -> PauseReason | None:
    if held.contract_id is None or not slug or len(slug) > 60:
        return None
    return PauseReason.objects.filter(version=held.contract_id, status=status, slug=slug).first()


def _duty(held: Ticket, reason: PauseReason, at: datetime) -> dict[str, Any]:
    """The duty of the client that the wait is for, if the contract has one of the same name with a time."""
    duty = (
        Duty.objects.filter(version=held.contract_id, side=Side.CLIENT, slug=reason.slug, minutes__isnull=False)
        .select_related("calendar", "version__calendar")
        .first()
    )
    if duty is None or duty.minutes is None:
        return {}
    try:
        due = timetable_of(duty.calendar or duty.version.calendar).add(at, timedelta(minutes=duty.minutes))
    except NeverOpen:
        return {}
    return {"duty": duty.slug, "duty_minutes": duty.minutes, "duty_due_at": due.isoformat()}
