"""Hours as a person types them: "09:00-13:00, 14:00-18:00", or nothing for a day off. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Sequence

from firstline.calendars.question import WrongCalendar, parse_exceptions

_SPAN = re.compile(r"\s*(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})\s*", re.ASCII)


def parse(day: str, typed: str) -> list[list[str]]:
    """Return the hours of a date as calendars store them, in order; raise WrongCalendar in words."""
    spans = []
    for part in typed.replace(";", ",").split(","):
        if not part.strip():
            continue
        found = _SPAN.fullmatch(part)
        if found is None:
            raise WrongCalendar(f"{part.strip()!r}: hours such as 09:00-13:00 are needed")
        begin_hour, begin, end_hour, end = found.groups()
        spans.append([f"{int(begin_hour):02d}:{begin}", f"{int(end_hour):02d}:{end}"])
    parse_exceptions({day: spans})
    return sorted(spans)


def said(spans: Sequence[Sequence[str]]) -> str:
    """Return stored hours as a person reads and types them."""
    return ", ".join(f"{begin}–{end}" for begin, end in spans)
