"""The board in words: each number with what it is compared with, each breach to come with the one act that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.contracts.models import Metric
from firstline.lib.language import picked
from firstline.reports import board
from firstline.reports.board import AtWork, Board, HandedOver, OfLine
from firstline.tickets.handover import Reason
from firstline.tickets.models import Kind
from firstline.web import clock_faces, due_faces, durations, routing_words

TITLES: dict[str, str | Promise] = {
    "open": pgettext_lazy("board", "Open now"),
    "soon": pgettext_lazy("board", "Due within an hour"),
    "overdue": pgettext_lazy("board", "Overdue"),
    "unassigned": pgettext_lazy("board", "Unassigned"),
    "handed_over": pgettext_lazy("board", "Handed over, 8 h"),
}
DEEDS: dict[str, str | Promise] = {
    board.TIMER: pgettext_lazy("last deed", "works on it"),
    Kind.RETURNED: pgettext_lazy("last deed", "return"),
    Kind.ACCEPTED: pgettext_lazy("last deed", "acceptance"),
    Kind.CREATED: pgettext_lazy("last deed", "registration"),
    Kind.MESSAGE: pgettext_lazy("last deed", "message"),
    Kind.CALLED: pgettext_lazy("last deed", "call"),
    Kind.TAKEN: pgettext_lazy("last deed", "taken"),
    Kind.ASSIGNED: pgettext_lazy("last deed", "assignment"),
    Kind.HANDED_OVER: pgettext_lazy("last deed", "hand-over"),
    Kind.WAITING: pgettext_lazy("last deed", "waits for an answer"),
    Kind.HELD: pgettext_lazy("last deed", "put on hold"),
    Kind.RESUMED: pgettext_lazy("last deed", "resumed"),
    Kind.WORKAROUND: pgettext_lazy("last deed", "workaround"),
    Kind.ARRIVED: pgettext_lazy("last deed", "on site"),
    Kind.RESOLVED: pgettext_lazy("last deed", "solution"),
    Kind.REOPENED: pgettext_lazy("last deed", "reopening"),
    Kind.CHANGED: pgettext_lazy("last deed", "properties"),
    Kind.WORKED: pgettext_lazy("last deed", "time logged"),
    Kind.MERGED: pgettext_lazy("last deed", "merge"),
    Kind.VENDOR_ASKED: pgettext_lazy("last deed", "question to a vendor"),
    Kind.VENDOR_WRITTEN: pgettext_lazy("last deed", "letter to a vendor"),
}
LINE_NAMES: dict[int, str | Promise] = {
    1: gettext_lazy("Line 1"), 2: gettext_lazy("Line 2"), 3: gettext_lazy("Line 3"),
}  # fmt: skip
ANSWERED_BY_WRITING = frozenset(
    {Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.UPDATE, Metric.WORKAROUND, Metric.ON_SITE}
)


@dataclass(frozen=True)
class Tile:
    """One of the six numbers. `tone`: "bad" where it is worse than a week ago, "good" where it is better."""

    title: str
    value: str
    href: str
    compared: str = ""
    tone: str = ""
    icon: str = ""
    hot: bool = False
    also: tuple[tuple[str, str], ...] = ()
    is_long: bool = False


@dataclass(frozen=True)
class Coming:
    """A ticket that breaks next; `act` is what it needs: assign, write or hand_over."""

    ticket: Mapping[str, Any]
    client: str
    face: clock_faces.Face | None
    act: str
    initials: str


def address(name: str, lines: tuple[int, ...], line: int | None = None) -> str:
    """The queue with exactly the tickets of a number."""
    given = board.filters(name, lines, line).given()
    return f"/desk/queue/?{urlencode(given)}" if given else "/desk/queue/"


def tiles(shown: Board, lines: tuple[int, ...]) -> list[Tile]:
    """The six numbers, each with its list and with the same hour of last week."""
    made = [_tile(name, shown, lines) for name in ("open", "soon", "overdue", "unassigned")]
    oldest = shown.unanswered
    made.append(
        Tile(
            _("Oldest unanswered"),
            durations.words(shown.at - oldest.since) if oldest else "–",
            f"/desk/tickets/{oldest.ticket}/" if oldest else "",
            f"#{oldest.ticket}" if oldest else _("Everybody has an answer"),
            "" if oldest else "good",
            is_long=True,
        )
    )
    back, again = shown.total("returned"), shown.total("reopened")
    also = (
        (ngettext("{n} returned", "{n} returned", back).replace("{n}", str(back)), address("returned", lines)),
        (ngettext("{n} reopened", "{n} reopened", again).replace("{n}", str(again)), address("reopened", lines)),
    )
    return [*made, replace(_tile("handed_over", shown, lines), also=also)]


def breaches(shown: Board, lines: tuple[int, ...]) -> list[Tile]:
    """How many are overdue, and how many will be."""
    names = (("overdue", pgettext("breaches", "there already")), ("ahead", pgettext("breaches", "within four hours")))
    return [
        Tile(str(title), str(shown.total(name)), address(name, lines), hot=name == "overdue" and shown.total(name) > 0)
        for name, title in names
    ]


def _tile(name: str, shown: Board, lines: tuple[int, ...]) -> Tile:
    count, before = shown.total(name), shown.before.get(name)
    words, tone, icon = "", "", ""
    if before is not None:
        more = count - before
        words = _("as many as a week ago")
        if more > 0:
            words, tone, icon = _("{n} more than a week ago"), "bad", "trending-up"
        elif more < 0:
            words, tone, icon = _("{n} fewer than a week ago"), "good", "trending-down"
        words = words.replace("{n}", str(abs(more)))
    hot = name == "overdue" and count > 0
    return Tile(str(TITLES[name]), str(count), address(name, lines), words, tone, icon, hot)


def lines_table(shown: Board, lines: tuple[int, ...]) -> list[dict[str, Any]]:
    """Each line with its numbers and the addresses of their lists."""
    return [_of_line(one, shown.at, lines) for one in shown.lines]


def _of_line(one: OfLine, at: datetime, lines: tuple[int, ...]) -> dict[str, Any]:
    numbers = [
        (name, one.numbers[name], address(name, lines, one.line)) for name in ("open", "unassigned", "soon", "overdue")
    ]
    return {
        "line": one.line,
        "name": LINE_NAMES[one.line],
        "numbers": numbers,
        "oldest": one.oldest,
        "oldest_age": durations.words(at - one.oldest.since) if one.oldest else "",
        "here": one.here,
        "came": one.came,
        "left": one.left,
        "came_before": one.came_before,
        "left_before": one.left_before,
    }


def coming(shown: Board) -> list[Coming]:
    """What breaks next, with its clock and the act that it needs."""
    faces = due_faces.of([row["id"] for row in shown.to_come], shown.at)
    language = get_language()
    return [_coming(row, faces.get(row["id"]), language) for row in shown.to_come]


def _coming(row: Mapping[str, Any], face: clock_faces.Face | None, language: str | None) -> Coming:
    client = picked(row["client__names"] or {}, row["client__name"] or row["requester__name"], language)
    words = (row["assignee__name"] or "").split()[:2]
    return Coming(row, client, face, act_of(row, face), "".join(word[0] for word in words).upper())


def act_of(row: Mapping[str, Any], face: clock_faces.Face | None) -> str:
    """The one act that keeps the promise: somebody gets it, the client hears of us, or the next line does it."""
    if row["assignee_id"] is None:
        return "assign"
    if face is not None and face.metric in ANSWERED_BY_WRITING:
        return "write"
    return "hand_over" if row["line"] < max(board.LINES) else "write"


def people(shown: Board) -> list[dict[str, Any]]:
    """Who does what now: the last deed, and how many open tickets are his."""
    return [_person(one) for one in shown.people]


def _person(one: AtWork) -> dict[str, Any]:
    return {
        "person": one.person,
        "load": one.load,
        "href": f"/desk/queue/?{urlencode({'assignee': one.person.login})}",
        "ticket": one.ticket,
        "deed": DEEDS.get(one.deed, one.deed),
        "since": one.since,
        "is_here": one.is_here,
        "works": one.deed == board.TIMER,
    }


def handed(shown: Board) -> list[dict[str, Any]]:
    """The hand-overs of the shift in words."""
    return [_handed(one) for one in shown.handed]


def _handed(one: HandedOver) -> dict[str, Any]:
    data = one.event.data
    reason = data.get("reason") or data.get("why", "")
    return {
        "event": one.event,
        "from": data.get("from_line"),
        "to": data.get("to_line"),
        "reason": Reason(reason).label if reason in Reason.values else reason,
        "came_back": one.came_back,
    }


def waiting(shown: Board, lines: tuple[int, ...]) -> list[dict[str, Any]]:
    """What nobody can be given: how much, where, why, and the list of it."""
    return [
        {
            "line": one.line,
            "team": one.team.label(get_language()) if one.team is not None else "",
            "why": routing_words.NOBODY.get(one.why, one.why),
            "tickets": one.tickets,
            "age": durations.words(shown.at - one.since),
            "href": f"{address('unassigned', lines, one.line)}" + (f"&team={one.team.slug}" if one.team else ""),
        }
        for one in shown.waiting
    ]
