"""Escalations in words: on the ticket's thread, where they are listed, beside what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.lines import ladder
from firstline.lines.ladder import Rung
from firstline.notices import ladder_letters
from firstline.tickets.models import Event, Kind
from firstline.web.event_line import Line, Names, say, who
from firstline.web.templatetags import ui

WHO: dict[str, Promise] = {
    ladder.ASSIGNEE: gettext_lazy("whoever has the ticket"),
    ladder.LINE_LEAD: gettext_lazy("the lead of the line"),
    ladder.MANAGER: gettext_lazy("the manager"),
    ladder.ON_CALL: gettext_lazy("who is on call"),
}
CHANNELS: dict[str, Promise] = {
    ladder.MAIL: gettext_lazy("by mail"),
    ladder.SMS: gettext_lazy("by SMS"),
    ladder.IN_APP: gettext_lazy("on the page of escalations"),
}


def _escalated(event: Event, names: Names) -> Line:
    told = ", ".join(name for name in event.data.get("names", ()) if name)
    pattern = _("Told: {names}. {what}") if told else _("Nobody could be told. {what}")
    words = say(pattern, names=told, what=ladder_letters.said_of(event.data))
    notes = " ".join(ladder_letters.notes_in_words(event.data.get("notes", ())))
    return Line("bell-ring", words, notes, "warn")


def _acknowledged(event: Event, names: Names) -> Line:
    words = say(_("{who} sees to it: {what}"), who=who(event), what=ladder_letters.said_of(event.data))
    return Line("check", words, tone="good")


TELLERS: dict[Kind, Callable[[Event, Names], Line]] = {
    Kind.ESCALATED: _escalated,
    Kind.ACKNOWLEDGED: _acknowledged,
}


def occasion(what: str, metric: str, mark: int) -> str:
    """What has come to pass, or will; of a rung for every clock (no metric) in general."""
    if what == ladder.CLOCK and not metric:
        return _("{percent} % of any clock is used up").replace("{percent}", str(mark))
    return ladder_letters.occasion_words(what, metric, mark)


def who_said(who: str) -> str:
    """One of those whom a rung tells."""
    if who in WHO:
        return str(WHO[who])
    kind, _colon, name = who.partition(":")
    return name if kind == "person" else _("team {name}").replace("{name}", name)


def rung_said(rung: Rung, names: Mapping[str, str] | None = None) -> str:
    """Who is told, by which way, and what changes: in one sentence."""
    named = names or {}
    told = ", ".join(named.get(who) or who_said(who) for who in rung.tell)
    ways = ", ".join(str(CHANNELS[one]) for one in rung.channels if one in CHANNELS)
    parts = [_("tell {who}").replace("{who}", told), ways]
    if rung.priority:
        parts.append(_("priority at least {name}").replace("{name}", str(ui.PRIORITIES[rung.priority])))
    if rung.line:
        parts.append(_("hand over to line {line}").replace("{line}", str(rung.line)))
    if rung.watch:
        parts.append(_("who is told works along"))
    return "; ".join(part for part in parts if part)
