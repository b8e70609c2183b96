"""What vendors were asked and said, in words: lines of the thread."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from firstline.tickets.models import Event, Kind
from firstline.web.event_line import Line, Names, say, who


def _of_vendor(icon: str, pattern: str | Promise, tone: str = "") -> Callable[[Event, Names], Line]:
    def told(event: Event, names: Names) -> Line:
        parts = {"vendor": event.data.get("name", ""), "number": event.data.get("number", "")}
        more = str(event.data.get("subject") or event.data.get("their_number") or "")
        return Line(icon, say(str(pattern), who=who(event), **parts), more, tone)

    return told


def _vendor_closed(event: Event, names: Names) -> Line:
    if event.data.get("solved"):
        return _of_vendor("check-check", gettext_lazy("{vendor} solved {number}"), "good")(event, names)
    return _of_vendor("undo-2", gettext_lazy("{who} withdrew {number} from {vendor}"))(event, names)


def _vendor_late(event: Event, names: Names) -> Line:
    said = gettext_lazy("{vendor} has not solved {number} in time")
    if event.data.get("owed") == "response":
        said = gettext_lazy("{vendor} has not answered {number} in time")
    return _of_vendor("clock-alert", said, "bad")(event, names)


TELLERS: dict[Kind, Callable[[Event, Names], Line]] = {
    Kind.VENDOR_ASKED: _of_vendor("forward", gettext_lazy("{who} asked {vendor} ({number})")),
    Kind.VENDOR_WRITTEN: _of_vendor("forward", gettext_lazy("{who} wrote to {vendor} ({number})")),
    Kind.VENDOR_ANSWERED: _of_vendor("reply", gettext_lazy("{vendor} answered on {number}")),
    Kind.VENDOR_NUMBERED: _of_vendor("hash", gettext_lazy("{who} noted the number that {vendor} gave {number}")),
    Kind.VENDOR_CLOSED: _vendor_closed,
    Kind.VENDOR_LATE: _vendor_late,
}
