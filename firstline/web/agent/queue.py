"""The queue: what is due first stands first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from firstline.contracts.terms import FAR_AHEAD
from firstline.lib import clock, counting
from firstline.lib.language import picked
from firstline.lines import order, weighing
from firstline.people import preferences
from firstline.people.models import Person
from firstline.tickets import arranged, attention, drafts, lists, saved_views, sharing
from firstline.tickets.arranged import Arrangement
from firstline.tickets.lists import Filters, Moment
from firstline.tickets.models import NOT_WEIGHED, Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.view_models import SavedView
from firstline.web import clock_faces, due_faces
from firstline.web.agent import bulk_deeds, order_words, queue_columns, queue_filters, queue_groups, said, usual_queue
from firstline.web.agent.door import desk
from firstline.web.asked import go, is_fragment

COLUMNS = (
    "subject", "status", "priority", "line", "channel", "tags", "version", "updated_at", "due_at", "is_open",
    "assignee_id", "assignee__name", "client__name", "client__names", "client__is_vip", "requester__name",
    "requester__is_vip",
)  # fmt: skip
GROUPS: dict[str, tuple[str | Promise, str, str]] = {
    "overdue": (gettext_lazy("Overdue"), "triangle-alert", "breach"),
    "hour": (gettext_lazy("Less than an hour"), "timer", "crit"),
    "today": (gettext_lazy("Today"), "calendar", "ok"),
    "later": (gettext_lazy("Later"), "calendar-clock", "ok"),
    "stopped": (gettext_lazy("Clocks stopped"), "pause", "paused"),
    "done": (gettext_lazy("Newest first"), "list", "paused"),
    "old": (gettext_lazy("Waits for a week or longer: not behind anything"), "hourglass", "breach"),
    "new": (gettext_lazy("Place still being worked out"), "circle-plus", "ok"),
    "cost": (gettext_lazy("By what waiting costs"), "trending-up", "ok"),
}


@dataclass
class Row:
    """One line of the queue, ready to be drawn."""

    ticket: dict[str, Any]
    client: str
    face: clock_faces.Face | None
    initials: str = ""
    free: bool = False
    reason: str = ""
    news: bool = False
    more: dict[str, str] = field(default_factory=dict)


@dataclass
class Group:
    title: str
    icon: str
    tone: str
    count: int = 0
    rows: list[Row] = field(default_factory=list)


@require_safe
@desk
def queue(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/queue/?status=&line=&team=&assignee=&client=&priority=&category=&due=&lately=&q=&cursor="""
    at, cursor = clock.now(), request.GET.get("cursor", "")
    view, edited = _views(request, person)
    asked = Filters.of(view.asked if view else request.GET.dict())
    look = {name: request.GET[name] for name in ("group", "order", "columns") if request.GET.get(name)}
    given = (view.asked if view else {}) | look
    arrangement, shown = Arrangement.of(given, person), Arrangement.columns(given, person)
    if asked.by_due and not arrangement.is_of_the_index:
        page, groups, count = arranged_groups(person, asked, arrangement, cursor, at, shown)
    else:
        by_cost = arrangement.order == "cost" and asked.by_due
        fields = (*COLUMNS, *queue_columns.needed(shown))
        if usual_queue.is_usual(asked) and not (cursor or by_cost):
            page = usual_queue.page(person, asked, fields, at, _beside)
        else:
            page = lists.page(person, asked, cursor, fields, by_cost=by_cost, more=_beside(person, at))
        counts = usual_queue.counts(person, asked, at, _borders(at)[1])
        groups, count = (
            grouped(page.rows, counts, asked, at, person=person, by_cost=by_cost, shown=shown),
            counts["all"],
        )
    context: dict[str, Any] = {
        "asked": asked,
        "groups": groups,
        "count": count,
        "columns": queue_columns.of(shown),
        "here": request.get_full_path(),
        "next": _address(asked, view, look, page.next_cursor) if page.next_cursor else "",
        "first": _address(asked, view, look) if cursor else "",
        "title": view.name if view else queue_filters.title_of(asked),
        "nothing_yet": _nothing_yet,
    }
    if is_fragment(request):
        return render(request, "web/agent/_queue_rows.html", context)
    context["choices"] = queue_filters.choices(asked, person)
    context["bulk"] = bulk_deeds.choices(context["choices"], person)
    context["said"] = said.kept(request)
    context["chips"] = queue_filters.chips(asked, context["choices"], view or edited, look)
    context |= {"view": view, "edited": edited, "asked_words": urlencode(asked.given() | look), "look": look}
    context["plain"] = _address(asked, view, {})
    context["arranged"] = queue_groups.choices(arrangement)
    context["may_save"] = bool(edited and sharing.may_change(person, edited))
    context["shares"] = sharing.shares_of(person)
    return render(request, "web/agent/queue.html", context)


@require_safe
@desk
def count(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/queue/count/?status=…: how many tickets fit, said while the filters are being chosen."""
    found = counting.up_to_99({"all": lists.found(person, Filters.of(request.GET.dict()))})["all"]
    return render(request, "web/agent/queue/_count.html", {"count": found})


@require_POST
@desk
def set_order(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/queue/order/ group, order, column (as many as are wanted, in their order), move=up.due, [view]: kept
    for this person; a view is shown so, to be kept."""
    wishes = {name: request.POST[name] for name in ("group", "order") if name in request.POST}
    columns = _columns(request.POST) if "column" in request.POST else Arrangement.columns({}, person)
    if wishes.get("order") == "cost":
        weighing.weigh_at_once(clock.now())
    if number := request.POST.get("view", ""):
        view = saved_views.get_for(person, number)
        shown = view.asked | {"from": str(view.pk)} | {name: words for name, words in wishes.items() if words}
        if columns != Arrangement.columns(view.asked, person):
            shown |= {"columns": ",".join(columns)}
        return HttpResponseRedirect(f"/desk/queue/?{urlencode(shown)}")
    kept = {f"queue_{name}": words for name, words in wishes.items()}
    preferences.prefer(person, **kept, queue_columns=list(columns))
    return go(request, "/desk/queue/")


def _columns(given: QueryDict) -> tuple[str, ...]:
    """Those that are ticked; `move` takes one of them a place up or down, `columns=default` back to everybody's."""
    if given.get("columns") == "default":
        return queue_columns.DEFAULT
    way, _point, name = given.get("move", "").partition(".")
    known = queue_columns.chosen(given.getlist("column"))
    return queue_columns.moved(known, name, 1 if way == "down" else -1) if way in {"up", "down"} else known


def arranged_groups(
    person: Person, asked: Filters, arrangement: Arrangement, cursor: str, at: datetime, shown: Sequence[str]
) -> tuple[lists.Page, list[Group], int]:
    """The rows of one page in the groups that were chosen. A group that is whole on the page is counted by being looked
    at; of the one that began before and the one that goes on the database is asked, up to 99."""
    borders = queue_groups.borders(at)
    fields = dict.fromkeys((*COLUMNS, *queue_groups.columns(arrangement.group), *queue_columns.needed(shown)))
    page = arranged.page(
        person, asked, arrangement, cursor, tuple(fields), borders=borders, more=_beside(person, at)
    )  # fmt: skip
    ends = queue_groups.parts(page.rows, arrangement.group, borders, is_first=not cursor, is_last=not page.next_cursor)
    found = lists.found(person, asked, at)
    counts = counting.up_to_99(queue_groups.counted(found, arrangement, borders, ends))
    faces = due_faces.of([row["id"] for row in page.rows], at)
    language, made = translation.get_language(), dict[Any, Group]()
    by_cost = arrangement.order == "cost"
    reasons = order_words.reasons(((row["id"], row["queue_at"]) for row in page.rows), at) if by_cost else {}
    for row in page.rows:
        key = arranged.key_of(arrangement.group, row, borders)
        if key not in made:
            made[key] = Group(*queue_groups.face(arrangement.group, row, borders))
        made[key].rows.append(_row(row, person, language, faces, reasons, shown))
    for group in made.values():
        group.count = len(group.rows)
    for side, end in ends.items():
        made[arranged.key_of(arrangement.group, end, borders)].count = counts[side]
    if arrangement.group in {"", "none"} and made:
        only = next(iter(made.values()))
        only.title, only.count = str(queue_groups.ORDERS[arrangement.order]), counts["all"]
    return page, list(made.values()), counts["all"]


def _row(
    row: dict[str, Any],
    person: Person,
    language: str | None,
    faces: Mapping[int, clock_faces.Face],
    reasons: Mapping[int, str],
    shown: Sequence[str],
) -> Row:
    client = picked(row["client__names"] or {}, row["client__name"] or row["requester__name"], language)
    words = (row["assignee__name"] or "").split()[:2]
    return Row(
        row,
        client,
        faces.get(row["id"]),
        "".join(word[0] for word in words).upper(),
        person.solves and row["is_open"] and not words,
        reasons.get(row["id"], ""),
        attention.is_news(row["version"], row["seen"], is_his=row["assignee_id"] == person.pk),
        queue_columns.more(shown, row, language),
    )


def _beside(person: Person, at: Moment) -> dict[str, Combinable]:
    """What a row says of this person and of others, read with the page: his draft, what he has seen, who writes."""
    return {
        "draft": drafts.begun_by(person), "seen": attention.seen_by(person),
        "writer": attention.written_by_another(person, at),
    }  # fmt: skip


def _views(request: HttpRequest, person: Person) -> tuple[SavedView | None, SavedView | None]:
    """The view that is shown as it is, and the one that the filters were changed from. One that is gone is said to be
    gone, and everything that is open is shown."""
    for name in ("view", "from"):
        if number := request.GET.get(name):
            try:
                found = saved_views.get_for(person, number)
            except NotThere:
                if name == "view" and not is_fragment(request):  # said once, not at each live update of the list
                    messages.warning(
                        request, _("This view is gone, or is shared with you no more. Here is all that is open.")
                    )
                return None, None
            return (found, None) if name == "view" else (None, found)
    return None, None


def grouped(
    rows: list[dict[str, Any]],
    counts: dict[str, int],
    asked: Filters,
    at: datetime,
    *,
    person: Person,
    by_cost: bool = False,
    shown: Sequence[str] = (),
) -> list[Group]:
    """The rows in the groups of their due times; three statements at most, whatever the number of rows.
    `by_cost`: in the order of what waiting costs, each with its reason."""
    hour, tonight = _borders(at)
    faces = due_faces.of([row["id"] for row in rows], at)
    language = translation.get_language()
    reasons = order_words.reasons(((row["id"], row["queue_at"]) for row in rows), at) if by_cost else {}
    made: dict[str, Group] = {}
    for row in rows:
        name = _group_of(row["queue_at"], at, hour, tonight) if asked.by_due else "done"
        if by_cost:
            name = "old" if row["rank"] < order.OLD_FIRST / 2 else "new" if row["rank"] == NOT_WEIGHED else "cost"
        if name not in made:
            title, icon, tone = GROUPS[name]
            made[name] = Group(str(title), icon, tone, counts.get(name, counts["all"] if name == "done" else 0))
        made[name].rows.append(_row(row, person, language, faces, reasons, shown))
    return list(made.values())


def _borders(at: datetime) -> tuple[datetime, datetime]:
    """In an hour, and the end of the day where the person is."""
    local = timezone.localtime(at)
    return at + timedelta(hours=1), (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _group_of(due: datetime, at: datetime, hour: datetime, tonight: datetime) -> str:
    if due >= FAR_AHEAD:
        return "stopped"
    if due <= at:
        return "overdue"
    if due <= hour:
        return "hour"
    return "today" if due < tonight else "later"


def _address(asked: Filters, view: SavedView | None, look: Mapping[str, str], cursor: str = "") -> str:
    given = ({"view": str(view.pk)} if view else asked.given()) | dict(look)
    given |= {"cursor": cursor} if cursor else {}
    return f"/desk/queue/?{urlencode(given)}" if given else "/desk/queue/"


def _nothing_yet() -> bool:
    """Whether the desk is new. The page asks only where it has no row."""
    return not Ticket.objects.exists()
