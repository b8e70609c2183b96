"""`script/bench [CASE…] [--engine sqlite|postgresql] [--tickets N] [--folder F] [--keep]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bench import place as places
from bench.cases import CASES
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
    parser.add_argument("--strict", action="store_true", help="exit 1 where a number was not kept")
    given = parser.parse_args()
    if unknown := [case for case in given.cases if case not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}")
    report = Report(given.engine)
    place = places.make(given.engine, given.folder)
    try:
        began = time.perf_counter()
        place.facts = place.run(sys.executable, "-m", "bench.dataset", "--tickets", str(given.tickets))[-1]
        # The roll-ups of 20,000 tickets, made at once, are no part of what the first letters cost.
        place.run(places.COMMAND, "worker", "--drain")
        report.say("data set", place.facts["tickets"], "tickets", seconds=time.perf_counter() - began,
                   **{name: place.facts[name] for name in ("open", "events", "messages")})  # fmt: skip
        for case in given.cases or CASES:
            CASES[case](place, report)
    finally:
        place.close()
    report.table()
    missed = [line for line in report.lines if line.get("kept") is False]
    return FAILED if given.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
