"""Who is calling: found by a number or the beginning of a name, within the clients that the agent looks after."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from firstline.lib import phones
from firstline.lib.spelling import spellings
from firstline.people.models import Person
from firstline.people.roles import CLIENT_SIDE

MOST = 6
_LEAST_DIGITS, _LEAST_LETTERS = 4, 2


def find(by: Person, typed: str, most: int = MOST) -> list[Person]:
    """The people on the client's side that fit, an exact number first; only of clients that `by` looks after.

    Digits are a number (its end is enough), else every word must begin a word of the name, or the address.
    """
    words = typed.replace("\x00", "").split()
    digits = re.sub(r"\D", "", typed)
    people = within(by).select_related("client").order_by("name", "id")
    if len(digits) >= _LEAST_DIGITS and not re.search(r"[^\W\d]", typed):
        whole = phones.normalised(typed)
        exact = list(people.filter(phone_e164=whole)[:most]) if whole else []
        exact = exact or (list(people.filter(other_addresses__number=whole).distinct()[:most]) if whole else [])
        return exact or list(people.filter(phone_e164__endswith=digits[-10:])[:most])
    if not words or len("".join(words)) < _LEAST_LETTERS:
        return []
    for word in words[:4]:
        people = people.filter(_begins(word))
    return list(people[:most])


def within(by: Person) -> QuerySet[Person]:
    """The active people on the client's side whom `by` may act for."""
    people = Person.objects.filter(role__in=CLIENT_SIDE, is_active=True)
    if by.sees_all_clients:
        return people
    return people.filter(Q(client__isnull=True) | Q(client_id__in=by.clients_in_scope.values("pk")))


def _begins(word: str) -> Q:
    """SQLite's LIKE knows the case of Latin letters only, so the spellings are tried."""
    asked = Q(email__istartswith=word)
    for spelling in spellings(word):
        asked |= Q(name__startswith=spelling) | Q(name__contains=f" {spelling}")
    return asked
