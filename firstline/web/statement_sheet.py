"""A statement that leaves the screen: the paper that both sides sign, and its lines for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from firstline.brand import identity
from firstline.lib import spreadsheets
from firstline.sla import measured, statements
from firstline.sla.models import Clock, Statement, StatementState
from firstline.web import money
from firstline.web.clock_faces import METRICS
from firstline.web.statement_words import Paper, paper

MOST_MISSED = 200


@dataclass(frozen=True)
class Missed:
    """The promises that were missed in these days, each with its ticket; only the first 200 are shown."""

    rows: list[tuple[Clock, str]]
    more: bool


@dataclass(frozen=True)
class Signed:
    """One side of the paper. `by` and `at`: who has agreed already, and when."""

    side: str
    name: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Sheet:
    """What the printed paper says beside the lines. `early`: its month goes on, so that there is nothing to sign."""

    paper: Paper
    number: str
    contractor: str
    client: str
    left: str
    missed: Missed
    sides: list[Signed]
    early: bool
    again_on: date


def missed_of(row: Statement) -> Missed:
    """Every number of the paper opens its tickets: these are behind the shares and tiers."""
    found = list(measured.missed(row.version, statements.of_row(row).verdicts)[: MOST_MISSED + 1])
    rows = [(clock, str(METRICS.get(clock.metric, clock.metric))) for clock in found[:MOST_MISSED]]
    return Missed(rows, more=len(found) > MOST_MISSED)


def sheet(row: Statement) -> Sheet:
    """The paper to print. Its number says the contract, the version and the month."""
    version, early = row.version, statements.is_early(row)
    contractor, client = identity.current().name, version.contract.client.label(get_language() or "")
    agreed = row.steps.filter(state=StatementState.AGREED).select_related("by").order_by("-at").first()
    settled = agreed if row.state in {StatementState.AGREED, StatementState.POSTED} else None
    return Sheet(
        paper=paper(row),
        number=f"{version.contract}-{version.number}/{row.starts_on:%Y-%m}",
        contractor=contractor,
        client=client,
        left=money.words(max(row.fee - row.total, row.fee * 0), version.currency) if version.monthly_fee else "",
        missed=missed_of(row),
        sides=[] if early else [
            Signed(_("Contractor"), contractor),
            Signed(
                _("Client"), client, by=settled.by.name if settled and settled.by else "",
                at=settled.at if settled else None,
            ),
        ],
        early=early,
        again_on=statements.again_on(row),
    )  # fmt: skip


def as_table(row: Statement) -> HttpResponse:
    """The lines as CSV: what each is for, what it was worked out from, the sum as a number."""
    shown = paper(row)
    amounts = [statements.line_of(kept).amount for kept in row.body.get("lines", [])]
    head = [pgettext("statement", "For"), _("Ticket"), _("Worked out from"), _("Remark"), _("Sum"), _("Currency")]
    lines = [
        [line.what, line.ticket or "", line.how, line.note, _number(amount), row.version.currency]
        for line, amount in zip(shown.rows, amounts, strict=True)
    ]
    if shown.cut:
        cap = _("Cut off: all penalties of a month come to %(cap)s at most") % {"cap": shown.cap}
        lines.append([cap, "", "", "", _number(-Decimal(row.body["cut"])), row.version.currency])
    lines.append([_("Together"), "", "", "", _number(row.total), row.version.currency])
    answer = HttpResponse("".join(spreadsheets.lines(head, lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statement-{row.pk}-{row.starts_on:%Y-%m}.csv"'
    return answer


def _number(amount: object) -> str:
    """As a spreadsheet of the reader's language takes it for a number: no thousands, his comma."""
    return str(amount).replace(".", formats.get_format("DECIMAL_SEPARATOR"))
