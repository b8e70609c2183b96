"""The real servers that the other tests lean on do what those tests believe."""

import os
import smtplib
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser

from tests.real import engine
from tests.real.browser import check_accessibility, watched
from tests.real.dovecot import Mailbox
from tests.real.programs import RealPartMissing, find_program
from tests.real.smtp import SmtpSink

LETTER = b"From: a@example.com\r\nSubject: printer\r\n\r\n.it does not print\r\n"


@pytest.mark.django_db
def test_the_database_is_the_engine_that_was_asked_for() -> None:
    assert connection.vendor == engine.ENGINE


@pytest.mark.django_db
@pytest.mark.sqlite
def test_sqlite_is_a_file_with_a_write_ahead_log() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.postgresql
def test_a_second_database_is_empty_and_its_own() -> None:
    first, second = (engine.server().new_database(name) for name in ("house_a", "house_b"))
    assert first != second
    assert second.endswith("/house_b")


def test_each_process_of_the_run_has_a_home_of_its_own() -> None:
    home = Path(os.environ["FIRSTLINE_HOME"])
    assert home.name == (engine.WORKER or "main")
    assert home.is_dir()


def test_what_is_missing_is_named_with_the_line_that_installs_it() -> None:
    with pytest.raises(RealPartMissing, match="apt-get install -y no-such-package"):
        find_program("no-such-program-anywhere", package="no-such-package")


def test_dovecot_keeps_a_letter_as_it_came(mailbox: Mailbox) -> None:
    mailbox.append(LETTER)
    assert mailbox.messages() == [LETTER]
    assert mailbox.folders() == ["INBOX"]


def test_dovecot_can_renumber_a_mailbox(mailbox: Mailbox) -> None:
    mailbox.append(LETTER)
    with mailbox.session() as client:
        before = client.select_folder("INBOX")[b"UIDVALIDITY"]
    mailbox.renumber()
    with mailbox.session() as client:
        assert client.select_folder("INBOX")[b"UIDVALIDITY"] != before
    assert mailbox.messages() == [LETTER]


def test_two_mailboxes_know_nothing_of_each_other(dovecot, mailbox: Mailbox) -> None:  # type: ignore[no-untyped-def]
    mailbox.append(LETTER)
    assert dovecot.mailbox("somebody-else").messages() == []


def send(sink: SmtpSink) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=2) as client:
        client.sendmail("desk@example.com", ["ivan@example.com"], LETTER)


def test_the_sink_takes_a_letter_with_its_dots(smtp_sink: SmtpSink) -> None:
    send(smtp_sink)
    assert smtp_sink.wait_for(1)[0].get_content().strip() == ".it does not print"
    assert smtp_sink.received[0].recipients == ["ivan@example.com"]


@pytest.mark.parametrize(
    ("answer", "error", "kept"),
    [
        ("421", smtplib.SMTPSenderRefused, 0),
        ("450", smtplib.SMTPRecipientsRefused, 0),
        ("550", smtplib.SMTPRecipientsRefused, 0),
        ("data:452", smtplib.SMTPDataError, 1),
        ("hangup", smtplib.SMTPServerDisconnected, 0),
        ("close", smtplib.SMTPServerDisconnected, 1),
        ("silent", smtplib.SMTPServerDisconnected, 1),
    ],
)
def test_the_sink_answers_by_its_script(smtp_sink: SmtpSink, answer: str, error: type[Exception], kept: int) -> None:
    smtp_sink.answers.append(answer)
    with pytest.raises(error):
        send(smtp_sink)
    assert (len(smtp_sink.received), smtp_sink.letters) == (kept, [])


def test_a_page_that_speaks_to_another_host_is_caught(browser: Browser) -> None:
    with pytest.raises(AssertionError, match="other hosts"), watched(browser) as context:
        page = context.new_page()
        page.set_content("<img src='http://elsewhere.example/x.png'>")
        page.wait_for_timeout(200)


def test_a_page_that_complains_in_the_console_is_caught(browser: Browser) -> None:
    with pytest.raises(AssertionError, match="in the console"), watched(browser) as context:
        page = context.new_page()
        page.evaluate("console.error('broken')")
        page.wait_for_timeout(200)


def test_axe_sees_a_field_without_a_name(browser: Browser) -> None:
    with watched(browser) as context:
        page = context.new_page()
        page.set_content("<html lang='en'><title>t</title><main><h1>t</h1><input></main>")
        with pytest.raises(AssertionError, match="critical label"):
            check_accessibility(page)
        page.set_content("<html lang='en'><title>t</title><main><h1>t</h1><label>name <input></label></main>")
        assert check_accessibility(page) == []
