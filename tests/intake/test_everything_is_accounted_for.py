"""Mailboxes (Dovecot), journal and messages are compared: what is lost in between is found, named and told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.blobs import store
from firstline.intake import acceptance, processing, reckon_journal, reckoning
from firstline.intake.channels import email_fetch, email_reckon, email_session
from firstline.intake.models import Inbound, Missing, Reckoning
from firstline.lib import clock
from firstline.notices import missing_alarms
from firstline.ops import health
from firstline.post.models import Account, Delivery
from firstline.tickets.history import quietly
from firstline.tickets.models import Attachment, Event, Message, Ticket
from tests import cast
from tests.intake.mail import letter, process
from tests.intake.mail import mailbox as ours
from tests.real.dovecot import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(mailbox: Mailbox) -> Account:
    return ours(f"{mailbox.login}@firm.example", imap=mailbox.url)


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def fetch(account: Account) -> None:
    account.refresh_from_db()
    email_fetch.fetch_once(account, clock.now())
    assert processing.drain() == 0


def compare(account: Account) -> list[Missing]:
    account.refresh_from_db()
    with email_session.opened(account.imap) as folder:
        wanted = Missing.objects.filter(wanted_by__isnull=False).values_list("key", flat=True)
        email_reckon.compare(account, folder, clock.now(), list(wanted))
        assert folder.server.search(["ALL"]) is not None
    return list(Missing.objects.filter(part=reckoning.mailbox(account.pk)))


def lose(row: Inbound) -> None:
    """The loss that must never be: an item vanishes from the journal, with all that it became."""
    message, ticket = row.message, row.ticket
    Inbound.objects.filter(pk=row.pk).delete()
    assert message is not None
    assert ticket is not None
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_attachment WHERE message_id = %s", [message.pk])
        cursor.execute("DELETE FROM tickets_message WHERE id = %s", [message.pk])
    assert not Attachment.objects.filter(message=message.pk).exists()


# ---- mailboxes -------------------------------------------------------------------------------------


def test_what_was_taken_is_accounted_for(account: Account, mailbox: Mailbox) -> None:
    same = letter(text="дважды")
    for raw in (letter(), letter(text="б" * 300_000), b"Subject: no id\r\n\r\nno id and no sender\r\n", same, same):
        mailbox.append(raw)
    fetch(account)
    assert compare(account) == []
    kept = Reckoning.objects.get(part=reckoning.mailbox(account.pk))
    assert (kept.numbers["processed"], kept.numbers["missing"]) == (5, 0)
    assert kept.checked_at is not None


def test_control_a_letter_that_the_journal_lost_is_found_and_named(account: Account, mailbox: Mailbox) -> None:
    for number in range(4):
        mailbox.append(letter(subject=f"Письмо {number}"))
    mailbox.append(b"From: x@y.example\r\nSubject: no id\r\n\r\nwords\r\n")
    fetch(account)
    lose(Inbound.objects.get(subject="Письмо 2"))
    lose(Inbound.objects.get(subject="no id"))
    found = compare(account)
    assert [(one.kind, one.sender, one.subject) for one in found] == [
        (reckoning.ON_SERVER, "ivan@north.example", "Письмо 2"),
        (reckoning.ON_SERVER, "x@y.example", "no id"),
    ]
    since = [one.since for one in found]
    assert [one.since for one in compare(account)] == since  # found again, it is the same


def test_the_same_letter_twice_needs_two_items(account: Account, mailbox: Mailbox) -> None:
    same = letter(subject="Дважды")
    mailbox.append(same)
    mailbox.append(same)
    fetch(account)
    Inbound.objects.filter(outcome="duplicate").delete()
    assert [one.subject for one in compare(account)] == ["Дважды"]


def test_a_letter_below_the_watermark_that_was_never_taken_is_found(account: Account, mailbox: Mailbox) -> None:
    mailbox.append(letter(subject="Пропущено"))
    with email_session.opened(account.imap) as folder:
        Account.objects.filter(pk=account.pk).update(last_uid=1, uid_validity=folder.validity)
    assert [one.subject for one in compare(account)] == ["Пропущено"]


def test_what_waits_above_the_watermark_or_to_be_understood_is_not_missing(account: Account, mailbox: Mailbox) -> None:
    mailbox.append(letter())
    account.refresh_from_db()
    email_fetch.fetch_once(account, clock.now())  # ours, not yet understood: it has no Message-ID in the journal
    mailbox.append(letter())
    assert compare(account) == []


def test_a_person_has_it_taken_in_and_it_is_missing_no_more(stage: Any, account: Account, mailbox: Mailbox) -> None:
    mailbox.append(letter(subject="Потеряно"))
    fetch(account)
    lose(Inbound.objects.get())
    [found] = compare(account)
    reckoning.want(stage.lev, found.pk, at=clock.now())
    assert compare(account) == []
    row = Inbound.objects.get()
    assert acceptance.bytes_of(row) == mailbox.messages("Processed")[0]
    assert processing.drain() == 0
    row.refresh_from_db()
    assert (row.outcome, row.subject) == ("ticket", "Потеряно")
    assert compare(account) == []


def test_it_is_compared_every_ten_minutes_by_the_fetcher(account: Account, mailbox: Mailbox) -> None:
    fetch(account)
    first = Reckoning.objects.get(part=reckoning.mailbox(account.pk))
    fetch(account)
    assert Reckoning.objects.get(part=first.part).checked_at == first.checked_at
    Reckoning.objects.update(tried_at=clock.now() - reckoning.EVERY)
    fetch(account)
    assert Reckoning.objects.get(part=first.part).checked_at != first.checked_at


# ---- journal and messages --------------------------------------------------------------------------


def test_an_untouched_journal_is_whole(stage: Any) -> None:
    process(letter())
    process(b"\x00")
    process(letter(text="в" * 300_000))
    reckon_journal.reckon(clock.now())
    assert Missing.objects.count() == 0
    assert Reckoning.objects.get(part=reckoning.JOURNAL).numbers["looked_at"] == 3


def test_what_waits_too_long_has_no_end_or_other_bytes_is_found(stage: Any) -> None:
    late, endless, changed, gone = (process(letter(subject=f"{n}")) for n in range(4))
    Inbound.objects.filter(pk=late.pk).update(
        state="new", outcome="pending", received_at=clock.now() - timedelta(minutes=16), message=None, ticket=None
    )
    Inbound.objects.filter(pk=endless.pk).update(ticket=None, message=None)
    Inbound.objects.filter(pk=changed.pk).update(raw=b"other")
    blob = store.keep(b"large")
    Inbound.objects.filter(pk=gone.pk).update(raw=None, blob=blob, sha256=blob.sha256, size=5)
    store.path_of(blob.sha256).unlink()
    reckon_journal.reckon(clock.now())
    found = dict(Missing.objects.filter(part=reckoning.JOURNAL).values_list("row", "kind"))
    assert found == {
        late.pk: reckoning.WAITS, endless.pk: reckoning.NO_END, changed.pk: reckoning.OTHER_BYTES,
        gone.pk: reckoning.NO_BYTES,
    }  # fmt: skip
    Inbound.objects.filter(pk=changed.pk).update(raw=bytes(changed.raw or b""))
    reckon_journal.reckon(clock.now())
    assert not Missing.objects.filter(row=changed.pk, part=reckoning.JOURNAL).exists()


def test_words_by_mail_without_an_item_are_found_but_not_history_from_elsewhere(stage: Any) -> None:
    row = process(letter())
    with quietly():
        cast.ticket(stage)
    reckon_journal.reckon(clock.now())
    assert Missing.objects.count() == 0
    Inbound.objects.filter(pk=row.pk).delete()
    reckon_journal.reckon(clock.now())
    [found] = Missing.objects.all()
    assert (found.part, found.kind, found.row) == (reckoning.MESSAGES, reckoning.NO_ITEM, row.message_id)


def test_old_rows_are_looked_at_again_in_time_and_a_look_costs_the_same(stage: Any, monkeypatch: Any) -> None:
    rows = [process(letter(subject=f"{n}")) for n in range(8)]
    monkeypatch.setattr(reckon_journal, "OLDER_AT_ONCE", 3)
    reckon_journal.reckon(clock.now())
    with CaptureQueriesContext(connection) as first:
        reckon_journal.reckon(clock.now())
    Inbound.objects.filter(pk=rows[7].pk).update(raw=b"rotten")
    with CaptureQueriesContext(connection) as second:
        for _look in range(4):
            reckon_journal.reckon(clock.now())
    assert [one.row for one in Missing.objects.all()] == [rows[7].pk]
    assert len(second) <= 4 * len(first) + 4


def test_a_gap_in_the_numbers_delays_nothing(stage: Any) -> None:
    row = process(letter())
    reckon_journal.reckon(clock.now())
    far = Inbound.objects.get(pk=row.pk)
    far.pk, far.raw, far.source_key, far.mail_key = row.pk + 1_000_000, b"rotten", "far", None
    far.message = far.ticket = None
    far.save(force_insert=True)
    reckon_journal.reckon(clock.now())
    assert [one.row for one in Missing.objects.filter(part=reckoning.JOURNAL)] == [far.pk]


# ---- alarm -----------------------------------------------------------------------------------------


def test_administrators_and_managers_are_told_once_and_readyz_names_it(stage: Any) -> None:
    row = process(letter(subject="Пропажа"))
    Inbound.objects.filter(pk=row.pk).update(ticket=None, message=None)
    assert not [one for one in health.problems(clock.now()) if one.name == "unaccounted"]
    reckon_journal.reckon(clock.now())
    for _minute in range(2):
        missing_alarms.tell(clock.now())
    told = Delivery.objects.filter(kind="not_accounted_for")
    assert {one.to for one in told} == {stage.maria.email, stage.adam.email}
    assert told.count() == 2
    [problem] = [one for one in health.problems(clock.now()) if one.name == "unaccounted"]
    assert not problem.stops
    later = clock.now() + timedelta(minutes=31)
    assert {one.name for one in health.problems(later)} >= {"reckoning journal", "reckoning messages"}


def test_nothing_of_it_is_a_ticket_or_an_event(stage: Any) -> None:
    row = process(letter())
    events, tickets, messages = Event.objects.count(), Ticket.objects.count(), Message.objects.count()
    Inbound.objects.filter(pk=row.pk).update(raw=b"other")
    reckon_journal.reckon(clock.now())
    assert (Event.objects.count(), Ticket.objects.count(), Message.objects.count()) == (events, tickets, messages)
