"""product.md, "Which verb from which status": every verb from every status, as the table says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.tickets import assignment, handover, lifecycle, ratings, statuses
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongStatus
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
LATER = NINE + timedelta(minutes=30)
OPEN = {"new", "in_progress", "waiting_for_client", "waiting_for_vendor", "on_hold"}

# Written here once more, by hand from the table: what the code says of itself proves nothing.
ALLOWED = {
    "take": OPEN,
    "assignment": OPEN,
    "hand-over": OPEN,
    "wait": {"new", "in_progress"},
    "hold": {"new", "in_progress"},
    "resume": {"waiting_for_client", "waiting_for_vendor", "on_hold"},
    "resolution": OPEN,
    "confirmation": {"resolved"},
    "reopening": {"resolved", "closed"},
    "rating": {"resolved", "closed"},
    "cancellation": OPEN,
}
TO = {
    "take": "in_progress", "assignment": None, "hand-over": "in_progress", "wait": "waiting_for_client",
    "hold": "on_hold", "resume": "in_progress", "resolution": "resolved", "confirmation": "closed",
    "reopening": "in_progress", "rating": None,
    "cancellation": "cancelled",
}  # fmt: skip


def bring(stage: SimpleNamespace, ticket: Ticket, status: str) -> None:
    """Leads a new ticket to a status, by verbs only."""
    at = NINE + timedelta(minutes=1)
    if status == "in_progress":
        lifecycle.take(ticket, by=stage.olga, at=at)
    elif status.startswith("waiting"):
        lifecycle.wait(ticket, on=status.removeprefix("waiting_for_"), reason="ответ", by=stage.olga, at=at)
    elif status == "on_hold":
        lifecycle.hold(ticket, until=NINE + timedelta(days=1), reason="окно", by=stage.olga, at=at)
    elif status in {"resolved", "closed"}:
        lifecycle.resolve(ticket, how="готово", remote=True, by=stage.olga, at=at)
        if status == "closed":
            lifecycle.confirm(ticket, by=stage.ivan, at=at)
    elif status == "cancelled":
        lifecycle.cancel(ticket, why="не нужно", by=stage.ivan, at=at)


def verbs(stage: SimpleNamespace, ticket: Ticket) -> dict[str, Callable[[], object]]:
    return {
        "take": lambda: lifecycle.take(ticket, by=stage.olga, at=LATER),
        "assignment": lambda: assignment.assign(ticket, assignee=stage.emil, by=stage.maria, at=LATER),
        "hand-over": lambda: handover.hand_over(
            ticket,
            to_line=2,
            symptom="не печатает",
            tried="перезапуск",
            impact="low",
            reason="too_long",
            by=stage.olga,
            at=LATER,
        ),
        "wait": lambda: lifecycle.wait(ticket, on="client", reason="что?", by=stage.olga, at=LATER),
        "hold": lambda: lifecycle.hold(
            ticket, until=LATER + timedelta(hours=1), reason="окно", by=stage.olga, at=LATER
        ),
        "resume": lambda: lifecycle.resume(ticket, by=stage.olga, at=LATER),
        "resolution": lambda: lifecycle.resolve(ticket, how="готово", remote=True, by=stage.olga, at=LATER),
        "confirmation": lambda: lifecycle.confirm(ticket, by=stage.ivan, at=LATER),
        "reopening": lambda: lifecycle.reopen(ticket, why="снова", by=stage.ivan, at=LATER),
        "rating": lambda: ratings.rate(ticket, score=5, by=stage.ivan, at=LATER),
        "cancellation": lambda: lifecycle.cancel(ticket, why="не нужно", by=stage.ivan, at=LATER),
    }


@pytest.mark.parametrize("status", statuses.ALL)
@pytest.mark.parametrize("verb", ALLOWED)
def test_a_verb_starts_from_the_statuses_of_the_table_and_from_no_other(verb: str, status: str) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    bring(stage, ticket, status)
    events = ticket.events.count()
    if status in ALLOWED[verb]:
        verbs(stage, ticket)[verb]()
        ticket.refresh_from_db()
        assert ticket.status == (TO[verb] or status)
        assert ticket.events.count() == events + 1, "one verb, one event"
    else:
        with pytest.raises(WrongStatus) as refused:
            verbs(stage, ticket)[verb]()
        assert (refused.value.verb, refused.value.status) == (verb, status)
        ticket.refresh_from_db()
        assert (ticket.status, ticket.events.count()) == (status, events), "a refused verb leaves nothing behind"
