"""What the pages of a contract show of a version: its terms, said for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from firstline.assets.models import Equipment
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.calendars.question import parse_weekly
from firstline.contracts import matrix, versions, written
from firstline.contracts.coverage import Cover, Coverage
from firstline.contracts.lengths import Day, day_of
from firstline.contracts.models import Contract, ContractVersion, Service
from firstline.contracts.terms_shape import USUAL, Terms
from firstline.contracts.validity import Holds, holding
from firstline.lib.language import LANGUAGES, kept
from firstline.web.clock_faces import METRICS
from firstline.web.manager.choices import PRIORITIES, SIDES
from firstline.web.manager.words import Speaker


def language() -> str:
    return (get_language() or "en")[:2]


def days() -> dict[str, Day]:
    """What a day is in every calendar, by its newest hours."""
    newest: dict[str, CalendarVersion] = {}
    for version in CalendarVersion.objects.select_related("calendar").order_by("number"):
        newest[version.calendar.slug] = version
    return {slug: day_of(parse_weekly(version.weekly)) for slug, version in newest.items()}


def speaker(terms: Mapping[str, Any]) -> Speaker:
    """Who says these terms in the language of the page."""
    named: Iterable[Any] = [*Calendar.objects.all(), *Service.objects.all(), *Equipment.objects.all()]
    return Speaker(
        language=language(),
        calendar=terms.get("calendar", ""),
        currency=terms.get("currency", ""),
        names={one.slug: one.label(language()) for one in named},
        days=days(),
    )


@dataclass(frozen=True)
class Listed:
    """A version in the list of its contract: the days on which it really holds, and what became of it."""

    version: ContractVersion
    holds: Holds | None
    state: str  # draft, now, later, over, corrected

    @property
    def number_text(self) -> str:
        return str(self.version.number)

    @property
    def since(self) -> date:
        return (self.holds.since if self.holds else None) or self.version.valid_from

    @property
    def to(self) -> date | None:
        return self.holds.to if self.holds else self.version.valid_to


def listed(contract: Contract, at: datetime) -> list[Listed]:
    """The versions of a contract, the newest first."""
    return among(list(contract.versions.select_related("calendar").order_by("-number")), at)


def among(every: Sequence[ContractVersion], at: datetime) -> list[Listed]:
    """The same of versions that are there already, the newest first."""
    spans = holding(versions.span(one) for one in every if not one.is_draft)
    return [_listed(one, spans.get(one.number), at) for one in every]


def _listed(version: ContractVersion, holds: Holds | None, at: datetime) -> Listed:
    if holds is None:
        return Listed(version, None, "draft")
    if holds.since is None:
        return Listed(version, holds, "corrected")
    today = at.astimezone(ZoneInfo(version.calendar.time_zone)).date()
    state = "later" if today < holds.since else "over" if holds.to is not None and holds.to < today else "now"
    return Listed(version, holds, state)


@dataclass(frozen=True)
class Cell:
    """One number of the matrix: as people say it, and its minutes."""

    words: str
    minutes: int
    goal: str = ""


def matrix_rows(terms: Terms, said: Speaker) -> list[dict[str, Any]]:
    """The lines of the matrix with a cell for each priority."""
    return [
        {
            "metric": METRICS[line.metric],
            "scope": said.scope({"service": line.service, "type": line.type}),
            "cells": [
                Cell(
                    said.length(line.cells[priority], line.calendar),
                    line.cells[priority],
                    said.percent(line.goals[priority]) if priority in line.goals else "",
                )
                if priority in line.cells
                else None
                for priority in matrix.PRIORITIES
            ],
            "calendar": said.name(line.calendar) if line.calendar else "",
            "warnings": said.warnings(line.warnings) if line.warnings else "",
        }
        for line in matrix.lines(terms.get("target", ()))
    ]


def lists(terms: Terms, said: Speaker) -> dict[str, Any]:
    """The lists of a version, each row as a name and what it says."""

    def rows(table: str) -> list[tuple[str, str]]:
        return [(said.row(table, row), said.whole(table, row)) for row in terms.get(table, ())]

    duties = [
        (SIDES[side], [(said.said(row["name"]), said.whole("duty", row)) for row in terms.get("duty", ())
                       if row["side"] == side])
        for side in ("provider", "client")
    ]  # fmt: skip
    return {
        "pauses": rows("pause_reason"),
        "inner": rows("inner_term"),
        "indicators": rows("indicator"),
        "penalties": rows("penalty"),
        "hours": [said.whole("hours", row) for row in terms.get("hours", ())],
        "duties": [(side, told) for side, told in duties if told],
    }


def services(terms: Terms) -> list[tuple[Service, Cover]]:
    """The whole catalogue, with what the terms say of each service."""
    coverage = Coverage(*(frozenset(terms.get(key, ())) for key in ("services", "billable", "excluded")))
    return [(service, coverage.of(service.slug)) for service in Service.objects.all()]


def whole(version: ContractVersion) -> dict[str, Any]:
    """Everything that the page of a version shows of its terms."""
    return {**said_of(written.terms_of(version)), "equipment": list(version.equipment.all())}


def said_of(terms: Terms) -> dict[str, Any]:
    """These terms in words, those of a template too."""
    said = speaker(terms)
    covered = services(terms)
    return {
        "terms": terms,
        "calendar_name": said.name(terms.get("calendar", "")),
        "priorities": PRIORITIES.items(),
        "matrix": matrix_rows(terms, said),
        "fee": said.money(terms["monthly_fee"]) if "monthly_fee" in terms else "",
        "penalty_cap": said.value("penalty_cap", terms["penalty_cap"], {}) if "penalty_cap" in terms else "",
        "warnings": said.warnings(terms.get("warnings", USUAL["warnings"])),
        "quality": said.said(terms.get("quality", "")),
        "advice": said.said(terms.get("advice", "")),
        "services": covered,
        "covered_count": sum(cover != "excluded" for _, cover in covered),
        **lists(terms, said),
    }


def names_of(named: Any) -> dict[str, str]:
    """What a thing is called, by language."""
    if named is None:
        return {}
    return kept(named.name, named.names, settings.LANGUAGE_CODE)


def name_fields(names: Mapping[str, str]) -> list[dict[str, str]]:
    """A field for a name in each language."""
    return [
        {"code": code, "language": spoken, "name": f"names-{code}", "value": names.get(code, "")}
        for code, spoken in LANGUAGES
    ]
