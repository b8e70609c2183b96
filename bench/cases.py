"""The cases, each a function from the place and the report; `CASES` names them as the command line does."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count as counting

import psycopg

from bench import calling, floor, letters, slow_clients
from bench.effort import Effort, Waiting, high, middle
from bench.growth import growth
from bench.place import Place
from bench.proposals import proposals
from bench.report import Report
from bench.search import search
from firstline.intake.reading import glance
from tests.real.smtp import SmtpSink

AT_ONCE = 8
ROUNDS = 3
LETTERS = 400
FLOOD = int(os.environ.get("FIRSTLINE_BENCH_FLOOD", "10000"))
TICKETS = 1_200
PAGES = 60
PATIENCE = 180.0


def acceptance(place: Place, report: Report) -> None:
    """Durable acceptance beside the floor, round by round, because the disk is everybody's."""
    ratios, rates, costs, floors = [], [], [], []
    for _ in range(ROUNDS):
        lowest = floor.rows_per_second(_floor_url(place), 3)
        ours = place.inside("accept", "--seconds", "3")
        floors.append(lowest)
        rates.append(ours["rows_per_second"])
        costs.append(ours["cpu_ms"])
        ratios.append(ours["rows_per_second"] / lowest)
    share = middle(ratios)
    report.say("durable acceptance / floor", share, "ratio", wanted=">= 0.5", kept=share >= 0.5,
               floor_per_second=middle(floors), ours_per_second=middle(rates), cpu_ms=middle(costs))  # fmt: skip


def intake_calls(place: Place, report: Report) -> None:
    """POST /api/v1/intake/email, 20 KB each, 8 at once."""
    lowest = floor.rows_per_second(_floor_url(place), 3)

    def one(number: int) -> bytes:
        return calling.request(
            "POST", "/api/v1/intake/email", body=os.urandom(floor.SIZE), **_as_agent(place, "message/rfc822")
        )

    with place.served("web") as (port, process):
        calling.call(port, one, count=50, at_once=AT_ONCE)
        effort, server = Effort(process.pid), _database(place)
        outcome = calling.call(port, one, count=TICKETS, at_once=AT_ONCE)
        rate = TICKETS / outcome.seconds
        report.say("POST /intake/email / floor", rate / lowest, "ratio", floor_per_second=lowest, per_second=rate,
                   cpu_ms=effort.seconds() / TICKETS * 1000, database_cpu_ms=server.seconds() / TICKETS * 1000,
                   statuses=outcome.statuses)  # fmt: skip
    _run(place, "DELETE FROM intake_inbound WHERE source = 'api' AND state = 'new'")


def mails(place: Place, report: Report) -> None:
    """Letters that wait, two workers, until each is a ticket whose acknowledgement has left the house."""
    sink = SmtpSink()
    try:
        by_smtp = {"EMAIL_URL": sink.url}
        # Other people each time: nobody is acknowledged more than three times within an hour.
        _mails(place, report, "20 KB, SMTP", by_smtp, 100, kind="usual", least=25)
        _mails(place, report, "20 KB, files", {}, 100 + LETTERS, kind="usual", least=25)
        _mails(place, report, "1 MB, SMTP", by_smtp, 100 + 2 * LETTERS, kind="large", least=5, count=LETTERS // 4)
        if not sink.received:
            raise RuntimeError("no acknowledgement reached the SMTP server")
    finally:
        sink.stop()


def _mails(
    place: Place,
    report: Report,
    name: str,
    extra: dict[str, str],
    first: int,
    *,
    kind: str,
    least: float,
    count: int = LETTERS,
) -> None:
    with place.running("worker", **extra) as one, place.running("worker", **extra) as other:
        time.sleep(4)  # imports, children, connections
        _stop(place, one.pid, other.pid)
        after = place.inside("newest")["delivery"]
        place.inside("feed", "--first", str(first), "--count", str(count), "--kind", kind)
        effort, server, began = Effort(one.pid, other.pid), _database(place), time.perf_counter()
        for process in (one, other):
            os.kill(process.pid, signal.SIGCONT)
        sent = f"SELECT count(*) FROM post_delivery WHERE id > {after} AND state = 'sent' AND kind = 'received'"  # noqa: S608
        _wait(lambda: _number(place, sent) >= count)
        rate = count / (time.perf_counter() - began)
        report.say(f"mails acknowledged, 2 workers, {name}", rate, "mails/s", wanted=f">= {least:g}",
                   kept=rate >= least, cpu_ms=effort.seconds() / count * 1000,
                   database_cpu_ms=server.seconds() / count * 1000)  # fmt: skip


def _stop(place: Place, *pids: int) -> None:
    """Stops processes, on SQLite none in the middle of a transaction: it would lock everybody out."""
    for _try in range(50):
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        if place.engine == "postgresql" or _can_write(place):
            return
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.1)
    raise RuntimeError("the workers are never between two transactions")


def _can_write(place: Place) -> bool:
    lite = sqlite3.connect(place.home / "firstline.sqlite3", isolation_level=None, timeout=0.2)
    try:
        lite.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        lite.close()
    return True


def flood(place: Place, report: Report) -> None:
    """Letters that wait, nine of ten one sender's: the others are not delayed, and the queue page stays quick."""
    place.inside("feed", "--first", "0", "--count", str(FLOOD), "--kind", "flood")
    cookie = f"firstline_session={place.facts['session']}"
    page = calling.request("GET", "/desk/queue/?line=1", Cookie=cookie, Accept="text/html")
    waiting = "SELECT count(*) FROM intake_inbound WHERE state = 'new'"
    others = f"{waiting} AND lane <> '{glance.lane_of(letters.FLOODER)}'"
    took: list[float] = []
    # Gently, as `firstline serve` starts its own.
    gently = ("worker", "--gently")
    with place.served("web") as (port, web), place.running(*gently), place.running(*gently):
        calling.call(port, lambda _: page, count=4, at_once=1)
        waiting_for, began, others_done = Waiting(web.pid), time.perf_counter(), 0.0
        while left := _number(place, waiting):
            if not others_done and not _number(place, others):
                others_done = time.perf_counter() - began
                report.say("one sender's flood: the others' wait", others_done, "s", still_waiting=left)
            took += calling.call(port, lambda _: page, count=4, at_once=1).took
            time.sleep(0.5)
        rate, parts = FLOOD / (time.perf_counter() - began), waiting_for.parts(took)
    p95 = high(took, 0.95) * 1000
    report.say("queue page beside the flood, p95", p95, "ms", wanted="<= 300", kept=p95 <= 300,
               waiting_mails=FLOOD, mails_per_second=rate, middle_ms=middle(took) * 1000, **parts)  # fmt: skip


def tickets(place: Place, report: Report) -> None:
    """POST /api/v1/tickets as `firstline serve` serves it, 8 at once, the worker acknowledging beside it."""
    requesters, run = place.facts["requesters"], os.getpid()
    numbers = counting()

    def one(number: int) -> bytes:
        who = requesters[next(numbers) % len(requesters)]
        body = {"subject": f"{run} {number}", "body": "Не печатает принтер. " * 20, "requester": {"email": who}}
        return calling.request("POST", "/api/v1/tickets", body=json.dumps(body).encode(), **_as_agent(place))

    with place.served("serve") as (port, process):
        calling.call(port, one, count=100, at_once=AT_ONCE)
        for rounds in range(ROUNDS):
            effort, server = Effort(process.pid), _database(place)
            outcome = calling.call(port, one, count=TICKETS // ROUNDS, at_once=AT_ONCE)
            done, rate = TICKETS // ROUNDS, TICKETS // ROUNDS / outcome.seconds
            report.say(f"POST /tickets, 8 at once ({rounds + 1})", rate, "tickets/s", wanted=">= 100 (PostgreSQL)",
                       kept=rate >= 100, middle_ms=middle(outcome.took) * 1000, p95_ms=high(outcome.took, 0.95) * 1000,
                       cpu_ms=effort.seconds() / done * 1000, database_cpu_ms=server.seconds() / done * 1000,
                       statuses=outcome.statuses)  # fmt: skip
            if set(outcome.statuses) != {201}:
                raise RuntimeError(f"not every ticket was made: {outcome.statuses} {outcome.last[:300]!r}")


def pages(place: Place, report: Report) -> None:
    """Server CPU of a queue page, a ticket page and the board at the data set's size, and their SQL statements."""
    found = place.inside("pages", "--session", place.facts["session"], "--some", *map(str, place.facts["some"]))
    with place.served("web") as (port, process):
        for name, cheapest, most in (("queue", 40, 12), ("ticket", 40, 15), ("board", 50, None)):
            addresses, cookie = found[name]["addresses"], f"firstline_session={found[name]['session']}"

            def one(number: int, addresses: list[str] = addresses, cookie: str = cookie) -> bytes:
                return calling.request("GET", addresses[number % len(addresses)], Cookie=cookie, Accept="text/html")

            calling.call(port, one, count=20, at_once=2)
            effort, server = Effort(process.pid), _database(place)
            outcome = calling.call(port, one, count=PAGES, at_once=1)
            cost, below = effort.seconds() / PAGES * 1000, server.seconds() / PAGES * 1000
            if set(outcome.statuses) != {200}:
                raise RuntimeError(f"{name}: {outcome.statuses}")
            took = middle(outcome.took) * 1000
            report.say(f"{name} page, server CPU", cost, "ms", wanted=f"<= {cheapest}", kept=cost <= cheapest,
                       database_cpu_ms=below, middle_ms=took, bytes=len(outcome.last))  # fmt: skip
            statements = found[name]["statements"]
            if most is None:
                report.say(f"{name} page, statements", statements, "SQL")
            else:
                report.say(f"{name} page, statements", statements, "SQL", wanted=f"<= {most}", kept=statements <= most)


def slow(place: Place, report: Report) -> None:
    """Eight clients that send 100 bytes a second and eight that read 2 KB a second: a queue page all the same."""
    cookie = f"firstline_session={place.facts['session']}"
    page = calling.request("GET", "/desk/queue/", Cookie=cookie, Accept="text/html")
    with place.served("serve") as (port, _process):
        calling.call(port, lambda _: page, count=20, at_once=2)
        alone = slow_clients.waits(port, page, slow=0, seconds=8)
        beside = slow_clients.waits(port, page, slow=8, seconds=20)
    worst = max(beside)
    delay = worst - middle(alone)
    report.say("queue page beside slow clients, worst delay", delay * 1000, "ms", wanted="<= 1000", kept=delay <= 1,
               alone_ms=middle(alone) * 1000, middle_ms=middle(beside) * 1000,
               worst_ms=worst * 1000, asked=len(beside))  # fmt: skip


def statements(place: Place, report: Report) -> None:
    """SQL statements of the main road."""
    for name, number in place.inside("statements").items():
        report.say(f"{name}, statements", number, "SQL")


def clocks(place: Place, report: Report) -> None:
    """Working time, finding what is due, recording it, and computing everything again."""

    def measured(name: str, *more: str) -> dict[str, float]:
        return place.run(sys.executable, "-m", "bench.clocks", name, *more)[-1]

    load = os.getloadavg()[0]
    hours = measured("hours")
    for name, most in (("month", 50), ("ten_years", 5_000)):
        slowest = max(hours[f"add_{name}_us"], hours[f"between_{name}_us"])
        report.say(f"add and between over a {name}", slowest, "µs", wanted=f"< {most}", kept=slowest < most, load=load)
    again = measured("replay")
    took, most = (
        again["cpu_ms"],
        2 * 15 * 60 * 1000 / 100_000,
    )  # 100,000 tickets in a quarter of an hour, two processors
    report.say("replay", took, "ms of processor a ticket", wanted=f"<= {most:.0f}", kept=took <= most,
               differences=again["differences"], tickets=again["tickets"], wall_ms=again["ms_a_ticket"])  # fmt: skip
    found = measured("found")
    report.say("finding what is due among a million", found["ms"], "ms", wanted="<= 5", kept=found["ms"] <= 5,
               worst=found["ms_worst"])  # fmt: skip
    due = measured("due", "--workers", "2")
    once = due["twice"] == 0 and due["left"] == 0
    report.say("10,000 due at once, two workers", due["seconds"], "s", wanted="<= 90, each once",
               kept=due["seconds"] <= 90 and once, load=os.getloadavg()[0],
               **{name: due[name] for name in ("due", "per_second", "cpu_ms", "breaches", "twice", "left")},
    )  # fmt: skip
    report.say("2,000 of them", due["seconds_2000"], "s", wanted="<= 30", kept=due["seconds_2000"] <= 30)


CASES: dict[str, Callable[[Place, Report], None]] = {
    "acceptance": acceptance,
    "intake-calls": intake_calls,
    "mails": mails,
    "flood": flood,
    "tickets": tickets,
    "pages": pages,
    "slow": slow,
    "statements": statements,
    "clocks": clocks,
    "search": search,
    "proposals": proposals,
    "growth": growth,
}


def _as_agent(place: Place, kind: str = "application/json") -> dict[str, str]:
    return {"Authorization": f"Bearer {place.facts['token']}", "Content_Type": kind}


def _floor_url(place: Place) -> str:
    """The same disk, and on PostgreSQL the same server."""
    return place.url if place.engine == "postgresql" else f"sqlite:///{place.home / 'floor.sqlite3'}"


def _database(place: Place) -> Effort:
    """The effort of the database server, where it is ours to see."""
    process = place.server.process if place.server else None
    return Effort(process.pid if process else None)


@contextmanager
def _cursor(place: Place) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    if place.engine == "postgresql":
        with psycopg.connect(place.url, autocommit=True) as connection:
            yield lambda statement: list(connection.execute(statement))  # type: ignore[call-overload]
        return
    lite = sqlite3.connect(place.home / "firstline.sqlite3", isolation_level=None, timeout=20)
    try:
        yield lambda statement: lite.execute(statement).fetchall()
    finally:
        lite.close()


def _number(place: Place, statement: str) -> int:
    with _cursor(place) as ask:
        return int(str(ask(statement)[0][0]))


def _run(place: Place, statement: str) -> None:
    if place.engine == "postgresql":
        with psycopg.connect(place.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]
        return
    with _cursor(place) as ask:
        ask(statement)


def _wait(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"not done within {PATIENCE:g} s")
        time.sleep(0.25)
