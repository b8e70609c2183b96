"""Where too few are here, and where nobody is on call. Pure: periods in, periods out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from firstline.lib.periods import Period, clipped, merged, minus


def too_few(present: Iterable[Sequence[Period]], wanted: Iterable[Period], least: int = 1) -> list[Period]:
    """The wanted moments at which fewer than `least` people are here; `present` has the periods of each person."""
    if least < 1:
        return []
    within = merged(wanted)
    edges: list[tuple[datetime, int]] = []
    for periods in present:
        for start, end in merged(periods):
            edges.append((start, 1))
            if end is not None:
                edges.append((end, -1))
    enough: list[Period] = []
    here = 0
    since: datetime | None = None
    for moment, step in sorted(edges):  # an end sorts before a start at the same moment: who comes relieves who goes
        before, here = here, here + step
        if before < least <= here:
            since = moment
        elif here < least <= before:
            enough.extend([Period(since, moment)] if since else [])
            since = None
    if since is not None:
        enough.append(Period(since))
    return minus(within, enough)


def uncovered(called: Iterable[Period], wanted: Iterable[Period], within: Period) -> list[Period]:
    """The wanted moments of a period at which nobody is on call."""
    return clipped(minus(wanted, called), within)
