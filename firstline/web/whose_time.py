"""Who used the client's minutes, drawn: one bar, and the same in a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from firstline.lib.durations import in_hours
from firstline.sla.attribution import PARTIES, Attribution

NAMES: dict[str, str | Promise] = {
    "intake": pgettext_lazy("whose minutes", "Until somebody had it"),
    "line1": pgettext_lazy("whose minutes", "Line 1"),
    "line2": pgettext_lazy("whose minutes", "Line 2"),
    "line3": pgettext_lazy("whose minutes", "Line 3"),
    "vendor": pgettext_lazy("whose minutes", "Vendor"),
    "client": pgettext_lazy("whose minutes", "Client"),
    "nobody": pgettext_lazy("whose minutes", "Nobody"),
}


@dataclass(frozen=True)
class Part:
    """`x` and `width` in thousandths of the bar; `percent` whole, for the table."""

    party: str
    name: str
    length: str
    x: int
    width: int
    percent: int


@dataclass(frozen=True)
class Bar:
    parts: list[Part]
    total: str


def bar(found: Attribution | None) -> Bar | None:
    """The parts that used anything, in their order; None where nothing was used yet."""
    if found is None or not found.total:
        return None
    parts, x = [], 0
    for party in PARTIES:
        length = found.used[party]
        if not length:
            continue
        share = length / found.total
        end = min(1000, x + round(share * 1000))
        parts.append(Part(party, str(NAMES[party]), in_hours(length), x, end - x, round(share * 100)))
        x = end
    return Bar(parts, in_hours(found.total))
