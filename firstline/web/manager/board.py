"""The live board: the manager, and a lead for his line, sees the load here before it becomes a breach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import may
from firstline.reports import board as reading
from firstline.reports import hindrances
from firstline.web.asked import is_fragment
from firstline.web.manager import board_charts, board_words, hindrance_words
from firstline.web.manager.door import door


@require_safe
@door("board")
def board(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/board/: the page; its content alone, where htmx asks. `tv=1`: for a wall, without anything to press."""
    shown, lines = reading.of(person, clock.now()), reading.lines_of(person)
    is_wall = request.GET.get("tv") == "1"
    people = board_words.people(shown)
    may_act = person.solves and not is_wall
    context = {
        "board": shown,
        "is_wall": is_wall,
        "address": "/desk/board/?tv=1" if is_wall else "/desk/board/",
        "tiles": board_words.tiles(shown, lines),
        "lines": board_words.lines_table(shown, lines),
        "coming": board_words.coming(shown),
        "breaches": board_words.breaches(shown, lines),
        "people": people,
        # Drawn once, and the same for each ticket that nobody has.
        "assignable": render_to_string("web/manager/_assignable.html", {"people": people}) if may_act else "",
        "handed": board_words.handed(shown),
        "waiting": board_words.waiting(shown, lines),
        "bars": board_charts.bars(shown.hours),
        "week": board_charts.week(shown.heat),
        "may_call_in": may(person, "reinforcement"),
        "may_act": may_act,
    }
    page = "web/manager/board_wall.html" if is_wall else "web/manager/board.html"
    return render(request, "web/manager/_board.html" if is_fragment(request) else page, context)


@require_safe
@door("board")
def hindrances_page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/board/hindrances/: what stands in the way; the board fetches the list. `tv=1`: for a wall."""
    context = {
        "hindrances": hindrance_words.of(hindrances.odd(), hindrances.closed(), hindrances.holes(clock.now())),
        "is_wall": request.GET.get("tv") == "1",
    }
    page = "web/manager/_hindrances.html" if is_fragment(request) else "web/manager/hindrances.html"
    return render(request, page, context)
