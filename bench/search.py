"""The case search: a fixed list of questions over the whole data set, and how soon a saved ticket is found."""

from __future__ import annotations

import sys

from bench.effort import high, middle
from bench.place import Place
from bench.report import Report


def search(place: Place, report: Report) -> None:
    asked = place.run(sys.executable, "-m", "bench.search_calls")[-1]
    seconds = asked["seconds"]
    half, most = middle(seconds) * 1000, high(seconds, 0.95) * 1000
    report.say(
        "search, median",
        half,
        "ms",
        wanted="<= 60 ms",
        kept=half <= 60,
        questions=len(seconds),
        cpu_ms=middle(asked["cpu_seconds"]) * 1000,
    )
    report.say(
        "search, 95 %",
        most,
        "ms",
        wanted="<= 150 ms",
        kept=most <= 150,
        worst=asked["worst"],
        cpu_ms=high(asked["cpu_seconds"], 0.95) * 1000,
    )
    with place.running("worker"):
        found = place.run(sys.executable, "-m", "bench.search_calls", "--saved")[-1]["seconds"]
    report.say("a saved ticket is found", max(found), "s", wanted="<= 2 s", kept=max(found) <= 2)
