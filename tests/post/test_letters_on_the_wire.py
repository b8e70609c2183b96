"""The bytes that a server really got: the set of headers, their values, and that nobody's words can add one."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from firstline.post import mime, outbox
from firstline.post.models import Delivery
from firstline.post.words import Enclosure, Words
from tests.post.desk_post import AT, acknowledgement, fresh, put, send
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db

ALWAYS = {"Content-Type", "MIME-Version", "From", "To", "Reply-To", "Subject", "Date", "Message-ID"}
THREAD = {"In-Reply-To", "References"}
MACHINE = {"Auto-Submitted", "X-Auto-Response-Suppress"}
EVIL = [
    "a\r\nBcc: eve@evil.example",
    "a\nX: 1",
    "a\rX: 1",
    "a\x00b",
    "a\u2028Bcc: x",
    "a\x85X: 1",
    "\r\n\r\nbody",
    "=?utf-8?q?=0d=0aBcc:_x?=",
]


def sent(sink: SmtpSink, words: Words, **given: object) -> EmailMessage:
    """The letter as it arrived, parsed."""
    delivery = put(**given)
    assert outbox.send_due(lambda _: words, AT) == 1
    assert fresh(delivery).state == "sent"
    return sink.letters[-1]


def test_an_answer_of_a_person_looks_like_a_mail_of_a_person(sink: SmtpSink) -> None:
    letter = sent(sink, Words(
        subject="[#1042] Не печатает принтер", text="Готово\n", html="<p>Готово</p>", sender="Ольга Смирнова",
        headers={"In-Reply-To": "<b@x>", "References": "<a@x> <b@x>"},
    ))  # fmt: skip
    assert set(letter.keys()) == ALWAYS | THREAD
    assert letter["From"].addresses[0].display_name == "Ольга Смирнова"
    assert letter["From"].addresses[0].addr_spec == letter["Reply-To"] == "desk@support.example"
    assert letter["To"] == "ivan@north.example"
    assert letter["Subject"] == "[#1042] Не печатает принтер"
    assert letter["Date"].datetime == AT
    assert letter["References"].split() == ["<a@x>", "<b@x>"]
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letter.get_body(("plain",)).get_content() == "Готово\n"
    assert letter.get_body(("html",)).get_content() == "<p>Готово</p>"
    assert sink.received[0].sender == "desk@support.example"


def test_an_automatic_notice_says_so_and_asks_for_no_answer_of_machines(sink: SmtpSink) -> None:
    put(kind="solved", automatic=True)
    send()
    letter = sink.letters[0]
    assert set(letter.keys()) == ALWAYS | MACHINE
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert sink.received[0].sender == "desk@support.example"


def test_an_acknowledgement_is_bulk_and_its_bounce_goes_nowhere(sink: SmtpSink) -> None:
    acknowledgement()
    send()
    letter = sink.letters[0]
    assert set(letter.keys()) == ALWAYS | MACHINE | {"Precedence"}
    assert (letter["Auto-Submitted"], letter["Precedence"]) == ("auto-replied", "bulk")
    assert sink.received[0].sender == ""


@pytest.mark.parametrize("evil", EVIL)
def test_c5_nothing_that_was_typed_makes_a_header_or_ends_one(sink: SmtpSink, evil: str) -> None:
    headers = {"In-Reply-To": evil, "References": f"<a@b> {evil}", "Bcc": evil}
    letter = sent(
        sink, Words(subject=evil, text="x", sender=evil, headers=headers, files=[Enclosure(evil, evil, b"x")])
    )
    assert set(letter.keys()) - THREAD == ALWAYS
    assert sink.received[0].recipients == ["ivan@north.example"]
    assert b"\nBcc" not in sink.received[0].raw
    assert b"\nX:" not in sink.received[0].raw
    assert letter["Subject"] == mime.plain_line(evil)
    typed = letter["Subject"] + letter["From"].addresses[0].display_name
    assert not any(ord(sign) < 32 or sign in "\x7f\x85\u2028\u2029" for sign in typed)
    assert b"\x00" not in sink.received[0].raw
    attached = next(iter(letter.iter_attachments()))
    assert set(attached.keys()) == {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Content-Disposition"}


@pytest.mark.parametrize(
    "to",
    ["a@b.example\r\nRCPT TO:<eve@evil.example>", "a@b.example,eve@evil.example", "no at sign", "<a@b.example>",
     "a b@c.example", "@b.example", "a@", "ж@b.example"],
)  # fmt: skip
def test_c5_what_is_not_one_address_is_failed_visibly_and_never_offered(sink: SmtpSink, to: str) -> None:
    delivery = put(to=to)
    assert delivery.state == "failed"
    assert send() == 0
    assert sink.script.transactions == 0
    assert fresh(delivery).tries.get().answer == "not an address that mail can be sent to"


def test_no_line_is_longer_than_the_standard_allows_and_no_word_of_a_header_is_broken(sink: SmtpSink) -> None:
    ids = [f"<fl.{n:032x}.1042.{n:032x}@a-rather-long-domain.support.example>" for n in range(12)]
    subject = "[#1042] " + "Очень длинная тема про принтер и его красную лампочку " * 6
    letter = sent(
        sink,
        Words(
            subject=subject,
            text="x" * 5000,
            sender="И" * 90,
            headers={"References": " ".join(ids), "In-Reply-To": ids[-1]},
        ),
    )
    raw = sink.received[0].raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert letter["References"].split() == ids
    assert letter["In-Reply-To"] == ids[-1]
    assert letter["Subject"] == mime.plain_line(subject)
    assert b"\r\nMessage-ID: <fl." in raw


def test_lines_that_begin_with_a_dot_arrive_as_they_were_and_end_nothing(sink: SmtpSink) -> None:
    letter = sent(
        sink,
        Words(
            subject="dots",
            text=".\n..\n.\r\nRCPT TO:<eve@evil.example>\n",
            files=[Enclosure("a.txt", "text/plain", b".\r\n.\r\n")],
        ),
    )
    assert letter.get_body(("plain",)).get_content() == ".\n..\n.\nRCPT TO:<eve@evil.example>\n"
    assert sink.received[0].raw == bytes(Delivery.objects.get().mime or b"")


def test_a_file_goes_along_under_its_own_name(sink: SmtpSink) -> None:
    letter = sent(
        sink, Words(subject="x", text="x", files=[Enclosure("Акт № 5.pdf", "application/pdf", b"%PDF-1.7\x00\xff")])
    )
    part = next(iter(letter.iter_attachments()))
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
        "Акт № 5.pdf",
        "application/pdf",
        b"%PDF-1.7\x00\xff",
    )


@pytest.mark.parametrize(
    "subject", ["", " ", "[#1] " + "a" * 5000, "plain ascii", "=?utf-8?b?0J8=?= typed", "\ud800 half a sign"]
)
def test_any_subject_can_be_sent(sink: SmtpSink, subject: str) -> None:
    letter = sent(sink, Words(subject=subject, text="x"))
    assert len(letter["Subject"]) <= mime.MOST_IN_HEADER
