"""A desk of so many tickets, the same on every run: `python -m bench.dataset --tickets 20000`.

The demo company is there first (calendars, services, people); sixty clients of the benchmark stand beside it. About
5 % of the tickets are open, each has three messages or more, an acknowledgement that was sent and, where it came by
mail, its letter. The rows say what the verbs would have written: `firstline check-integrity` and `firstline sla replay`
find nothing.

Prints the logins, a token and a session as one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from bench.casting import Caster  # noqa: E402
from bench.lives import OPEN_SHARE, lives  # noqa: E402
from bench.moulds import Example, Foundry  # noqa: E402
from bench.sheets import Sheets  # noqa: E402
from bench.stage import CLIENTS, signed_in, stage  # noqa: E402
from firstline.lib import clock  # noqa: E402
from firstline.ops import search_upkeep  # noqa: E402
from firstline.people import tokens  # noqa: E402
from firstline.people.models import Person  # noqa: E402
from firstline.reports import rollups  # noqa: E402
from firstline.sla import breaches  # noqa: E402
from firstline.tickets.history import quietly  # noqa: E402
from firstline.tickets.models import Event, Message, Ticket  # noqa: E402

CHUNK, LIVES = 2_000, 20_000


def load(count: int, open_share: float = OPEN_SHARE, most_lives: int = LIVES) -> None:
    """Writes `count` tickets: so many lives that they differ, and of each as many copies as are needed."""
    copies = max(1, round(count / most_lives))
    at, set_up = clock.now(), stage()
    while rollups.is_behind():
        rollups.follow(at)
    for _kind, _done in search_upkeep.rebuild():
        pass
    sheets = Sheets()
    caster = Caster(set_up, sheets, random.Random(21), copies)  # noqa: S311
    example = Example(
        set_up.requesters[0], set_up.agents[0], set_up.services[0], set_up.team,
        set_up.versions[set_up.requesters[0].client_id or 0],
    )  # fmt: skip
    foundry = Foundry(sheets, example, at)
    with sheets.pen.in_haste():
        for life in lives(count // copies, at, random.Random(20), open_share):  # noqa: S311
            caster.cast(foundry.mould(life))
            if caster.waiting >= CHUNK:
                caster.write()
        caster.write()
        sheets.multiply(copies)
    caster.finish()
    with quietly():
        while breaches.record_due(at=at, limit=50):
            pass


def facts() -> dict[str, Any]:
    """Who may come in, and what there is."""
    agent = Person.objects.filter(role="operator", is_active=True).select_related("team").order_by("pk")[0]
    with transaction.atomic():
        secret = tokens.create(agent, at=datetime.now(UTC), by=None)[1]
    open_ones = Ticket.objects.filter(is_open=True, client__slug__startswith="bench")
    return {
        "token": secret, "session": signed_in(agent), "agent": agent.login, "tickets": Ticket.objects.count(),
        "open": open_ones.count(), "events": Event.objects.count(), "messages": Message.objects.count(),
        "some": list(open_ones.order_by("pk").values_list("pk", flat=True)[:: max(1, open_ones.count() // 40)]),
        "cpu_seconds": time.process_time(),
        "requesters": [f"person{one}@client{two}.example" for two in range(1, CLIENTS + 1) for one in range(4)],
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.dataset")
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--open-share", type=float, default=OPEN_SHARE)
    parser.add_argument("--lives", type=int, default=LIVES, help="of which the rest are copies")
    given = parser.parse_args()
    load(given.tickets, given.open_share, given.lives)
    print(json.dumps(facts()))
