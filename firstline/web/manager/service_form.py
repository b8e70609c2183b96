"""What a service asks: its fields edited one at a time, seen as the client sees them, kept as a new version at once.

Until it is saved the form lives in the page (`rows`), so every button works without JavaScript and nothing is asked of
a client that is half written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from firstline.contracts import form_fields, forms
from firstline.contracts.models import Service, ServiceForm
from firstline.contracts.refusals import WrongTerms
from firstline.lib import clock
from firstline.lib.language import CODES, LANGUAGES, picked
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.tickets.queries import NotThere
from firstline.web import form_pages
from firstline.web.manager.door import door

Row = dict[str, Any]
KINDS: dict[str, str | Promise] = {
    "line": pgettext_lazy("kind of field", "Line of text"), "text": pgettext_lazy("kind of field", "Long text"),
    "number": pgettext_lazy("kind of field", "Number"), "choice": pgettext_lazy("kind of field", "One of a list"),
    "choices": pgettext_lazy("kind of field", "Several of a list"),
    "yes_no": pgettext_lazy("kind of field", "Yes or no"), "date": pgettext_lazy("kind of field", "Date"),
    "moment": pgettext_lazy("kind of field", "Date with time"),
    "person": pgettext_lazy("kind of field", "Colleague of the client"),
    "equipment": pgettext_lazy("kind of field", "Equipment of the client"),
    "file": pgettext_lazy("kind of field", "Files"),
}  # fmt: skip
PROBLEMS: tuple[tuple[str, str | Promise], ...] = (
    ("small Latin letters", gettext_lazy("The key needs small Latin letters, digits and _.")),
    ("there is a field of this key", gettext_lazy("Another field has this key already.")),
    ("a name in one language", gettext_lazy("Give it a question in one language at least; at most 200 characters.")),
    ("texts by language", gettext_lazy("Help is at most 500 characters.")),
    ("each needs a key and a name", gettext_lazy("Each choice needs a name.")),
    ("two have the same key", gettext_lazy("Two choices have the same key.")),
    ("2 to ", gettext_lazy("A list needs two choices at least, and at most 100.")),
    ("a field that stands above", gettext_lazy("It can only hang on a field that stands above it.")),
    ("values that the field can have", gettext_lazy("It hangs on an answer that the other field does not have.")),
    ("at most 200 fields", gettext_lazy("A form has 200 fields at most.")),
    ("somebody has changed it", gettext_lazy("Somebody has changed this form since you opened it: open it again.")),
)


@require_http_methods(["GET", "POST"])
@door("look up people")
def page(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    """GET /desk/services/…/form/ shows it; POST does `deed`: open-N, add, keep, up-N, down-N, remove-N, or save."""
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise NotThere(slug)
    if request.method != "POST":
        newest = forms.of(service)
        return _page(request, person, service, newest.fields if newest else [], -1, forms.version_of(service))
    demand(person, "edit catalogue")
    rows, opened = _rows(request.POST.get("rows", "")), _whole(request.POST.get("opened", ""))
    if 0 <= opened < len(rows):
        rows[opened] = _typed(request.POST, rows[opened])
    deed, _dash, place = request.POST.get("deed", "keep").partition("-")
    if deed == "save":
        return _save(request, person, service, rows)
    opened = _moved(rows, deed, _whole(place))
    return _page(request, person, service, rows, opened, _whole(request.POST.get("seen", "")))


def _save(request: HttpRequest, person: Person, service: Service, rows: list[Row]) -> HttpResponse:
    seen = _whole(request.POST.get("seen", ""))
    try:
        forms.write(service, rows, by=person, at=clock.now(), seen=seen)
    except WrongTerms as refusal:
        found = re.match(r"\[(\d+)\]", refusal.problems[0])
        opened = int(found[1]) if found else -1
        return _page(request, person, service, rows, opened, seen, refusal.problems)
    messages.success(request, _("The form is saved. It is asked from now on; requests keep what they answered."))
    return HttpResponseRedirect(f"/desk/services/{service.slug}/form/")


def _moved(rows: list[Row], deed: str, place: int) -> int:
    """Does it to the rows; answers which row is open afterwards."""
    if deed == "add" and len(rows) < form_fields.MOST_FIELDS:
        rows.append({"key": _free(rows), "kind": "line", "names": {}})
        return len(rows) - 1
    if not 0 <= place < len(rows):
        return -1
    if deed == "open":
        return place
    if deed == "remove":
        rows.pop(place)
    elif deed in ("up", "down"):
        other = place + (1 if deed == "down" else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
    return -1


def _free(rows: Sequence[Row]) -> str:
    taken = {row.get("key") for row in rows}
    return next(key for number in range(1, len(rows) + 2) if (key := f"field_{number}") not in taken)


def _rows(given: str) -> list[Row]:
    """The form as the page carried it; what is no list of tables is nothing."""
    try:
        found = json.loads(given)
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [row for row in found if isinstance(row, dict)][: form_fields.MOST_FIELDS]


def _typed(sent: Any, before: Row) -> Row:
    """The open field, as it was typed."""

    def texts(name: str) -> dict[str, str]:
        return {code: text for code in CODES if (text := sent.get(f"{name}-{code}", "").strip())}

    row: Row = {
        "key": sent.get("key", "").strip() or before.get("key", ""), "kind": sent.get("kind", ""),
        "names": texts("names"), "hints": texts("hints"), "required": "required" in sent, "desk": "desk" in sent,
    }  # fmt: skip
    if row["kind"] in form_fields.WITH_OPTIONS:
        row["options"] = _options_typed(sent, before)
    if on := sent.get("when_field", ""):
        row["shown_when"] = {"field": on, "is": [one for one in sent.getlist("when_is") if one]}
    return row


def _options_typed(sent: Any, before: Row) -> list[Row]:
    """A line a choice, in each language; a choice keeps its key, so that answers keep their meaning."""
    lines = {code: sent.get(f"options-{code}", "").splitlines() for code in CODES}
    made: list[Row] = []
    for number in range(max(len(each) for each in lines.values())):
        names = {code: each[number].strip() for code, each in lines.items() if number < len(each)}
        if names := {code: text for code, text in names.items() if text}:
            made.append({"key": "", "names": names})
    kept = [one for one in before.get("options") or [] if isinstance(one, dict)]
    _keep_keys(made, kept)
    taken = {one.get("key", "") for one in (*made, *kept)}
    for number, one in enumerate(made, start=1):
        if not one["key"]:
            one["key"] = _free_key(slugify(one["names"].get("en", ""))[:40] or f"option-{number}", taken)
            taken.add(one["key"])
    return made


def _keep_keys(made: Sequence[Row], kept: Sequence[Row]) -> None:
    """Who is called as before is the same; then who is called as before in one language; what is left is the same by
    its place, but only where no line came or went."""

    def match(same: Callable[[Row, Row], bool]) -> None:
        for one in made:
            if not one["key"]:
                taken = {each["key"] for each in made}
                free = (each.get("key", "") for each in kept if each.get("key") not in taken and same(one, each))
                one["key"] = next(free, "")

    match(lambda one, each: one["names"] == each.get("names"))
    match(lambda one, each: bool(one["names"].items() & (each.get("names") or {}).items()))
    if len(made) == len(kept):
        places = {id(one): number for number, one in enumerate((*made, *kept))}
        match(lambda one, each: places[id(one)] + len(made) == places[id(each)])


def _free_key(wished: str, taken: set[str]) -> str:
    if wished not in taken:
        return wished
    return next(key for number in range(2, len(taken) + 3) if (key := f"{wished[:36]}-{number}") not in taken)


def _page(
    request: HttpRequest, person: Person, service: Service, rows: Sequence[Row], opened: int, seen: int,
    wrong: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    fields, _problems = form_fields.read(list(rows))
    draft = ServiceForm(service=service, number=0, fields=form_fields.written(fields))
    context = {
        "service": service, "may_edit": may(person, "edit catalogue"), "seen": seen,
        "rows_json": json.dumps(list(rows)),
        "rows": [_row(number, row) for number, row in enumerate(rows)], "opened": opened,
        "open": _opened(rows, opened) if 0 <= opened < len(rows) else None,
        "problems": _in_words(wrong), "preview": form_pages.fields(draft, {}, None, desk=True),
        "full": len(rows) >= form_fields.MOST_FIELDS, "kinds": KINDS.items(),
    }  # fmt: skip
    return render(request, "web/manager/service_form.html", context, status=422 if wrong else 200)


def _row(number: int, row: Row) -> dict[str, Any]:
    names = row.get("names") or {}
    when = row.get("shown_when") or {}
    return {
        "number": number, "label": picked(names, next(iter(names.values()), row.get("key", "")), get_language()),
        "kind": KINDS.get(row.get("kind", ""), ""), "required": row.get("required"), "desk": row.get("desk"),
        "hangs": bool(when.get("field")),
    }  # fmt: skip


def _opened(rows: Sequence[Row], number: int) -> dict[str, Any]:
    row = rows[number]
    options = [one for one in row.get("options") or [] if isinstance(one, dict)]
    when: Mapping[str, Any] = row.get("shown_when") or {}
    above, _problems = form_fields.read(list(rows[:number]))
    on = next((one for one in above if one.key == when.get("field")), None)
    values = [("yes", _("Yes")), ("no", _("No"))] if on is not None and on.kind == "yes_no" else []
    if on is not None and on.options:
        values = [(one.key, one.label(get_language())) for one in on.options]
    return {
        "row": row, "has_options": row.get("kind") in form_fields.WITH_OPTIONS,
        "texts": [
            {"code": code, "language": language, "name": (row.get("names") or {}).get(code, ""),
             "hint": (row.get("hints") or {}).get(code, ""),
             "options": "\n".join((one.get("names") or {}).get(code, "") for one in options)}
            for code, language in LANGUAGES
        ],
        "above": [(one.key, one.label(get_language())) for one in above], "when": when.get("field", ""),
        "values": values, "chosen": when.get("is") or [],
    }  # fmt: skip


def _in_words(problems: Sequence[str]) -> list[str]:
    """Each with the number of its field."""
    said = []
    for problem in problems:
        found = re.match(r"\[(\d+)\]", problem)
        words = next((str(words) for known, words in PROBLEMS if known in problem), problem)
        if found:
            words = _("Field %(n)d: %(words)s") % {"n": int(found[1]) + 1, "words": words}
        said.append(words)
    return list(dict.fromkeys(said))


def _whole(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else -1
