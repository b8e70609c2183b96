"""Whatever the bytes are, reading them gives a letter: no exception, no NUL, no tag beyond the subset, nothing
lost on the way.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from firstline.intake import inspect_letter
from firstline.intake.reading import charsets, letters
from firstline.lib import html
from tests.intake.malformed_headers import HEADERS
from tests.intake.malformed_parts import PARTS
from tests.lib.test_html import check_harmless

_BYTES = st.sampled_from(
    [
        b"From: ",
        b"To: ",
        b"Subject: ",
        b"Date: ",
        b"Message-ID: ",
        b"Content-Type: ",
        b"multipart/mixed; boundary=b",
        b"text/plain; charset=",
        b"text/html",
        b"koi8-r",
        b"utf-16",
        b"Content-Transfer-Encoding: base64",
        b"Content-Disposition: attachment; filename*0*=",
        b"message/rfc822",
        b"message/delivery-status",
        b"\n",
        b"\r\n",
        b"\r",
        b"\n\n",
        b"--b\n",
        b"--b--\n",
        b"=?utf-8?B?",
        b"?=",
        b"=?koi8-r?Q?=",
        b'"',
        b"<",
        b">",
        b"@",
        b";",
        b":",
        b",",
        b"(",
        b")",
        b"a@b.example",
        b"\x00",
        b"\xff\xfe",
        b"\xd0\x9f",
        b"\xf0\xe9",
        b"<div>",
        b"<script>",
        b"> ",
        b"On 1.1.2026 a@b.example wrote:\n",
        b"begin 644 x\n#0V%T\n`\nend\n",
        b"Auto-Submitted: auto-replied\n",
        b"%D0%9F",
        b"utf-8''",
        b" ",
        b"\t",
        b"\x1b$B",
        b"-- \n",
    ]
)
_LETTERS = st.one_of(st.binary(max_size=600), st.lists(_BYTES, max_size=60).map(b"".join))


def check(raw: bytes) -> None:
    read = letters.read(raw)
    line = json.dumps(inspect_letter.of_letter("x", read), ensure_ascii=False)
    line.encode("utf-8")
    plain = json.dumps(letters.to_plain(read, as_text=True))
    assert "\\u0000" not in plain
    assert letters.from_plain(json.loads(plain)) == read
    for markup in (read.html, read.reply_html):
        if markup is not None:
            check_harmless(markup)
            assert html.sanitise(markup) == markup
    assert bool(read.reply_text.strip()) == bool(read.text.strip())
    for part in read.attachments:
        assert part.name
        assert not set(part.name) & set("/\\\r\n\x00\u202e")
    assert read.readable is False or read.from_email or read.bounce


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_LETTERS)
@example(b"")
@example(b"\x00")
@example(b"\r")
@example(b"From ")
def test_any_bytes_are_read(raw: bytes) -> None:
    check(raw)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted({**HEADERS, **PARTS})), st.integers(0, 400), st.binary(max_size=12), st.integers(0, 40))
def test_a_letter_with_bytes_changed_at_random_is_read(name: str, place: int, put: bytes, cut: int) -> None:
    raw = {**HEADERS, **PARTS}[name][0]
    check(raw[:place] + put + raw[place + cut :])


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=80),
    st.sampled_from(["", "utf-8", "koi8-r", "cp1251", "iso-2022-jp", "utf-7", "utf-16", "gb2312", "hz", "rot13", "x"]),
)
def test_any_bytes_decode_under_any_name(data: bytes, declared: str) -> None:
    text = charsets.decode(data, declared).text
    text.encode("utf-8")
    assert "\x00" not in text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя АБВГДЕ.,!", min_size=1, max_size=80))
def test_utf_8_is_never_taken_for_anything_else(words: str) -> None:
    for declared in (None, "koi8-r", "windows-1251", "iso-8859-1", "us-ascii"):
        assert charsets.decode(words.encode(), declared).text == words


@pytest.mark.parametrize("size", [1, 2, 3, 100, 65_536, 65_537])
def test_every_prefix_of_a_letter_is_a_letter(size: int) -> None:
    whole = b"".join(raw for raw, _check in HEADERS.values())
    check(whole[:size])
