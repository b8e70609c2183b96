"""A letter's bytes become what people and rules see of it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from firstline.intake import inspect_letter
from firstline.intake.reading import letters
from tests.intake.writing import attachment, letter, mixed, page, text, typed


def test_a_plain_letter_is_read_whole() -> None:
    read = letters.read(letter("Не печатает принтер.\n"))
    assert (read.from_email, read.from_name) == ("ivan@client.example", "Ivan Petrov")
    assert [person.email for person in read.to] == ["desk@firstline.example"]
    assert (read.subject, read.text, read.reply_text) == ("Printer", "Не печатает принтер.", "Не печатает принтер.")
    assert read.message_id == "<a1@client.example>"
    assert read.date == datetime(2026, 11, 20, 14, 5, tzinfo=timezone(timedelta(hours=3)))
    assert read.readable
    assert (read.html, read.auto, read.bounce) == (None, None, None)
    assert read.defects == ()


def test_both_forms_of_one_text_are_one_text() -> None:
    read = letters.read(mixed(text("the plain form"), page("<p>the <b>rich</b> form</p>"), kind="alternative"))
    assert read.text == "the plain form"
    assert read.html == "<p>the <strong>rich</strong> form</p>"
    assert read.attachments == ()


def test_html_alone_gives_the_text_as_well() -> None:
    read = letters.read(typed(b"<div>one</div><div>two</div>", "text/html; charset=utf-8"))
    assert read.text == "one\ntwo"
    assert read.html == "<p>one<br>two</p>"


def test_an_empty_plain_form_does_not_hide_the_html() -> None:
    assert letters.read(mixed(text(" \n"), page("<p>words</p>"), kind="alternative")).text == "words"


def test_several_texts_are_all_shown_in_their_order() -> None:
    read = letters.read(mixed(text("first"), page("<p>second</p>"), text("third")))
    assert read.text.split() == ["first", "second", "third"]
    assert read.html is not None
    assert read.html.index("first") < read.html.index("second") < read.html.index("third")


def test_a_named_text_is_a_file_and_not_words() -> None:
    file = attachment(b"log line", 'attachment; filename="log.txt"', "text/plain")
    read = letters.read(mixed(text("see the log"), file))
    assert read.text == "see the log"
    (part,) = read.attachments
    assert (part.name, part.content, part.size, part.inline) == ("log.txt", b"log line", 8, False)
    assert part.sha256 == hashlib.sha256(b"log line").hexdigest()


def test_a_picture_shown_in_the_text_is_inline_and_keeps_its_place() -> None:
    picture = b"Content-Type: image/png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\niVBORw0="
    read = letters.read(mixed(page('<p>see <img src="cid:logo@x"></p>'), picture, kind="related"))
    (part,) = read.attachments
    assert (part.inline, part.content_id) == (True, "logo@x")
    assert read.html is not None
    assert 'src="cid:logo@x"' in read.html


def test_a_letter_in_a_letter_is_a_file_named_by_its_subject() -> None:
    inner = b"Content-Type: message/rfc822\n\n" + letter("inner words", subject="Old invoice 5/2026")
    read = letters.read(mixed(text("see below"), inner))
    assert [part.name for part in read.attachments] == ["Old invoice 5_2026.eml"]
    assert b"inner words" in read.attachments[0].content
    assert "inner words" not in read.text


def test_a_uuencoded_file_leaves_the_text_and_becomes_an_attachment() -> None:
    body = b"see picture\n\nbegin 644 cat.jpg\n#0V%T\n`\nend\n\nbye\n"
    read = letters.read(letter(body))
    assert read.text == "see picture\n\nbye"
    assert [(part.name, part.content) for part in read.attachments] == [("cat.jpg", b"Cat")]


def test_a_sentence_that_begins_with_begin_is_a_sentence() -> None:
    words = "Hello\nbegin 100 tomorrow\nplease"
    assert letters.read(letter(words)).text == words
    assert letters.read(letter(words)).attachments == ()


def test_flowed_lines_are_joined_again() -> None:
    body = b"This is one \nlong line.\n> quoted \n> line\n-- \nIvan\n"
    read = letters.read(typed(body, "text/plain; charset=utf-8; format=flowed"))
    assert read.text.splitlines()[:2] == ["This is one long line.", "> quoted line"]


def test_winmail_stays_as_it_is() -> None:
    read = letters.read(
        mixed(text(), attachment(b"\x78\x9f\x3e\x22", "attachment; filename=winmail.dat", "application/ms-tnef"))
    )
    assert [(part.name, part.size) for part in read.attachments] == [("winmail.dat", 4)]


def test_an_encrypted_letter_keeps_its_parts() -> None:
    version = b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
    secret = b"Content-Type: application/octet-stream; name=msg.asc\n\n-----BEGIN PGP MESSAGE-----\n"
    read = letters.read(mixed(version, secret, kind="encrypted"))
    assert [part.content_type for part in read.attachments] == ["application/pgp-encrypted", "application/octet-stream"]
    assert read.readable


def test_threading_identifiers_are_all_found_even_when_folded_badly() -> None:
    more = "In-Reply-To: <x@y>\nReferences: <a@b>\n <c@d>,<e@f>\n <a@b>\n"
    read = letters.read(letter(more=more))
    assert read.in_reply_to == ("<x@y>",)
    assert read.references == ("<a@b>", "<c@d>", "<e@f>")


def test_delivered_to_and_return_path_are_known() -> None:
    more = (
        "Return-Path: <bounce@client.example>\nDelivered-To: a@firstline.example\nX-Original-To: b@firstline.example\n"
    )
    read = letters.read(letter(more=more))
    assert read.return_path == "bounce@client.example"
    assert read.delivered_to == ("a@firstline.example", "b@firstline.example")
    assert letters.read(letter(more="Return-Path: <>\n")).return_path == ""
    assert letters.read(letter()).return_path is None


def test_control_headers_of_ours_change_nothing() -> None:
    hostile = letter(more="X-Firstline-Ticket: 1\nX-SD-Client: other\nX-Firstline-Agent: root\n")
    plain = letters.read(letter())
    read = letters.read(hostile)
    assert (read.text, read.from_email, read.auto, read.to) == (plain.text, plain.from_email, plain.auto, plain.to)


def test_a_letter_survives_the_way_through_json() -> None:
    file = attachment(bytes(range(256)), "attachment; filename=x.bin")
    read = letters.read(mixed(text("Слово"), file, more="Cc: Анна <anna@client.example>\n"))
    assert letters.from_plain(json.loads(json.dumps(letters.to_plain(read, as_text=True)))) == read
    assert letters.from_plain(letters.to_plain(read)) == read


def test_the_hash_of_an_attachment_is_computed_again_by_who_receives_it() -> None:
    plain = letters.to_plain(letters.read(mixed(text(), attachment(b"good", "attachment; filename=x"))))
    plain["attachments"][0]["content"] = b"evil"
    assert letters.from_plain(plain).attachments[0].sha256 == hashlib.sha256(b"evil").hexdigest()


def test_without_a_sender_or_words_nothing_is_readable_as_a_letter() -> None:
    assert not letters.read(b"").readable
    assert not letters.read(b"Subject: x\n\nwords").readable
    assert letters.read(b"From: a@b.example\n\n").readable


def test_the_inspect_line_has_exactly_the_promised_fields() -> None:
    line = inspect_letter.line("x.eml", mixed(text(), attachment(b"1", "attachment; filename=x.pdf")))
    assert list(line) == [
        "file",
        "message_id",
        "date",
        "from_email",
        "from_name",
        "reply_to",
        "to",
        "cc",
        "subject",
        "text",
        "html",
        "reply_text",
        "attachments",
        "in_reply_to",
        "references",
        "auto",
        "bounce",
        "defects",
    ]
    assert set(line["attachments"][0]) == {"name", "content_type", "size", "sha256", "inline"}
    assert line["to"] == ["desk@firstline.example"]
    assert datetime.fromisoformat(line["date"]).astimezone(UTC) == datetime(2026, 11, 20, 11, 5, tzinfo=UTC)
    json.dumps(line)


@pytest.mark.parametrize(
    "written",
    [
        "Fri, 20 Nov 2026 14:05:00 +0300",
        "Fri, 20 Nov 2026 14:05:00 +0300 (MSK)",
        "Fri, 20 Nov 2026 14:05:00 +03:00",
        "20 Nov 2026 14:05 MSK",
        "Fri, 20 Nov 2026 11:05:00 GMT",
        "Fri, 20 Nov 2026 11:05:00 -0000",
        "Fri, 20 Nov 26 11:05 UT",
        "2026-11-20T14:05:00+03:00",
        "2026-11-20 11:05:00",
        "пт, 20 ноя 2026 14:05:00 +0300",
        "пт, 20 ноем 2026 13:05:00 EET",
    ],
)
def test_a_moment_is_the_same_however_it_is_written(written: str) -> None:
    read = letters.read(f"From: a@b.example\nDate: {written}\n\nwords".encode())
    assert read.date is not None
    assert read.date.astimezone(UTC) == datetime(2026, 11, 20, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("Иван <иван@почта.рф>", [("Иван", "иван@почта.рф")]),
        ('"Petrov, Ivan" <i@x.example>, a@x.example', [("Petrov, Ivan", "i@x.example"), ("", "a@x.example")]),
        ("Undisclosed recipients:;", []),
        (
            "Team: a@x.example, b@x.example;, c@x.example",
            [("", "a@x.example"), ("", "b@x.example"), ("", "c@x.example")],
        ),
        ("=?utf-8?Q?=D0=98=2C_=D0=9F?= <i@x.example>", [("И, П", "i@x.example")]),
        ("'Ivan' <I@X.Example>", [("Ivan", "I@x.example")]),
        ("O'Brien <o'brien@x.example>", [("O'Brien", "o'brien@x.example")]),
        ("SMTP:i@x.example", [("", "i@x.example")]),
        ("a@x.example, A@X.EXAMPLE", [("", "a@x.example")]),
    ],
)
def test_people_are_found_in_what_programs_write(written: str, people: list[tuple[str, str]]) -> None:
    read = letters.read(f"From: a@b.example\nCc: {written}\n\nwords".encode())
    assert [tuple(person) for person in read.cc] == people
