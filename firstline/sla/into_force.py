"""A version is put in force with what that means for the months before it: what was settled stays, and no day is
charged twice (docs/decisions/0024).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from firstline.audit import trail
from firstline.contracts import versions
from firstline.contracts.models import Contract, ContractVersion
from firstline.contracts.refusals import NotReady
from firstline.people.models import Person
from firstline.sla import statements
from firstline.sla.statement_models import Statement, StatementState
from firstline.tickets.refusals import WrongValue

S = StatementState
SETTLED = (S.REVIEWED, S.AGREED, S.POSTED)
OPEN = (S.ASKED, S.COMPUTED, S.DISPUTED)


@transaction.atomic
def put_in_force(draft: ContractVersion, *, by: Person, at: datetime) -> ContractVersion:
    """From now on its terms never change. Raises Frozen, NotReady: the draft begins in a month whose statement the
    client has or both have agreed on."""
    held = versions.put_in_force(draft, by=by, at=at)
    demand_unsettled(held.contract, held.valid_from)
    work_out_again(held, at=at)
    return held


def demand_unsettled(contract: Contract, since: date) -> None:
    """Terms begin after the last day that is settled. Raises NotReady."""
    rows = Statement.objects.filter(version__contract=contract, state__in=SETTLED)
    after = rows.aggregate(last=Max("ends_on"))["last"]
    if after is not None and since < after:
        raise NotReady("settled", since=after)


def work_out_again(version: ContractVersion, *, at: datetime) -> None:
    """The papers that are open, of months in which this version now holds, are worked out anew: for the days that are
    left to the other versions, and for its own. Inside a transaction."""
    rows = Statement.objects.filter(
        version__contract=version.contract_id, state__in=OPEN, ends_on__gt=version.valid_from
    )
    for row in rows.exclude(version=version).select_related("version__contract", "version__calendar"):
        if not _asked(row.version, row.starts_on, at):
            _withdraw(row, at)
        _asked(version, max(row.starts_on, version.valid_from), at)


def _asked(version: ContractVersion, day: date, at: datetime) -> bool:
    try:
        statements.ask(version, day, by=None, at=at)
    except WrongValue:
        return False
    return True


def _withdraw(row: Statement, at: datetime) -> None:
    """Nothing is left of its days: the audit trail keeps what stood on it."""
    trail.note(
        at=at, actor="system", action="statement withdrawn", target=f"statement:{row.pk}", state=row.state,
        total=str(row.total), starts_on=row.starts_on.isoformat(), contract=row.version.contract.slug,
        version=row.version.number,
    )  # fmt: skip
    row.steps.all().delete()
    row.delete()
