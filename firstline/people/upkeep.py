"""Keeping people: who somebody is and what he may do. Pages, the API, the apply file and lists of people all come here.

Who is of a client is kept by whoever looks after accounts; who works at the desk by administrators.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import QuerySet

from firstline.audit import trail
from firstline.lib import phones
from firstline.lib.language import CODES
from firstline.lib.zones import is_zone
from firstline.people import findable, grants, letters, links, tokens
from firstline.people.models import ApiToken, Client, OtherAddress, Person, Team
from firstline.people.permissions import demand
from firstline.people.roles import CLIENT_SIDE, Role

LONGEST = {"login": 150, "name": 200, "email": 254, "phone": 30}
MOST_FURTHER = 10


class WrongPerson(ValueError):
    """He cannot be so: (field, problem) of each, the problem a code."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Known:
    """What is said of a person. None: as it is. Without a language he has his client's, else the desk's.
    `was_partner`: of no client, and not called in any more; the apply file alone says so."""

    login: str
    name: str
    role: str
    email: str = ""
    phone: str = ""
    client: Client | None = None
    team: Team | None = None
    scope: tuple[Client, ...] = ()
    scope_all: bool = False
    language: str = ""
    time_zone: str = ""
    is_vip: bool = False
    in_reserve: bool | None = None
    was_partner: bool = False
    further_emails: tuple[str, ...] | None = None
    further_phones: tuple[str, ...] | None = None

    @property
    def is_of_the_desk(self) -> bool:
        return self.role not in CLIENT_SIDE or bool(self.in_reserve)


@dataclass(frozen=True)
class Kept:
    """The person, and what became of him: `changed` are the fields that are others than before."""

    person: Person
    is_new: bool
    changed: tuple[str, ...]


def found_for(known: Known) -> Person | None:
    """By login, else by address: somebody who wrote before he was introduced keeps his tickets."""
    found = Person.objects.filter(login__iexact=known.login).first()
    return found or (Person.objects.of_address(known.email.strip()) if known.email.strip() else None)


@transaction.atomic
def keep(
    known: Known, *, found: Person | None, by: Person | None, at: datetime, actor: str = "", comes_back: bool = False
) -> Kept:
    """A new person, or the one that was `found`, is so from now on. Without a password he cannot sign in until he is
    invited. `by` None: the program itself (`actor`). `comes_back`: who was away is active again.

    Raises NotAllowed, WrongPerson.
    """
    held = held_now(found) if found is not None else None
    if by is not None:
        demand_for(by, known.is_of_the_desk, held)
    if held is not None and held.merged_into_id is not None:
        raise WrongPerson([("person", "merged")])  # his login would come in again beside the one that he is
    if problems := _problems(known, held):
        raise WrongPerson(problems)
    person = held or Person(created_at=at)
    before = _said(person) if held is not None else {}
    values = values_of(known)
    if comes_back:
        values["is_active"] = True
    if held is None:
        person.set_unusable_password()
    for name, value in values.items():
        setattr(person, name, value)
    if held is None or any(before[name] != value for name, value in values.items()):
        person.save()
    _keep_scope(person, known)
    _keep_further(person, known)
    changed = tuple(name for name, value in _said(person).items() if before.get(name) != value)
    if held is not None and "email" in changed:
        links.void(held, at)  # what was sent to the old address, maybe a stranger's, opens nothing
    if changed or held is None:
        findable.changed(person)
        now = _plain(_said(person))
        trail.note(
            at=at, actor=by.actor if by else actor, target=f"person:{person.pk}",
            action="person added" if held is None else "person edited",
            changed={name: now[name] for name in changed},
            before={name: value for name, value in _plain(before).items() if name in changed},
        )  # fmt: skip
    return Kept(person, held is None, changed)


@transaction.atomic
def deactivate(person: Person, *, by: Person, at: datetime) -> Person:
    """He comes in no more: sessions, tokens, open links and what reinforcement gave him end now. What he wrote stays.

    His tickets are given back by lines.parting, which calls this first. Raises NotAllowed, WrongPerson.
    """
    held = held_now(person)
    demand_for(by, is_of_the_desk(held), held)
    if held.pk == by.pk:
        raise WrongPerson([("person", "yourself")])
    _end(held, by=by, at=at, actor=by.actor)
    return held


@transaction.atomic
def deactivate_quietly(person: Person, *, actor: str, at: datetime) -> bool:
    """The same by the program itself, for an apply file; says whether he was active."""
    return _end(held_now(person), by=None, at=at, actor=actor)


def _end(held: Person, *, by: Person | None, at: datetime, actor: str) -> bool:
    if not held.is_active:
        return False
    _leave_an_administrator(held)
    held.is_active = False
    held.set_unusable_password()  # and with it every session: they are bound to the password
    held.save(update_fields=["is_active", "password"])
    for token in ApiToken.objects.filter(person=held, revoked_at__isnull=True):
        tokens.revoke(token, by=by, at=at)
    links.void(held, at)
    grants.end(held.own_grants.all(), at)
    findable.changed(held)
    trail.note(at=at, actor=actor, action="person deactivated", target=f"person:{held.pk}")
    return True


@transaction.atomic
def bring_back(person: Person, *, by: Person, at: datetime) -> Person:
    """He may come in again, with a password that he chooses by an invitation or a reset. Raises NotAllowed."""
    held = held_now(person)
    demand_for(by, is_of_the_desk(held), held)
    if held.merged_into_id is not None:
        raise WrongPerson([("person", "merged")])
    if not held.is_active:
        held.is_active = True
        held.save(update_fields=["is_active"])
        findable.changed(held)
        trail.note(at=at, actor=by.actor, action="person brought back", target=f"person:{held.pk}")
    return held


def invite(person: Person, *, by: Person, at: datetime) -> None:
    """A letter with a link to choose a password. Raises NotAllowed, WrongPerson (no address, not active)."""
    client = person.client.name if person.client else ""
    _write(person, links.INVITATION, "invitation", by=by, at=at, action="person invited", client=client)


def send_reset(person: Person, *, by: Person, at: datetime) -> None:
    """A letter with a link to a new password; the old one holds until then. Raises NotAllowed, WrongPerson."""
    _write(person, links.RESET, "password_reset", by=by, at=at, action="reset sent")


def is_of_the_desk(person: Person) -> bool:
    return person.role not in CLIENT_SIDE or person.in_reserve


def held_now(person: Person) -> Person:
    """As he is now, held until the transaction ends."""
    people: QuerySet[Person] = Person.objects.select_related("client", "team")
    if connection.vendor == "postgresql":
        people = people.select_for_update(of=("self",))
    return people.get(pk=person.pk)


def demand_for(by: Person, becomes_desk: bool, held: Person | None) -> None:
    """Who is, or is to be, of the desk is the administrators'. Raises NotAllowed."""
    demand(by, "roles" if becomes_desk or (held is not None and is_of_the_desk(held)) else "accounts")


@transaction.atomic
def _write(person: Person, purpose: str, kind: str, *, by: Person, at: datetime, action: str, **data: Any) -> None:
    held = held_now(person)
    demand_for(by, is_of_the_desk(held), held)
    if not held.email:
        raise WrongPerson([("email", "empty")])
    if not held.is_active or (held.client is not None and held.client.closed_at is not None):
        raise WrongPerson([("person", "not active")])
    letters.with_link(held, purpose, kind, at, **data)
    trail.note(at=at, actor=by.actor, action=action, target=f"person:{held.pk}")


def said_problems(known: Known, held: Person | None = None) -> list[tuple[str, str]]:
    """What is wrong with it whoever else there is; `held` is who it is said of."""
    problems = [(name, "too long") for name, longest in LONGEST.items() if len(getattr(known, name).strip()) > longest]
    problems += [(name, "empty") for name in ("login", "name") if not getattr(known, name).strip()]
    problems += [*_role_problems(known, held), *_address_problems(known)]
    if known.language and known.language not in CODES:
        problems.append(("language", "unknown"))
    if known.time_zone and not is_zone(known.time_zone):
        problems.append(("time_zone", "unknown"))
    return problems


def _problems(known: Known, held: Person | None) -> list[tuple[str, str]]:
    problems = said_problems(known, held)
    if held is not None and known.role != Role.ADMINISTRATOR:
        try:
            _leave_an_administrator(held)
        except WrongPerson as last:
            problems += last.problems
    same = Person.objects.filter(login__iexact=known.login.strip())
    if (same.exclude(pk=held.pk) if held else same).exists():
        problems.append(("login", "taken"))
    for field, email in _addresses(known):
        if _is_anothers(email, held):
            problems.append((field, "taken"))
    return problems


def _role_problems(known: Known, held: Person | None) -> list[tuple[str, str]]:
    if known.role not in Role.values:
        return [("role", "unknown")]
    in_reserve = known.in_reserve if known.in_reserve is not None else held is not None and held.in_reserve
    # A partner: somebody of the reserve who has no rights at all but for the time that he is called in.
    partner = known.role == Role.REQUESTER and (in_reserve or known.was_partner)
    if in_reserve and known.client is not None:
        return [("in_reserve", "people of a client cannot be in the reserve")]
    if known.role in CLIENT_SIDE and known.client is None and not partner:
        return [("client", f"a {known.role} belongs to a client")]
    return []


def _addresses(known: Known) -> list[tuple[str, str]]:
    """(field, address) of each that is given, in lower case."""
    given = [("email", known.email), *(("further_emails", one) for one in known.further_emails or ())]
    return [(field, email.strip().lower()) for field, email in given if email.strip()]


def _address_problems(known: Known) -> list[tuple[str, str]]:
    problems = []
    for field, email in _addresses(known):
        try:
            validate_email(email)
        except ValidationError:
            problems.append((field, "no address"))
    if len(known.further_emails or ()) > MOST_FURTHER or len(known.further_phones or ()) > MOST_FURTHER:
        problems.append(("further_emails", "too many"))
    if any(len(one.strip()) > LONGEST["phone"] for one in known.further_phones or ()):
        problems.append(("further_phones", "too long"))
    return problems


def _is_anothers(email: str, held: Person | None) -> bool:
    people, further = Person.objects.with_address(email), OtherAddress.objects.filter(kind="email", value=email)
    if held is not None:
        people, further = people.exclude(pk=held.pk), further.exclude(person=held)
    return people.exists() or further.exists()


def _leave_an_administrator(held: Person) -> None:
    """The last active administrator stays one. Held in one order, so that of two who go at once one stays."""
    if held.role != Role.ADMINISTRATOR or not held.is_active:
        return
    rows = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
    if connection.vendor == "postgresql":
        rows = rows.select_for_update()
    if {one.pk for one in rows} <= {held.pk}:
        raise WrongPerson([("role", "last administrator")])


def values_of(known: Known) -> dict[str, Any]:
    phone = known.phone.strip()
    values: dict[str, Any] = {
        "login": known.login.strip(), "name": known.name.strip(), "email": known.email.strip().lower(), "phone": phone,
        "phone_e164": phones.normalised(phone) if phone else "", "role": known.role, "client": known.client,
        "team": known.team, "scope_all": known.scope_all,
        "language": known.language or (known.client.language if known.client else settings.LANGUAGE_CODE),
        "time_zone": known.time_zone, "is_vip": known.is_vip,
    }  # fmt: skip
    return values if known.in_reserve is None else values | {"in_reserve": known.in_reserve}


def _keep_scope(person: Person, known: Known) -> None:
    wanted = set() if known.scope_all else {client.pk for client in known.scope}
    if wanted != set(person.scope.values_list("pk", flat=True)):
        person.scope.set(wanted)


def _keep_further(person: Person, known: Known) -> None:
    first = person.email
    for kind, given in (
        (OtherAddress.Kind.EMAIL, known.further_emails),
        (OtherAddress.Kind.PHONE, known.further_phones),
    ):
        if given is None:
            continue
        wanted = [one.strip().lower() if kind == "email" else one.strip() for one in given]
        wanted = list(dict.fromkeys(one for one in wanted if one and one != first))
        rows = OtherAddress.objects.filter(person=person, kind=kind)
        rows.exclude(value__in=wanted).delete()
        there = set(rows.values_list("value", flat=True))
        OtherAddress.objects.bulk_create(
            OtherAddress(person=person, kind=kind, value=one, number=phones.normalised(one) if kind == "phone" else "")
            for one in wanted
            if one not in there
        )


SAID = (
    "login", "name", "email", "phone", "phone_e164", "role", "client", "team", "scope_all", "language", "time_zone",
    "is_vip", "in_reserve", "is_active",
)  # fmt: skip


def _said(person: Person) -> dict[str, Any]:
    said = {name: getattr(person, name) for name in SAID}
    further = list(person.other_addresses.values_list("kind", "value")) if person.pk else []
    scope = sorted(person.scope.values_list("slug", flat=True)) if person.pk else []
    return said | {
        "scope": scope, "further_emails": [value for kind, value in further if kind == "email"],
        "further_phones": [value for kind, value in further if kind == "phone"],
    }  # fmt: skip


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "slug", value) for name, value in said.items()}
