"""What did not become a ticket by itself, as lists: what waits for a decision, and what was put aside."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from firstline.intake import journal
from firstline.intake.models import Inbound
from firstline.people.models import Person

State, Outcome = Inbound.State, Inbound.Outcome
_ASIDE = Q(state=State.DONE, message__isnull=True)  # the words of the index inbound_aside

LISTS: dict[str, Q] = {
    "quarantine": Q(state=State.QUARANTINE),
    "auto": _ASIDE & Q(outcome=Outcome.AUTO, ticket__isnull=True),
    # A mailbox that wrote to itself is no news, nor is a call that became no work: it is on the page of calls.
    "ignored": _ASIDE & Q(outcome=Outcome.IGNORED) & ~Q(reason="probe") & ~Q(kind="call"),
    "bounce": _ASIDE & Q(outcome=Outcome.BOUNCE, ticket__isnull=True),
    "duplicate": _ASIDE & Q(outcome=Outcome.DUPLICATE),
}


def listed(person: Person, name: str, before: int | None = None) -> QuerySet[Inbound]:
    """One of the lists, newest first, as far as the person sees it; from below `before`."""
    rows = journal.visible_to(person).filter(LISTS[name])
    return rows if before is None else rows.filter(id__lt=before)


def counted(person: Person) -> dict[str, QuerySet[Inbound]]:
    """The lists to count, for lib.counting."""
    return {name: listed(person, name) for name in LISTS}
