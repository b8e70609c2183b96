"""The drawings of the board as numbers for SVG: bars hour by hour, and a week of hours. Each has a table twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import localize
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

LEFT, WIDE, TOP, LOW = 34, 606, 10, 160  # of a drawing of 640 × 190
CELL_WIDE, CELL_HIGH, CELL_LEFT = 25, 20, 36
SHADES = 4


@dataclass(frozen=True)
class Bar:
    """An hour: what came and what went, as heights, and where its bars and its label stand."""

    hour: str
    came: int
    left: int
    x: float
    wide: float
    came_y: float
    left_y: float
    labelled: bool

    @property
    def came_high(self) -> float:
        return round(LOW - self.came_y, 1)

    @property
    def left_high(self) -> float:
        return round(LOW - self.left_y, 1)

    @property
    def second(self) -> float:
        return round(self.x + self.wide + 1, 1)

    @property
    def middle(self) -> float:
        return round(self.x + self.wide, 1)

    def drawn(self, pattern: str) -> str:
        """The hour as SVG; `pattern`: its words for who points at it."""
        said = {"hour": escape(self.hour), "came": _said(self.came), "left": _said(self.left)}
        parts = [f"<g><title>{pattern % said}</title>"]
        came = "b2", self.came, self.x, self.came_y, self.came_high
        left = "b1", self.left, self.second, self.left_y, self.left_high
        for css, count, x, y, high in (came, left):
            if count:
                parts.append(f'<rect class="{css}" x="{x}" y="{y}" width="{self.wide}" height="{high}" rx="2"/>')
        if self.labelled:
            parts.append(f'<text x="{self.middle}" y="178" text-anchor="middle">{escape(self.hour)}</text>')
        return "".join([*parts, "</g>"])


@dataclass(frozen=True)
class Bars:
    """`drawn` and `in_rows`: the hours as SVG and as rows of the table, written here as those of a `Day` are."""

    bars: list[Bar]
    ticks: list[tuple[float, int]]
    came: int
    left: int
    peak: Bar | None

    @property
    def drawn(self) -> SafeString:
        pattern = escape(_("%(hour)s h: %(came)s came, %(left)s left"))
        return mark_safe("".join([bar.drawn(pattern) for bar in self.bars]))  # noqa: S308 - numbers and escaped words

    @property
    def in_rows(self) -> SafeString:
        return mark_safe(  # noqa: S308 - numbers
            "".join(
                f'<tr><th scope="row">{escape(bar.hour)}</th><td>{_said(bar.came)}</td><td>{_said(bar.left)}</td></tr>'
                for bar in self.bars
            )
        )


@dataclass(frozen=True)
class Cell:
    x: int
    y: int
    shade: int
    count: int
    hour: int


@dataclass
class Day:
    """`drawn` and `in_a_row`: its hours as SVG and as cells of the table. They are 168 on a page, and a template would
    take as long over them as over the rest of the board."""

    name: str
    y: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def drawn(self) -> SafeString:
        name = escape(self.name)
        return mark_safe(  # noqa: S308 - numbers, and a name that is escaped
            "".join(
                f'<rect class="h{cell.shade}" x="{cell.x}" y="{cell.y}" width="22" height="17" rx="3">'
                f"<title>{name} {cell.hour}: {_said(cell.count)}</title></rect>"
                for cell in self.cells
            )
        )

    @property
    def in_a_row(self) -> SafeString:
        return mark_safe("".join(f"<td>{_said(cell.count)}</td>" for cell in self.cells))  # noqa: S308 - numbers


@dataclass(frozen=True)
class Week:
    days: list[Day]
    hours: list[tuple[int, int]]
    peak: tuple[str, int] | None


def bars(rows: Iterable[tuple[datetime, int, int]]) -> Bars:
    """Of (hour, came, left), in the hours of the person's zone."""
    given = [(timezone.localtime(hour), came, left) for hour, came, left in rows]
    most = max([1, *(max(came, left) for _hour, came, left in given)])
    step = next(
        step * factor for factor in (1, 10, 100, 1_000, 10_000) for step in (1, 2, 5) if step * factor * 4 >= most
    )
    top = step * -(-most // step)
    each = WIDE / max(1, len(given))
    wide = round((each - 4) / 2, 1)
    made = [
        Bar(
            f"{hour:%H}:{hour:%M}" if hour.minute else str(hour.hour), came, left,
            round(LEFT + each * place + 2, 1), wide, _y(came, top), _y(left, top), place % 3 == (len(given) - 1) % 3,
        )
        for place, (hour, came, left) in enumerate(given)
    ]  # fmt: skip
    busiest = max(made, key=lambda bar: bar.came, default=None)
    return Bars(
        made,
        [(_y(tick, top), tick) for tick in range(0, top + 1, step)],
        sum(bar.came for bar in made),
        sum(bar.left for bar in made),
        busiest if busiest and busiest.came else None,
    )


def week(found: Mapping[datetime, int]) -> Week:
    """New tickets of the last weeks by the day of the week and the hour, where the person is."""
    counts: dict[tuple[int, int], int] = {}
    for hour, count in found.items():
        local = timezone.localtime(hour)
        place = (local.weekday(), local.hour)
        counts[place] = counts.get(place, 0) + count
    most = max(counts.values(), default=0)
    days = [
        Day(
            str(WEEKDAYS_ABBR[day]),
            day * CELL_HIGH,
            [
                Cell(CELL_LEFT + hour * CELL_WIDE, day * CELL_HIGH, _shade(counts.get((day, hour), 0), most),
                     counts.get((day, hour), 0), hour)
                for hour in range(24)
            ],
        )
        for day in range(7)
    ]  # fmt: skip
    busiest = max(counts, key=lambda place: counts[place], default=None)
    return Week(
        days,
        [(CELL_LEFT + hour * CELL_WIDE + CELL_WIDE // 2, hour) for hour in range(0, 24, 3)],
        (str(WEEKDAYS_ABBR[busiest[0]]), busiest[1]) if busiest else None,
    )


def _y(count: int, top: int) -> float:
    return round(LOW - (LOW - TOP) * count / top, 1)


def _said(count: int) -> str:
    return str(count) if count < 1_000 else escape(localize(count))


def _shade(count: int, most: int) -> int:
    return -(-count * SHADES // most) if most else 0
