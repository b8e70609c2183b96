"""The fixed list of questions, asked as the page and the palette ask them: `python -m bench.search_calls`.

Prints one JSON line: seconds of each question, by the clock and of this processor, and how many tickets it found.
`--saved` measures how long a saved ticket takes to be found by a worker that is running.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import django

django.setup()

from bench.lives import SUBJECTS  # noqa: E402
from firstline.intake.channels import api  # noqa: E402
from firstline.knowledge import everywhere  # noqa: E402
from firstline.lib import clock  # noqa: E402
from firstline.people.models import Person  # noqa: E402
from firstline.tickets import finding  # noqa: E402
from firstline.tickets.models import Ticket  # noqa: E402

ROUNDS = 5
PATIENCE = 120.0
SHOWN = 20
# Words of every ticket, of each tenth one, of few and of none; numbers, addresses, slips, layouts, filters.
QUESTIONS = (
    *SUBJECTS, "принтер", "принтерът не печата", "ошибка обновления", "компьютер", "vpn", "провода перезагрузили",
    "касса терминал status:open", "почта line:1 status:new", "сеть -склад", "client:bench-07 принтер",
    "person7@client3.example", "#{some}", "ghbynth", "принтр", "бухгалтерия принетр", "абракадабра", "зелёный слон",
    "чертежи from:person1@client9.example", "пароль компьютера assignee:me", "заказчик 12",
)  # fmt: skip


def ask() -> dict[str, Any]:
    agent = Person.objects.filter(role="operator", is_active=True).select_related("team").order_by("pk")[0]
    requester = Person.objects.get(login="person0@client1.example")
    some = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[100]
    seconds: list[float] = []
    spent: list[float] = []
    slowest: dict[str, float] = {}
    found: dict[str, int] = {}
    for turn in range(ROUNDS):
        for person in (agent, requester):
            for question in QUESTIONS:
                typed = question.replace("{some}", str(some))
                began, busy = time.perf_counter(), time.process_time()
                everything = everywhere.look(person, typed)
                finding.shown(person, everything.tickets.places[:SHOWN], everything.asked)
                took = time.perf_counter() - began
                if turn:  # the first round reads dictionaries and pages of the database
                    seconds.append(took)
                    spent.append(time.process_time() - busy)
                    name = f"{person.role}: {typed}"
                    slowest[name] = max(slowest.get(name, 0.0), took)
                found[typed] = max(found.get(typed, 0), everything.tickets.count)
    worst = dict(sorted(slowest.items(), key=lambda item: -item[1])[:8])
    return {"seconds": seconds, "cpu_seconds": spent, "worst": worst, "found": found}


def saved(count: int = 5) -> dict[str, Any]:
    """From the answer of the verb until the ticket is found; the first one is for the worker to wake up."""
    agent = Person.objects.filter(role="operator", is_active=True).select_related("team").order_by("pk")[0]
    seconds = []
    for number in range(count + 1):
        word = f"искомое{time.time_ns()}"
        fields = {"subject": word, "body": "…", "requester": {"email": "person0@client1.example"}}
        api.submit(by=agent, fields=fields, raw=json.dumps(fields).encode(), key=f"saved-{number}", at=clock.now())
        began = time.perf_counter()
        while not everywhere.look(agent, word, (everywhere.TICKETS,)).tickets.count:
            if time.perf_counter() - began > PATIENCE:
                raise RuntimeError("a saved ticket is not found")
            time.sleep(0.05)
        if number:
            seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.search_calls")
    parser.add_argument("--saved", action="store_true")
    print(json.dumps(saved() if parser.parse_args().saved else ask(), ensure_ascii=False))
