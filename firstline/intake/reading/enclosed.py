"""Letters that a letter brings as files: shown below its own words, as programs show what is passed on. Pure.

What is shown is bounded; what is not shown is in the file itself, which stays beside its words.
"""

from __future__ import annotations

from dataclasses import replace

from firstline.intake.reading import tongues
from firstline.intake.reading.content import Part
from firstline.intake.reading.letters import Letter
from firstline.lib import html

MOST_SHOWN = 3
LONGEST_SHOWN = 100_000  # characters of one of them
LARGEST_PAGE = 400_000
MOST_FILES = 100
_RULE = "----------"
_WORDS = {
    "ru": ("Пересылаемое сообщение", "От", "Дата", "Тема"),
    "uk": ("Переслане повідомлення", "Від", "Дата", "Тема"),
    "bg": ("Препратено съобщение", "От", "Дата", "Относно"),
    "en": ("Forwarded message", "From", "Date", "Subject"),
}


def whole(letter: Letter) -> Letter:
    """The letter with the words of those it brings below its own, and their files among its own."""
    if not letter.enclosed:
        return letter
    shown = [inner for inner in letter.enclosed[:MOST_SHOWN] if inner.text.strip() or inner.subject]
    text = "\n\n".join([*filter(str.strip, [letter.text]), *(_as_text(inner) for inner in shown)])
    said = "\n\n".join([*filter(str.strip, [letter.reply_text]), *(_as_text(inner) for inner in shown)])
    below = "".join(_as_page(inner) for inner in shown)
    has_pages = letter.html is not None or any(inner.html for inner in shown)
    return replace(
        letter,
        text=text,
        reply_text=said,
        html=(letter.html or html.from_text(letter.text)) + below if has_pages else None,
        reply_html=(letter.reply_html or html.from_text(letter.reply_text)) + below if has_pages else None,
        attachments=files(letter),
    )


def files(letter: Letter) -> tuple[Part, ...]:
    """Its files, and those of the letters that it brings."""
    found = list(letter.attachments)
    for inner in letter.enclosed:
        found += files(inner)
    return tuple(found[: max(MOST_FILES, len(letter.attachments))])


def visible(letter: Letter) -> Letter:
    """The letter as its reader sees it: who says nothing himself shows what he brings."""
    if letter.text.strip() or letter.html or not letter.enclosed:
        return letter
    first = letter.enclosed[0]
    return replace(
        letter, text=first.text, html=first.html, reply_text=first.reply_text, reply_html=first.reply_html
    )  # fmt: skip


def _head(letter: Letter) -> list[str]:
    title, by, at, about = _WORDS.get(tongues.guessed(letter.text or letter.subject), _WORDS["en"])
    writer = f"{letter.from_name or ''} <{letter.from_email or ''}>".strip().replace(" <>", "")
    moment = letter.date.strftime("%d.%m.%Y %H:%M %z").strip() if letter.date else ""
    named = ((by, writer), (at, moment), (about, " ".join(letter.subject.split())))
    return [f"{_RULE} {title} {_RULE}", *(f"{label}: {value}" for label, value in named if value and value != "<>")]


def _as_text(letter: Letter) -> str:
    return "\n".join([*_head(letter), "", visible(letter).text[:LONGEST_SHOWN].strip("\n")]).strip("\n")


def _as_page(letter: Letter) -> str:
    told = visible(letter)
    page = told.html if told.html and len(told.html) <= LARGEST_PAGE else html.from_text(told.text[:LONGEST_SHOWN])
    return f"<hr>{html.from_text(chr(10).join(_head(letter)))}{page}"
