"""The indicators fixed in a contract (KPI), each a share of a whole with its numerator and denominator. Pure.

A period counts what was decided in it: clocks by their verdict, tickets by the last resolution in it. Merged tickets
and spam never come here. Formulas: research/features_itsm.md §3.2, §3.3, §3.5; a share is kept as two whole numbers (or
exact minutes), so that months add up to years as sums, never as means of means.

| kind | part | of |
| --- | --- | --- |
| sla_share | promises kept | promises judged, the excused left out |
| first_line_share | solved without ever leaving the first line | solved that began on the first line |
| remote_share | solved remotely | solved |
| reopen_share | opened again within the window | solved (less is better) |
| satisfaction | ratings of 4 and 5 | ratings |
| availability | agreed time without an outage | agreed time |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from firstline.calendars.working_time import WorkingTime
from firstline.lib.periods import Period, clipped, merged, minus
from firstline.sla.penalties import Judged, Share, compliance

KINDS = ("sla_share", "first_line_share", "remote_share", "reopen_share", "satisfaction", "availability")
CONTENT = 4  # of 5: who rates so is counted as satisfied


@dataclass(frozen=True)
class Solved:
    """A ticket that was solved in the period. `reopened`: within the window; `sure`: that window is over."""

    ticket: int
    began_on: int = 1
    highest_line: int = 1
    remote: bool = True
    reopened: bool = False
    sure: bool = True


@dataclass(frozen=True)
class Down:
    """An outage, or planned work (announced in time: it is taken off the agreed time instead of counting as down)."""

    period: Period
    planned: bool = False
    excused: bool = False


def measure(
    kind: str,
    *,
    judged: Iterable[Judged] = (),
    solved: Sequence[Solved] = (),
    scores: Iterable[int] = (),
    uptime: Share | None = None,
) -> Share:
    """The share that this kind names, of what was decided in a period. Raises KeyError for an unknown kind."""
    if kind == "sla_share":
        return compliance(judged)
    if kind == "first_line_share":
        begun = [one for one in solved if one.began_on == 1]
        return Share(sum(one.highest_line == 1 for one in begun), len(begun))
    if kind == "remote_share":
        return Share(sum(one.remote for one in solved), len(solved))
    if kind == "reopen_share":
        return Share(sum(one.reopened for one in solved), len(solved))
    if kind == "satisfaction":
        given = list(scores)
        return Share(sum(score >= CONTENT for score in given), len(given))
    if kind == "availability":
        return uptime or Share(0, 0)
    raise KeyError(kind)


def uptime(timetable: WorkingTime, within: Period, outages: Iterable[Down], now: datetime) -> Share:
    """Agreed minutes without an outage, of all agreed minutes, in the part of `within` that is over by `now`.

    Planned work is no agreed time; an excused outage is left out the same way. Outages that overlap count once, and
    only inside the hours of the timetable.
    """
    end = now if within.end is None else min(within.end, now)
    if end <= within.start:
        return Share(0, 0)
    span = Period(within.start, end)
    known = list(outages)
    apart = merged(clipped((one.period for one in known if one.planned or one.excused), span))
    down = minus(clipped((one.period for one in known if not (one.planned or one.excused)), span), apart)
    agreed = timetable.between(span.start, end) - _open(timetable, apart)
    return Share(_minutes(agreed - _open(timetable, down)), _minutes(agreed))


def _open(timetable: WorkingTime, periods: Iterable[Period]) -> timedelta:
    return sum((timetable.between(one.start, one.end) for one in periods if one.end is not None), timedelta())


def _minutes(length: timedelta) -> Fraction:
    return Fraction(length // timedelta(microseconds=1), 60_000_000)
