"""A report of failed delivery says for whom, why and about which letter, whoever wrote it and however."""

from __future__ import annotations

import pytest

from firstline.intake.reading import bounce_reasons, letters
from firstline.intake.reading.bounces import Bounce
from tests.intake.writing import REST, letter, mixed, text

ORIGINAL = b"Message-ID: <ours.1@firstline.example>\nFrom: desk@firstline.example\nSubject: Re: Printer\n\nhello\n"


def report(status: str, diagnostic: str, action: str = "failed", prose: str = "could not be delivered") -> bytes:
    """An RFC 3464 report as Postfix writes it."""
    fields = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; anna@client.example\n"
    fields += f"Action: {action}\nStatus: {status}\n"
    if diagnostic:
        fields += f"Diagnostic-Code: smtp; {diagnostic}\n"
    raw = mixed(
        text(prose),
        b"Content-Type: message/delivery-status\n\n" + fields.encode(),
        b"Content-Type: message/rfc822\n\n" + ORIGINAL,
        kind="report; report-type=delivery-status",
        more="Return-Path: <>\n",
    )
    return raw.replace(b"Ivan Petrov <ivan@client.example>", b"Mail Delivery System <MAILER-DAEMON@mx.example>")


def bounce(raw: bytes) -> Bounce:
    read = letters.read(raw)
    assert read.auto == "bounce"
    assert read.bounce is not None
    return read.bounce


def prose(words: str, subject: str = "Mail delivery failed: returning message to sender") -> bytes:
    return b"From: Mail Delivery System <Mailer-Daemon@mx.example>\n" + REST + f"Subject: {subject}\n\n{words}".encode()


def test_a_report_names_the_recipient_the_status_and_our_letter() -> None:
    assert bounce(report("5.1.1", "550 5.1.1 <anna@client.example>: User unknown")) == Bounce(
        "anna@client.example", "5.1.1", True, "userunknown", "<ours.1@firstline.example>"
    )


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected", "hard", "reason"),
    [
        ("5.2.2", "552 5.2.2 Mailbox full", "5.2.2", False, "mailboxfull"),
        ("5.0.0", "550 5.1.1 no such user here", "5.1.1", True, "userunknown"),
        (
            "5.4.4",
            "Host or domain name not found. Name service error for name=x.example type=MX: Host not found",
            "5.4.4",
            True,
            "hostunknown",
        ),
        ("5.7.1", "550 5.7.1 Relaying denied", "5.7.1", False, "norelaying"),
        ("5.7.1", "554 5.7.1 This message has been rejected as spam", "5.7.1", False, "spamdetected"),
        (
            "5.7.26",
            "550-5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy",
            "5.7.26",
            False,
            "authfailure",
        ),
        ("4.4.7", "", "4.4.7", False, "expired"),
        ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "5.3.4", False, "mesgtoobig"),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", "5.2.1", False, "suspend"),
    ],
)
def test_the_reason_is_found_and_says_whether_to_try_again(
    status: str, diagnostic: str, expected: str, hard: bool, reason: str
) -> None:
    found = bounce(report(status, diagnostic))
    assert (found.status, found.hard, found.reason) == (expected, hard, reason)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.7.1", "550 5.7.1 No such user!"),
        ("5.0.0", "550 Message was not accepted -- invalid mailbox. Local mailbox anna@client.example is unavailable: "
                  "user not found (in reply to end of DATA command)"),
        ("5.0.0", "550 anna@client.example is unknown user account"),
        ("5.0.0", "550 anna@client.example: user does not exist"),
        ("5.0.0", "550 Invalid recipient anna@client.example (Mode: normal)"),
        ("5.0.0", "550 <anna@client.example> No such user here"),
    ],
)  # fmt: skip
def test_what_a_server_says_of_its_own_users_is_known_whenever_it_says_so(status: str, words: str) -> None:
    found = bounce(report(status, words, prose=words))
    assert (found.hard, found.reason) == (True, "userunknown")


def test_our_own_domain_that_is_refused_is_no_address_that_is_gone() -> None:
    found = bounce(report("5.1.8", "550 5.1.8 <desk@firm.example>: Sender address rejected: Domain not found"))
    assert (found.hard, found.reason) == (False, "rejected")


def test_unknown_user_after_the_whole_letter_was_taken_is_the_word_of_a_filter() -> None:
    said = "host mx.client.example said: 550 User unknown (in reply to end of DATA command)"
    assert bounce(report("5.0.0", "550 User unknown", prose=said)).reason == "filtered"
    assert not bounce(report("5.0.0", "550 User unknown", prose=said)).hard


def test_a_delay_is_not_a_failure_for_good() -> None:
    found = bounce(report("4.4.1", "connect to mx.client.example: Connection timed out", action="delayed"))
    assert (found.hard, found.status) == (False, "4.4.1")


def test_a_receipt_of_delivery_is_no_failure() -> None:
    found = bounce(report("2.0.0", "250 2.0.0 Ok", action="delivered"))
    assert (found.reason, found.hard) == ("delivered", False)


@pytest.mark.parametrize(
    ("words", "status", "hard", "reason"),
    [
        (
            "The following address(es) failed:\n\n  anna@client.example\n    SMTP error from remote mail "
            "server after RCPT TO:<anna@client.example>:\n"
            "    550 5.1.1 unknown user",
            "5.1.1",
            True,
            "userunknown",
        ),
        (
            "Sorry, I couldn't find any host named client.example. (#5.1.2)\n<anna@client.example>:",
            "5.1.2",
            True,
            "hostunknown",
        ),
        (
            "К сожалению, Ваше письмо не может быть доставлено:\n\n  anna@client.example\n    нет такого пользователя",
            "5.0.911",
            True,
            "userunknown",
        ),
        (
            "I wasn't able to deliver your message to\n<anna@client.example>:\nmailbox is full",
            "5.0.922",
            False,
            "mailboxfull",
        ),
        ("Message not delivered to anna@client.example: retry timeout exceeded", "5.0.947", False, "expired"),
    ],
)
def test_prose_of_mail_servers_is_understood(words: str, status: str, hard: bool, reason: str) -> None:
    found = bounce(prose(words))
    assert (found.status, found.hard, found.reason) == (status, hard, reason)
    assert found.recipient == "anna@client.example"


def test_the_letter_is_found_in_a_copy_below_the_prose() -> None:
    words = "<anna@client.example>: user unknown\n\n--- Below this line is a copy of the message.\n\n"
    assert bounce(prose(words + ORIGINAL.decode())).original_message_id == "<ours.1@firstline.example>"


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_other_line_ends_change_nothing(end: bytes) -> None:
    for raw in (report("5.1.1", "550 5.1.1 User unknown"), prose("<anna@client.example>:\nmailbox is full")):
        assert bounce(raw.replace(b"\n", end)) == bounce(raw)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Undeliverable: invoice",
            "I got this when I wrote to anna@client.example. What shall I do?\n\n550 5.1.1 User unknown",
        ),
        (
            "Fwd: Mail delivery failed",
            "Пришло вот такое:\n\nThe following address failed:\n  anna@client.example\n    550 user unknown",
        ),
        ("Письмо не доставлено", "Клиент говорит, что моё письмо не доставлено. Проверьте, пожалуйста."),
        ("Returned mail", "My mail to the supplier was returned, mailbox full."),
    ],
)
def test_a_person_who_asks_about_a_report_is_a_person(subject: str, body: str) -> None:
    read = letters.read(letter(body, subject=subject))
    assert (read.auto, read.bounce) == (None, None)


def test_an_ordinary_letter_with_a_notification_word_is_no_notice_of_a_service() -> None:
    read = letters.read(letter('{"notificationType": broken'))
    assert read.bounce is None


def test_every_reason_has_a_stand_in_status() -> None:
    for reason in bounce_reasons.HARD:
        for temporary, digit in ((False, "5"), (True, "4")):
            status = bounce_reasons.stand_in(reason, temporary)
            assert status is not None
            assert status.startswith(f"{digit}.0.9")
