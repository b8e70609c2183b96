"""Shifts, cover and layers on call as rows of an apply file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from firstline.imports.export_rows import Row, said, slug_of
from firstline.imports.stage_roster import DAYS
from firstline.roster.models import Cover, Layer, LayerPerson, Pattern


def named() -> set[int]:
    """The people whom shifts and layers name."""
    working = Pattern.objects.filter(person__isnull=False).values_list("person_id", flat=True)
    return {one for one in working if one is not None} | set(LayerPerson.objects.values_list("person_id", flat=True))


def _shifts() -> Sequence[Row]:
    rows = []
    for one in Pattern.objects.select_related("person", "team").order_by("slug"):
        row = {"slug": one.slug, "time_zone": one.time_zone, "begins_on": one.begins_on}
        row |= said(name=one.name, person=one.person.login if one.person else "", team=slug_of(one.team),
                    ends_on=one.ends_on)  # fmt: skip
        if one.length == len(DAYS):
            rows.append(row | {"weekly": _weekly(one.days, first=one.begins_on.weekday())})
        else:
            rows.append(row | {"cycle": _cycle(one.days, one.length)})
    return rows


def _covers() -> Sequence[Row]:
    return [
        {"team": one.team.slug, "time_zone": one.time_zone, "weekly": _weekly(one.hours), "least": one.least}
        | said(free_swaps=one.free_swaps)
        for one in Cover.objects.select_related("team").order_by("team__slug")
    ]


def _layers() -> Sequence[Row]:
    return [
        {
            "slug": one.slug, "team": one.team.slug, "position": one.position, "time_zone": one.time_zone,
            "begins_on": one.begins_on, "changes_at": one.changes_at, "length": one.length,
            "people": [each.person.login for each in one.people.select_related("person")],
        } | said(weekly=_weekly(one.hours))
        for one in Layer.objects.select_related("team").order_by("slug")
    ]  # fmt: skip


def _weekly(days: Iterable[Sequence[object]], first: int = 0) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for number, begins, ends in sorted(days, key=lambda row: ((int(str(row[0])) + first) % 7, str(row[1]))):
        found.setdefault(DAYS[(int(str(number)) + first) % 7], []).append([str(begins), str(ends)])
    return found


def _cycle(days: Iterable[Sequence[object]], length: int) -> list[str]:
    rows = list(days)
    return [", ".join(f"{row[1]}-{row[2]}" for row in rows if row[0] == number) for number in range(length)]


EXPORTED: dict[str, Callable[[], Sequence[Row]]] = {"shift": _shifts, "cover": _covers, "on_call": _layers}
