"""People as they are looked through: by words, client, role and state, in the order of their names."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from firstline.lib.spelling import spellings
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.people.roles import Role

STATES = ("active", "away", "all")


def found(by: Person, asked: Mapping[str, str]) -> QuerySet[Person]:
    """Everybody whom the filters leave: `q` (each word begins a word of the name, or stands in login, address or
    number), `client`, `role`, `state`. Raises NotAllowed."""
    demand(by, "accounts")
    people = Person.objects.select_related("client", "team").order_by("name", "id")
    for word in asked.get("q", "")[:200].split()[:5]:
        people = people.filter(_has(word))
    if client := asked.get("client", ""):
        people = people.filter(client__isnull=True) if client == "none" else people.filter(client__slug=client)
    if asked.get("role", "") in Role.values:
        people = people.filter(role=asked["role"])
    state = asked.get("state", "")
    if state != "all":
        people = people.filter(is_active=state != "away")
    return people


def after(people: QuerySet[Person], number: int) -> QuerySet[Person]:
    """Those who stand behind the one with this number; all of them where there is none."""
    last = Person.objects.filter(pk=number).first()
    if last is None:
        return people
    return people.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))


def number_of(typed: str) -> int | None:
    """A number as it stands in an address bar or a field."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def _has(word: str) -> Q:
    """SQLite's LIKE knows the case of Latin letters only, so the spellings are tried."""
    asked = Q(email__icontains=word) | Q(login__icontains=word) | Q(other_addresses__value__icontains=word)
    digits = "".join(one for one in word if one.isdigit())
    if len(digits) >= 4:
        asked |= Q(phone_e164__contains=digits)
    for spelling in spellings(word):
        asked |= Q(name__startswith=spelling) | Q(name__contains=f" {spelling}")
    # By number: who has two further addresses that fit is one person still.
    return Q(pk__in=Person.objects.filter(asked).order_by().values("pk"))
