"""F1: a machine that answers every mail of ours, politely or rudely: it ends by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from pytest_django.fixtures import Settings

from firstline.lib import clock
from firstline.post import limits
from firstline.post.models import Account, Delivery
from firstline.tickets.models import Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process
from tests.notices.told import deliver
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)

ROBOT = "robot@north.example"
_count = itertools.count(1)


def rude(ours: EmailMessage) -> bytes:
    """No header of a machine, another subject each time, no reference to our mail."""
    n = next(_count)
    subject, text = f"Out until the {n}th", f"I am away, call {n}."
    return letter(sender=ROBOT, subject=subject, text=text, Message_ID=f"<r{n}@north.example>")


def rude_in_thread(ours: EmailMessage) -> bytes:
    """No header of a machine, but it answers to our mail, as most do."""
    n = next(_count)
    return letter(
        sender=ROBOT, subject=f"Re: {ours['Subject']}", text=f"I am away, call {n}.",
        Message_ID=f"<t{n}@north.example>", In_Reply_To=ours["Message-ID"],
    )  # fmt: skip


def polite(ours: EmailMessage) -> bytes:
    """As RFC 3834 wants it."""
    n = next(_count)
    return letter(
        sender=ROBOT, subject=f"Auto: {ours['Subject']}", text="I am away.", Message_ID=f"<p{n}@north.example>",
        Auto_Submitted="auto-replied", In_Reply_To=ours["Message-ID"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("robot", "most_mails", "most_tickets"),
    [(rude, limits.MOST_ACKNOWLEDGEMENTS, limits.MOST_ACKNOWLEDGEMENTS + 1), (rude_in_thread, 1, 1), (polite, 1, 1)],
)
def test_f1_a_machine_that_answers_everything_is_written_to_a_few_times_and_then_no_more(
    smtp_sink: SmtpSink, settings: Settings, robot: Callable[[EmailMessage], bytes], most_mails: int, most_tickets: int
) -> None:
    settings.EMAIL_URL = f"{smtp_sink.url}?timeout=1"
    cast.stage()
    account: Account = mailbox()
    process(letter(sender=ROBOT, subject="Help"), account=account)
    answered = 0
    for _ in range(30):
        deliver(clock.now())
        unanswered = smtp_sink.letters[answered:]
        if not unanswered:
            break
        for ours in unanswered:
            process(robot(ours), account=account)
        answered += len(unanswered)
    assert not smtp_sink.letters[answered:], "still talking after thirty rounds"
    assert 1 <= len(smtp_sink.letters) <= most_mails
    assert 1 <= Ticket.objects.count() <= most_tickets
    assert not Delivery.objects.filter(due_at__isnull=False).exists()
    assert {ours["From"].addresses[0].addr_spec for ours in smtp_sink.letters} == {account.address}
