"""Where a rule sent a ticket, and what went back into the queue, in words: lines of the thread."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstline.lines import strategies
from firstline.tickets.models import Event, Kind
from firstline.web.event_line import Line, Names, say

NOBODY: dict[str, str | Promise] = {
    strategies.NOBODY: gettext_lazy("nobody is there to take it: the team has no people who solve tickets"),
    strategies.ABSENT: gettext_lazy("nobody of them is here now"),
    strategies.UNSEEN: gettext_lazy("nobody who is here looks after this client"),
    strategies.UNSKILLED: gettext_lazy("nobody who is here knows what it needs"),
    strategies.FULL: gettext_lazy("everybody who is here has as much as he may have"),
}
HOW: dict[str, str | Promise] = {
    "round_robin": gettext_lazy("in turn"),
    "least_loaded": gettext_lazy("has the least open work"),
    "skill": gettext_lazy("knows what it needs"),
}


def _routed(event: Event, names: Names) -> Line:
    data = event.data
    team = names.get(f"team:{data.get('team')}", data.get("team") or "")
    parts = {"n": data.get("place"), "rule": data.get("rule") or "", "line": data.get("line"), "team": team}
    if not data.get("place"):
        pattern = _("Dealt out again: line {line}, {team}") if team else _("Dealt out again: line {line}")
    elif team:
        pattern = _("Rule {n}, {rule}: line {line}, {team}")
    else:
        pattern = _("Rule {n}, {rule}: line {line}")
    assignee, why = data.get("assignee"), data.get("nobody")
    if assignee:
        parts["assignee"] = names.get(assignee, assignee)
        pattern = _("{where}, to {assignee}").replace("{where}", pattern)
        how = str(HOW.get(data.get("strategy", ""), ""))
        return Line("workflow", say(pattern, **parts), _("knows the requester") if data.get("known") else how)
    return Line("workflow", say(pattern, **parts), str(NOBODY.get(why, "")) if why else "", "warn" if why else "")


def _given_back(event: Event, names: Names) -> Line:
    login = event.data.get("person", "")
    if event.data.get("why") == "leaves":
        pattern = _("{person} leaves and gives it back: it is due before he is here again")
    elif event.data.get("why") == "left":
        pattern = _("{person} works here no more: given back to the queue")
    elif event.data.get("why") == "reinforcement_over":
        pattern = _("The reinforcement is over: {person} gives it back to the queue")
    else:
        pattern = _("{person} is off duty: given back, because it is due before he is here again")
    return Line("undo-2", say(pattern, person=names.get(login, login)), tone="warn")


TELLERS: dict[Kind, Callable[[Event, Names], Line]] = {Kind.ROUTED: _routed, Kind.GIVEN_BACK: _given_back}
