"""The demo company in full: ninety days of four clients, twelve agents on three lines, four hundred tickets."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from django.db import transaction

from firstline.contracts.models import ContractVersion
from firstline.demo import acting, company, company_people, plan, reinforcement, story
from firstline.imports import stage
from firstline.people.models import Client, Person
from firstline.reports import rollups
from firstline.roster import planning, shifts
from firstline.sla import statements
from firstline.sla.statement_models import StatementState
from firstline.tickets.history import quietly

TICKETS = 400
DAYS = timedelta(days=90)
MARK = "rodopi"  # the client that only the full company has
STATEMENTS_BACK = 2


def is_here() -> bool:
    """Whether the full company was made."""
    return Client.objects.filter(slug=MARK).exists()


def clients() -> set[str]:
    """The slugs of the clients that only it has."""
    return {row["slug"] for row in _read("company.toml")["client"]}


def load(*, at: datetime) -> list[dict[str, Any]]:
    """Makes the company in full beside the small one, if it is not there; the logins."""
    if is_here():
        return company.load(at=at) + company.logins(_read("company.toml")["person"])
    at = at.replace(microsecond=0)
    with transaction.atomic(), quietly():
        company.set_stage(at)
        stage.apply(_bytes("company.toml"), at=at, actor="demo")
        company.give_passwords([row["login"] for row in _read("company.toml")["person"]])
        _write_articles(at)
        _live(at)
    with quietly(), transaction.atomic():
        stage.apply(_bytes("routing.toml"), at=at, actor="demo")
        _plan_week(at)
        reinforcement.plan(at)
        _settle(at)
    company.catch_up(at)
    rollups.follow(at)
    return company.logins([*company.tables("company.toml")["person"], *_read("company.toml")["person"]])


def _live(at: datetime) -> None:
    small = company.small_story(at)
    acts = plan.plan(stories(), cast(), count=TICKETS - len(small), now=at)
    everything = acting.deeds(acts, acting.Stage(_read("comments.toml")))
    everything += [deed for deeds in small for deed in deeds]
    acting.play(sorted(everything, key=lambda deed: deed[0]), ends=at)


def _write_articles(at: datetime) -> None:
    for path in sorted(_folder("articles").iterdir(), key=lambda one: one.name):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["article"]:
            company.write_article({"language": path.name[:2], "translations": [], **row}, at - DAYS - timedelta(days=1))


def _plan_week(at: datetime) -> None:
    """Somebody is on leave, somebody fell ill, and the roster knows it."""
    marina = Person.objects.get(login="marina")
    for login, why, begins, days in (("hristo", "holiday", 3, 7), ("alina", "illness", -1, 3)):
        starts = at + timedelta(days=begins)
        shifts.tell_absence(
            Person.objects.get(login=login), why=why, starts_at=starts, ends_at=starts + timedelta(days=days),
            by=marina, at=at,
        )  # fmt: skip
    planning.replan_all(at)


def _settle(at: datetime) -> None:
    """The statements of the months that are over: worked out, the older ones agreed and on the invoice."""
    anna, day = Person.objects.get(login="anna"), at.date()
    for back in range(1, STATEMENTS_BACK + 1):
        day = day.replace(day=1) - timedelta(days=1)
        versions = ContractVersion.objects.filter(penalties__isnull=False, valid_from__lte=day)
        for version in versions.exclude(valid_to__lt=day).order_by("pk").distinct():
            row = statements.ask(version, day, by=anna, at=at)
            while statements.compute_due(at=at):
                pass
            row.refresh_from_db()
            if row.due_at is None and not row.problem:
                statements.move(row, StatementState.REVIEWED, by=anna, at=at)
                if back > 1:
                    statements.move(row, StatementState.AGREED, by=anna, at=at)
                    statements.move(row, StatementState.POSTED, by=anna, at=at, words=f"{row.starts_on:%m/%Y}")


def stories() -> list[story.Story]:
    """Every story, Russian, Bulgarian and English."""
    found: list[story.Story] = []
    for path in sorted(_folder("stories").iterdir(), key=lambda one: one.name):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        found += story.read(rows["story"], path.name[:2], len(found))
    return found


def cast() -> company_people.Cast:
    """Everybody of both apply files."""
    return company_people.cast_of(
        [company.tables("company.toml"), company.tables("contracts.toml"), _read("company.toml")]
    )


def _folder(*names: str) -> Traversable:
    return resources.files("firstline.demo").joinpath("full", *names)


def _bytes(name: str) -> bytes:
    return _folder(name).read_bytes()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_bytes(name).decode())
