"""Shifts, layers on call, cover and skills of an apply file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from firstline.imports.apply_file import Row, WrongFile, day_of
from firstline.imports.put import CHANGED, UNCHANGED, Result, named, put
from firstline.lib.language import CODES
from firstline.people.models import Person, Team
from firstline.roster import layers, shifts
from firstline.roster.hours import WrongHours, said, span, typed
from firstline.roster.models import Cover, Layer, Level, Pattern, Skill, Speaks
from firstline.roster.refusals import WrongRoster

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHIFT_WORDS = {"never": "there is no hour in it", "hours": "two of the hours lie over one another"}
# What, where it changed, changes the plan.
PLANNED = frozenset({"person", "team", "shift", "on_call"})


def put_skills(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row."""
    return [
        Result("skill", row["slug"], put(Skill, Skill.objects.filter(slug=row["slug"]).first(),
                                         {"slug": row["slug"], **named(row["name"])})[1])
        for row in rows
    ]  # fmt: skip


def knows_other(row: Row, path: str) -> bool:
    """Writes what a person's row says of his skills and languages; whether that was not so before. Raises WrongFile."""
    person = Person.objects.get(login__iexact=row["login"])
    return _levels_differ(person, row, path) | _languages_differ(person, row, path)


def put_shifts(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile."""
    results = []
    for number, row in enumerate(rows):
        path = f"shift[{number}]"
        if ("person" in row) == ("team" in row):
            raise WrongFile([f"{path}: one of person and team is needed"])
        if ("weekly" in row) == ("cycle" in row):
            raise WrongFile([f"{path}: one of weekly and cycle is needed"])
        begins_on, zone = day_of(row["begins_on"]), row.get("time_zone", settings.TIME_ZONE)
        if begins_on is None:
            raise WrongFile([f"{path}.begins_on: a day is needed"])
        if "weekly" in row:
            length, days = 7, _weekly(row["weekly"], f"{path}.weekly", first=begins_on.weekday())
        else:
            length, days = len(row["cycle"]), _cycle(row["cycle"], f"{path}.cycle")
        try:
            shifts.check(zone, length, days)
        except WrongRoster as wrong:
            written = "weekly" if "weekly" in row else "cycle"
            place = wrong.field if wrong.field in row or wrong.field == "time_zone" else written
            raise WrongFile([f"{path}.{place}: {SHIFT_WORDS.get(wrong.problem, wrong.problem)}"]) from wrong
        values = {
            "slug": row["slug"], "name": row.get("name", ""), "person": _person(row.get("person")),
            "team": Team.objects.filter(slug=row.get("team", "")).first(), "time_zone": zone, "begins_on": begins_on,
            "ends_on": day_of(row["ends_on"]) if "ends_on" in row else None, "length": length, "days": days,
        }  # fmt: skip
        found = Pattern.objects.filter(slug=row["slug"]).first()
        results.append(Result("shift", row["slug"], put(Pattern, found, values)[1]))
    return results


def put_covers(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile."""
    results = []
    for number, row in enumerate(rows):
        team = Team.objects.get(slug=row["team"])
        if row.get("least", 1) < 1:
            raise WrongFile([f"cover[{number}].least: 1 or more is needed"])
        _check_zone(row, f"cover[{number}]")
        values = {
            "team": team, "time_zone": row.get("time_zone", settings.TIME_ZONE), "least": row.get("least", 1),
            "hours": _weekly(row["weekly"], f"cover[{number}].weekly"), "free_swaps": row.get("free_swaps", False),
        }  # fmt: skip
        found = Cover.objects.filter(team=team).first()
        results.append(Result("cover", row["team"], put(Cover, found, values)[1]))
    return results


def put_layers(rows: list[Row], at: datetime) -> list[Result]:
    """One result a row. Raises WrongFile: a layer without people too."""
    results = []
    places: dict[tuple[str, int], str] = {
        (team, position): slug for team, position, slug in Layer.objects.values_list("team__slug", "position", "slug")
    }
    for number, row in enumerate(rows):
        path = f"on_call[{number}]"
        _check_zone(row, path)
        if places.setdefault((row["team"], row.get("position", 1)), row["slug"]) != row["slug"]:
            raise WrongFile([f"{path}.position: another layer of {row['team']} stands there"])
        hours = _weekly(row.get("weekly", {}), f"{path}.weekly")
        values = {
            "slug": row["slug"], "team": Team.objects.get(slug=row["team"]), "position": row.get("position", 1),
            "time_zone": row.get("time_zone", settings.TIME_ZONE), "begins_on": day_of(row["begins_on"]),
            "changes_at": row.get("changes_at", "09:00"), "length": row.get("length", 7), "hours": hours,
        }  # fmt: skip
        try:
            layers.check(values["position"], len(row["people"]), values["changes_at"], values["length"], hours)
        except WrongRoster as wrong:
            raise WrongFile([f"{path}.{wrong.field}: {wrong.problem}"]) from wrong
        found = Layer.objects.filter(slug=row["slug"]).first()
        layer, result = put(Layer, found, values)
        people = [one for one in map(_person, row["people"]) if one is not None]
        if [one.person_id for one in layer.people.all()] != [one.pk for one in people]:
            layers.put_people(layer, people)
            result = CHANGED if result == UNCHANGED else result
        results.append(Result("on_call", row["slug"], result))
    return results


def _check_zone(row: Row, path: str) -> None:
    try:
        shifts.check_zone(row.get("time_zone", settings.TIME_ZONE))
    except WrongRoster as wrong:
        raise WrongFile([f"{path}.{wrong.field}: {wrong.problem}"]) from wrong


def _person(login: str | None) -> Person | None:
    return Person.objects.filter(login__iexact=login).first() if login else None


def _weekly(given: Mapping[str, Any], path: str, first: int = 0) -> list[list[object]]:
    """Hours by weekday as the days of a cycle whose day 0 is the weekday `first`."""
    days: list[list[object]] = []
    for day, spans in given.items():
        if day not in DAYS:
            raise WrongFile([f"{path}.{day}: is not one of {', '.join(DAYS)}"])
        number = (DAYS.index(day) - first) % 7
        try:
            days += [[number, said(one.start), said(one.end)] for one in (span(*pair) for pair in spans)]
        except (WrongHours, TypeError) as wrong:
            raise WrongFile([f'{path}.{day}: hours such as [["09:00", "18:00"]] are needed']) from wrong
    return sorted(days, key=lambda row: (row[0], row[1]))


def _cycle(given: Iterable[str], path: str) -> list[list[object]]:
    days: list[list[object]] = []
    for number, text in enumerate(given):
        try:
            days += [[number, said(one.start), said(one.end)] for one in typed(text)]
        except WrongHours as wrong:
            raise WrongFile([f'{path}[{number}]: hours such as "08:00-20:00" are needed, or ""']) from wrong
    return days


def _levels_differ(person: Person, row: Row, path: str) -> bool:
    if "skills" not in row:
        return False
    wanted = row["skills"]
    known = dict(Skill.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    for slug, level in wanted.items():
        if slug not in known:
            raise WrongFile([f"{path}.skills: there is no skill {slug!r}"])
        if level not in (1, 2, 3) or isinstance(level, bool):
            raise WrongFile([f"{path}.skills.{slug}: a level from 1 to 3 is needed"])
    kept = dict(Level.objects.filter(person=person).values_list("skill__slug", "level"))
    if kept == wanted:
        return False
    Level.objects.filter(person=person).delete()
    Level.objects.bulk_create(Level(person=person, skill_id=known[slug], level=wanted[slug]) for slug in sorted(wanted))
    return True


def _languages_differ(person: Person, row: Row, path: str) -> bool:
    if "speaks" not in row:
        return False
    wanted = set(row["speaks"])
    if unknown := wanted - set(CODES):
        raise WrongFile([f"{path}.speaks: {sorted(unknown)[0]!r} is not one of {', '.join(CODES)}"])
    if set(Speaks.objects.filter(person=person).values_list("language", flat=True)) == wanted:
        return False
    Speaks.objects.filter(person=person).delete()
    Speaks.objects.bulk_create(Speaks(person=person, language=one) for one in sorted(wanted))
    return True
