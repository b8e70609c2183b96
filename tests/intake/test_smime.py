"""Words under an opaque signature are read; what is secret or no signature at all stays a file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.intake.reading import letters, smime
from tests.intake.writing import attachment, mixed, page, text, typed

SIGNED = bytes.fromhex("2a864886f70d010702")
DATA = bytes.fromhex("2a864886f70d010701")
ENTITY = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "Не печатает принтер\r\n".encode()


def der(tag: int, content: bytes, indefinite: bool = False) -> bytes:
    if indefinite:
        return bytes([tag, 0x80]) + content + b"\x00\x00"
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x84" + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def wrapped(entity: bytes, chunk: int = 0) -> bytes:
    """CMS SignedData around an entity, whole or in chunks, without any signer."""
    pieces = [entity[at : at + chunk] for at in range(0, len(entity), chunk)] if chunk else []
    octets = der(0x24, b"".join(der(0x04, piece) for piece in pieces), indefinite=True) if chunk else der(0x04, entity)
    content = der(0x30, der(0x06, DATA) + der(0xA0, octets, bool(chunk)), bool(chunk))
    signed = der(0x30, der(0x02, b"\x01") + der(0x31, b"") + content, bool(chunk))
    return der(0x30, der(0x06, SIGNED) + der(0xA0, signed, bool(chunk)), bool(chunk))


def part(content: bytes) -> bytes:
    return attachment(content, "attachment; filename=smime.p7m", "application/pkcs7-mime; smime-type=signed-data")


@pytest.mark.parametrize("chunk", [0, 7])
def test_signed_words_are_read_and_the_wrapping_stays_a_file(chunk: int) -> None:
    read = letters.read(mixed(part(wrapped(ENTITY, chunk))))
    assert read.text == "Не печатает принтер"
    assert [part.name for part in read.attachments] == ["smime.p7m"]


def test_a_letter_that_is_nothing_but_the_wrapping_is_read() -> None:
    read = letters.read(typed(wrapped(ENTITY), "application/x-pkcs7-mime; name=smime.p7m", "binary"))
    assert read.text == "Не печатает принтер"


def test_files_and_html_under_a_signature_are_found() -> None:
    entity = mixed(page("<p>see <b>file</b></p>"), attachment(b"123", "attachment; filename=a.pdf"))
    read = letters.read(mixed(part(wrapped(entity))))
    assert read.html == "<p>see <strong>file</strong></p>"
    assert [part.name for part in read.attachments] == ["smime.p7m", "a.pdf"]


def test_a_secret_and_rubbish_stay_files() -> None:
    for content in (b"", b"0", b"0\x80" + b"\x00" * 50, wrapped(ENTITY)[:30], b"\x30\x82" + SIGNED + DATA):
        read = letters.read(mixed(text("words"), part(content)))
        assert read.text == "words"


def test_wrappings_in_wrappings_are_opened_only_so_often() -> None:
    entity = ENTITY
    for _level in range(30):
        entity = mixed(part(wrapped(entity)))
    assert len(letters.read(entity).attachments) == 4


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 200), st.binary(max_size=8))
def test_any_bytes_are_walked_to_an_end(noise: bytes, place: int, put: bytes) -> None:
    whole = wrapped(ENTITY, 5)
    smime.signed_content(noise)
    smime.signed_content(whole[:place] + put + whole[place + 3 :])
