"""Who asks: found by address or number, or made; and whose client a stranger is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction

from firstline.intake.acceptance import new_key
from firstline.intake.reading import tongues
from firstline.lib import phones
from firstline.lib.language import CODES
from firstline.people import findable
from firstline.people.models import Client, EmailDomain, OtherAddress, Person

LONGEST_EMAIL = 254
_LONGEST_LOGIN = 150


def find(email: str = "", phone: str = "") -> Person | None:
    """The person with this address, else the only one with this number. A number that several share names nobody."""
    if email:
        found = Person.objects.of_address(email[:LONGEST_EMAIL])
        if found is not None:
            return found
    number = phones.normalised(phone) if phone else ""
    if not number:
        return None
    people = Person.objects.select_related("client", "team").filter(merged_into=None)
    first = people.filter(phone_e164=number)[:2]
    further = people.filter(other_addresses__number=number).distinct()[:2]
    owners = list({one.pk: one for one in (*first, *further)}.values())
    return owners[0] if len(owners) == 1 and (not email or not owners[0].email) else None


def find_all(emails: Sequence[str]) -> dict[str, Person]:
    """Who of these addresses, in lower case, is known: one statement, and one more where somebody is not."""
    if not emails:
        return {}
    found = Person.objects.with_address_of([email[:LONGEST_EMAIL] for email in emails])
    known = {person.email.lower(): person for person in found}
    if further := set(emails) - set(known):
        rows = OtherAddress.objects.filter(kind="email", value__in=further).select_related("person")
        known |= {one.value: one.person for one in rows}
    return known


class About(TypedDict, total=False):
    """What is known of somebody new. `language`: that he chose; `words`: that he wrote."""

    email: str
    name: str
    phone: str
    client: Client | None
    words: str
    language: str


def make(**about: Unpack[About]) -> Person:
    """A new requester without a password. Called in a transaction; whoever was quicker wins. He is answered in the
    `language` that he chose, or in which his `words` clearly are; else in his client's, or the desk's.
    """
    email, phone, client = about.get("email", "")[:LONGEST_EMAIL], about.get("phone", ""), about.get("client")
    number = phones.normalised(phone) if phone else ""
    shown = " ".join(about.get("name", "").replace("\x00", "").split()) or email or phones.readable(number) or phone
    person = Person(
        login=_login(email, number), name=shown[:200], email=email, phone=phone[:30], phone_e164=number,
        client=client, language=_language_of(about),
    )  # fmt: skip
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        first = Person.objects.of_address(email) if email else None
        if first is not None:
            return first
        person.login = f"{person.login[: _LONGEST_LOGIN - 9]}-{new_key()[:8]}"
        person.save()
    findable.changed(person)
    return person


def _language_of(about: About) -> str:
    chosen, client = about.get("language", ""), about.get("client")
    if chosen in CODES:
        return chosen
    usual = client.language if client else settings.LANGUAGE_CODE
    written = tongues.written_in(about.get("words", ""), usual)
    return written if written in CODES else usual


def find_or_make(**about: Unpack[About]) -> Person:
    """The person, made where nobody is known by this address or number; all else counts for a new one only."""
    email = about.get("email", "")
    if known := find(email, about.get("phone", "")):
        return known
    about["client"] = about.get("client") or client_of(email)
    return make(**about)


def client_of(email: str) -> Client | None:
    """Whose people write from this domain: the exact domain, else the nearest one above it that a client has."""
    domain = email.rpartition("@")[2].lower()
    parts = domain.split(".")
    candidates = [".".join(parts[start:]) for start in range(len(parts) - 1)]
    if not candidates:
        return None
    known = EmailDomain.objects.select_related("client").filter(domain__in=candidates)
    nearest = max(known, key=lambda one: len(one.domain), default=None)
    return nearest.client if nearest else None


def login_of(number: str) -> str:
    """The login of who is known by nothing but his number."""
    return f"phone-{number.lstrip('+')}"


def _login(email: str, number: str) -> str:
    if email and len(email) <= _LONGEST_LOGIN:
        return email.lower()
    return login_of(number) if number else f"caller-{new_key()[:12]}"
