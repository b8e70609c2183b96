"""Asking for a portal account, and deciding about it. There is no other way in: nobody signs up by himself."""

from __future__ import annotations

from collections.abc import Iterable
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


def ask(*, name: str, email: str, phone: str, company: str, language: str, source: str, at: datetime) -> AccountRequest:
    """Keeps the wish for an account. An address that already asked, or has an account, is answered alike.

    Raises WrongField (name, email, company) and limits.TooOften.
    """
    given = {"name": _line(name, 200), "email": _line(email, 254).lower(), "company": _line(company, 200)}
    for field, value in given.items():
        if not value:
            raise WrongField(field, "empty")
    try:
        validate_email(given["email"])
    except ValidationError as wrong:
        raise WrongField("email", "email") from wrong
    limits.spend(limits.FORM_ADDRESS, source, at)
    rest = {"phone": _line(phone, 30), "language": language if language in CODES else CODES[0]}
    with transaction.atomic():
        waiting = AccountRequest.objects.filter(email=given["email"], decided_at__isnull=True).first()
        if waiting is not None:
            return waiting
        made = AccountRequest.objects.create(**given, **rest, created_at=at)
        trail.note(at=at, actor="visitor", action="account_asked", target=f"account_request:{made.pk}")
    return made


def waiting(person: Person) -> QuerySet[AccountRequest]:
    """Requests nobody has decided about, oldest first. Raises NotAllowed."""
    demand(person, "accounts")
    return AccountRequest.objects.filter(decided_at__isnull=True).order_by("id")


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
        person.name, person.client, person.role = request.name, client, role
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
    with transaction.atomic():
        _decide(request, by=by, at=at, person=None)


def _decide(request: AccountRequest, *, by: Person, at: datetime, person: Person | None) -> None:
    open_still = AccountRequest.objects.filter(pk=request.pk, decided_at__isnull=True)
    if not open_still.update(decided_at=at, decided_by=by, person=person):
        raise AlreadyDecided
    action = "account_refused" if person is None else "account_accepted"
    trail.note(at=at, actor=by.actor, action=action, target=f"account_request:{request.pk}")


def _free_login(email: str) -> str:
    login, number = email.lower()[:140], 1
    while Person.objects.filter(login__iexact=login).exists():
        number += 1
        login = f"{email.lower()[:140]}-{number}"
    return login


def _line(given: str, longest: int) -> str:
    return " ".join(given.replace("\x00", "").split())[:longest]
