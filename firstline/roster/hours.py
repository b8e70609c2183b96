"""Hours as patterns store them, read and checked: [[0, "09:00", "18:00"], …] by day, "24:00" ends a day. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from firstline.roster.pattern import MINUTES_OF_DAY, Span

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)


class WrongHours(ValueError):
    """These are no hours of a day; `value` is what was given."""

    def __init__(self, value: object) -> None:
        super().__init__(str(value))
        self.value = value


def minutes(text: object) -> int:
    """ "09:30" as minutes of the day. Raises WrongHours."""
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise WrongHours(text)
    return MINUTES_OF_DAY if found[1] is None else int(found[1]) * 60 + int(found[2])


def span(start: object, end: object) -> Span:
    """Two times of the day; an end that is not after the start lies on the next day. Raises WrongHours."""
    begin, finish = minutes(start), minutes(end)
    if begin in (MINUTES_OF_DAY, finish):
        raise WrongHours(f"{start}-{end}")
    return Span(begin, finish)


def typed(text: str) -> tuple[Span, ...]:
    """Hours as people write them: "09:00-13:00, 14:00-18:00", or nothing for a day off. Raises WrongHours."""
    found = []
    for part in text.replace(";", ",").split(","):
        if part.strip():
            times = re.split(r"\s*[-–—]\s*", part.strip())
            if len(times) != 2:
                raise WrongHours(part.strip())
            found.append(span(*(one.replace(".", ":") for one in times)))
    return tuple(sorted(found))


def shown(spans: Iterable[Span]) -> str:
    """Spans as people read and write them."""
    return ", ".join(f"{said(one.start)}–{said(one.end)}" for one in spans)


def days_in(stored: Iterable[Sequence[object]]) -> dict[int, tuple[Span, ...]]:
    """Stored hours by the day of their cycle. Raises WrongHours."""
    found: dict[int, list[Span]] = defaultdict(list)
    for row in stored:
        if len(row) != 3 or not isinstance(row[0], int) or row[0] < 0:
            raise WrongHours(row)
        found[row[0]].append(span(row[1], row[2]))
    return {day: tuple(sorted(spans)) for day, spans in found.items()}


def stored(days: Mapping[int, Iterable[Span]]) -> list[list[object]]:
    """Spans by day, as patterns store them."""
    return [[day, said(one.start), said(one.end)] for day in sorted(days) for one in sorted(days[day])]


def said(minute: int) -> str:
    """Minutes of the day as "09:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
