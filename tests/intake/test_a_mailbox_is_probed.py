"""The probe: a mailbox writes to itself through its own servers; it is never a ticket, and says where it ended."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from firstline.audit.models import Row
from firstline.cli import main
from firstline.intake import mailbox_health, mailboxes, processing
from firstline.intake.channels import email_fetch
from firstline.intake.mailbox_health import Trouble
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post import probes
from firstline.post.models import Account, Delivery, Outlet, Probe
from firstline.tickets.models import Ticket
from tests.cast import MONDAY_NINE
from tests.intake.mail import letter, process
from tests.intake.mail import mailbox as ours
from tests.real.dovecot import Mailbox
from tests.real.loop import deliver_into
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(mailbox: Mailbox, smtp_sink: SmtpSink) -> Account:
    deliver_into(smtp_sink, mailbox)
    return ours("desk@firm.example", imap=mailbox.url, smtp=f"{smtp_sink.url}?timeout=2")


def sent(account: Account, at: datetime | None = None) -> Probe:
    probe = probes.ask(account, at=at or clock.now(), by=7)
    assert probes.deal_with_due(at or clock.now()) == 1
    probe.refresh_from_db()
    return probe


def fetched(account: Account) -> None:
    account.refresh_from_db()
    email_fetch.fetch_once(account, clock.now())
    assert processing.drain() == 0


def test_it_goes_out_and_comes_back_and_is_no_ticket(account: Account) -> None:
    probe = sent(account)
    assert (probe.state, probe.answer) == ("sent", "250 fine")
    fetched(account)
    probe.refresh_from_db()
    assert (probe.state, probe.failed, probe.due_at) == ("arrived", "", None)
    assert probe.sent_at is not None
    assert probe.arrived_at is not None
    assert probe.sent_seconds is not None
    assert probe.sent_seconds < 5
    row = Inbound.objects.get()
    assert (row.state, row.outcome, row.reason) == ("done", "ignored", "probe")
    assert not Ticket.objects.exists()
    assert not Delivery.objects.exists()
    assert Row.objects.get(action="mailbox probed").actor == "person:7"


def test_a_server_that_writes_message_ids_of_its_own_is_no_hindrance(account: Account, smtp_sink: SmtpSink) -> None:
    probe = sent(account)
    raw = smtp_sink.received[0].raw
    assert raw.count(b"Message-ID: <flprobe.") == 1
    other = raw.replace(b"Message-ID: <flprobe.", b"Message-ID: <of-the-server-").replace(b"\r\n", b"\n")
    row = process(other, account=account)
    probe.refresh_from_db()
    assert (row.reason, probe.state) == ("probe", "arrived")


@pytest.mark.parametrize(("answer", "said"), [("550", "550"), ("450", "450"), ("421", "421")])
def test_what_the_server_refuses_is_said_in_its_words(
    account: Account, smtp_sink: SmtpSink, answer: str, said: str
) -> None:
    smtp_sink.answers.append(answer)
    probe = sent(account)
    assert (probe.state, probe.failed) == ("failed", "sending")
    assert said in probe.answer


def test_without_a_server_for_sending_it_says_so(mailbox: Mailbox) -> None:
    probe = sent(ours(imap=mailbox.url))
    assert (probe.failed, probe.answer) == ("sending", probes.NOWHERE)


def test_an_answer_that_never_comes_is_waited_for_at_the_other_end(account: Account, smtp_sink: SmtpSink) -> None:
    smtp_sink.answers.append("close")
    assert sent(account).state == "sent"


def test_what_does_not_come_back_is_lost_and_found_when_it_comes_late(account: Account) -> None:
    probe = sent(account)
    assert probe.sent_at is not None
    assert probes.deal_with_due(probe.sent_at + 4 * MINUTE) == 0
    assert probes.deal_with_due(probe.sent_at + 5 * MINUTE) == 1
    probe.refresh_from_db()
    assert (probe.state, probe.failed) == ("failed", "lost")
    fetched(account)
    probe.refresh_from_db()
    assert (probe.state, probe.failed) == ("arrived", "")


def test_a_process_that_ends_while_sending_leaves_a_failed_probe(account: Account) -> None:
    probe = probes.ask(account, at=MONDAY_NINE)
    Probe.objects.filter(pk=probe.pk).update(state="sending", lease_until=clock.real_now() - MINUTE, lease_owner="gone")
    assert probes.deal_with_due(MONDAY_NINE) == 1
    probe.refresh_from_db()
    assert (probe.state, probe.failed, probe.answer) == ("failed", "sending", probes.ENDED)


def test_one_at_a_time_and_none_of_a_mailbox_that_is_not_read(account: Account) -> None:
    first = probes.ask(account, at=MONDAY_NINE)
    assert probes.ask(account, at=MONDAY_NINE) == first
    mailboxes.pause(account, by="person:1", at=MONDAY_NINE)
    with pytest.raises(probes.NotNow):
        probes.ask(account, at=MONDAY_NINE)


def test_a_stranger_with_the_mark_and_a_forged_mark_are_letters_like_any_other(account: Account) -> None:
    probe = sent(account)
    mark = probes.mark_of(probe)
    copied = process(letter(subject=f"Firstline probe {mark}"), account=account)
    forged = process(
        letter(sender="desk@firm.example", subject=f"Firstline probe {mark[:-1]}{'0' if mark[-1] != '0' else '1'}"),
        account=account,
    )
    probe.refresh_from_db()
    assert (copied.outcome, probe.state) == ("ticket", "sent")
    assert forged.reason != "probe"


def test_a_report_that_it_could_not_be_delivered_ends_it(account: Account, smtp_sink: SmtpSink) -> None:
    probe = sent(account)
    original = smtp_sink.received[0].raw.decode()
    report = (
        "From: MAILER-DAEMON@firm.example\nTo: desk@firm.example\nSubject: Undelivered\nMessage-ID: <r1@firm.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nMailbox full\n--x\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.firm.example\n\nFinal-Recipient: rfc822; desk@firm.example\nAction: failed\n"
        "Status: 5.2.2\nDiagnostic-Code: smtp; 552 mailbox full\n\n--x\nContent-Type: message/rfc822\n\n"
        f"{original}\n--x--\n"
    )
    row = process(report.encode(), account=account)
    probe.refresh_from_db()
    assert (row.outcome, probe.state, probe.failed) == ("bounce", "failed", "returned")
    assert "5.2.2" in probe.answer


def test_a_probe_that_passes_opens_the_road_again(account: Account) -> None:
    Outlet.objects.create(address=account.address, failures=5, problem="down", closed_until=clock.now() + 9 * MINUTE)
    sent(account)
    assert Outlet.objects.get().failures == 0


class TestByItself:
    def asked(self, minutes: float) -> int:
        probes.ask_regularly(MONDAY_NINE + minutes * MINUTE)
        return Probe.objects.count()

    def test_it_is_sent_as_often_as_was_said(self, account: Account) -> None:
        assert self.asked(0) == 0
        Account.objects.filter(pk=account.pk).update(probe_every=4)
        assert [self.asked(minutes) for minutes in (0, 5, 239)] == [1, 1, 1]
        Probe.objects.update(state="arrived")
        assert [self.asked(minutes) for minutes in (239, 240, 245)] == [1, 2, 2]

    def test_one_that_fails_is_a_trouble_until_one_comes_back(self, account: Account, smtp_sink: SmtpSink) -> None:
        Account.objects.filter(pk=account.pk).update(probe_every=1)
        smtp_sink.answers.append("550")
        now = clock.now()
        probes.ask_regularly(now)
        probes.deal_with_due(now)
        account.refresh_from_db()
        assert [one.trouble for one in mailbox_health.of_one(account, now).wrong] == [Trouble.PROBE]
        sent(account, now + MINUTE)
        fetched(account)
        account.refresh_from_db()
        assert mailbox_health.of_one(account, now).wrong == ()

    def test_one_of_a_person_alarms_nobody(self, account: Account, smtp_sink: SmtpSink) -> None:
        smtp_sink.answers.append("550")
        sent(account)
        account.refresh_from_db()
        assert account.probe_failed_at is None


class TestCommand:
    def probe(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
        code = main(["mail", "probe", *arguments])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else {}

    def test_it_goes_round_without_a_worker_and_a_fetcher(
        self, account: Account, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, line = self.probe(capsys, "DESK@firm.example")
        assert (code, line["state"], line["failed"]) == (0, "arrived", None)
        assert line["sent_seconds"] >= 0
        assert line["back_seconds"] >= 0

    def test_a_wrong_password_is_69_and_says_so(
        self, account: Account, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Account.objects.filter(pk=account.pk).update(imap=mailbox.url.replace(mailbox.password, "wr0ng"))
        code, line = self.probe(capsys, "desk@firm.example", "--timeout", "3")
        assert (code, line["state"], line["failed"]) == (69, "sent", "lost")
        assert "LoginError" in line["problem"]
        assert "wr0ng" not in json.dumps(line)

    def test_an_unknown_address_is_64(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.probe(capsys, "nobody@firm.example") == (64, {})
