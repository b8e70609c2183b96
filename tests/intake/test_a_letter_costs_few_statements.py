"""What a letter costs the database: statements and transactions, counted, because each is a round trip and the last one
a wait for the disk. A new one is added here on purpose or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.intake import processing
from firstline.intake.models import Inbound, MailRule
from firstline.lib import clock
from firstline.post.models import Delivery
from firstline.tickets.models import Message
from firstline.worker import jobs
from tests import cast
from tests.intake.mail import letter, mailbox, process, take

pytestmark = pytest.mark.django_db(transaction=True)

OF_A_LETTER = 33
OF_AN_ACKNOWLEDGEMENT = 18  # one of them asks whether anything is due, so that an idle worker takes no lock
AT_MOST_TRANSACTIONS = 2  # one claims, one registers, or begins and settles


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def asked(deed: Callable[[], object]) -> list[str]:
    """The statements of a deed, without the words that only begin and end a transaction."""
    with CaptureQueriesContext(connection) as captured:
        deed()
    return [one["sql"] for one in captured.captured_queries]


def work(statements: list[str]) -> list[str]:
    return [one for one in statements if not one.startswith(("BEGIN", "COMMIT", "SET "))]


def transactions(statements: list[str]) -> int:
    return sum(one.startswith("BEGIN") for one in statements)


def registered(row: Inbound) -> Message:
    """What the letter became: a ticket's first message. A letter that was put off would cost less."""
    row.refresh_from_db()
    assert row.outcome == Inbound.Outcome.TICKET
    assert row.message is not None
    return row.message


def test_a_letter_with_files_is_registered_with_few_statements(stage: Any) -> None:
    account = mailbox(team=stage.line1)
    process(letter(), account=account)  # terms of contracts are read once a process
    row = take(letter(files=(("log.txt", b"one"), ("scan.pdf", b"two"))), account=account)
    statements = asked(processing.process_due)
    assert registered(row).attachments.count() == 2
    assert len(work(statements)) <= OF_A_LETTER, "\n".join(work(statements))
    assert transactions(statements) <= AT_MOST_TRANSACTIONS
    assert not [one for one in statements if one.startswith("SAVEPOINT")]


def test_files_and_people_in_copy_do_not_multiply_them(stage: Any) -> None:
    account = mailbox(team=stage.line1)
    process(letter(), account=account)

    def cost(kept: int, people: int, **more: Any) -> int:
        row = take(letter(**more), account=account)
        statements = work(asked(processing.process_due))
        message = registered(row)
        assert (message.attachments.count(), message.ticket.participants.count()) == (kept, people)
        return len(statements)

    alone = cost(0, 0)
    many = cost(
        8,
        1,
        Cc="irina@north.example, olga@firm.example, ivan@north.example",
        files=tuple((f"{number}.log", bytes([number])) for number in range(8)),
    )
    # The rows of the files twice, who they are, by their first and their further address, whose the unknown one is, who
    # takes part.
    assert many - alone <= 6


def test_a_rule_that_names_something_costs_one_statement_for_what_it_names(stage: Any) -> None:
    account = mailbox(team=stage.line1)
    process(letter(), account=account)
    first = take(letter(), account=account)
    without = len(work(asked(processing.process_due)))
    about = [{"field": "subject", "test": "contains", "value": "nothing like it"}]
    for number in range(5):
        MailRule.objects.create(
            slug=f"rule-{number}", name=str(number), position=number, conditions=about, team=stage.line2
        )
    second = take(letter(), account=account)
    assert len(work(asked(processing.process_due))) - without <= 1
    assert registered(first).ticket_id != registered(second).ticket_id


def test_an_acknowledgement_is_sent_with_few_statements(stage: Any) -> None:
    account = mailbox(team=stage.line1)
    process(letter(), account=account)
    assert jobs.deliver(clock.now()) == 1
    process(letter(), account=account)
    statements = asked(lambda: jobs.deliver(clock.now()))
    assert Delivery.objects.filter(kind="received", state="sent").count() == 2
    assert len(work(statements)) <= OF_AN_ACKNOWLEDGEMENT, "\n".join(work(statements))
    assert transactions(statements) <= AT_MOST_TRANSACTIONS + 1  # the attempt is written down before it is made
    assert not [one for one in statements if one.startswith("SAVEPOINT")]
