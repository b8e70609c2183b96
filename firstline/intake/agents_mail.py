"""What a letter from an agent's address does on a ticket that he has to do with (docs/decisions/0006).

His public answer it is only where all of this holds: his domain is proven; it answers a notice of ours that went to
him and carries nothing internal; it was sent to us; he may answer there; nothing of our notice is left in it.
Proven, but not all of that: his internal note. Not proven: a note in nobody's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from firstline.intake import matching
from firstline.intake.models import Inbound
from firstline.intake.reading.letters import Letter
from firstline.intake.sender_checks import trust
from firstline.people.models import Person
from firstline.post import own
from firstline.post.models import Account
from firstline.tickets import permissions, queries
from firstline.tickets.models import Ticket
from firstline.tickets.opening import File, Words

UNVERIFIED = "unverified-agent"
# Notices that say what the client said, or that a ticket is his now. An answer to one about what is internal (a
# hand-over card, a warning) is meant for the desk.
ANSWERABLE = frozenset({"client_answered", "reopened", "assigned"})
STALE = timedelta(days=5)  # between its Date and its arrival: a signed letter can be sent again by whoever has it


@dataclass(frozen=True)
class Reading:
    """How the letter is taken: `public` and in whose name, with a flag that says why it is not more."""

    public: bool = False
    in_his_name: bool = False
    flag: str = ""


def is_proven(letter: Letter) -> bool:
    """Whether the letter's From is proven well enough to act for an agent."""
    return trust.may_act(letter.verdict, settings.FIRSTLINE_AGENTS_BY_MAIL)


def are_possible(mailbox: Account | None) -> bool:
    """Whether anything could prove an agent's mail to this mailbox (None: the desk's general one)."""
    server = (mailbox.authserv_id if mailbox else "") or settings.FIRSTLINE_AUTHSERV_ID
    return settings.FIRSTLINE_AGENTS_BY_MAIL != "no" and bool(server or settings.FIRSTLINE_DNS)


def read(row: Inbound, letter: Letter, files: Sequence[File], person: Person, ticket: Ticket) -> Reading:
    """How far the letter speaks for the agent whose address it bears."""
    if not is_proven(letter):
        return Reading(flag=UNVERIFIED)
    why = _why_internal(row, letter, files, person, ticket)
    return Reading(public=not why, in_his_name=True, flag=f"kept-internal:{why}" if why else "")


def words(letter: Letter, files: Sequence[File]) -> Words:
    """What he wrote this time: the quotation below it is our notice to him, which no client is to read."""
    html = letter.reply_html or ""
    return Words(
        text=letter.reply_text,
        html=html,
        files=[file for file in files if not file.inline or (file.content_id and file.content_id in html)],
    )


def _why_internal(row: Inbound, letter: Letter, files: Sequence[File], person: Person, ticket: Ticket) -> str:
    notice = matching.notice_answered(letter, person, ticket)
    if notice is None:
        return "no-notice"
    if notice.kind not in ANSWERABLE:
        return "internal-notice"
    named = [address.email for address in (*letter.to, *letter.cc)]
    if letter.auto is not None or not any(own.is_ours(one) for one in named[: matching.MOST_REFERENCES]):
        return "not-to-us"
    if letter.date is None or abs(row.received_at - letter.date) > STALE:
        return "old"
    if not permissions.may(person, "answer", ticket) or not queries.sees(person, ticket):
        return "not-allowed"
    if not letter.reply_text.strip() and not files:
        return "empty"
    said = letter.reply_text + (letter.reply_html or "")
    if f"{settings.FIRSTLINE_BASE_URL}/desk/" in said or f"[#{ticket.pk}]" in said:
        return "quotation"
    return ""
