"""Setting the stage: the rows of an apply file become clients, people, contracts …, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction

from firstline.assets.models import Equipment, Site
from firstline.audit import trail
from firstline.calendars.models import Calendar
from firstline.contracts.models import Category, Contract, Service
from firstline.imports import (
    keepable,
    stage_answers,
    stage_brand,
    stage_contracts,
    stage_hours,
    stage_ladders,
    stage_lines,
    stage_mailboxes,
    stage_people,
    stage_roster,
    stage_routing,
    stage_rules,
    stage_sms,
    stage_telephony,
    stage_terms,
)
from firstline.imports.apply_file import Row, WrongFile, read
from firstline.imports.put import CHANGED, CREATED, UNCHANGED, Result, named, put
from firstline.people import companies, teams
from firstline.people.companies import Firm, WrongClient
from firstline.people.models import Client, Person, Team
from firstline.people.teams import WrongTeam
from firstline.roster import planning
from firstline.roster.models import Skill


class _DryRun(Exception):
    pass


def apply(content: bytes, *, at: datetime, actor: str, dry_run: bool = False) -> list[Result]:
    """Applies the file, says what became of each row. Raises WrongFile; then, and with `dry_run`, nothing changes."""
    results: list[Result] = []
    try:
        with transaction.atomic():
            rows = read(content, _known())
            if not_kept := keepable.problems(rows):
                raise WrongFile(not_kept)
            for table in APPLIED:
                results += APPLIED[table](rows[table], at)
            for slug, result in stage_contracts.put_contracts(rows, at):
                results.append(Result("contract", slug, result))
            changed = [result for result in results if result.result != UNCHANGED]
            if any(result.kind in stage_roster.PLANNED for result in changed):
                planning.replan_all(at)
            if changed:
                trail.note(
                    at=at, actor=actor, action="apply", target="stage", changed=[list(one) for one in changed][:500]
                )
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return results


def _known() -> dict[str, set[str]]:
    kept: tuple[tuple[str, type[models.Model]], ...] = (
        ("calendar", Calendar), ("client", Client), ("team", Team), ("site", Site), ("service", Service),
        ("category", Category), ("contract", Contract), ("equipment", Equipment), ("skill", Skill),
    )  # fmt: skip
    known = {name: set(model._default_manager.values_list("slug", flat=True)) for name, model in kept}
    return {**known, "person": set(Person.objects.values_list("login", flat=True))}


def _by_slug(model: type[models.Model], slug: str) -> Any:
    return model._default_manager.filter(slug=slug).first()


def _clients(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        _check_zone(row, f"client[{number}]")
        firm = Firm(
            slug=row["slug"], names=_by_language(row["name"]), language=row.get("language", ""),
            time_zone=row.get("time_zone", ""), domains=tuple(row.get("email_domains", [])),
            is_vip=row.get("vip", False), card={name: row[name] for name in companies.CARD if name in row},
        )  # fmt: skip
        try:
            kept = companies.keep(firm, found=_by_slug(Client, row["slug"]), by=None, at=at, actor="apply")
        except WrongClient as wrong:
            raise WrongFile([_in_words(f"client[{number}]", *one) for one in wrong.problems]) from wrong
        became = _became(kept)
        if "closed" in row:  # without it he stays as he was
            deed = companies.close if row["closed"] else companies.reopen
            if deed(kept.client, by=None, at=at, actor="apply") and became == UNCHANGED:
                became = CHANGED
        results.append(Result("client", row["slug"], became))
    return results


def _teams(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for number, row in enumerate(rows):
        found = _by_slug(Team, row["slug"])
        try:
            kept = teams.keep(
                row["slug"], _by_language(row["name"]), row["line"], found=found, by=None, at=at, actor="apply"
            )
        except WrongTeam as wrong:
            raise WrongFile([_in_words(f"team[{number}]", *one) for one in wrong.problems]) from wrong
        results.append(Result("team", row["slug"], _became(kept)))
    return results


# What clients and teams call otherwise than the file does.
FILE_NAMES = {"names": "name", "domains": "email_domains"}


def _in_words(path: str, name: str, problem: str) -> str:
    return f"{path}.{FILE_NAMES.get(name, name)}: {problem}"


def _became(kept: companies.Kept | teams.Kept) -> str:
    return CREATED if kept.is_new else CHANGED if kept.changed else UNCHANGED


def _by_language(value: Any) -> dict[str, str]:
    return {settings.LANGUAGE_CODE: value} if isinstance(value, str) else dict(value)


def _sites(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for row in rows:
        values = {
            "slug": row["slug"], "client": _by_slug(Client, row["client"]), **named(row.get("name", row["slug"])),
            "address": row.get("address", ""),
        }  # fmt: skip
        results.append(Result("site", row["slug"], put(Site, _by_slug(Site, row["slug"]), values)[1]))
    return results


def _categories(rows: list[Row], at: datetime) -> list[Result]:
    results = []
    for row in rows:
        values = {
            "slug": row["slug"], **named(row["name"]), "service": _by_slug(Service, row.get("service", "")),
            "line": row.get("line"),
        }  # fmt: skip
        results.append(Result("category", row["slug"], put(Category, _by_slug(Category, row["slug"]), values)[1]))
    return results


def _people(rows: list[Row], at: datetime) -> list[Result]:
    """Who leaves goes last: of two administrators the one who stays is there by then."""
    results: dict[int, Result] = {}
    for number, row in sorted(enumerate(rows), key=lambda one: not one[1].get("active", True)):
        _check_zone(row, f"person[{number}]")
        result = stage_people.put_person(row, f"person[{number}]", at)
        if stage_roster.knows_other(row, f"person[{number}]") and result == UNCHANGED:
            result = CHANGED
        results[number] = Result("person", row["login"], result)
    return [results[number] for number in range(len(rows))]


def _calendars(rows: list[Row], at: datetime) -> list[Result]:
    return [
        Result("calendar", row["slug"], stage_hours.put_calendar(row, f"calendar[{number}]", at))
        for number, row in enumerate(rows)
    ]


def _mailboxes(rows: list[Row], at: datetime) -> list[Result]:
    return [
        Result("mailbox", row["address"].strip().lower(), stage_mailboxes.put_mailbox(row, f"mailbox[{number}]", at))
        for number, row in enumerate(rows)
    ]


def _check_zone(row: Row, path: str) -> None:
    if "time_zone" in row:
        try:
            ZoneInfo(row["time_zone"])
        except (KeyError, ValueError, OSError) as unknown:
            raise WrongFile([f"{path}.time_zone: {row['time_zone']!r} is not a time zone"]) from unknown


# A contract's versions and targets are applied together, last: they refer to all of these.
APPLIED: dict[str, Callable[[list[Row], datetime], list[Result]]] = {
    "calendar": _calendars, "client": _clients, "team": _teams, "site": _sites, "equipment": stage_terms.put_equipment,
    "skill": stage_roster.put_skills, "person": _people, "shift": stage_roster.put_shifts,
    "cover": stage_roster.put_covers, "on_call": stage_roster.put_layers,
    "service": stage_terms.put_services, "category": _categories, "mailbox": _mailboxes,
    "sms_gateway": stage_sms.put_gateways, "telephony": stage_telephony.put_trunks,
    "box": stage_lines.put_boxes,
    "terms_template": stage_terms.put_templates, "vendor": stage_terms.put_vendors, "outage": stage_terms.put_outages,
    "branding": stage_brand.put_branding,
    "mail_rule": stage_rules.put_rules, "skill_need": stage_routing.put_needs,
    "ticket_limit": stage_routing.put_limits, "routing_rule": stage_routing.put_rules,
    "ladder": stage_ladders.put_ladders,
    "answer_template": stage_answers.put_templates, "macro": stage_answers.put_macros,
}  # fmt: skip
