"""`script/bench [CASE…] [--engine sqlite|postgresql] [--tickets N] [--folder F [--keep]]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bench import place as places
from bench.cases import CASES
from bench.place import Place
from bench.report import Report

FAILED = 1


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Builds a desk of 20,000 tickets and measures it."
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)} (all)")
    parser.add_argument(
        "--engine", choices=["sqlite", "postgresql"],
        default="postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite",
        help="postgresql: DATABASE_URL, which is filled, or else a server of its own",
    )  # fmt: skip
    parser.add_argument("--tickets", type=int, default=20_000, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="F", help="where the data lies: the disk that is measured")
    parser.add_argument("--keep", action="store_true", help="leave the data in --folder and use it again next time")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a number was not kept")
    given = parser.parse_args()
    if unknown := [case for case in given.cases if case not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}")
    if given.keep and given.folder is None:
        parser.error("--keep needs --folder")
    report = Report(given.engine)
    if given.keep:
        place = places.keep(given.engine, given.folder, given.tickets)
    else:
        place = places.make(given.engine, given.folder)
    try:
        if not place.facts:
            _fill(place, report, given.tickets)
        for case in given.cases or CASES:
            CASES[case](place, report)
    finally:
        place.close()
    report.table()
    missed = [line for line in report.lines if line.get("kept") is False]
    return FAILED if given.strict and missed else 0


def _fill(place: Place, report: Report, tickets: int) -> None:
    began = time.perf_counter()
    facts = place.run(sys.executable, "-m", "bench.dataset", "--tickets", str(tickets))[-1]
    took = time.perf_counter() - began
    # The roll-ups of what fell due while it was built are no part of what the first letters cost.
    place.run(places.COMMAND, "worker", "--drain")
    places.settled(place).remember(facts)
    report.say("data set", facts["tickets"], "tickets", seconds=took, cpu_seconds=facts["cpu_seconds"],
               **{name: facts[name] for name in ("open", "events", "messages")})  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
