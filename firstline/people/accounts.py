"""Asking for a portal account, and deciding about it. There is no other way in: nobody signs up by himself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from firstline.audit import trail
from firstline.lib import phones
from firstline.lib.language import CODES
from firstline.people import findable, letters, limits, links, upkeep
from firstline.people.models import AccountRequest, Client, EmailDomain, Person
from firstline.people.permissions import demand
from firstline.people.roles import CLIENT_SIDE, Role


class WrongField(Exception):
    """A field cannot be what was given; `problem` is `empty`, `email` or `taken`."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


class AlreadyDecided(Exception):
    """Somebody else decided about this request first."""


def ask(
    *,
    name: str,
    email: str,
    phone: str,
    company: str,
    language: str,
    source: str,
    at: datetime,
    told: Callable[[AccountRequest, datetime], None] | None = None,
) -> AccountRequest:
    """Keeps the wish for an account. An address that already asked, or has an account, is answered alike. `told`
    writes to whoever decides.

    Raises WrongField (name, email, company) and limits.TooOften.
    """
    made = wish(name=name, email=email, phone=phone, company=company, language=language)
    limits.spend(limits.FORM_ADDRESS, source, at)
    with transaction.atomic():
        waiting = AccountRequest.objects.filter(email=made.email, decided_at__isnull=True).first()
        if waiting is not None:
            return waiting
        made.created_at = at
        made.save()
        trail.note(at=at, actor="visitor", action="account_asked", target=f"account_request:{made.pk}")
        if told is not None:
            told(made, at)
    return made


def wish(*, name: str, email: str, phone: str, company: str, language: str) -> AccountRequest:
    """What was typed, as it would be kept. Raises WrongField (name, email, company)."""
    given = {"name": _line(name, 200), "email": _line(email, 254).lower(), "company": _line(company, 200)}
    for field, value in given.items():
        if not value:
            raise WrongField(field, "empty")
    try:
        validate_email(given["email"])
    except ValidationError as wrong:
        raise WrongField("email", "email") from wrong
    spoken = language if language in CODES else CODES[0]
    return AccountRequest(**given, phone=_line(phone, 30), language=spoken)


def waiting(person: Person) -> QuerySet[AccountRequest]:
    """Requests nobody has decided about, oldest first. Raises NotAllowed."""
    demand(person, "accounts")
    return AccountRequest.objects.filter(decided_at__isnull=True).select_related("proposed_by").order_by("id")


def decided(person: Person) -> QuerySet[AccountRequest]:
    """What was decided, newest first. Raises NotAllowed."""
    demand(person, "accounts")
    done = AccountRequest.objects.filter(decided_at__isnull=False)
    return done.select_related("decided_by", "person__client").order_by("-decided_at", "-id")


def proposed_clients(requests: Iterable[AccountRequest]) -> dict[int, str]:
    """The slug of the client whose mail domain it is, by the request's number: one statement for all."""
    domains = {request.pk: request.email.rpartition("@")[2].lower() for request in requests}
    known = EmailDomain.objects.filter(domain__in=set(domains.values())).values_list("domain", "client__slug")
    slugs = dict(known)
    return {pk: slugs[domain] for pk, domain in domains.items() if domain in slugs}


def accept(request: AccountRequest, *, client: Client, by: Person, at: datetime, role: str = Role.REQUESTER) -> Person:
    """A person of the client with an invitation by mail. Somebody who wrote mails before keeps his tickets.

    Raises NotAllowed, AlreadyDecided, and WrongField("email", "taken") where the address belongs to the desk or to
    another client.
    """
    demand(by, "accounts")
    if role not in CLIENT_SIDE:
        raise WrongField("role", "taken")
    return let_in(request, client=client, by=by, at=at, role=role)


def let_in(request: AccountRequest, *, client: Client, by: Person, at: datetime, role: str = Role.REQUESTER) -> Person:
    """The same by whoever may: accept and colleagues.accept have asked. A known coordinator stays one."""
    with transaction.atomic():
        person = Person.objects.of_address(request.email)
        if person is not None:
            person = upkeep.held_now(person)
        if person is not None and (person.is_agent or person.client_id not in (None, client.pk)):
            raise WrongField("email", "taken")
        if person is None:
            person = Person(login=_free_login(request.email), email=request.email, created_at=at)
            person.set_unusable_password()
        person.email = person.email or request.email
        if by.is_agent or person.role != Role.COORDINATOR:
            person.role = role
        person.name, person.client = request.name, client
        person.language, person.is_active = request.language, True
        person.in_reserve = False  # who is of a client is not called in to others
        if request.phone:
            person.phone, person.phone_e164 = request.phone, phones.normalised(request.phone)
        person.save()
        findable.changed(person)
        _decide(request, by=by, at=at, person=person)
        letters.with_link(person, links.INVITATION, "invitation", at, client=client.name)
    return person


def refuse(request: AccountRequest, *, by: Person, at: datetime) -> None:
    """No account. Whoever asked is not written to: the address may be anybody's. Raises NotAllowed, AlreadyDecided."""
    demand(by, "accounts")
    turn_down(request, by=by, at=at)


def turn_down(request: AccountRequest, *, by: Person, at: datetime) -> None:
    """The same by whoever may: refuse and colleagues.refuse have asked."""
    with transaction.atomic():
        _decide(request, by=by, at=at, person=None)


def _decide(request: AccountRequest, *, by: Person, at: datetime, person: Person | None) -> None:
    open_still = AccountRequest.objects.filter(pk=request.pk, decided_at__isnull=True)
    if not open_still.update(decided_at=at, decided_by=by, person=person):
        raise AlreadyDecided
    action = "account_refused" if person is None else "account_accepted"
    trail.note(at=at, actor=by.actor, action=action, target=f"account_request:{request.pk}")
    proposer = request.proposed_by
    if proposer is not None and proposer.pk != by.pk and proposer.is_active:
        letters.put(
            "account_decided", to=proposer.email, language=proposer.language, person=proposer, at=at,
            data={"name": request.name, "email": request.email, "accepted": person is not None},
        )  # fmt: skip


def _free_login(email: str) -> str:
    login, number = email.lower()[:140], 1
    while Person.objects.filter(login__iexact=login).exists():
        number += 1
        login = f"{email.lower()[:140]}-{number}"
    return login


def _line(given: str, longest: int) -> str:
    return " ".join(given.replace("\x00", "").split())[:longest]
