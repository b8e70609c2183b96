"""A person's decision on an item of the journal: held while it is made, written once, taken back where nothing
followed from it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from firstline.audit import trail
from firstline.intake.models import Inbound
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets import screens
from firstline.tickets.refusals import WrongStatus

State, Outcome = Inbound.State, Inbound.Outcome
# What has become no words on any ticket: a machine's letter, our own echo or a copy may have been a request after all.
DECIDABLE = frozenset({Outcome.QUARANTINE, Outcome.AUTO, Outcome.IGNORED, Outcome.BOUNCE, Outcome.DUPLICATE})


def is_open(inbound: Inbound) -> bool:
    """Whether a person may still decide what becomes of it."""
    return inbound.outcome in DECIDABLE and inbound.decided_at is None and inbound.ticket_id is None


def may_be_taken_back(inbound: Inbound) -> bool:
    """Whether it was put aside by a person, so that nothing followed from it."""
    return inbound.outcome == Outcome.IGNORED and inbound.decided_at is not None


def held(inbound: Inbound, verb: str) -> Inbound:
    """The item as it is now, held until the transaction ends. Raises WrongStatus where it is decided already."""
    found = _locked(inbound)
    if not is_open(found):
        raise WrongStatus(verb, f"{found.state}/{found.outcome}")
    return found


def decide(item: Inbound, *, by: Person, at: datetime, action: str, **changes: Any) -> None:
    """Writes the decision with its row in the audit trail, and tells the screens. In the caller's transaction."""
    changes = {"state": State.DONE, "done_at": at, "decided_by": by, "decided_at": at, **changes}
    if "reason" in changes:
        changes["first_reason"] = item.reason
    note(item, by=by, at=at, action=action, **changes)


def note(item: Inbound, *, by: Person, at: datetime, action: str, **changes: Any) -> None:
    """Changes of the item that a person caused, audited."""
    Inbound.objects.filter(pk=item.pk).update(**changes)
    trail.note(at=at, actor=by.actor, action=action, target=f"inbound:{item.pk}")
    screens.refresh_counts(item.pk)


def take_back(inbound: Inbound, *, by: Person, at: datetime) -> Inbound:
    """What a person put aside waits in quarantine again, with the reason it had. Raises NotAllowed, WrongStatus."""
    demand(by, "journal")
    with transaction.atomic():
        found = _locked(inbound)
        if not may_be_taken_back(found):
            raise WrongStatus("take back", f"{found.state}/{found.outcome}")
        note(
            found, by=by, at=at, action="intake taken back", state=State.QUARANTINE, outcome=Outcome.QUARANTINE,
            reason=found.first_reason, first_reason="", decided_by=None, decided_at=None,
        )  # fmt: skip
    inbound.refresh_from_db()
    return inbound


def _locked(inbound: Inbound) -> Inbound:
    rows = Inbound.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Inbound.objects
    return rows.get(pk=inbound.pk)
