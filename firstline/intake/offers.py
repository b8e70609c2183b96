"""Rules offered from decisions: who was put aside three times is put aside by a rule, if an administrator agrees; whose
letters were made tickets of one client three times, likewise.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from firstline.intake.models import Inbound, MailRule

LOOKED_AT, FEWEST, MOST = 400, 3, 5
# Everybody writes from these: their domain says nothing of who writes.
_EVERYBODYS = (
    "gmail.com yandex.ru ya.ru mail.ru bk.ru list.ru inbox.ru rambler.ru outlook.com hotmail.com live.com yahoo.com "
    "icloud.com abv.bg mail.bg dir.bg ukr.net i.ua gmx.de web.de proton.me protonmail.com"
)
EVERYBODYS = frozenset(_EVERYBODYS.split())


@dataclass(frozen=True)
class Offer:
    """`sender`: an address, or "@domain". `client`: the slug, where its letters became this client's tickets."""

    sender: str
    times: int
    outcome: str
    client: str = ""


def offers() -> list[Offer]:
    """The offers of now, the most frequent first. Looks at the newest decisions only: two statements."""
    decided = (
        Inbound.objects.filter(decided_by__isnull=False, sender__gt="")
        .order_by("-id")
        .values_list("sender", "outcome", "ticket__client__slug", "facts__auto")[:LOOKED_AT]
    )
    aside: dict[str, int] = defaultdict(int)
    made: dict[str, list[str]] = defaultdict(list)
    for sender, outcome, client, auto in decided:
        if outcome == Inbound.Outcome.IGNORED:
            aside[sender] += 1
        elif outcome == Inbound.Outcome.TICKET and client and auto:
            made[sender].append(client)
    asked = _asked_for()
    found = [
        Offer(sender, times, "ignore")
        for sender, times in (*_by_domain(aside, set(made)), *aside.items())
        if times >= FEWEST and sender not in made
    ]
    whole = {offer.sender for offer in found if offer.sender.startswith("@")}
    found = [offer for offer in found if f"@{offer.sender.rpartition('@')[2]}" not in whole or offer.sender in whole]
    found += [
        Offer(sender, len(clients), "ticket", clients[0])
        for sender, clients in made.items()
        if len(clients) >= FEWEST and len(set(clients)) == 1 and sender not in aside
    ]
    fresh = [one for one in found if not {one.sender, f"@{one.sender.rpartition('@')[2]}"} & asked]
    return sorted(fresh, key=lambda one: (-one.times, one.sender))[:MOST]


def _by_domain(aside: dict[str, int], kept: set[str]) -> list[tuple[str, int]]:
    """Domains from which three and more people were put aside, and nobody's letter became a ticket."""
    people: dict[str, list[int]] = defaultdict(list)
    for sender, times in aside.items():
        people[sender.rpartition("@")[2]].append(times)
    spared = EVERYBODYS | {sender.rpartition("@")[2] for sender in kept}
    return [
        (f"@{domain}", sum(times)) for domain, times in people.items() if len(times) >= FEWEST and domain not in spared
    ]


def _asked_for() -> set[str]:
    """Senders for whom a rule stands already, on or off."""
    return {
        str(condition.get("value", "")).lower()
        for conditions in MailRule.objects.values_list("conditions", flat=True)
        if isinstance(conditions, list)
        for condition in conditions
        if isinstance(condition, dict) and condition.get("field") == "from"
    }
