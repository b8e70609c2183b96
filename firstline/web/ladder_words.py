"""Escalations in words: on the ticket's thread, where they are listed, beside what comes next."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from firstline.notices import ladder_letters
from firstline.tickets.models import Event, Kind
from firstline.web.event_line import Line, Names, say, who


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
