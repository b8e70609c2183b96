"""An agent passes a client's letter on to the desk: it is the ticket of who wrote it first (docs/decisions/0017).

From is only a word, and so is the address in the block below it. The ticket has the rights of the first writer on the
client's side, as if his own letter had come unproven, and none of the desk's. Who passed it on is said on it; what he
said above it is a note that the client never reads. Only where the agent is proven does the first writer hear of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstline.intake import agents_mail, letter_words, senders
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed, forwarded
from firstline.intake.reading.forwarded import Forwarded
from firstline.intake.reading.letters import Letter
from firstline.people.models import Person
from firstline.post import own
from firstline.post.mime import is_address
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import File, Words

FLAG = "passed-on"


@dataclass(frozen=True)
class PassedOn:
    """The letter inside, and the one who wrote it. `proven`: the agent is who he says he is."""

    inside: Forwarded
    writer: Person
    proven: bool


def read(letter: Letter, agent: Person) -> PassedOn | None:
    """The first letter, where an agent's address passes one on and its writer is somebody who may ask."""
    if not agent.is_agent:
        return None
    inside = forwarded.find(letter.subject, letter.text) or _attached(letter)
    if inside is None or not is_address(inside.email) or own.is_ours(inside.email):
        return None
    writer = senders.find(inside.email)
    if writer is None:
        name = inside.name if "@" not in inside.name else ""
        writer = senders.make(
            email=inside.email, name=name, client=senders.client_of(inside.email), words=inside.said or inside.text
        )
    if writer.is_agent or not writer.is_active:
        return None
    return PassedOn(inside, writer, agents_mail.is_proven(letter))


def words(passed: PassedOn, letter: Letter, files: Sequence[File]) -> Words:
    """What its first writer wrote. The agent's whole letter is the original, which only the desk reads."""
    flags = [FLAG, *([] if passed.proven else [agents_mail.UNVERIFIED])]
    text = passed.inside.text or passed.inside.subject or letter.subject or "—"
    inside = passed.inside
    return Words(
        text=text, html=inside.html, reply_text=inside.said or text, reply_html=inside.said_html, files=files,
        flags=(*flags, *letter.defects),
    )  # fmt: skip


def subject(passed: PassedOn, letter: Letter) -> str:
    given = passed.inside.subject or forwarded.subject_without_prefix(letter.subject)
    return " ".join(given.split())


def note_what_was_said(passed: PassedOn, row: Inbound, ticket: Ticket, agent: Person) -> None:
    """The agent's own words above the letter, for the desk alone; in his name only where he is proven."""
    said = passed.inside.comment.strip()
    if said:
        flags = () if passed.proven else (agents_mail.UNVERIFIED,)
        letter_words.silently(
            row, ticket, Kind.MESSAGE, Words(text=said, flags=flags), agent, by=agent if passed.proven else None,
            by_agent=passed.proven, channel="email", unverified=not passed.proven, above=row.pk,
        )  # fmt: skip


def _attached(letter: Letter) -> Forwarded | None:
    """The first letter as a file, where the letter brings exactly one and plainly passes it on."""
    if len(letter.enclosed) != 1 or letter.enclosed[0].from_email is None:
        return None
    if not forwarded.is_passed_on(letter.subject, letter.reply_text):
        return None
    inner = letter.enclosed[0]
    told = enclosed.whole(enclosed.visible(inner))
    return Forwarded(
        inner.from_email or "", inner.from_name or "", inner.subject, told.text, letter.text.strip(),
        told.html or "", told.reply_text, told.reply_html or "",
    )  # fmt: skip
