"""A list of people as a file: looked at row by row before anything is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from firstline.blobs import store
from firstline.imports import people_import, sheet
from firstline.imports.people_import import Plan
from firstline.imports.sheet import WrongSheet
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.web.admin.fields import PROBLEMS
from firstline.web.manager.door import door

ROOT, SEES, SALT = "/desk/people/", "accounts", "people list"
SHOWN, GOOD_FOR = 200, 3600
NAMES: dict[str, str | Promise] = {
    "name": gettext_lazy("name"), "email": gettext_lazy("e-mail"), "phone": gettext_lazy("phone"),
    "login": gettext_lazy("login"), "role": gettext_lazy("role"), "client": gettext_lazy("client"),
    "language": gettext_lazy("language"), "time_zone": gettext_lazy("time zone"), "is_vip": gettext_lazy("VIP"),
    "vip": gettext_lazy("VIP"), "person": gettext_lazy("person"),
}  # fmt: skip
REFUSED: dict[str, str | Promise] = {
    **PROBLEMS, "of the desk": gettext_lazy("belongs to the desk: administrators keep such people"),
    "no such client": gettext_lazy("there is no such client"), "no such role": gettext_lazy("there is no such role"),
    "no such language": gettext_lazy("there is no such language"),
    "stands twice": gettext_lazy("stands in the list a second time"),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@door(SEES)
def look(request: HttpRequest, person: Person) -> HttpResponse:
    """/desk/people/list/: a file and the client of rows that name none; POST answers what would become of each row."""
    if request.method != "POST":
        return _page(request, {})
    client = Client.objects.filter(slug=request.POST.get("client", ""), closed_at=None).first()
    file = request.FILES.get("file")
    if file is None:
        return _page(request, {"wrong": _("Choose a file.")}, 422)
    if (file.size or 0) > sheet.MOST_BYTES:
        return _page(request, {"wrong": wrong_words(WrongSheet("too large"))}, 422)
    content = file.read()
    try:
        plan = people_import.plan(content, client=client, by=person)
    except WrongSheet as wrong:
        return _page(request, {"wrong": wrong_words(wrong)}, 422)
    ticket = {"sha256": store.keep(content).sha256, "by": person.pk, "name": str(file.name)[:60],
              "client": client.slug if client else ""}  # fmt: skip
    return _page(request, {"plan": _shown(plan), "ticket": signing.dumps(ticket, salt=SALT), "name": file.name})


@require_POST
@door(SEES)
def take(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/people/list/taking/: what was looked at, all of it in one piece."""
    try:
        ticket: Mapping[str, Any] = signing.loads(request.POST.get("ticket", ""), salt=SALT, max_age=GOOD_FOR)
        content = store.read(ticket["sha256"]) if ticket["by"] == person.pk else None
    except signing.BadSignature:
        content = None
    if content is None:
        return _page(request, {"wrong": _("That was looked at too long ago: choose the file again.")}, 422)
    client = Client.objects.filter(slug=ticket["client"], closed_at=None).first()
    done = people_import.take(content, client=client, by=person, at=clock.now(), source=f"list:{ticket['name']}")
    for result, words in (("created", _counted_new), ("changed", _counted_changed)):
        if count := done.count(result):
            messages.success(request, words(count))
    if not done.count("created") and not done.count("changed"):
        messages.success(request, _("Everybody was there already: nothing changed."))
    return HttpResponseRedirect(f"{ROOT}?client={client.slug}" if client else ROOT)


def _counted_new(count: int) -> str:
    return ngettext("{n} person added.", "{n} people added.", count).replace("{n}", str(count))


def _counted_changed(count: int) -> str:
    return ngettext("{n} person changed.", "{n} people changed.", count).replace("{n}", str(count))


def wrong_words(wrong: WrongSheet) -> str:
    """One sentence that names every column that is wrong."""
    names = ", ".join(f"“{one}”" for one in wrong.names)
    known = ", ".join(str(NAMES[name]) for name in sheet.COLUMNS)
    if wrong.kind == "columns":
        return _("These columns are not known: {names}. Known are: {known}. Nothing was taken.").format(
            names=names, known=known
        )
    if wrong.kind == "twice":
        return _("These columns stand there twice: {names}. Nothing was taken.").format(names=names)
    if wrong.kind == "missing":
        missing = ", ".join(str(NAMES[name]) for name in wrong.names)
        return _("These columns are missing: {names}. Nothing was taken.").format(names=missing)
    if wrong.kind == "too large":
        return _("At most 10,000 rows and 5 MB at once: take the list in parts.")
    if wrong.kind == "empty":
        return _("There is nobody in this file: the first line names the columns, the next ones are people.")
    return _("This is not a table of text: save it as CSV in UTF-8.")


def _shown(plan: Plan) -> dict[str, Any]:
    order = {"refused": 0, "changed": 1, "created": 2, "unchanged": 3}
    rows = sorted(plan.rows, key=lambda row: (order[row.result], row.number))[:SHOWN]
    return {
        "counts": {name: plan.count(name) for name in order}, "more": max(0, len(plan.rows) - SHOWN),
        "can_take": bool(plan.count("created") or plan.count("changed")),
        "rows": [(row, _words(row)) for row in rows],
    }  # fmt: skip


def _words(row: people_import.Row) -> str:
    if row.wish.problems:
        return "; ".join(
            f"{NAMES.get(name, name)}: {REFUSED.get(problem, problem)}" for name, problem in row.wish.problems
        )
    return ", ".join(str(NAMES[name]) for name in row.wish.changed if name in NAMES)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    clients = Client.objects.filter(closed_at=None)
    chosen = request.POST.get("client", request.GET.get("client", ""))
    known = [str(NAMES[name]) for name in sheet.COLUMNS]
    whole = {"clients": clients, "chosen": chosen, "known": known, **context}
    return render(request, "web/admin/people_list.html", whole, status=status)
