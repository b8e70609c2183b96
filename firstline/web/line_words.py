"""The line's work in words: the box of a line, what is accepted or returned, who was called in."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from firstline.assets import remote
from firstline.lib.language import picked
from firstline.tickets.models import Event, Kind
from firstline.web import durations
from firstline.web.event_line import Line, Names, say, who

POLICIES: dict[str, str | Promise] = {
    "remind": gettext_lazy("remind"),
    "tell_lead": gettext_lazy("tell the lead"),
    "hand_over": gettext_lazy("hand over to the next line"),
}


def _accepted(event: Event, names: Names) -> Line:
    return Line("user-plus", say(_("{who} accepted what was handed over"), who=who(event)), tone="good")


def _returned(event: Event, names: Names) -> Line:
    pattern = _("{who} returned it from line {old} to line {new}")
    words = say(pattern, who=who(event), old=event.data.get("from_line"), new=event.data.get("to_line"))
    return Line("rotate-ccw", words, str(event.data.get("why", "")), "esc")


def _invited(event: Event, names: Names) -> Line:
    name = event.data.get("name", "")
    if event.by is not None and event.by.pk == event.data.get("person"):
        return Line("users", say(_("{who} works along"), who=name), str(event.data.get("why", "")))
    return Line("users", say(_("{who} called in {name}"), who=who(event), name=name), str(event.data.get("why", "")))


def _left(event: Event, names: Names) -> Line:
    return Line("users", say(_("{who} works along no more"), who=event.data.get("name", "")))


def _hint(event: Event, names: Names) -> Line:
    return Line("timer", say(_("Line {line}: most of its time is used up"), line=event.data.get("line", "")))


def _full(event: Event, names: Names) -> Line:
    minutes = event.data.get("minutes", 0)
    pattern = ngettext(
        "Line {line}: its {minutes} minute is used up", "Line {line}: its {minutes} minutes are used up", minutes
    )
    return Line("timer", say(pattern, line=event.data.get("line", ""), minutes=minutes), tone="warn")


def _extended(event: Event, names: Names) -> Line:
    minutes = event.data.get("minutes", 0)
    pattern = ngettext("{who} needs {minutes} minute more", "{who} needs {minutes} minutes more", minutes)
    return Line("timer", say(pattern, who=who(event), minutes=minutes), str(event.data.get("reason", "")))


def _over(event: Event, names: Names) -> Line:
    policy = event.data.get("policy", "")
    words: dict[str, str] = {
        "tell_lead": _("The time of line {line} is over and nothing was decided: the lead was told"),
        "hand_over": _("The time of line {line} is over and nothing was decided: it is handed over"),
    }
    reminded = _("The time of line {line} is over and nothing was decided: who has it was reminded")
    return Line("triangle-alert", say(words.get(policy, reminded), line=event.data.get("line", "")), tone="warn")


def _connected(event: Event, names: Names) -> Line:
    program = remote.name_of(event.data.get("program", ""))
    return Line("monitor-smartphone", say(_("{who} connected by {program}"), who=who(event), program=program))


def _disconnected(event: Event, names: Names) -> Line:
    time = durations.words(max(1, event.data.get("seconds", 0) / 60))
    program = remote.name_of(event.data.get("program", ""))
    pattern = _("{who} ended the session in {program}: {time}")
    return Line("monitor-smartphone", say(pattern, who=who(event), program=program, time=time))


def _ticked(pattern: str | Promise) -> Callable[[Event, Names], Line]:
    def told(event: Event, names: Names) -> Line:
        words = event.data.get("words", {})
        item = picked(words, next(iter(words.values()), ""), get_language())
        return Line("list-todo", say(str(pattern), who=who(event), item=item))

    return told


TELLERS: dict[Kind, Callable[[Event, Names], Line]] = {
    Kind.ACCEPTED: _accepted,
    Kind.RETURNED: _returned,
    Kind.INVITED: _invited,
    Kind.LEFT_SWARM: _left,
    Kind.BOX_HINT: _hint,
    Kind.BOX_FULL: _full,
    Kind.BOX_EXTENDED: _extended,
    Kind.BOX_OVER: _over,
    Kind.REMOTE_STARTED: _connected,
    Kind.TICKED: _ticked(gettext_lazy("{who} ticked: {item}")),
    Kind.UNTICKED: _ticked(gettext_lazy("{who} took the tick back: {item}")),
    Kind.REMOTE_ENDED: _disconnected,
}
