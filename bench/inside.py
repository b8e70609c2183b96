"""Measurements that need the program itself, each in a process of its own: `python -m bench.inside NAME …`.

Prints one JSON line.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import letters  # noqa: E402
from bench.floor import SIZE  # noqa: E402
from bench.stage import signed_in  # noqa: E402
from firstline.intake import acceptance, processing  # noqa: E402
from firstline.intake.channels import api  # noqa: E402
from firstline.intake.models import Inbound  # noqa: E402
from firstline.lib import clock  # noqa: E402
from firstline.people.models import Person  # noqa: E402
from firstline.post.models import Delivery  # noqa: E402

Answer = dict[str, Any]


def accept(seconds: float) -> Answer:
    """Durable acceptance by one process, of 20 KB each, as the pipe and the fetcher do it."""
    _accept(os.urandom(SIZE))
    rows, began, spent = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        _accept(os.urandom(SIZE))
        rows += 1
    took = time.perf_counter() - began
    answer = {"rows_per_second": rows / took, "cpu_ms": (time.process_time() - spent) / rows * 1000}
    _forget_what_was_only_measured()
    return answer


def _accept(raw: bytes, source: str = "bench") -> Inbound:
    return acceptance.accept_email(raw, source=source, source_key=acceptance.new_key(), at=clock.now())


def _forget_what_was_only_measured() -> None:
    """The bytes of `accept` are noise: no worker shall read them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_inbound WHERE source = 'bench'")


def feed(first: int, count: int, kind: str) -> Answer:
    """Accepts `count` letters of people of the data set, not yet processed."""
    for number in range(first, first + count):
        _accept(letters.of_kind(kind, number), source="pipe")
    return {"waiting": Inbound.objects.filter(state="new").count()}


def newest() -> Answer:
    """The newest delivery's number: what is sent later belongs to the measurement."""
    return {"delivery": Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0}


def statements() -> Answer:
    """SQL statements of a ticket by API, of an acceptance and of a letter, without the calls around them."""
    agent = Person.objects.select_related("team", "client").filter(role="operator").order_by("pk")[0]
    numbers = itertools.count(1)

    def ticket() -> None:
        fields = {"subject": f"{next(numbers)}", "body": "words", "requester": {"email": "person0@client1.example"}}
        api.submit(by=agent, fields=fields, raw=json.dumps(fields).encode(), key="", at=clock.now())

    def letter() -> None:
        processing.process_due()

    ticket()
    found = {"ticket": _count(ticket)}
    # On PostgreSQL its one statement does not pass Django's cursor, and is not seen by the count.
    found["acceptance"] = max(1, _count(lambda: _accept(letters.letter(1), source="pipe")))
    processing.drain()
    _accept(letters.letter(2), source="pipe")
    found["letter"] = _count(letter)
    return found


def pages(session: str, some: list[int]) -> Answer:
    """The addresses that are measured, whose session asks, and the SQL statements of one page each, counted on the
    second call."""
    call_command("collectstatic", verbosity=0, interactive=False)
    managers = signed_in(Person.objects.filter(role="manager", is_active=True).earliest("pk"))
    asked = {
        "queue": (["/desk/queue/?line=1"], session),
        "ticket": ([f"/desk/tickets/{number}/" for number in some], session),
        "board": (["/desk/board/"], managers),
    }
    found: Answer = {}
    for name, (given, whose) in asked.items():
        browser = Client(headers={"host": "127.0.0.1"})
        browser.cookies[settings.SESSION_COOKIE_NAME] = whose

        def ask(address: str = given[0], browser: Client = browser) -> None:
            answer = browser.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")

        ask()
        found[name] = {"addresses": given, "session": whose, "statements": _count(ask)}
    return found


def _count(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        deed()
    return len(captured)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.inside")
    parser.add_argument("name", choices=["accept", "feed", "newest", "pages", "statements"])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", default="small")
    parser.add_argument("--session", default="")
    parser.add_argument("--some", type=int, nargs="*", default=[])
    given = parser.parse_args()
    answer = {
        "accept": lambda: accept(given.seconds),
        "feed": lambda: feed(given.first, given.count, given.kind),
        "newest": newest,
        "pages": lambda: pages(given.session, given.some),
        "statements": statements,
    }[given.name]()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
