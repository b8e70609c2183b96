"""A list of people of clients (CSV): what would become of each row, and taking it in. The same list twice changes
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from firstline.imports import sheet
from firstline.imports.sheet import Line
from firstline.lib.language import CODES
from firstline.people import many
from firstline.people.many import Acquainted, Wish
from firstline.people.models import Client, Person
from firstline.people.permissions import demand
from firstline.people.roles import Role
from firstline.people.upkeep import Known

ROLES = {
    Role.REQUESTER: ("requester", "заявитель", "инициатор", "заявител", "user", "пользователь", "потребител"),
    Role.COORDINATOR: ("coordinator", "координатор"),
}
LANGUAGES = {"ru": ("ru", "русский", "руски", "russian"), "bg": ("bg", "болгарский", "български", "bulgarian"),
             "en": ("en", "английский", "английски", "english")}  # fmt: skip
YES = frozenset({"1", "yes", "true", "x", "да", "vip", "вип", "+"})


@dataclass(frozen=True)
class Row:
    """A row of the list and what becomes of it."""

    number: int
    name: str
    address: str
    wish: Wish

    @property
    def result(self) -> str:
        return self.wish.result


@dataclass(frozen=True)
class Plan:
    rows: Sequence[Row]

    def count(self, result: str) -> int:
        return sum(row.result == result for row in self.rows)


def plan(content: bytes, *, client: Client | None, by: Person) -> Plan:
    """What would become of each row; writes nothing. `client`: of rows that name none.

    Raises WrongSheet, NotAllowed.
    """
    demand(by, "accounts")
    return _plan(sheet.read(content), client, hold=False)


@transaction.atomic
def take(content: bytes, *, client: Client | None, by: Person, at: datetime, source: str) -> Plan:
    """All rows that nothing is wrong with, or none of them. Raises WrongSheet, NotAllowed."""
    demand(by, "accounts")
    found = _plan(sheet.read(content), client, hold=True)
    many.keep_all([row.wish for row in found.rows], by=by, at=at, source=source)
    return found


def _plan(lines: Sequence[Line], client: Client | None, *, hold: bool) -> Plan:
    clients = _clients()
    there = many.acquainted(
        [(line.cells.get("login", ""), line.cells.get("email", "")) for line in lines]
        + [(line.cells.get("email", ""), "") for line in lines],
        hold=hold,
    )
    seen: set[str] = set()
    rows = []
    for line in lines:
        wish = _wish(line, client, clients, there)
        keys = {key.lower() for key in (wish.known.login, wish.known.email) if key}
        if keys & seen and not wish.problems:
            wish = Wish(wish.known, wish.found, (("login", "stands twice"),))
        seen |= keys
        rows.append(Row(line.number, wish.known.name, wish.known.email or wish.known.login, wish))
    return Plan(rows)


def _clients() -> dict[str, Client]:
    """By short name and by what they are called in each language."""
    found: dict[str, Client] = {}
    for one in Client.objects.filter(closed_at=None):
        for said in (one.name, *map(str, one.names.values()), one.slug):
            found[said.casefold()] = one
    return found


def _wish(line: Line, client: Client | None, clients: dict[str, Client], there: Acquainted) -> Wish:
    cells, problems = line.cells, []
    login, email = cells.get("login", ""), cells.get("email", "").lower()
    found = there.of(login, email) or (there.by_login.get(email) if email else None)
    said: dict[str, Any] = _as_kept(found, client)
    said |= {name: cells[name] for name in ("name", "phone", "time_zone") if cells.get(name)}
    if email:
        said["email"] = email if found is None or not _is_further(found, email, there) else said["email"]
    said["login"] = login or (found.login if found else email)
    if named := cells.get("client", "").casefold():
        if named in clients:
            said["client"] = clients[named]
        else:
            problems.append(("client", "no such client"))
    if "vip" in cells:
        said["is_vip"] = cells["vip"].casefold() in YES
    for name, words, problem in (("role", ROLES, "no such role"), ("language", LANGUAGES, "no such language")):
        if typed := cells.get(name, "").casefold():
            value = next((key for key, several in words.items() if typed in several), None)
            if value is None:
                problems.append((name, problem))
            else:
                said[name] = str(value)
    known = Known(**said)
    if problems:
        return Wish(known, found, tuple(problems))
    return many.judged(Wish(known, found), there)


def _is_further(found: Person, email: str, there: Acquainted) -> bool:
    """Whether it is one of his further addresses: his first one stays then."""
    holder = there.by_email.get(email)
    return holder is not None and holder.pk == found.pk and found.email.lower() != email


def _as_kept(found: Person | None, client: Client | None) -> dict[str, Any]:
    if found is None:
        language = client.language if client and client.language in CODES else ""
        return {"login": "", "name": "", "email": "", "role": str(Role.REQUESTER), "client": client,
                "language": language}  # fmt: skip
    return {
        "login": found.login, "name": found.name, "email": found.email, "phone": found.phone, "role": found.role,
        "client": found.client or client, "team": found.team, "scope_all": found.scope_all,
        "language": found.language, "time_zone": found.time_zone, "is_vip": found.is_vip,
    }  # fmt: skip
