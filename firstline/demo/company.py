"""The demo company: an apply file, ten articles, forty tickets in the middle of their lives. Nobody is told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from django.db import transaction

from firstline.contracts.models import Category, Service
from firstline.demo import reinforcement
from firstline.imports import stage
from firstline.knowledge import articles, solutions
from firstline.knowledge.models import Article
from firstline.lines import ladder_watch
from firstline.lines.ladder_models import Ladder
from firstline.people.models import Person
from firstline.sla import breaches
from firstline.tickets import conversation, handover, lifecycle, opening
from firstline.tickets.history import quietly
from firstline.tickets.models import Channel, Level, Ticket, Type
from firstline.tickets.opening import Words
from firstline.worklog import entries

PASSWORD = "firstline-demo"  # noqa: S105 - printed with every login of the demo
ARTICLES_AGE = timedelta(days=30)
LADDERS_AGE = timedelta(days=1)

Deed = tuple[datetime, Callable[[], object]]


def load(*, at: datetime) -> list[dict[str, Any]]:
    """Makes the company if it is not there (same people, words and order each time; moments count back from `at`), and
    returns the logins: login, password, role, client (slug or None), email."""
    with transaction.atomic(), quietly():
        set_stage(at)
        is_new = not Ticket.objects.exists()
        if is_new:
            for deeds in small_story(at):
                for _moment, do in deeds:
                    do()
    with quietly(), transaction.atomic():
        stage.apply(_text("lines.toml").encode(), at=at, actor="demo")
        reinforcement.plan(at)
    if is_new:
        catch_up(at)
    return logins(tables("company.toml")["person"])


def set_stage(at: datetime) -> None:
    """People, contracts, passwords and the first articles."""
    for name in ("company.toml", "contracts.toml"):
        stage.apply(_text(name).encode(), at=at, actor="demo")
    give_passwords([row["login"] for row in tables("company.toml")["person"]])
    if not Article.objects.exists():
        for row in tables("articles.toml")["article"]:
            write_article(row, at - ARTICLES_AGE)


def catch_up(at: datetime) -> None:
    """What its clocks and ladders have come to when the company is made, as if the ladders had stood there before. From
    then on the worker sees to it, and people are told."""
    with quietly():
        while breaches.record_due(at=at):
            pass
        Ladder.objects.update(since=at - LADDERS_AGE)
        while ladder_watch.climb(at):
            pass


def clients() -> set[str]:
    """The slugs of its clients."""
    return {row["slug"] for row in tables("company.toml")["client"]}


def small_story(at: datetime) -> list[list[Deed]]:
    """What happens to each of the forty tickets, until `at`: oldest first, so that numbers grow with time as on a real
    desk."""
    return [_deeds(row, at) for row in sorted(tables("tickets.toml")["ticket"], key=lambda row: -row["ago"])]


def logins(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Who may sign in, of these rows of an apply file."""
    return [
        {
            "login": row["login"],
            "password": PASSWORD,
            "role": row["role"],
            "client": row.get("client"),
            "email": row["email"],
        }
        for row in rows
    ]


def tables(name: str) -> dict[str, Any]:
    """What is in a file of the company."""
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return resources.files("firstline.demo").joinpath(name).read_text(encoding="utf-8")


def give_passwords(logins: Sequence[str]) -> None:
    """The one password, for whom has none."""
    for person in Person.objects.filter(login__in=logins):
        if not person.has_usable_password():
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])


def _person(login: str) -> Person:
    return Person.objects.select_related("client", "team").get(login=login)


def write_article(row: Mapping[str, Any], at: datetime) -> None:
    """Written, translated, and published unless it is still a draft."""
    author, editor = _person(row["by"]), _person("sergey")
    article = articles.write(
        title=row["title"], body=row["body"].strip(), language=row["language"], by=author, at=at,
        audience=row["audience"], services=Service.objects.filter(slug__in=row["services"]),
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(slug=row["slug"])
    article.refresh_from_db()
    for translation in row.get("translations", []):
        articles.revise(
            article, title=translation["title"], body=translation["body"].strip(), summary="Перевод",
            language=translation["language"], by=author, at=at,
        )  # fmt: skip
    if row.get("state") != "wip":
        articles.publish(article, by=editor, at=at)


def _deeds(row: dict[str, Any], now: datetime) -> list[Deed]:
    """The opening and the steps of one ticket, each with its moment."""
    start = now - timedelta(minutes=row["ago"])
    made: list[int] = []

    def step(verb: str, login: str, moment: datetime, rest: list[Any]) -> Callable[[], None]:
        return lambda: _step(Ticket.objects.get(pk=made[0]), verb, _person(login), moment, rest)

    found: list[Deed] = [(start, lambda: made.append(_open(row, start).pk))]
    for minutes, verb, login, *rest in row.get("steps", []):
        moment = start + timedelta(minutes=minutes)
        if moment <= now:
            found.append((moment, step(verb, login, moment, rest)))
    return found


def _open(row: dict[str, Any], start: datetime) -> Ticket:
    return opening.open_ticket(
        subject=row["subject"],
        words=Words(text=row["text"]),
        requester=_person(row["who"]),
        channel=Channel(row["channel"]),
        at=start,
        by=_person(row["by"]) if "by" in row else None,
        type=Type(row.get("type", Type.INCIDENT)),
        impact=Level(row.get("impact", Level.MEDIUM)),
        urgency=Level(row.get("urgency", Level.MEDIUM)),
        service=Service.objects.filter(slug=row.get("service", "")).first(),
        category=Category.objects.filter(slug=row.get("category", "")).first(),
        answered=row.get("answered", False),
    )


def _step(ticket: Ticket, verb: str, by: Person, at: datetime, rest: list[Any]) -> None:
    match verb, rest:
        case "take", []:
            lifecycle.take(ticket, by=by, at=at)
        case "answer", [text]:
            conversation.answer(ticket, Words(text=text), by=by, at=at)
        case "note", [text]:
            conversation.note(ticket, Words(text=text), by=by, at=at)
        case "reply", [text]:
            conversation.reply(ticket, Words(text=text), by=by, at=at, channel=Channel.EMAIL)
        case "wait", [on, reason]:
            lifecycle.wait(ticket, on=on, reason=reason, by=by, at=at)
        case "hold", [minutes, reason]:
            lifecycle.hold(ticket, until=at + timedelta(minutes=minutes), reason=reason, by=by, at=at)
        case "hand_over", [line, symptom, tried, impact, reason]:
            handover.hand_over(
                ticket, to_line=line, symptom=symptom, tried=tried, impact=impact, reason=reason, by=by, at=at
            )
        case "work", [kind, minutes]:
            entries.log_time(ticket, minutes=minutes, kind=kind, by=by, at=at)
        case "resolve", [how, article]:
            known = Article.objects.filter(slug=article).exists()
            solutions.resolve_with(ticket, how=how, remote=True, article_slug=article if known else None, by=by, at=at)
        case "confirm", []:
            lifecycle.confirm(ticket, by=by, at=at)
        case "cancel", [why]:
            lifecycle.cancel(ticket, why=why, by=by, at=at)
        case _:
            raise ValueError(f"tickets.toml: {verb} {rest}")
