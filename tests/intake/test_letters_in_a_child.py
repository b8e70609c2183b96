"""The heaviest honest letters fit into the limited child, and what does not fit gives what its headers say."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstline.intake import inspect_letter
from firstline.intake.reading import letters
from firstline.lib import confined
from tests.intake.writing import attachment, letter, mixed, page, text, typed

MB = 1_000_000


@pytest.fixture(scope="module")
def pool() -> Iterator[confined.Pool]:
    made = confined.Pool("firstline.intake.inspect_letter.plain_letter", 1)
    yield made
    made.close()


def test_a_letter_comes_out_as_it_is_read_here(pool: confined.Pool) -> None:
    raw = mixed(text("Слово"), attachment(bytes(range(256)), "attachment; filename=a.bin"), page("<p>x</p>"))
    assert letters.from_plain(pool.call(raw)) == letters.read(raw)


def test_a_file_of_twenty_five_megabytes_fits(pool: confined.Pool) -> None:
    content = os.urandom(25 * MB)
    read = letters.from_plain(pool.call(mixed(text(), attachment(content, "attachment; filename=a.img"))))
    assert read.attachments[0].content == content


@pytest.mark.parametrize(
    "raw",
    [
        letter("слово и дело\n" * (25 * MB // 23)),
        typed(base64.encodebytes("слово и дело\n".encode() * (18 * MB // 23)), "text/plain; charset=utf-8", "base64"),
        typed("слово и дело\n".encode("koi8-r") * (25 * MB // 13), "text/plain"),
        typed(b"<p>word</p>" * (25 * MB // 11), "text/html"),
        typed(("слово\n" * (4 * MB)).encode("utf-16"), "text/plain; charset=utf-16"),
        os.urandom(25 * MB),
        letter(b"\x00" * 25 * MB),
    ],
    ids=["text", "base64", "koi8-r", "html", "utf-16", "noise", "nul"],
)
def test_twenty_five_megabytes_of_anything_are_read_and_kept_as_a_file(pool: confined.Pool, raw: bytes) -> None:
    read = letters.from_plain(pool.call(raw))
    assert sum(part.size for part in read.attachments) > 15 * MB


def test_a_letter_that_goes_over_a_limit_gives_its_headers_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.eml"
    path.write_bytes(letter("words"))

    def killed(_data: bytes) -> object:
        raise confined.Killed("time")

    pool = confined.Pool("firstline.intake.inspect_letter.plain_line", 1)
    monkeypatch.setattr(pool, "call", killed)
    line = inspect_letter.inspect_confined(path, pool)
    assert (line["from_email"], line["subject"], line["text"]) == ("ivan@client.example", "Printer", "")
    assert line["defects"] == ["not-read: time"]
    assert not inspect_letter.headers_only(path.read_bytes()).readable
    assert set(line) == set(inspect_letter.line("x", b""))


def test_the_line_of_a_file_is_the_line_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.eml"
    path.write_bytes(mixed(text("words"), attachment(b"1", "attachment; filename=a.pdf")))
    assert inspect_letter.inspect_confined(path) == inspect_letter.line(str(path), path.read_bytes())
