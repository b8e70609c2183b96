"""What a coordinator does about the people of his own company.

The company's mail domain proves that an address is his: those he lets in by himself. Any other address is a proposal,
and the desk decides. Nobody of another company is ever named.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.lib.spelling import spellings
from firstline.people import accounts, letters, upkeep
from firstline.people.models import AccountRequest, Client, EmailDomain, Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import Role

DEED = "colleagues"
WANTED, DECIDED = "account_wanted", "account_decided"


class NotYours(Exception):
    """Oneself, or somebody whom only the desk sees to: another coordinator."""


def is_for(person: Person) -> bool:
    """Whether he sees to the people of his company."""
    return person.acts_as == Role.COORDINATOR and person.client_id is not None and person.is_active


def company_of(person: Person) -> Client:
    """Raises NotAllowed."""
    if person.client is None or not is_for(person):
        raise NotAllowed(DEED)
    return person.client


def of(person: Person, words: str = "") -> QuerySet[Person]:
    """The people of his company, who comes in no more among them. Raises NotAllowed."""
    rows = Person.objects.filter(client=company_of(person), merged_into__isnull=True, role__in=_SIDE)
    for word in words.replace("\x00", "")[:100].split():
        named = Q(*[("name__icontains", spelling) for spelling in spellings(word)], _connector=Q.OR)
        rows = rows.filter(Q(email__icontains=word) | named)
    return rows.order_by("name", "id")


def waiting(person: Person) -> QuerySet[AccountRequest]:
    """Who asked for an account with an address of his company's domain. Raises NotAllowed."""
    client = company_of(person)
    fits = Q(pk__in=[])
    for domain in client.email_domains.values_list("domain", flat=True):
        fits |= Q(email__iendswith=f"@{domain}")
    return AccountRequest.objects.filter(fits, decided_at__isnull=True).order_by("id")


def add(by: Person, *, name: str, email: str, phone: str, language: str, at: datetime) -> Person | None:
    """A colleague with an invitation, where the company's domain proves his address; else None: the desk is asked.

    Raises NotAllowed, accounts.WrongField (name, email).
    """
    client = company_of(by)
    request = accounts.wish(
        name=name, email=email, phone=phone, company=client.name, language=language or client.language
    )
    try:
        validate_email(request.email)
    except ValidationError as wrong:
        raise accounts.WrongField("email", "email") from wrong
    with transaction.atomic():
        known = Person.objects.of_address(request.email)
        if known is not None and known.client_id == client.pk and known.is_active:
            raise accounts.WrongField("email", "there already")
        waits = AccountRequest.objects.filter(email=request.email, decided_at__isnull=True).first()
        if waits is not None:
            request = waits
        else:
            request.created_at, request.proposed_by = at, by
            request.save()
            trail.note(at=at, actor=by.actor, action="account_asked", target=f"account_request:{request.pk}")
        return accounts.let_in(request, client=client, by=by, at=at) if _is_ours(request, client) else None


def accept(request: AccountRequest, *, by: Person, at: datetime) -> Person:
    """Raises NotAllowed, accounts.AlreadyDecided, accounts.WrongField("email", "taken")."""
    client = company_of(by)
    if not _is_ours(request, client):
        raise NotAllowed(DEED)
    return accounts.let_in(request, client=client, by=by, at=at)


def refuse(request: AccountRequest, *, by: Person, at: datetime) -> None:
    """Raises NotAllowed, accounts.AlreadyDecided."""
    if not _is_ours(request, company_of(by)):
        raise NotAllowed(DEED)
    accounts.turn_down(request, by=by, at=at)


def part_with(colleague: Person, *, by: Person, at: datetime) -> bool:
    """He comes in no more; his requests and words stay. Raises NotAllowed, NotYours."""
    client = company_of(by)
    with transaction.atomic():
        held = upkeep.held_now(colleague)
        if held.client_id != client.pk:
            raise NotAllowed(DEED)
        if held.pk == by.pk or held.role != Role.REQUESTER or held.in_reserve:
            raise NotYours
        return upkeep.deactivate_quietly(held, actor=by.actor, at=at)


def tell_coordinators(request: AccountRequest, at: datetime) -> None:
    """Somebody of their company's domain asked: each coordinator gets a letter. In the transaction of the wish."""
    domain = request.email.rpartition("@")[2].lower()
    client = Client.objects.filter(email_domains__domain=domain, closed_at=None).first()
    if client is None:
        return
    for one in Person.objects.filter(client=client, role=Role.COORDINATOR, is_active=True).exclude(email=""):
        letters.put(
            WANTED, to=one.email, language=one.language, person=one, at=at,
            data={"name": request.name, "email": request.email},
        )  # fmt: skip


_SIDE = (Role.REQUESTER, Role.COORDINATOR)


def _is_ours(request: AccountRequest, client: Client) -> bool:
    domain = request.email.rpartition("@")[2].lower()
    return EmailDomain.objects.filter(client=client, domain=domain).exists()
