"""Sender, subject, words and files of letters as many programs make them, one way of being wrong at a time."""

from __future__ import annotations

import base64
import quopri
from urllib.parse import quote

import pytest

from firstline.intake.reading import letters

SUBJECT = "Не печатает принтер в бухгалтерии"
SAID = "Здравствуйте!\r\nНе печатает принтер HP в кабинете 305, горит красная лампа. Помогите, пожалуйста.\r\n"
WORDS = " ".join(SAID.split())
WRITER = "Пётр Сидоров"
FILE = "Счёт на оплату № 118 от 20.11.2026.pdf"
CYRILLIC = ["koi8-r", "cp1251", "cp866", "iso8859-5", "mac_cyrillic", "utf-8"]


def encoded(text: str, charset: str = "utf-8", step: int = 0) -> str:
    """Encoded words of so many bytes each, which may well end inside a character."""
    raw = text.encode(charset)
    step = step or len(raw)
    pieces = (raw[at : at + step] for at in range(0, len(raw), step))
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def head(subject: str | bytes = "", writer: str | bytes = "") -> bytes:
    subject = subject or encoded(SUBJECT)
    writer = writer or f"{encoded(WRITER)} <petr@client.example>"
    rest = b"To: desk@firstline.example\r\nMessage-ID: <1@client.example>\r\nMIME-Version: 1.0\r\n"
    return b"From: " + _raw(writer) + b"\r\nSubject: " + _raw(subject) + b"\r\n" + rest


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + SAID.encode()
PAGE = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + WORDS.encode() + b"</p>"


def parts(*bodies: bytes, kind: str = "mixed", mark: str = "B", closed: bool = True) -> bytes:
    between = f"--{mark}\r\n".encode()
    whole = b"".join(between + body + b"\r\n" for body in bodies)
    end = f"--{mark}--\r\n".encode() if closed else b""
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode() + whole + end


def file(disposition: str | bytes, kind: str | bytes = "application/pdf") -> bytes:
    return (
        b"Content-Type: " + _raw(kind) + b"\r\nContent-Disposition: " + _raw(disposition)
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"%PDF-1.4")
    )  # fmt: skip


def check(raw: bytes, *files: str) -> None:
    read = letters.read(raw)
    assert (read.subject, read.from_name, read.from_email) == (SUBJECT, WRITER, "petr@client.example")
    assert " ".join(read.text.split()) == WORDS
    assert [part.name for part in read.attachments] == list(files)


@pytest.mark.parametrize("charset", CYRILLIC)
@pytest.mark.parametrize("declared", ["", "; charset=us-ascii", "; charset=iso-8859-1", "; charset=utf-8"])
def test_raw_heads_and_words_of_every_set_are_read(charset: str, declared: str) -> None:
    raw = head(SUBJECT.encode(charset), WRITER.encode(charset) + b" <petr@client.example>")
    check(raw + f"Content-Type: text/plain{declared}\r\n\r\n".encode() + SAID.encode(charset))


@pytest.mark.parametrize(("real", "said"), [("koi8-r", "windows-1251"), ("cp1251", "koi8-r"), ("cp866", "cp1251")])
def test_one_cyrillic_set_under_the_name_of_another_is_read(real: str, said: str) -> None:
    subject = encoded(SUBJECT, real).replace(real, said)
    check(head(subject) + f"Content-Type: text/plain; charset={said}\r\n\r\n".encode() + SAID.encode(real))


@pytest.mark.parametrize("step", [5, 7, 11])
def test_encoded_words_cut_inside_a_character_are_joined(step: int) -> None:
    check(head(encoded(SUBJECT, step=step), f"{encoded(WRITER, step=step)} <petr@client.example>") + PLAIN)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-7"])
def test_wide_and_seven_bit_unicode_is_read(charset: str) -> None:
    body = base64.encodebytes(SAID.encode(charset))
    kind = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    check(head() + kind.encode() + body)


def test_a_soft_line_end_with_blanks_behind_it_joins_two_lines() -> None:
    body = quopri.encodestring(WORDS.encode()).replace(b"=\n", b"= \t\r\n")
    kind = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    check(head() + kind + body)


def test_a_name_with_a_comma_and_without_quotes_is_one_persons() -> None:
    read = letters.read(head(writer="Sidorov, Petr <petr@client.example>") + PLAIN)
    assert (read.from_name, read.from_email) == ("Sidorov, Petr", "petr@client.example")
    to = head().replace(
        b"To: desk@firstline.example", b"To: Sidorov, Petr <p@x.example>, a@x.example, Anna <b@x.example>"
    )
    assert letters.read(to + PLAIN).to == (
        ("Sidorov, Petr", "p@x.example"),
        ("", "a@x.example"),
        ("Anna", "b@x.example"),
    )


FILES = {
    "rfc 2231": f"attachment; filename*=UTF-8''{quote(FILE)}",
    "rfc 2231 in pieces": f"attachment;\r\n filename*0*=UTF-8''{quote(FILE[:15])};\r\n filename*1*={quote(FILE[15:])}",
    "rfc 2231 cut inside a character": "attachment; filename*0*=UTF-8''"
    + f"{quote(FILE.encode()[:9])}; filename*1*={quote(FILE.encode()[9:])}",
    "rfc 2231 in the wrong order": f"attachment; filename*1*={quote(FILE[9:])}; filename*0*=UTF-8''{quote(FILE[:9])}",
    "rfc 2231 in quotes": f"attachment; filename*=\"UTF-8''{quote(FILE)}\"",
    "rfc 2231 of the encoded": f"attachment; filename*=utf-8''{quote(quote(FILE))}",
    "encoded word": f'attachment; filename="{encoded(FILE)}"',
    "encoded words": f'attachment; filename="{encoded(FILE, step=15)}"',
    "encoded words in pieces": f'attachment; filename*0="{encoded(FILE[:20])}"; filename*1="{encoded(FILE[20:])}"',
    "encoded word without quotes": f"attachment; filename={encoded(FILE, 'windows-1251')}",
    "raw utf-8": f'attachment; filename="{FILE}"',
    "raw cp1251": f'attachment; filename="{FILE}"'.encode("cp1251"),
    "per cent": f'attachment; filename="{quote(FILE)}"',
    "a folder": f'attachment; filename="C:\\\\Users\\\\petr\\\\{FILE}"',
}


@pytest.mark.parametrize("form", FILES)
def test_the_name_of_a_file_is_read_however_it_is_written(form: str) -> None:
    check(head() + parts(PLAIN, file(FILES[form])), FILE)


@pytest.mark.parametrize("kind", [f'application/pdf; name="{encoded(FILE)}"', f'application/pdf; name="{FILE}"'])
def test_the_name_may_stand_with_the_kind(kind: str) -> None:
    check(head() + parts(PLAIN, file("attachment", kind.encode("cp1251" if "=?" not in kind else "ascii"))), FILE)


INSIDE = head(encoded("Внутри"), "Anna <anna@x.example>") + b"Content-Type: text/plain\r\n\r\nwords"
TREES = {
    "an end that is missing": (parts(PLAIN, file('attachment; filename="a.pdf"'), closed=False), ["a.pdf"]),
    "a page and a file inside an alternative": (
        parts(PLAIN, parts(PAGE, file('attachment; filename="a.pdf"'), mark="C"), kind="alternative"), ["a.pdf"],
    ),
    "amp": (parts(PLAIN, b"Content-Type: text/x-amp-html\r\n\r\n<p>no</p>", PAGE, kind="alternative"), []),
    "an empty plain form": (parts(b"Content-Type: text/plain\r\n\r\n\r\n", PAGE, kind="alternative"), []),
    "a letter as a file": (parts(PLAIN, b"Content-Type: message/rfc822\r\n\r\n" + INSIDE), ["Внутри.eml"]),
    "a signature beside": (
        parts(PLAIN, file('attachment; filename="smime.p7s"', "application/pkcs7-signature"), kind="signed"),
        ["smime.p7s"],
    ),
    "a log": (parts(PLAIN, b'Content-Type: text/plain; name="a.log"\r\nContent-Disposition: attachment\r\n\r\nx'),
              ["a.log"]),
}  # fmt: skip


@pytest.mark.parametrize("form", TREES)
def test_words_are_words_and_files_are_files(form: str) -> None:
    body, files = TREES[form]
    check(head() + body, *files)


def test_each_letter_of_a_digest_is_a_file() -> None:
    read = letters.read(head() + parts(b"\r\n" + INSIDE, b"\r\n" + INSIDE, kind="digest"))
    assert [part.content_type for part in read.attachments] == ["message/rfc822", "message/rfc822"]
    assert [inner.subject for inner in read.enclosed] == ["Внутри", "Внутри"]
