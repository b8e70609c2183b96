"""What is far too much is read up to the limits of reliability_security.md §4.2, in time, and says so."""

from __future__ import annotations

import base64
import os

import pytest

from firstline.intake.reading import letters
from tests.bounded import linear
from tests.intake.writing import FROM, REST, attachment, letter, mixed, page, text, typed

MB = 1_000_000


def test_ten_thousand_recipients_are_cut_to_two_hundred() -> None:
    many = ", ".join(f"Person {number} <p{number}@x.example>" for number in range(10_000))
    with linear():
        read = letters.read(letter(more=f"Cc: {many}\n"))
    assert len(read.cc) == 200
    assert "too-many-addresses" in read.defects
    assert read.text == "Printer is dead"


def test_a_header_of_two_megabytes_does_not_hide_the_next_one() -> None:
    with linear():
        read = letters.read(b"X-Long: " + b"a" * (2 * MB) + b"\n" + letter())
        folded = letters.read(b"X-Long: a\n" + b" aaaaaaaaaaaaaaa\n" * 120_000 + letter())
    assert read.from_email == folded.from_email == "ivan@client.example"
    assert "header-too-long" in read.defects
    assert "header-too-long" in folded.defects


def test_of_a_hundred_thousand_headers_five_hundred_are_kept() -> None:
    with linear():
        read = letters.read(letter(more="X-A: b\n" * 100_000))
    assert "too-many-headers" in read.defects
    assert read.text == "Printer is dead"


def test_of_a_hundred_thousand_parts_a_thousand_are_opened_and_the_rest_is_one_file() -> None:
    with linear():
        read = letters.read(mixed(*[b"\nx"] * 100_000))
    assert "too-many-parts" in read.defects
    assert len(read.attachments) == 1
    assert read.attachments[0].size > 90_000 * 5


@pytest.mark.parametrize("depth", [120, 1_000, 20_000])
def test_a_letter_nested_without_end_is_opened_fifty_levels_deep(depth: int) -> None:
    raw = b"".join(
        f'Content-Type: multipart/mixed; boundary="n{level}"\n\n--n{level}\n'.encode() for level in range(depth)
    )
    with linear():
        read = letters.read(FROM + REST + raw + b"Content-Type: text/plain\n\ndeep words")
    assert "nested-too-deep" in read.defects
    assert read.from_email == "ivan@client.example"
    assert read.attachments or "deep words" in read.text


def test_letters_in_letters_are_never_opened() -> None:
    raw = b"deep words"
    for level in range(1_000):
        raw = f"Subject: level {level}\nContent-Type: message/rfc822\n\n".encode() + raw
    with linear():
        read = letters.read(FROM + raw)
    assert [part.content_type for part in read.attachments] == ["message/rfc822"]


def test_ten_thousand_parameters_are_not_all_read() -> None:
    many = "; ".join(f"p{number}=v" for number in range(10_000))
    with linear():
        read = letters.read(letter(more=f"Content-Type: text/plain; {many}\n"))
    assert "too-many-parameters" in read.defects
    assert read.text == "Printer is dead"


def test_a_file_of_twenty_five_megabytes_is_taken_whole() -> None:
    content = os.urandom(25 * MB)
    raw = mixed(text("see file"), attachment(content, "attachment; filename=disk.img"))
    with linear():
        read = letters.read(raw)
    assert read.attachments[0].content == content
    assert read.text == "see file"


def test_nested_tags_without_end_are_shown_as_text_with_the_original_kept() -> None:
    with linear():
        read = letters.read(typed(b"<div>" * 40_000 + b"words", "text/html"))
    assert "words" in read.text
    assert "html-too-deep" in read.defects
    assert [part.content_type for part in read.attachments] == ["text/html"]


def test_html_of_three_megabytes_is_shown_as_text_with_the_original_kept() -> None:
    with linear():
        read = letters.read(mixed(text("plain words"), page("<p>" + "a" * (3 * MB) + "</p>"), kind="alternative"))
    assert "html-too-large" in read.defects
    assert read.text == "plain words"
    assert read.attachments[0].size > 3 * MB


def test_ten_megabytes_of_plain_text_are_cut_and_kept_as_a_file() -> None:
    with linear():
        read = letters.read(letter("слово " * MB))
    assert len(read.text) <= 2 * MB
    assert "text-too-large" in read.defects
    assert read.attachments[0].size > 10 * MB


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?B?" * 6_000,
        "=?utf-8?Q?" + "=D0" * 20_000 + "?=",
        "=?a?b?" + "?" * 60_000,
        "(" * 60_000,
        '"' * 60_001,
        "=?" * 30_000,
    ],
    ids=["words never closed", "one long word", "question marks", "brackets", "quotes", "openings"],
)
def test_headers_made_to_be_slow_are_not(subject: str) -> None:
    with linear():
        letters.read(letter(subject=subject, more=f"To: {subject}\nCc: {subject}\nReferences: {subject}\n"))
        letters.read(mixed(text(), attachment(b"1", f'attachment; filename="{subject}"')))


@pytest.mark.parametrize(
    "line", ["<" * 60_000, "a@" * 30_000, "a@b.example," * 5_000, "<a@b.example" * 5_000, '"a' * 30_000]
)
def test_addresses_made_to_be_slow_are_not(line: str) -> None:
    with linear():
        letters.read(letter(more=f"To: {line}\nCc: {line}\nReply-To: {line}\nReturn-Path: {line}\n"))


@pytest.mark.parametrize(
    "body",
    [
        b">" * MB,
        b"m" * MB,
        b"> > > \n" * 150_000,
        b"On 1 a@b wrote:\n" * 60_000,
        b"From: a\nTo: b\n" * 70_000,
        b"-- \n" * 250_000,
        b"On " * 300_000,
        b"begin 644 a\n" * 80_000,
        b"_" * MB,
        b"\n" * MB,
        b" \t" * 500_000,
        b"http://" * 140_000,
    ],
    ids=["marks", "m", "deep", "wrote", "heads", "delimiters", "On", "begin", "rule", "lines", "blanks", "links"],
)
def test_a_megabyte_made_to_be_slow_for_the_quotation_finder_is_not(body: bytes) -> None:
    with linear():
        letters.read(letter(body))
    with linear():
        letters.read(typed(b"<pre>" + body, "text/html"))


def test_three_and_a_half_million_headers_are_skipped() -> None:
    with linear():
        read = letters.read(FROM + b"X-a: b\n" * 3_500_000 + b"\nwords")
    assert (read.text, read.from_email) == ("words", "ivan@client.example")


def test_a_thousand_pages_share_the_limits_of_one() -> None:
    with linear():
        read = letters.read(mixed(*[page("<p>слово</p>" * 200)] * 900))
    assert "html-too-large" in read.defects
    assert read.attachments
    assert read.text.startswith("слово")


def test_a_thousand_parts_of_unknown_sets_are_guessed_only_so_often() -> None:
    part = b"Content-Type: text/plain; charset=x-unknown\n\n"
    with linear():
        read = letters.read(mixed(*[part + os.urandom(2_000).replace(b"\n", b"") for _number in range(900)]))
    assert read.text


def test_a_megabyte_of_broken_base64_is_read_in_time() -> None:
    with linear():
        letters.read(typed(b"=*" * (MB // 2), "text/plain", "base64"))
        letters.read(typed(base64.encodebytes(b"x" * MB).replace(b"\n", b"=\n"), "text/plain", "base64"))
        letters.read(typed(b"=" * MB, "text/plain", "quoted-printable"))
