"""What the pages that people have open all day cost, inside one process: `python -m bench.growth_calls`.

Processor time of this process and of its database connection (nothing else moves it, however busy the machine is),
statements and bytes; `--plans`: which statements read a big table whole. One JSON line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import plans  # noqa: E402
from firstline.people.models import Person  # noqa: E402
from firstline.tickets.models import Ticket  # noqa: E402

DOOR = "firstline.people.sign_in.Door"
OWN = 40  # tickets that the client's person has at least: a full page on a small desk, too
Asking = Callable[[], Any]


def pages(some: list[int]) -> dict[str, tuple[Person, list[str]]]:
    """Name, who looks, addresses."""
    agent = Person.objects.filter(role="operator", is_active=True).order_by("pk")[0]
    manager = Person.objects.filter(role="manager", is_active=True).order_by("pk")[0]
    asks = Person.objects.get(login="person0@client1.example")
    speaks = Person.objects.get(login="person1@client1.example")
    if speaks.role != "coordinator":
        speaks.role = "coordinator"
        speaks.save(update_fields=["role"])
    _has_enough(asks)
    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return {
        "queue": (agent, ["/desk/queue/?line=1"]),
        "queue, all open": (agent, ["/desk/queue/"]),
        "queue, of a client": (agent, ["/desk/queue/?client=bench-01"]),
        "queue, nobody's": (agent, ["/desk/queue/?assignee=none"]),
        "queue, mine": (agent, ["/desk/queue/?mine=1"]),
        "queue, waiting": (agent, ["/desk/queue/?status=waiting"]),
        "queue, urgent": (agent, ["/desk/queue/?priority=1"]),
        "queue, done": (agent, ["/desk/queue/?status=done"]),
        "queue, of a client, done": (agent, ["/desk/queue/?status=done&client=bench-01"]),
        "queue, handed over": (agent, ["/desk/queue/?status=any&lately=handed_over"]),
        "ticket": (agent, [f"/desk/tickets/{number}/" for number in some[:10]]),
        "view counts": (agent, ["/desk/sidebar/"]),
        "views": (agent, ["/desk/views/"]),
        "inbox": (agent, ["/desk/inbox/"]),
        "portal home": (asks, ["/portal/"]),
        "portal list": (asks, ["/portal/requests/"]),
        "portal list, all": (asks, ["/portal/requests/?state=all"]),
        "portal list, yours": (asks, ["/portal/requests/?state=yours"]),
        "portal list, company": (speaks, ["/portal/requests/?whose=company"]),
        "portal list, company, yours": (speaks, ["/portal/requests/?whose=company&state=yours"]),
        "board": (manager, ["/desk/board/"]),
        "search page": (agent, ["/desk/search/?q=%D0%BF%D1%80%D0%B8%D0%BD%D1%82%D0%B5%D1%80"]),
        "last ticket, by client": (asks, [f"/portal/requests/{_own(asks) or last}/"]),
    }


def _own(person: Person) -> int | None:
    return Ticket.objects.filter(requester=person).order_by("-pk").values_list("pk", flat=True).first()


def _has_enough(person: Person) -> None:
    """On a small desk he gets some of the others': a page has twenty rows at every size."""
    bench = Ticket.objects.filter(client__slug__startswith="bench-").order_by("-pk")
    for is_open in (True, False):
        if Ticket.objects.filter(requester=person, is_open=is_open).count() < OWN // 2:
            some = list(bench.filter(is_open=is_open).values_list("pk", flat=True)[: OWN // 2])
            Ticket.objects.filter(pk__in=some).update(requester=person, client=person.client)


def _asking(person: Person, addresses: list[str]) -> Callable[[int], Any]:
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(person, backend=DOOR)

    def ask(turn: int) -> Any:
        address = addresses[turn % len(addresses)]
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return answer

    return ask


def database_seconds() -> float:
    """Processor seconds of the database's process behind our connection; SQLite's are our own."""
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9


def measured(wanted: dict[str, tuple[Person, list[str]]], rounds: int) -> dict[str, dict[str, float]]:
    found = {}
    for name, (person, addresses) in wanted.items():
        ask = _asking(person, addresses)
        ask(0)
        own, below, size = [], [], 0
        for turn in range(rounds):
            began, before = time.process_time(), database_seconds()
            size = len(ask(turn).content)
            own.append((time.process_time() - began) * 1000)
            below.append((database_seconds() - before) * 1000)
        with CaptureQueriesContext(connection) as captured:
            ask(0)
        found[name] = {
            "cpu_ms": statistics.median(own), "database_ms": statistics.median(below), "bytes": size,
            "statements": len(captured), "least_ms": min(map(sum, zip(own, below, strict=True))),
        }  # fmt: skip
    return found


def planned(wanted: dict[str, tuple[Person, list[str]]]) -> dict[str, list[str]]:
    big = plans.big_tables()
    found = {}
    for name, (person, addresses) in wanted.items():
        ask = _asking(person, addresses)
        ask(0)
        with plans.asked() as statements:
            ask(0)
        if whole := plans.whole_readings(statements, big):
            found[name] = whole
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.growth_calls")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plans", action="store_true")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    call_command("collectstatic", verbosity=0, interactive=False)
    newest = list(Ticket.objects.filter(is_open=True).order_by("-pk").values_list("pk", flat=True)[:10])
    wanted = {name: page for name, page in pages(newest).items() if given.only in name}
    print(json.dumps(planned(wanted) if given.plans else measured(wanted, given.rounds), ensure_ascii=False))


if __name__ == "__main__":
    main()
