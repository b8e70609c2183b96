"""The boxes of the lines: what is over now, how they were kept, and what they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from firstline.contracts import catalogue
from firstline.contracts.models import Category
from firstline.lib import clock
from firstline.lines import box, box_report, limits
from firstline.lines.box_models import BoxLimit, Outcome
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.tickets.refusals import WrongValue
from firstline.web import line_words
from firstline.web.manager.door import door

PERIODS = (7, 30, 90, 365)
LINES = (1, 2, 3)


@require_safe
@door("board")
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/box/?days=30"""
    days, since, until = _period(request)
    names = {one.pk: one for one in Category.objects.all()}
    context = {
        "rows": box_report.over_now(person), "days": days, "periods": PERIODS, "now": until,
        "figures": [(row, names.get(row.category_id or 0)) for row in box_report.figures(person, since, until)],
        "may_edit": may(person, "edit catalogue"),
    }  # fmt: skip
    return render(request, "web/manager/boxes.html", context)


@require_safe
@door("board")
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/box/tickets/?line=1&category=paper-jam&what=over&days=30: the tickets behind one number."""
    days, since, until = _period(request)
    line = int(request.GET["line"]) if request.GET.get("line") in {"1", "2", "3"} else 1
    asked = {"category": request.GET.get("category", ""), "what": request.GET.get("what", "stays")}
    rows = box_report.stays(person, since, until, line=line, **asked)
    context = {
        "rows": [(row, timedelta(seconds=row.touched), Outcome(row.outcome).label) for row in rows],
        "days": days, "line": line, "category": Category.objects.filter(slug=asked["category"]).first(),
    }  # fmt: skip
    return render(request, "web/manager/box_tickets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@door("look up people")
def set_up(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/box/limits/ POST line, category, minutes, policy; or begins=CATEGORY with line"""
    if request.method == "POST":
        demand(person, "edit catalogue")
        if "begins" in request.POST:
            _begin(request, person)
        else:
            _put(request, person)
        messages.success(request, _("It is saved and holds from now on."))
        return HttpResponseRedirect("/desk/box/limits/")
    kept = BoxLimit.objects.select_related("category").order_by("line", "category__name")
    own = {row.line for row in kept if row.category_id is None}
    context: dict[str, Any] = {
        "kept": kept, "defaults": [(line, box.default(line).minutes) for line in LINES if line not in own],
        "lines": LINES, "policies": line_words.POLICIES.items(), "categories": Category.objects.all(),
        "straight": Category.objects.filter(line__isnull=False), "may_edit": may(person, "edit catalogue"),
    }  # fmt: skip
    return render(request, "web/manager/box_limits.html", context)


def _put(request: HttpRequest, person: Person) -> None:
    given = request.POST.get("minutes", "").strip()
    if given and not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise WrongValue("minutes", "a number")
    slug = request.POST.get("category", "")
    limits.put(
        _line(request) or 0, int(given) if given else None, request.POST.get("policy", "remind"),
        category=_category(slug) if slug else None, by=person, at=clock.now(),
    )  # fmt: skip


def _begin(request: HttpRequest, person: Person) -> None:
    catalogue.begin_on(_category(request.POST["begins"]), _line(request), by=person, at=clock.now())


def _line(request: HttpRequest) -> int | None:
    return int(request.POST["line"]) if request.POST.get("line") in {"1", "2", "3"} else None


def _category(slug: str) -> Category:
    found = Category.objects.filter(slug=slug).first()
    if found is None:
        raise WrongValue("category", "unknown")
    return found


def _period(request: HttpRequest) -> tuple[int, datetime, datetime]:
    given = request.GET.get("days", "")
    days = int(given) if given in {str(one) for one in PERIODS} else 30
    until = clock.now()
    return days, until - timedelta(days=days), until
