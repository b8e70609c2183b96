"""Equipment as people look for it: by the number on its label, its serial number, its name."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from firstline.assets.models import Equipment
from firstline.people.models import Client

MOST_OFFERED = 300


def offered(client: Client | None) -> QuerySet[Equipment]:
    """What a form offers of a client's; whatever else there is can be typed (`named`)."""
    return Equipment.objects.filter(client=client).select_related("site").order_by("name", "pk")[:MOST_OFFERED]


def named(client: Client | None, typed: str) -> Equipment | None:
    """The client's thing with this short name, inventory number, serial number or name; None where there is none, or
    where several are called so."""
    words = typed.replace("\x00", "").strip()
    if client is None or not words:
        return None
    own = Equipment.objects.filter(client=client).select_related("site")
    for asked in (Q(slug=words), Q(inventory__iexact=words), Q(serial__iexact=words), Q(name__iexact=words)):
        found = list(own.filter(asked)[:2])
        if len(found) == 1:
            return found[0]
    return None
