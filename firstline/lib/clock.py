"""The one clock. Everything that decides anything asks `now()`; tests move it from outside.

`FIRSTLINE_NOW` (an ISO instant, or `@FILE` that is read again at each question) works only with
`FIRSTLINE_TESTING=1`. With an instant, the first process fixes the distance to real time once and hands
it to its children in `FIRSTLINE_NOW_OFFSET`, so a respawned child keeps it (interfaces.md, HTTP).
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path


class ClockRefused(Exception):
    """FIRSTLINE_NOW was set outside of tests, or is not an instant."""


def real_now() -> datetime:
    """The machine's time in UTC, whatever tests say. Leases are counted in it: they bound real work,
    and rows are claimed by many machines, so a per-machine monotonic counter could not be compared."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment that counts, in UTC."""
    told = _told()
    if told is None:
        return real_now()
    if isinstance(told, Path):
        return _instant(told.read_text(encoding="utf-8").strip())
    return real_now() + told


def is_moved() -> bool:
    """True where a test has moved or frozen the clock."""
    return _told() is not None


def elapsed() -> float:
    """Seconds of a counter that never goes back, for measuring how long something took."""
    return time.monotonic()


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise ClockRefused(f"FIRSTLINE_NOW={text!r} is not an ISO instant") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@cache
def _told() -> Path | timedelta | None:
    """What the environment says, read once."""
    given = os.environ.get("FIRSTLINE_NOW", "")
    if not given:
        return None
    if os.environ.get("FIRSTLINE_TESTING") != "1":
        raise ClockRefused("FIRSTLINE_NOW is for tests only: it needs FIRSTLINE_TESTING=1")
    if given.startswith("@"):
        return Path(given[1:])
    offset = os.environ.get("FIRSTLINE_NOW_OFFSET", "")
    if not offset:
        offset = str((_instant(given) - real_now()).total_seconds())
        os.environ["FIRSTLINE_NOW_OFFSET"] = offset
    return timedelta(seconds=float(offset))
