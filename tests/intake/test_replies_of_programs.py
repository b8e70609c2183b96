"""What a writer added is found in the letters of every mail program, in eleven languages, and nothing of it is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import parseaddr
from functools import cache

import pytest

from firstline.intake.reading import replies
from firstline.intake.reading.addresses import Address
from firstline.lib import html
from tests.intake import reply_letters, reply_oddities, reply_pages
from tests.intake.reply_letters import WORDS, Reply

SETS: dict[str, Callable[[], Iterator[Reply]]] = {
    "a line that says who wrote": reply_letters.attributed,
    "the head of a letter": reply_letters.headed,
    "the last line of a telephone": reply_letters.telephones,
    "a closing formula": reply_letters.closed,
    "a letter passed on": reply_letters.forwarded,
    "a page": reply_pages.pages,
}


@cache
def letters(name: str) -> list[Reply]:
    return list(SETS[name]())


def fold(text: str) -> str:
    return " ".join(text.split())


def own_words(letter: Reply) -> str:
    sender = Address(*parseaddr(letter.sender))
    if letter.html is None:
        return fold(replies.strip(letter.text, None, letter.subject, sender).text)
    text = letter.text or html.text(letter.html)
    return fold(replies.strip(text, html.tidied(letter.html), letter.subject, sender).text)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("name", SETS)
def test_only_what_the_writer_added_is_left(name: str, language: str) -> None:
    checked = [letter for letter in letters(name) if letter.language == language]
    wrong = {letter.name: got for letter in checked if (got := own_words(letter)) != fold(letter.own)}
    assert not wrong, f"{len(wrong)} of {len(checked)}"


@pytest.mark.parametrize("language", WORDS)
def test_a_page_beside_its_plain_form_gives_the_same_words(language: str) -> None:
    checked = [letter for letter in letters("a page") if letter.language == language and letter.html]
    both = [letter._replace(text=html.text(letter.html or "")) for letter in checked]
    wrong = {letter.name: got for letter in both if (got := own_words(letter)) != fold(letter.own)}
    assert not wrong, f"{len(wrong)} of {len(both)}"


@pytest.mark.parametrize(
    ("sender", "text", "own"),
    [each[1:] for each in reply_oddities.ODDITIES],
    ids=[each[0] for each in reply_oddities.ODDITIES],
)
def test_letters_as_people_really_write_them(sender: str, text: str, own: str) -> None:
    assert fold(replies.strip(text, None, "Re: x", Address(sender, "x@client.example")).text) == fold(own)


@pytest.mark.parametrize(
    ("sender", "page", "own"),
    [each[1:] for each in reply_oddities.ODD_PAGES],
    ids=[each[0] for each in reply_oddities.ODD_PAGES],
)
def test_pages_as_people_really_write_them(sender: str, page: str, own: str) -> None:
    found = replies.strip(html.text(page), html.tidied(page), "Re: x", Address(sender, "x@client.example"))
    assert fold(found.text) == fold(html.text(own.replace("\n\n", "<br>")))


def test_the_sets_are_large() -> None:
    assert sum(len(letters(name)) for name in SETS) > 2_500
    assert len(reply_oddities.ODDITIES) > 60
