"""Every mail of the corpora: one line, in time, in bounds, nothing garbled that could be read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from firstline.intake import inspect_letter
from firstline.intake.reading import letters
from firstline.lib import confined
from tests.corpora.mails import FOLDERS, every_mail, of_folder
from tests.lib.test_html import check_harmless

pytestmark = pytest.mark.corpora

# Bytes that are no text in any set: a damaged character, or U+FFFD that the sender himself wrote.
DAMAGED = {"invalid_utf8.eml", "must_supply_encoding.eml"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_mail_gives_one_line_within_the_limits(corpora: Path, folder: str) -> None:
    pool = confined.Pool("firstline.intake.inspect_letter.plain_line", 1)
    mails = of_folder(corpora, folder)
    assert mails
    for path in mails:
        started = time.monotonic()
        line = inspect_letter.inspect_confined(path, pool)
        assert time.monotonic() - started < 2 * confined.allowed_seconds(path.stat().st_size) + 10
        assert not any(defect.startswith("not-read") for defect in line["defects"]), (path.name, line["defects"])
        assert "\n" not in json.dumps(line)
        assert "\\u0000" not in json.dumps(line)
    pool.close()


def test_what_can_be_decoded_is_decoded(corpora: Path) -> None:
    garbled = []
    for path in every_mail(corpora):
        read = letters.read(path.read_bytes())
        shown = [read.subject, read.text, read.from_name or "", *(part.name for part in read.attachments)]
        if (
            any("\ufffd" in text for text in shown)
            and path.name not in DAMAGED
            and b"\xef\xbf\xbd" not in path.read_bytes()
        ):
            garbled.append(path.name)
        if "=?" in read.subject or any("=?" in part.name or "/" in part.name for part in read.attachments):
            garbled.append(path.name)
    assert garbled == []


def test_html_of_every_mail_is_in_the_subset(corpora: Path) -> None:
    for path in every_mail(corpora):
        read = letters.read(path.read_bytes())
        for markup in (read.html, read.reply_html):
            if markup is not None:
                check_harmless(markup)


def test_no_reply_of_any_mail_is_empty_where_the_mail_is_not(corpora: Path) -> None:
    for path in every_mail(corpora):
        read = letters.read(path.read_bytes())
        assert bool(read.text.strip()) == bool(read.reply_text.strip()), path.name


def test_only_mails_without_a_sender_or_words_are_unreadable(corpora: Path) -> None:
    for path in every_mail(corpora):
        read = letters.read(path.read_bytes())
        if not read.readable:
            assert {"no-from", "from-unreadable"} & set(read.defects), path.name
