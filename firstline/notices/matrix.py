"""Who of the desk hears of what, by which way and when: one table of wishes, and what stands above it.

A row of wishes is about a topic; what is not in it is as it was before anybody chose. `hears` is what somebody wants to
hear of beyond what concerns him, as one line of words: " closing:all answer:team ".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

NOW, DIGEST, NEVER = "now", "digest", "never"
MAILS = (NOW, DIGEST, NEVER)
MINE, WATCHED, TEAM, ALL = "mine", "watched", "team", "all"
REACHES = (MINE, WATCHED, TEAM, ALL)

# topic: the kinds of notices that are of it. A kind that is in none goes out as if nothing could be chosen.
TOPICS: dict[str, frozenset[str]] = {
    "assigned": frozenset({"assigned", "routed", "invited"}),
    "mention": frozenset({"mentioned"}),
    "answer": frozenset({"client_answered", "call_wanted"}),
    "hand_over": frozenset({"handed_over", "accepted", "returned", "given_back"}),
    "followed": frozenset(
        {"colleague_answered", "colleague_solved", "colleague_went_around", "swarm_answered", "swarm_solved"}
    ),
    "warning": frozenset({"sla_warning", "inner_term", "box_over"}),
    "breach": frozenset({"sla_breach"}),
    "closing": frozenset({"solved_seen", "closed_seen", "client_was_silent", "cancelled_by_client", "reopened"}),
    "vendor": frozenset({"vendor_answered", "vendor_late"}),
    "trouble": frozenset({"undelivered", "nobody_takes", "no_contract"}),
}
TOPIC_OF = {kind: topic for topic, kinds in TOPICS.items() for kind in kinds}
# Where more can be heard of than what concerns oneself.
WIDER = frozenset({"answer", "hand_over", "warning", "breach", "closing"})
# What comes at night, too: somebody has to act before it is too late.
ESCALATIONS = frozenset({"warning", "breach"})
# Who handed over is told of each answer and of the solution, and the manager of hand-overs and closings (product.md):
# by which way is theirs to choose, whether at all is not.
ALWAYS_TOLD = frozenset({"hand_over", "followed"})
MANAGER = "manager"
DIGEST_AT = time(8)


@dataclass(frozen=True)
class Row:
    """What somebody wishes of one topic."""

    inbox: bool = True
    mail: str = NOW
    whose: str = MINE
    push: bool = True  # in the browsers where he switched it on


@dataclass(frozen=True)
class Ways:
    """`held`: a letter that he wants at once waits until his shift begins."""

    inbox: bool
    mail: str
    held: bool = False
    push: bool = True


class WrongWish(Exception):
    """A row of the table has a value that there is not; `field` names it, such as "breach.mail"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def usual(topic: str, role: str) -> Row:
    """What holds until somebody chooses: a letter at once of what concerns him. Closings reach the manager in his
    inbox."""
    if topic == "closing" and role == MANAGER:
        return Row(mail=NEVER, whose=ALL)
    return Row()


def row_of(wishes: Mapping[str, Any], topic: str, role: str) -> Row:
    """His own row, else the usual one."""
    kept = wishes.get("rows", {}).get(topic)
    return Row(**kept) if kept else usual(topic, role)


def ways(kind: str, wishes: Mapping[str, Any], *, role: str, away: bool) -> Ways:
    """By which ways a notice of this kind reaches somebody. `away`: his shift is not now, and he wants quiet then."""
    topic = TOPIC_OF.get(kind)
    if topic is None:
        return Ways(inbox=True, mail=NOW)
    row = row_of(wishes, topic, role)
    quiet = away and topic not in ESCALATIONS
    held = row.mail == NOW and quiet
    mail = DIGEST if held else row.mail
    inbox = row.inbox or (mail == NEVER and is_owed(topic, role))
    return Ways(inbox=inbox, mail=mail, held=held, push=row.push and not quiet)


def is_owed(topic: str, role: str) -> bool:
    """Whether one way at least is kept, whatever he wishes."""
    return topic in ALWAYS_TOLD or (topic == "closing" and role == MANAGER)


def wants_quiet(wishes: Mapping[str, Any]) -> bool:
    return bool(wishes.get("quiet"))


def chosen(rows: Mapping[str, Mapping[str, Any]], *, quiet: bool, role: str) -> tuple[dict[str, Any], str]:
    """The wishes as they are kept, and the line of what he hears beyond his own. Raises WrongWish."""
    kept: dict[str, Any] = {}
    for topic, given in rows.items():
        if topic not in TOPICS:
            raise WrongWish(topic)
        row = Row(**{**vars(row_of({}, topic, role)), **given})
        for name, value, known in (("mail", row.mail, MAILS), ("whose", row.whose, REACHES)):
            if value not in known:
                raise WrongWish(f"{topic}.{name}")
        if row.whose != MINE and topic not in WIDER:
            raise WrongWish(f"{topic}.whose")
        kept[topic] = vars(row)
    wishes = {"rows": kept, "quiet": quiet}
    wider = [f"{topic}:{row.whose}" for topic in TOPICS if (row := row_of(wishes, topic, role)).whose != MINE]
    return wishes, f" {' '.join(wider) or '-'} "


def hears(line: str, topic: str, role: str) -> str:
    """How far he hears of a topic: WATCHED, TEAM, ALL, or "" where only what concerns him. An empty line is nobody's
    choice yet."""
    if not line:
        row = usual(topic, role)
        return "" if row.whose == MINE else row.whose
    return next((word.partition(":")[2] for word in line.split() if word.startswith(f"{topic}:")), "")


def digest_is_due(waits_since: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """At eight in the morning, where he is. What was held back outside his shift need not wait for it: it comes when
    the shift begins (digests.send_due)."""
    local = waits_since.astimezone(zone)
    morning = datetime.combine(local.date(), DIGEST_AT, zone)
    return now >= (morning if local < morning else morning + timedelta(days=1))
