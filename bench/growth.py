"""The case growth: what pages cost beside what they cost on a desk of a thousand tickets, and what reads too much."""

from __future__ import annotations

import sys
from typing import Any

from bench import place as places
from bench.place import Place
from bench.report import Report

SMALL, TURNS, MOST = 1_000, 3, 1.3
COMPARED = ("queue", "ticket", "view counts", "portal list", "portal list, all")
LIMITS = {"queue": 25, "ticket": 25, "board": 50}
Costs = dict[str, dict[str, Any]]


def growth(place: Place, report: Report) -> None:
    """By turns on both, because the machine is everybody's; of each the least that it cost."""
    small = places.make(place.engine, None)
    try:
        small.run(sys.executable, "-m", "bench.dataset", "--tickets", str(SMALL))
        costs: dict[Place, list[Costs]] = {small: [], place: []}
        for _turn in range(TURNS):
            for one, found in costs.items():
                found.append(one.run(sys.executable, "-m", "bench.growth_calls")[-1])
    finally:
        small.close()
    for name in costs[place][0]:
        before, now = (min(turn[name]["least_ms"] for turn in costs[one]) for one in (small, place))
        ratio, statements = now / before, [costs[one][0][name]["statements"] for one in (small, place)]
        wanted = name in COMPARED
        report.say(f"{name}, beside {SMALL} tickets", ratio, "ratio", wanted=f"<= {MOST}" if wanted else "",
                   kept=ratio <= MOST if wanted else None, cpu_ms=now, before_ms=before,
                   bytes=costs[place][0][name]["bytes"])  # fmt: skip
        report.say(f"{name}, statements", statements[1], "SQL", wanted=f"<= {statements[0]}",
                   kept=statements[1] <= statements[0])  # fmt: skip
        if name in LIMITS:
            report.say(f"{name}, processor time", now, "ms", wanted=f"<= {LIMITS[name]}", kept=now <= LIMITS[name])
    whole = place.run(sys.executable, "-m", "bench.growth_calls", "--plans")[-1]
    report.say("pages that read a big table whole", len(whole), "pages", wanted="0", kept=not whole, which=whole)
