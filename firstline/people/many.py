"""Keeping many people of clients at once: the verb of `upkeep` for a whole list, in a few statements.

The same rules and the same values; one row of the audit names the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from firstline.audit import trail
from firstline.people import findable, links, upkeep
from firstline.people.models import OtherAddress, Person
from firstline.people.permissions import demand
from firstline.people.upkeep import Known

CHUNK = 400  # SQLite takes some thousand values a statement


@dataclass
class Acquainted:
    """The people who have one of some logins or addresses."""

    by_login: dict[str, Person] = field(default_factory=dict)
    by_email: dict[str, Person] = field(default_factory=dict)

    def of(self, login: str, email: str) -> Person | None:
        found = self.by_login.get(login.lower()) if login else None
        return found or (self.by_email.get(email.lower()) if email else None)


@dataclass(frozen=True)
class Wish:
    """What a list says of one person, and whom it means; `problems` as in WrongPerson."""

    known: Known
    found: Person | None
    problems: tuple[tuple[str, str], ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def result(self) -> str:
        if self.problems:
            return "refused"
        return "created" if self.found is None else "changed" if self.changed else "unchanged"


def acquainted(names: Sequence[tuple[str, str]], *, hold: bool = False) -> Acquainted:
    """Who has one of these (login, address): three statements for each few hundred."""
    found = Acquainted()
    people = Person.objects.select_related("client").order_by("pk")
    if hold and connection.vendor == "postgresql":
        people = people.select_for_update(of=("self",))
    # As typed too: SQLite's LOWER knows Latin letters only.
    for part in _parts(sorted({one for login, _email in names if login for one in (login, login.lower())})):
        asked = Q(lower_login__in=part) | Q(login__in=part)
        rows: QuerySet[Person] = people.annotate(lower_login=Lower("login")).filter(asked)
        found.by_login |= {one.login.lower(): one for one in rows}
    for part in _parts(sorted({email.lower() for _login, email in names if email})):
        rows = people.annotate(address=Lower("email")).filter(address__in=part)
        found.by_email |= {one.email.lower(): one for one in rows}
        further = OtherAddress.objects.filter(kind="email", value__in=part).select_related("person__client")
        found.by_email |= {one.value: one.person for one in further}
    return found


def judged(wish: Wish, there: Acquainted) -> Wish:
    """With what is wrong with it, or what it changes."""
    known, found = wish.known, wish.found
    problems = upkeep.said_problems(known, found)
    if known.is_of_the_desk or (found is not None and upkeep.is_of_the_desk(found)):
        problems.append(("role", "of the desk"))
    if found is not None and found.merged_into_id is not None:
        problems.append(("person", "merged"))
    holder = there.by_login.get(known.login.lower())
    if holder is not None and (found is None or holder.pk != found.pk):
        problems.append(("login", "taken"))
    holder = there.by_email.get(known.email.lower()) if known.email else None
    if holder is not None and (found is None or holder.pk != found.pk):
        problems.append(("email", "taken"))
    if problems:
        return Wish(known, found, tuple(problems))
    if found is None:
        return Wish(known, None)
    values = upkeep.values_of(known)
    return Wish(known, found, (), tuple(name for name, value in values.items() if getattr(found, name) != value))


@transaction.atomic
def keep_all(wishes: Sequence[Wish], *, by: Person, at: datetime, source: str) -> None:
    """Writes all that were judged without a problem, in this transaction; the others are left out.

    Raises NotAllowed.
    """
    demand(by, "accounts")
    new: list[Person] = []
    changed: list[Person] = []
    fields: set[str] = set()
    for wish in wishes:
        if wish.result == "created":
            person = Person(created_at=at, **upkeep.values_of(wish.known))
            person.set_unusable_password()
            new.append(person)
        elif wish.result == "changed" and wish.found is not None:
            values = upkeep.values_of(wish.known)
            for name in wish.changed:
                setattr(wish.found, name, values[name])
            changed.append(wish.found)
            fields.update(wish.changed)
    for part in _parts([wish.found for wish in wishes if wish.found and "email" in wish.changed]):
        links.void_all(part, at)
    made = Person.objects.bulk_create(new, batch_size=CHUNK)
    if changed:
        Person.objects.bulk_update(changed, sorted(fields), batch_size=50)
    for part in _parts([*made, *changed]):
        findable.changed(*part)
    if made or changed:
        trail.note(
            at=at, actor=by.actor, action="people imported", target=source[:80], created=len(made),
            edited=len(changed), logins=[one.login for one in (*made, *changed)][:500],
        )  # fmt: skip


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
