"""The statement of a month: worked out, reviewed, disputed or agreed, posted to the invoice.

It is asked for by a person or by the job of the month's end, and worked out by the worker. Until it is reviewed it can
be worked out again (an excused breach changes it); from then on its body is what was read and stays. What was worked
out while its month ran goes no further: the month's end works it out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.contracts import penalty_terms
from firstline.contracts.models import ContractVersion, Service
from firstline.contracts.penalty_terms import Rule
from firstline.contracts.refusals import WrongTerms
from firstline.lib import claims, log
from firstline.lib.alone import alone
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed, demand
from firstline.people.roles import Role
from firstline.sla import kpi_standing, measured
from firstline.sla.months import Month, after_month, days_of, month_of, run_out, zone_of
from firstline.sla.penalties import Charge, Judged, Line, Purse, Share, charge
from firstline.sla.statement_models import Statement, StatementState, StatementStep
from firstline.tickets.refusals import WrongStatus, WrongValue

S = StatementState
FROM: dict[StatementState, frozenset[StatementState]] = {
    S.REVIEWED: frozenset({S.COMPUTED, S.DISPUTED}),
    S.DISPUTED: frozenset({S.REVIEWED}),
    S.AGREED: frozenset({S.REVIEWED, S.DISPUTED}),
    S.POSTED: frozenset({S.AGREED}),
}
OF_A_WHOLE_MONTH = frozenset({S.REVIEWED, S.AGREED, S.POSTED})
AGAIN = frozenset({S.ASKED, S.COMPUTED, S.DISPUTED})
NEEDS_WORDS = frozenset({S.DISPUTED, S.POSTED})
SEEN_BY_CLIENT = (S.REVIEWED, S.DISPUTED, S.AGREED, S.POSTED)
LONGEST_WORDS = 2000
BACK = timedelta(days=92)  # so far back what was worked out early is looked for

_log = log.get(__name__)


def visible_to(person: Person) -> QuerySet[Statement]:
    """The statements that he may read: the desk's of clients in his scope, the coordinator's of his own once they are
    reviewed. Nobody else's exist for him.
    """
    rows = Statement.objects.select_related("version__contract__client", "version__calendar")
    if person.role == Role.COORDINATOR and person.client_id is not None:
        return rows.filter(version__contract__client=person.client_id, state__in=SEEN_BY_CLIENT)
    if person.role in {Role.MANAGER, Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR}:
        return rows
    if person.role == Role.LEAD:
        return rows if person.scope_all else rows.filter(version__contract__client__in=person.scope.all())
    return rows.none()


def versions_visible_to(person: Person) -> QuerySet[ContractVersion]:
    """The versions, drafts too, whose numbers he may read at the desk."""
    rows = ContractVersion.objects.select_related("contract__client", "calendar")
    if person.role in {Role.MANAGER, Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR}:
        return rows
    if person.role == Role.LEAD:
        return rows if person.scope_all else rows.filter(contract__client__in=person.scope.all())
    return rows.none()


def ask(version: ContractVersion, day: date, *, by: Person | None, at: datetime) -> Statement:
    """The statement of the month around this day is to be worked out, anew where it was before it was reviewed.

    Raises NotAllowed, WrongValue("month"), WrongStatus.
    """
    if by is not None:
        demand(by, "settle statements")
    try:
        month = _month(version, day)
    except ValueError as outside:
        raise WrongValue("month", "in force") from outside
    if version.is_draft:
        raise WrongValue("month", "in force")
    with transaction.atomic():
        row, _made = Statement.objects.get_or_create(
            version=version, starts_on=month.first, defaults={"ends_on": month.after, "due_at": at}
        )
        held = _held(row)
        if held.state not in AGAIN:
            raise WrongStatus("computing", held.state)
        Statement.objects.filter(pk=held.pk).update(due_at=at, problem="", ends_on=month.after)
        _note(held, by, at, "statement asked for")
    held.refresh_from_db()
    return held


def move(row: Statement, to: StatementState, *, by: Person, at: datetime, words: str = "") -> Statement:
    """One step on: reviewed, disputed (with why), agreed, posted (with the invoice). Raises NotAllowed, WrongValue,
    WrongStatus.
    """
    if not _may_move(by, row, to):
        raise NotAllowed("settle statements")
    said = words.replace("\x00", "").strip()[:LONGEST_WORDS]
    if to in NEEDS_WORDS and not said:
        raise WrongValue("words", "empty")
    with transaction.atomic():
        held = _held(row)
        if held.state not in FROM.get(to, frozenset()) or held.due_at is not None:
            raise WrongStatus(to.value, held.state)
        if to not in next_of(held):
            raise WrongValue("month", "goes on")
        Statement.objects.filter(pk=held.pk).update(state=to)
        held.state = to
        StatementStep.objects.create(statement=held, at=at, by=by, state=to, total=held.total, words=said)
        _note(held, by, at, f"statement {to.value}")
    return held


def next_of(row: Statement) -> list[StatementState]:
    """Where it may go from here. Before its month was over it can only be objected to, and worked out again."""
    whole = is_whole(row)
    return [to for to, before in FROM.items() if row.state in before and (whole or to not in OF_A_WHOLE_MONTH)]


def ask_for_last_month(at: datetime) -> int:
    """A job: every version with penalties or indicators whose month is over gets its statement, once; what somebody had
    worked out before the month's end is worked out again, whatever the version has."""
    asked = _ask_for_what_was_early(at)
    priced = ContractVersion.objects.filter(frozen_at__isnull=False).filter(
        Q(penalties__isnull=False) | Q(indicators__isnull=False)
    )
    for version in priced.select_related("calendar").distinct():
        today = at.astimezone(zone_of(version)).date()
        last = today.replace(day=1) - timedelta(days=1)
        try:
            month = _month(version, last)
        except ValueError:
            continue
        if not Statement.objects.filter(version=version, starts_on=month.first).exists():
            ask(version, last, by=None, at=at)
            asked += 1
    return asked


def _ask_for_what_was_early(at: datetime) -> int:
    """What was worked out while its month ran, once that is over."""
    waiting = Statement.objects.filter(
        state=S.COMPUTED, due_at__isnull=True, starts_on__gte=at.date() - BACK, starts_on__lte=at.date()
    )
    asked = 0
    for row in waiting.select_related("version__contract", "version__calendar"):
        if is_early(row) and at.astimezone(zone_of(row.version)).date() >= again_on(row):
            ask(row.version, row.starts_on, by=None, at=at)
            asked += 1
    return asked


def compute_due(*, at: datetime, limit: int = 1) -> int:
    """A job: works out the statements that are asked for. One that cannot be says so and holds up no other."""
    due = Statement.objects.filter(due_at__lte=at).order_by("due_at", "id")
    done = 0
    for row in claims.claim(due, limit=limit, lease=timedelta(minutes=10)):
        with alone(_log, "a statement could not be worked out", statement=row.pk) as tried:
            _compute(row, at)
        if tried.problem is not None:
            claims.give_up(row, tried.problem)
        done += 1
    return done


def of_row(row: Statement) -> Month:
    """The month that a statement is of."""
    days, tail = days_of(row.version), after_month(row.starts_on)
    over = days is None or (days.until is not None and row.starts_on >= days.until)
    return Month(row.starts_on, row.ends_on, zone_of(row.version), tail, run_out=over)


def is_whole(row: Statement) -> bool:
    """Whether it was worked out after the last verdict of its month; nobody settles it before that."""
    end = of_row(row).verdicts.end
    return row.computed_at is not None and end is not None and row.computed_at >= end


def is_early(row: Statement) -> bool:
    """Whether it was worked out, and its month was not over then."""
    return row.computed_at is not None and not is_whole(row)


def again_on(row: Statement) -> date:
    """The first day after its month, in the zone of its calendar."""
    return after_month(row.starts_on)


def _month(version: ContractVersion, day: date) -> Month:
    """The version's days of a month; the whole month where only tickets that keep it were judged. Raises ValueError."""
    try:
        return month_of(version, day)
    except ValueError:
        over = run_out(version, day)
        if version.is_draft or not measured.has_verdicts(version, over.period):
            raise
        return over


def purse_of(version: ContractVersion, month: Month) -> Purse:
    """The fee of these days: a part of a month costs its part of the fee."""
    whole = (month.first.replace(day=1) + timedelta(days=32)).replace(day=1) - month.first.replace(day=1)
    fee = Fraction(version.monthly_fee or 0) * Fraction((month.after - month.first).days, whole.days)
    return Purse(fee=fee, cap=penalty_terms.price(version.penalty_cap))


def charge_of(
    version: ContractVersion, month: Month, judged: list[Judged], shares: Mapping[str, Share], *, at: datetime
) -> Charge:
    """What a version's rules take for these clocks, these indicators (by kind), and the outages of this month.

    After its own days: for single tickets alone.

    Raises WrongTerms where a rule asks for a service that the catalogue has not.
    """
    rows = list(version.penalties.all())
    rules = [replace(penalty_terms.read(row.kind, row.terms), rounding=row.rounding) for row in rows]
    up = {
        rule.service: measured.availability(version, month.period, service, at=at)
        for rule, service in zip(rules, _services_of(rules), strict=True)
        if rule.kind == "availability" and not month.run_out
    }
    purse = purse_of(version, month)
    return charge(rules, judged, purse, indicators=shares, availability=up, periods=not month.run_out)


def _services_of(rules: Sequence[Rule]) -> list[int | None]:
    """The service whose availability each rule asks for, by its number: any of the catalogue will do."""
    known = dict(Service.objects.filter(slug__in={rule.service for rule in rules}).values_list("slug", "pk"))
    strangers = [
        f"penalty[{place}].service: there is no service {rule.service!r}"
        for place, rule in enumerate(rules)
        if rule.service and rule.service not in known
    ]
    if strangers:
        raise WrongTerms(strangers)
    return [known.get(rule.service) for rule in rules]


def _compute(row: Statement, at: datetime) -> None:
    version = ContractVersion.objects.select_related("calendar", "contract__client").get(pk=row.version_id)
    month = of_row(row)
    judged, purse = measured.judged(version, month.verdicts, at=at), purse_of(version, month)
    standings = kpi_standing.of_month(version, month, at=at)
    found = charge_of(version, month, judged, kpi_standing.shares(standings), at=at)
    body = {
        "lines": [line_body(line) for line in found.lines],
        "cap": version.penalty_cap,
        "cut": str(found.cut),
        "indicators": [kpi_standing.body(one) for one in standings],
        "metrics": _by_metric(judged),
        "excused": sorted({one.ticket for one in judged if one.excused}),
    }
    with transaction.atomic():
        claims.finish(
            row, due_at=None, state=S.COMPUTED, computed_at=at, fee=purse.rounded(purse.fee), total=found.total,
            body=body, problem="",
        )  # fmt: skip
        StatementStep.objects.create(statement=row, at=at, by=None, state=S.COMPUTED, total=found.total)


def line_body(line: Line) -> dict[str, Any]:
    """A line as it is kept: exact numbers as text."""
    return {
        "rule": line.rule,
        "kind": line.kind,
        "amount": str(line.amount),
        "ticket": line.ticket,
        "metric": line.metric,
        "late": str(line.late),
        "forgiven": [[whose, str(minutes)] for whose, minutes in line.forgiven.items()],  # jsonb keeps no order of keys
        "units": line.units,
        "share": [str(line.share.part), str(line.share.whole)] if line.share else None,
        "price": line.price,
        "before_cap": None if line.before_cap is None else str(line.before_cap),
        "cap": line.cap,
    }


def line_of(kept: Mapping[str, Any]) -> Line:
    """The line that line_body kept."""
    share = kept.get("share")
    return Line(
        rule=kept["rule"],
        kind=kept["kind"],
        amount=Decimal(kept["amount"]),
        ticket=kept["ticket"],
        metric=kept["metric"],
        late=Fraction(kept["late"]),
        forgiven={whose: Fraction(minutes) for whose, minutes in kept.get("forgiven", ())},
        units=kept["units"],
        share=Share(Fraction(share[0]), Fraction(share[1])) if share else None,
        price=kept["price"],
        before_cap=None if kept["before_cap"] is None else Decimal(kept["before_cap"]),
        cap=kept["cap"],
    )


def _by_metric(judged: list[Judged]) -> dict[str, list[int]]:
    """By metric: kept, missed, excused."""
    found: dict[str, list[int]] = {}
    for one in judged:
        counts = found.setdefault(one.metric, [0, 0, 0])
        counts[2 if one.excused else 0 if one.met else 1] += 1
    return found


def _may_move(by: Person, row: Statement, to: StatementState) -> bool:
    """The account manager and the manager take every step; the client's coordinator agrees or objects."""
    if by.acts_as in {Role.MANAGER, Role.ACCOUNT_MANAGER}:
        return by.is_active
    return (
        by.is_active
        and by.acts_as == Role.COORDINATOR
        and by.client_id == row.version.contract.client_id
        and to in {S.AGREED, S.DISPUTED}
    )


def _held(row: Statement) -> Statement:
    rows = Statement.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Statement.objects
    return rows.select_related("version__contract").get(pk=row.pk)


def _note(row: Statement, by: Person | None, at: datetime, action: str) -> None:
    actor = f"person:{by.pk}" if by else "system"
    trail.note(at=at, actor=actor, action=action, target=f"statement:{row.pk}", total=str(row.total))
