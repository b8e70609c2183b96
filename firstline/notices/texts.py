"""The house's own words in letters that the product writes: headline and paragraphs by kind and language.

Number and token, facts, links and footer are the product's and stay: no text can take them away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import CharField

from firstline.audit import trail
from firstline.lib.asked_often import Given, Question
from firstline.lib.language import CODES
from firstline.notices import text_variables
from firstline.notices.letter import Letter
from firstline.notices.models import LetterText
from firstline.notices.occasion import Occasion
from firstline.people.models import Person
from firstline.people.permissions import demand

TICKET = ("name", "number", "subject", "client", "author")
# An acknowledgement repeats nothing that a stranger submitted: no subject, no name.
VARIABLES: dict[str, tuple[str, ...]] = {
    "received": ("number",),
    **dict.fromkeys(
        (
            "taken", "engineer_joined", "waiting", "reminder", "closing_soon", "closed_unanswered", "scheduled",
            "workaround", "solved", "closed", "cancelled", "merged",
        ),
        TICKET,
    ),
    **dict.fromkeys(("invitation", "password_reset", "login_link"), ("name", "login")),
}  # fmt: skip
LONGEST_HEADLINE, LONGEST_BODY = 200, 4_000


class WrongText(ValueError):
    """It cannot be kept: (field, problem) of each; `found` are the variables that are none."""

    def __init__(self, problems: list[tuple[str, str]], found: list[str] | None = None) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems, self.found = problems, found or []


def checked(kind: str, language: str, headline: str, body: str) -> tuple[str, str]:
    """The words as they are kept. Raises WrongText."""
    if kind not in VARIABLES or language not in CODES:
        raise WrongText([("kind", "unknown")])
    headline, body = " ".join(headline.split()), "\n".join(body.replace("\r\n", "\n").split("\n")).strip()
    wrong = [(name, "empty") for name, text in (("headline", headline), ("body", body)) if not text]
    if len(headline) > LONGEST_HEADLINE:
        wrong.append(("headline", "too long"))
    if len(body) > LONGEST_BODY:
        wrong.append(("body", "too long"))
    found = {
        name: text_variables.problems(text, VARIABLES[kind]) for name, text in (("headline", headline), ("body", body))
    }
    wrong += [(name, "variables") for name, several in found.items() if several]
    if wrong:
        raise WrongText(wrong, [one for several in found.values() for one in several])
    return headline, body


@transaction.atomic
def write(kind: str, language: str, headline: str, body: str, *, by: Person, at: datetime) -> LetterText:
    """These words from the next letter on. Raises NotAllowed, WrongText."""
    demand(by, "letters")
    headline, body = checked(kind, language, headline, body)
    before = LetterText.objects.filter(kind=kind, language=language).first()
    said = {"headline": before.headline, "body": before.body} if before else {}
    now = {"headline": headline, "body": body}
    kept, _made = LetterText.objects.update_or_create(kind=kind, language=language, defaults={**now, "written_at": at})
    if said != now:
        trail.note(at=at, actor=by.actor, action="letter written", target=f"letter:{kind}.{language}",
                   changed=now, before=said)  # fmt: skip
    return kept


@transaction.atomic
def reset(kind: str, language: str, *, by: Person, at: datetime) -> None:
    """The product's own words again. Raises NotAllowed."""
    demand(by, "letters")
    kept = LetterText.objects.filter(kind=kind, language=language).first()
    if kept is not None:
        kept.delete()
        trail.note(at=at, actor=by.actor, action="letter reset", target=f"letter:{kind}.{language}",
                   was={"headline": kept.headline, "body": kept.body})  # fmt: skip


def of(kind: str, language: str) -> LetterText | None:
    return _OF.first(kind=kind, language=language) if kind in VARIABLES else None


_OF = Question(
    lambda: LetterText.objects.filter(kind=Given("kind", CharField()), language=Given("language", CharField()))
)


def applied(letter: Letter, about: Occasion) -> Letter:
    """The letter with the house's words, if it has any for this kind and the reader's language."""
    kept = of(about.delivery.kind, about.delivery.language)
    return with_words(letter, about, kept.headline, kept.body) if kept is not None else letter


def with_words(letter: Letter, about: Occasion, headline: str, body: str) -> Letter:
    values = values_of(about)
    said = text_variables.filled(headline, values)
    own_subject = letter.subject == letter.headline or about.ticket_or_none is None
    paragraphs = [one.strip() for one in text_variables.filled(body, values).split("\n\n") if one.strip()]
    return replace(letter, subject=said if own_subject else letter.subject, headline=said, paragraphs=paragraphs)


def values_of(about: Occasion) -> Mapping[str, str]:
    """What the variables of its kind stand for; others say nothing."""
    ticket, kind = about.ticket_or_none, about.delivery.kind
    values = {
        "name": about.person.name if about.person else str(about.delivery.data.get("name", "")),
        "login": str(about.delivery.data.get("login", "")),
    }
    if ticket is not None:
        client = ticket.client.label(about.delivery.language) if ticket.client else ""
        author = about.author if about.event_or_none is not None else ""
        values |= {"number": str(ticket.number), "subject": ticket.subject, "client": client, "author": author}
    return {name: " ".join(text.split()) for name, text in values.items() if name in VARIABLES.get(kind, ())}
