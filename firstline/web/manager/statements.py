"""Statements of contracts: the list, one of them line by line, and its steps from worked out to posted."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.contracts.models import ContractVersion
from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand, may
from firstline.sla import statements
from firstline.sla.models import Statement, StatementState
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from firstline.web import statement_sheet, statement_words
from firstline.web.asked import is_fragment
from firstline.web.sign_in.needed import signed_in

PAGE = 50


@require_safe
@signed_in
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/statements/: the newest month first; `before` the number of the last one that was seen."""
    demand(person, "see contracts")
    rows = statements.visible_to(person).order_by("-starts_on", "-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = _behind(rows, int(before))
    got = list(rows[: PAGE + 1])
    context = {
        "papers": [statement_words.paper(row) for row in got[:PAGE]],
        "next": f"/desk/statements/?before={got[PAGE - 1].pk}" if len(got) > PAGE else "",
        "versions": _versions() if may(person, "settle statements") else [],
        "this_month": clock.now().date().replace(day=1),
    }
    return render(request, "web/manager/statements.html", context)


@require_POST
@signed_in
def ask(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/statements/new/: works a month of a contract version out."""
    demand(person, "settle statements")
    version = _version(request.POST.get("version", ""))
    row = statements.ask(version, _month(request.POST.get("month", "")), by=person, at=clock.now())
    return _shown(row)


@require_safe
@signed_in
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /desk/statements/N/: the page; its paper alone, where htmx asks while it is being worked out."""
    row = _get(person, number)
    settles = may(person, "settle statements")
    context = {
        "paper": statement_words.paper(row),
        "steps": statement_words.steps(row),
        "missed": statement_sheet.missed_of(row),
        "to": [state.value for state in statements.next_of(row)] if settles else [],
        "early": statements.is_early(row),
        "again_on": statements.again_on(row),
        "may_compute": settles and row.state in statements.AGAIN and row.due_at is None,
    }
    template = "web/manager/_statement.html" if is_fragment(request) else "web/manager/statement.html"
    return render(request, template, context)


@require_safe
@signed_in
def printed(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET …/paper/: as both sides sign it."""
    return render(request, "web/statement_printed.html", {"sheet": statement_sheet.sheet(_worked_out(person, number))})


@require_safe
@signed_in
def table(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET …/lines.csv: its lines for a spreadsheet."""
    return statement_sheet.as_table(_worked_out(person, number))


@require_POST
@signed_in
def compute(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/computing/: once more, with what has been excused since."""
    row = _get(person, number)
    return _shown(statements.ask(row.version, row.starts_on, by=person, at=clock.now()))


@require_POST
@signed_in
def step(request: HttpRequest, person: Person, number: int, to: str) -> HttpResponse:
    """POST …/reviewed/, …/disputed/, …/agreed/, …/posted/"""
    row = _get(person, number)
    statements.move(row, StatementState(to), by=person, at=clock.now(), words=request.POST.get("words", ""))
    messages.success(request, _("The statement has its new state."))
    return _shown(row)


def _behind(rows: QuerySet[Statement], number: int) -> QuerySet[Statement]:
    """Those after this one in the order of the list; all of them where he does not see it."""
    last = rows.filter(pk=number).first()
    if last is None:
        return rows
    return rows.filter(Q(starts_on__lt=last.starts_on) | Q(starts_on=last.starts_on, pk__lt=last.pk))


def _get(person: Person, number: int) -> Statement:
    demand(person, "see contracts")
    row = statements.visible_to(person).filter(pk=number).first()
    if row is None:
        raise NotThere
    return row


def _worked_out(person: Person, number: int) -> Statement:
    row = _get(person, number)
    if row.computed_at is None:
        raise NotThere  # there is nothing on the paper yet
    return row


def _version(given: str) -> ContractVersion:
    found = _versions().filter(pk=int(given)).first() if given.isascii() and given.isdigit() else None
    if found is None:
        raise WrongValue("version", "unknown")
    return found


def _versions() -> QuerySet[ContractVersion]:
    rows = ContractVersion.objects.filter(frozen_at__isnull=False).select_related("contract__client", "calendar")
    return rows.order_by("contract__client__name", "contract_id", "-number")


def _month(given: str) -> date:
    try:
        return date.fromisoformat(f"{given}-01")
    except ValueError as wrong:
        raise WrongValue("month", "a month") from wrong


def _shown(row: Statement) -> HttpResponse:
    return HttpResponseRedirect(f"/desk/statements/{row.pk}/")
