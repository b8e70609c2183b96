"""A letter as a text message: the number, what happened, what was said, when; and one link. Money is paid by the
segment, so that courtesies, signatures and footers stay out."""

from __future__ import annotations

from django.utils.translation import gettext as _

from firstline.lib import sms_text
from firstline.notices import to_clients
from firstline.notices.letter import Letter
from firstline.notices.occasion import Occasion
from firstline.notices.recipients import BY_A_PERSON
from firstline.post.texting import MOST_SEGMENTS

BY_ITSELF = 3  # segments; a person's own words may be as long as any message is
# Their paragraphs say what the number in front says already, or thank.
HEADLINE_ONLY = frozenset({"received", "taken", "engineer_joined", "merged", "escalated"})


def short(letter: Letter, about: Occasion) -> str:
    """The message, link included, in as many segments as are paid for."""
    kind, ticket = about.delivery.kind, about.ticket_or_none
    parts = [letter.headline or letter.subject] if kind not in BY_A_PERSON else []
    if letter.quoted is not None:
        said = " ".join(letter.quoted.text.split())
        parts.append(f"{letter.signature}: {said}" if kind in BY_A_PERSON and letter.signature else said)
    elif kind not in HEADLINE_ONLY:
        parts += letter.paragraphs
    parts += [f"{label}: {value}" for label, value in letter.facts if "://" not in value]
    words = " ".join(_sentence(part) for part in parts if part.strip())
    if ticket is not None:
        words = f"#{ticket.number}: {words}"
    most = MOST_SEGMENTS if kind in BY_A_PERSON else BY_ITSELF
    return sms_text.fitted(words, _link(letter, about), most)


def _link(letter: Letter, about: Occasion) -> str:
    """Who asked by telephone may never have signed in: his link opens without."""
    if about.delivery.kind in to_clients.LETTERS and about.ticket_or_none is not None:
        return about.status_url
    return letter.button.url if letter.button else ""


def _sentence(part: str) -> str:
    part = part.strip()
    return part if part[-1] in ".?!…:;)" else f"{part}."


def test_message(about: Occasion) -> Letter:
    """By it an administrator sees that a gateway sends."""
    words = _("This is a test message of the service desk. Nothing is asked of you.")
    return Letter(subject=words, headline=words)


LETTERS = {"sms_test": test_message}
