"""One design for every mail: a letter is a few named parts, written as HTML and as text from the same values.

The templates know only these parts. What people typed reaches them as values, is escaped there, and is never
a template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.template import Context, Engine
from django.utils.safestring import SafeString

from firstline.brand.identity import PRODUCT, Identity
from firstline.brand.logos import PNG
from firstline.lib import html

_ENGINE = Engine(dirs=[str(Path(__file__).parent / "templates" / "notices")], builtins=["django.templatetags.i18n"])


@dataclass(frozen=True)
class Quoted:
    """What a person said: cleaned HTML of our subset, or empty, and the same as text."""

    text: str
    html: str = ""


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Letter:
    """`headline` may be empty (a person's own answer needs none); `afterword` stands below the button, `house`
    (what the mailbox adds to a person's name: firm, telephone) below the signature."""

    subject: str
    headline: str = ""
    paragraphs: Sequence[str] = ()
    quoted: Quoted | None = None
    facts: Sequence[tuple[str, str]] = ()
    button: Link | None = None
    afterword: Sequence[str] = ()
    signature: str = ""
    house: str = ""
    footer: Sequence[str] = ()


def as_html(letter: Letter, language: str, house: Identity | None = None) -> str:
    """The HTML part; `house` is the name and the colour that it carries."""
    quoted = None
    if letter.quoted is not None:
        # Cleaned again here, whoever made it: nothing else stands between a database row and a mail program.
        safe = html.sanitise(letter.quoted.html) if letter.quoted.html else html.from_text(letter.quoted.text)
        # Mail programs have wide margins of their own; "<" in what was said is written "&lt;", so this meets tags only.
        safe = safe.replace("<p>", '<p style="margin:0 0 10px;">')
        quoted = SafeString(safe.replace("<img ", '<img style="max-width:100%;height:auto;" '))
    signed = SafeString(html.from_text(letter.house).replace("<p>", '<p style="margin:0 0 4px;">'))
    worn = _worn(house or Identity())
    return _written("letter.html", letter, {"quoted": quoted, "house": signed, "language": language, **worn})


def _worn(house: Identity) -> dict[str, object]:
    """Mail programs show no SVG, so that logo stays at home; a name that nobody chose is not said."""
    logo = f"{settings.FIRSTLINE_BASE_URL}{house.logo}" if house.logo_type == PNG else ""
    return {
        "accent": house.accent, "accent_dark": house.accent_dark, "accent_dark_text": house.accent_dark_text,
        "house_name": "" if house.name == PRODUCT else house.name, "house_logo": logo,
    }  # fmt: skip


def as_text(letter: Letter) -> str:
    """The text part: the same parts in the same order."""
    text = _written("letter.txt", letter, {"quoted": letter.quoted.text.strip() if letter.quoted else ""})
    body, signature, footer = html.tidy_lines(text).rpartition("\n--\n")
    # The blank after the dashes is what mail programs know a signature by; tidying took it away.
    return (f"{body}\n-- \n{footer}" if signature and letter.footer else html.tidy_lines(text)) + "\n"


def _written(template: str, letter: Letter, more: dict[str, object]) -> str:
    return _ENGINE.get_template(template).render(Context({**asdict(letter), **more}))
