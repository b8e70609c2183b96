"""What the coordinator reads of his contract's months, once they are reviewed; he agrees or says what is wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.sla import statements
from firstline.sla.models import Statement, StatementState
from firstline.tickets.queries import NotThere
from firstline.web import statement_sheet, statement_words
from firstline.web.portal.door import portal

MOST = 60  # months: five years


@require_safe
@portal
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /portal/statements/: the newest months first."""
    rows = statements.visible_to(person)[:MOST]
    return render(request, "web/portal/statements.html", {"papers": [statement_words.paper(row) for row in rows]})


@require_safe
@portal
def one(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET /portal/statements/N/"""
    row = _get(person, number)
    steps = statements.next_of(row)
    context = {
        "paper": statement_words.paper(row),
        "early": statements.is_early(row),
        "again_on": statements.again_on(row),
        "missed": statement_sheet.missed_of(row),
        "may_agree": StatementState.AGREED in steps,
        "may_dispute": StatementState.DISPUTED in steps,
        "steps": [step for step in statement_words.steps(row) if step["words"]],
    }
    return render(request, "web/portal/statement.html", context)


@require_safe
@portal
def printed(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET …/paper/: as both sides sign it."""
    return render(request, "web/statement_printed.html", {"sheet": statement_sheet.sheet(_get(person, number))})


@require_safe
@portal
def table(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """GET …/lines.csv: its lines for a spreadsheet."""
    return statement_sheet.as_table(_get(person, number))


@require_POST
@portal
def agree(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/agreement/"""
    return _move(request, person, number, StatementState.AGREED, _("Thank you. The statement is agreed."))


@require_POST
@portal
def dispute(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST …/objection/"""
    return _move(request, person, number, StatementState.DISPUTED, _("Your objection has arrived."))


def _move(request: HttpRequest, person: Person, number: int, to: StatementState, thanks: str) -> HttpResponse:
    row = _get(person, number)
    statements.move(row, to, by=person, at=clock.now(), words=request.POST.get("words", ""))
    messages.success(request, thanks)
    return HttpResponseRedirect(f"/portal/statements/{row.pk}/")


def _get(person: Person, number: int) -> Statement:
    row = statements.visible_to(person).filter(pk=number).first()
    if row is None:
        raise NotThere
    return row
