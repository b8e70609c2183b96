"""How a request stands in its requester's words (glossary 114), and as a line of four steps."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from firstline.tickets.models import Status, Ticket

_LABELS: dict[str, str | Promise] = {
    Status.NEW: pgettext_lazy("status:requester", "Received"),
    Status.IN_PROGRESS: pgettext_lazy("status:requester", "Being worked on"),
    Status.WAITING_FOR_CLIENT: pgettext_lazy("status:requester", "We need your answer"),
    Status.WAITING_FOR_VENDOR: pgettext_lazy("status:requester", "Being worked on"),
    Status.RESOLVED: pgettext_lazy("status:requester", "Solved, please confirm"),
    Status.CLOSED: pgettext_lazy("status:requester", "Closed"),
    Status.CANCELLED: pgettext_lazy("status:requester", "Cancelled"),
}
_PLACE = {
    Status.NEW: 0,
    Status.IN_PROGRESS: 1,
    Status.WAITING_FOR_CLIENT: 1,
    Status.WAITING_FOR_VENDOR: 1,
    Status.ON_HOLD: 1,
    Status.RESOLVED: 2,
    Status.CLOSED: 3,
}
TONES = {
    Status.NEW: "tone-blue",
    Status.IN_PROGRESS: "tone-accent",
    Status.WAITING_FOR_CLIENT: "tone-amber",
    Status.WAITING_FOR_VENDOR: "tone-accent",
    Status.ON_HOLD: "tone-violet",
    Status.RESOLVED: "tone-green",
    Status.CLOSED: "",
    Status.CANCELLED: "",
}


@dataclass(frozen=True)
class Step:
    """`css` is done, now, ask (the requester has to act) or nothing (still to come)."""

    label: str
    css: str

    @property
    def is_current(self) -> bool:
        return self.css in ("now", "ask")


def label(ticket: Ticket) -> str:
    """The status as the requester reads it; what is on hold says until when."""
    if ticket.hold_until is not None and ticket.status == Status.ON_HOLD:
        until = formats.date_format(timezone.localtime(ticket.hold_until), "SHORT_DATETIME_FORMAT")
        return pgettext("status:requester", "Scheduled for %(moment)s") % {"moment": until}
    return str(_LABELS[ticket.status])


def steps(ticket: Ticket) -> list[Step]:
    """Received → being worked on → solved → closed; the present step has its full words."""
    received = pgettext("step of a request", "Received")
    if ticket.status == Status.CANCELLED:
        return [Step(received, "done"), Step(label(ticket), "now")]
    names = [
        received,
        pgettext("step of a request", "In work"),
        pgettext("step of a request", "Solved"),
        pgettext("step of a request", "Closed"),
    ]
    place = _PLACE[Status(ticket.status)]
    if place == 1:
        names[1] = label(ticket)
    asks = ticket.status == Status.WAITING_FOR_CLIENT
    return [
        Step(name, "done" if i < place else "" if i > place else "ask" if asks else "now")
        for i, name in enumerate(names)
    ]
