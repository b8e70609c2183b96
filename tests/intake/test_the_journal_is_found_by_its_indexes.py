"""A letter costs the same however many lie in the journal: nothing that is asked of it on the road reads all rows.

A fresh row is written into few indexes (what it does not say yet has no place in them), so each question must be one
that the index's condition answers: a plan that falls back to reading everything fails here, on both engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError

from firstline.intake.models import Inbound
from firstline.notices import envelope
from firstline.people.models import Person
from firstline.post.models import Account, Delivery
from firstline.tickets.models import Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)

OF_WHAT_WAITS = {
    "inbound_waiting",
    "inbound_lane",
    "inbound_thread",
}  # read as a whole, they hold no more than what waits


@contextmanager
def asked_of_the_journal() -> Iterator[list[tuple[str, Any]]]:
    """Each statement that looks for rows of the journal, with its values, as the driver gets them."""
    seen: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'FROM "intake_inbound"' in sql or sql.startswith('UPDATE "intake_inbound"'):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def forget_what_was_counted(cursor: Any) -> None:
    """The server counts tables by itself, whenever it likes; of three rows it would know that any way will do."""
    cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'intake_inbound'::regclass")
    cursor.execute(
        "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE oid = 'intake_inbound'::regclass "
        "OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'intake_inbound'::regclass)"
    )


def reads_everything(sql: str, params: Any) -> list[str]:
    """The steps of the plan that read the whole journal, though everything is done to keep the planner from it."""
    postgresql = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        if postgresql:
            cursor.execute("SET LOCAL enable_seqscan = off")
            forget_what_was_counted(cursor)
        cursor.execute(f"{'EXPLAIN' if postgresql else 'EXPLAIN QUERY PLAN'} {sql}", params)
        steps = [str(row[-1]).strip() for row in cursor.fetchall()]
    if not postgresql:
        scans = [step for step in steps if "SCAN intake_inbound" in step]
        return [step for step in scans if step.rpartition(" ")[2] not in OF_WHAT_WAITS]
    of_the_journal = [
        (step, after) for step, after in pairwise([*steps, ""]) if "Scan" in step and " on intake_inbound" in step
    ]
    by_condition = [step for step, after in of_the_journal if after.startswith(("Index Cond", "Recheck Cond"))]
    return [
        step
        for step, _ in of_the_journal
        if step not in by_condition and not any(f" {name} " in step for name in OF_WHAT_WAITS)
    ]


def test_nothing_that_a_letter_asks_of_the_journal_reads_all_of_it() -> None:
    cast.stage()
    account = mailbox()
    with asked_of_the_journal() as seen:
        first = process(letter(Message_ID="<one@north.example>"), account=account)
        process(letter(Message_ID="<two@north.example>", In_Reply_To="<one@north.example>"), account=account)
        process(letter(Message_ID="<one@north.example>"), account=account, source="pipe")
        process(b"\x00", source="pipe")
        assert first.ticket is not None
        delivery = Delivery.objects.filter(ticket=first.ticket.pk).order_by("id")[0]
        envelope.mailbox_of(first.ticket)
        envelope.thread_headers(delivery)
    assert len({sql for sql, _ in seen}) >= 10
    assert {sql: found for sql, params in seen if (found := reads_everything(sql, params))} == {}


@pytest.mark.parametrize("of", ["ticket", "account", "decided_by", "message", "mail_key"])
def test_what_belongs_to_something_is_found_by_it(of: str) -> None:
    with asked_of_the_journal() as seen:
        list(Inbound.objects.filter(**{of: 1}))
        list(Inbound.objects.filter(**{f"{of}__in": [1, 2, 3]}))
    assert [reads_everything(sql, params) for sql, params in seen] == [[], []]


def test_a_question_that_no_index_answers_is_seen_here() -> None:
    with asked_of_the_journal() as seen:
        list(Inbound.objects.filter(subject="x"))
    assert reads_everything(*seen[0])


def test_what_a_letter_points_to_stays() -> None:
    stage = cast.stage()
    row = process(letter(), account=mailbox())
    Inbound.objects.filter(pk=row.pk).update(decided_by=stage.olga)
    for kept in (Ticket.objects.get(pk=row.ticket_id), Account.objects.get(), Person.objects.get(pk=stage.olga.pk)):
        with pytest.raises(ProtectedError):
            kept.delete()
