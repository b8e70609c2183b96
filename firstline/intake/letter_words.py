"""The words of a letter as a ticket keeps them, and words that only the desk sees."""

from __future__ import annotations

from collections.abc import Sequence

from firstline.intake import proof
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed
from firstline.intake.reading.letters import Letter
from firstline.intake.results import learnt
from firstline.people.models import Person
from firstline.tickets import history, opening
from firstline.tickets.models import Channel, Event, Kind, Message, Ticket
from firstline.tickets.opening import File, Words


def of(letter: Letter, files: Sequence[File], *flags: str) -> Words:
    told = enclosed.whole(letter)
    return Words(
        text=told.text,
        html=told.html or "",
        reply_text=told.reply_text,
        reply_html=told.reply_html or "",
        files=files,
        flags=tuple(flag for flag in (*flags, *proof.flags(letter), *letter.defects) if flag),
    )


def silently(
    row: Inbound, ticket: Ticket, kind: Kind, words: Words, author: Person | None, by: Person | None = None,
    by_agent: bool = False, public: bool = False, **data: object,
) -> tuple[Ticket, Message]:  # fmt: skip
    """Words that only the desk sees unless they are `public`, in nobody's name unless told: they move no status and
    answer no clock."""
    held = history.locked(ticket)
    kept: list[Message] = []

    def with_words(event: Event) -> None:
        kept.append(opening.keep_words(event, words, author=author, by_agent=by_agent, channel=Channel.EMAIL))

    history.record(
        held, kind, by=by, at=row.received_at, learnt_at=learnt(row), public=public, then=with_words,
        **data, **({"by_agent": by_agent} if kind == Kind.MESSAGE else {}),
    )  # fmt: skip
    return held, kept[0]
