"""Replies, quotations and signatures of many mail programs (data README, "reply without quotation and signature")."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firstline.intake.reading import letters
from firstline.intake.reading.letters import Letter
from tests.bounded import linear
from tests.corpora.mails import as_letter, fold

pytestmark = pytest.mark.corpora

PLAIN_FOLDERS = ("github-email-reply-parser", "zapier-email-reply-parser", "willdurand-email-reply-parser")


def facts(corpora: Path, kind: str) -> list[dict[str, Any]]:
    found = json.loads((corpora / "talon" / "expected.json").read_text())
    return [fact for fact in found if fact["kind"] == kind]


def test_every_reply_of_a_mail_program_is_right(corpora: Path) -> None:
    checked = facts(corpora, "reply")
    assert len(checked) == 13
    for fact in checked:
        reply = fold(letters.read((corpora / "talon" / fact["file"]).read_bytes()).reply_text)
        if fact.get("not_empty"):
            assert reply, fact["file"]
            assert fact["must_not_contain"] not in reply, fact["file"]
        else:
            right = {fold(fact["reply_text"]), fold(fact.get("reply_text_with_signature", fact["reply_text"]))}
            assert reply in right, fact["file"]


def test_html_replies_are_right_mail_ru_and_yandex_among_them(corpora: Path) -> None:
    right = set()
    checked = facts(corpora, "html-reply")
    for fact in checked:
        read = letters.read(as_letter((corpora / "talon" / fact["file"]).read_bytes(), "text/html"))
        if fold(read.reply_text) == fold(fact["reply_text"]):
            right.add(Path(fact["file"]).stem)
    assert {"mail_ru", "yandex_ru"} <= right
    assert len(right) >= len(checked) - 1


def test_signatures_are_cut_where_they_begin(corpora: Path) -> None:
    right = 0
    for fact in facts(corpora, "signature"):
        sender = fact["sender"] if "@" in fact["sender"] else f"{fact['sender']} <somebody@client.example>"
        body = (corpora / "talon" / fact["file"]).read_bytes()
        read = letters.read(as_letter(body, sender=sender))
        right += fold(read.reply_text) == fold(
            read.text.replace(fact["signature"], "") if fact["signature"] else read.text
        )
    assert right >= 5


@pytest.mark.parametrize("folder", PLAIN_FOLDERS)
def test_plain_replies_are_quick_and_never_empty(corpora: Path, folder: str) -> None:
    for path in sorted((corpora / folder).glob("*.txt")):
        with linear():
            read = letters.read(as_letter(path.read_bytes()))
        assert bool(read.reply_text.strip()) == bool(read.text.strip()), path.name


@pytest.mark.parametrize("folder", PLAIN_FOLDERS[:2])
def test_words_that_look_like_a_quotation_or_signature_stay(corpora: Path, folder: str) -> None:
    def reply(name: str) -> str:
        return letters.read(as_letter((corpora / folder / name).read_bytes())).reply_text

    assert "Sent from my desk, is much easier then my mobile phone." in reply("email_sent_from_my_not_signature.txt")
    assert "One outstanding question I had:" in reply("email_one_is_not_on.txt")
    assert "And here is a fix -- this is not a signature.\n\nkthxbai" in reply(
        "email_sig_delimiter_in_middle_of_line.txt"
    )


def quotequail(corpora: Path, name: str) -> Letter:
    subject = "Fwd: x" if "forward" in name else "Re: x"
    return letters.read(as_letter((corpora / "quotequail" / name).read_bytes(), "text/html", subject=subject))


@pytest.mark.parametrize(
    ("name", "own", "gone"),
    [
        ("apple_reply.html", "Foo Bar", "Some important email"),
        ("gmail_reply.html", "foo bar", "This is the reply"),
        ("ios_mail_reply_unescaped_address.html", "Sounds good, I'll be there at 2.", "reschedule"),
        ("yahoo_reply_unescaped_address.html", "Thanks Jane, that looks great.", "three line items"),
    ],
)
def test_the_quotation_of_an_html_reply_is_gone(corpora: Path, name: str, own: str, gone: str) -> None:
    read = quotequail(corpora, name)
    assert own in fold(read.reply_text)
    assert gone not in fold(read.reply_text)
    assert gone in fold(read.text)


def test_nothing_is_cut_from_what_is_passed_on(corpora: Path) -> None:
    forwards = sorted((corpora / "quotequail").glob("*_forward*.html"))
    assert len(forwards) == 9
    for path in forwards:
        read = quotequail(corpora, path.name)
        assert fold(read.reply_text) == fold(read.text), path.name
