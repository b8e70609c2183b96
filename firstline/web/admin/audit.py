"""The audit: who did what, when, to which thing. Read only; as CSV for whoever checks it elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from firstline.audit import trail
from firstline.audit.models import Row
from firstline.lib import spreadsheets
from firstline.lib.periods import in_this_age
from firstline.people.listed import number_of
from firstline.people.models import Person
from firstline.web.admin.audit_words import ACTIONS, ACTORS, FACTS, OF_TICKETS, PLACES, THINGS, UNSAID, VALUES
from firstline.web.manager.door import door
from firstline.web.templatetags.ui import exactly

ROOT, PAGE, MOST_EXPORTED = "/desk/audit/", 50, 50_000
ASKED = ("who", "what", "about", "since", "until")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
THING = re.compile(r"[a-z_]{1,40}:[\w.@+-]{0,60}")


class Line(NamedTuple):
    """A row as it is shown."""

    row: Row
    who: str
    said: str
    about: str
    href: str
    facts: list[tuple[str, str, str]]


@require_safe
@door("audit")
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/audit/?who=olga&what=person&about=client:north&since=2026-03-01&until=…&before=…"""
    asked = _asked(request)
    rows, wrong = _found(asked)
    before = number_of(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    got = list(rows[: PAGE + 1]) if not wrong else []
    kept = urlencode({key: value for key, value in asked.items() if value})
    context = {
        "lines": lines_of(got[:PAGE]), "asked": asked, "wrong": wrong, "is_asked": bool(kept),
        "next": f"{ROOT}?{kept}&before={got[PAGE - 1].pk}" if len(got) > PAGE else "",
        "first": f"{ROOT}?{kept}" if before is not None else "", "kept": kept,
    }  # fmt: skip
    return render(request, "web/admin/audit.html", context, status=422 if wrong else 200)


@require_safe
@door("audit")
def export(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/audit/export.csv with the same filters: the newest rows first, no cell a formula."""
    rows, wrong = _found(_asked(request))
    if wrong:
        return HttpResponse(wrong, status=422, content_type="text/plain; charset=utf-8")
    head = ["id", "at", "actor", "name", "action", "target", "data"]
    said = "".join(spreadsheets.lines(head, _exported(rows[:MOST_EXPORTED].iterator())))
    answer = HttpResponse(said, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _exported(rows: Iterable[Row]) -> Iterator[list[Any]]:
    names = {f"person:{pk}": name for pk, name in Person.objects.values_list("pk", "name")}
    for row in rows:
        said = json.dumps(row.data, ensure_ascii=False, default=str)
        yield [row.pk, row.at.isoformat(), row.actor, names.get(row.actor, ""), row.action, row.target, said]


def _asked(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET.get(key, "").strip()[:120] for key in ASKED}


def _found(asked: dict[str, str]) -> tuple[Any, str]:
    """The rows, and what cannot be asked so."""
    since, until = _day(asked["since"]), _day(asked["until"])
    if (asked["since"] and since is None) or (asked["until"] and until is None):
        return trail.found(), _("This is not a date.")
    about = asked["about"]
    if about and not THING.fullmatch(about):
        return trail.found(), _("A thing is named as ticket:1042, client:north or person: for all people.")
    actor = asked["who"]
    if actor and actor not in ("system", "apply", "cli", "visitor"):
        found = Person.objects.filter(login__iexact=actor).first() or Person.objects.of_address(actor)
        if found is None:
            return trail.found(), _("Nobody has this login or address.")
        actor = f"person:{found.pk}"
    end = until + timedelta(days=1) if until else None
    return trail.found(actor=actor, target=about, action=asked["what"], since=since, until=end), ""


def _day(typed: str) -> datetime | None:
    try:
        day = parse_date(typed) if typed else None
    except ValueError:
        return None
    if day is None or not in_this_age(day.year):
        return None
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware


def lines_of(rows: list[Row]) -> list[Line]:
    """With the names of people: one statement for all."""
    wanted = {thing for row in rows for thing in (row.actor, row.target) if thing.startswith("person:")}
    numbers = [int(one[7:]) for one in wanted if one[7:].isdigit()]
    names = {f"person:{pk}": name for pk, name in Person.objects.filter(pk__in=numbers).values_list("pk", "name")}
    return [
        Line(row, names.get(row.actor) or str(ACTORS.get(row.actor, row.actor)), said(row),
             names.get(row.target) or _thing(row.target), _href(row.target), _facts(row))
        for row in rows
    ]  # fmt: skip


def said(row: Row) -> str:
    """What was done, in words."""
    words = OF_TICKETS if row.target.startswith("ticket:") else ACTIONS
    return str(words.get(row.action) or ACTIONS.get(row.action, row.action.replace("_", " ")))


def _thing(target: str) -> str:
    """“ticket 1042”, “client north”."""
    kind, _colon, key = target.partition(":")
    return f"{THINGS.get(kind, kind)} {key}".strip()


def _href(target: str) -> str:
    kind, _colon, key = target.partition(":")
    return PLACES[kind].format(key) if kind in PLACES and key else ""


def _facts(row: Row) -> list[tuple[str, str, str]]:
    """(what, before, now) of each thing that changed; of others (what, "", value)."""
    changed, before = row.data.get("changed"), row.data.get("before")
    if isinstance(changed, dict):
        was = before if isinstance(before, dict) else {}
        return [(_fact(key), _short(was.get(key)), _short(value)) for key, value in list(changed.items())[:12]]
    shown = [(key, value) for key, value in row.data.items() if key not in UNSAID]
    return [(_fact(key), "", str(VALUES.get((key, str(value))) or _short(value))) for key, value in shown[:12]]


def _fact(key: str) -> str:
    return str(FACTS.get(key, key.replace("_", " ")))


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return pgettext("audit", "yes") if value else pgettext("audit", "no")
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return exactly(datetime.fromisoformat(value))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return _short(", ".join(value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 160 else f"{text[:160]}…"
