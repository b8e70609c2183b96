"""Which contracts a person sees: those of the clients in his scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from firstline.assets.models import Equipment
from firstline.contracts.models import Contract
from firstline.people.models import Client, Person
from firstline.people.permissions import may

MOST_FOUND = 5_000  # whoever finds more narrows his words


def contracts_for(person: Person) -> QuerySet[Contract]:
    """Nobody's who may not see contracts at all; a lead's clients; for the rest of them all."""
    return Contract.objects.filter(client__in=clients_for(person))


def clients_for(person: Person) -> QuerySet[Client]:
    if not may(person, "see contracts"):
        return Client.objects.none()
    if person.sees_all_clients:
        return Client.objects.all()
    return Client.objects.filter(pk__in=person.scope.values("pk"))


def contracts_found(person: Person, words: str) -> QuerySet[Contract]:
    """Those of his in whose number or name, or in whose client's name, every word stands; all of them for no word."""
    rows = contracts_for(person)
    if not (asked := words.casefold().split()):
        return rows
    said = rows.values_list("pk", "slug", "number", "name", "names", "client__slug", "client__name", "client__names")
    return rows.filter(pk__in=_with(asked, said.iterator()))


def clients_found(person: Person, words: str) -> QuerySet[Client]:
    """Those of his in whose name, or in one of whose contracts, every word stands; all of them for no word."""
    rows = clients_for(person)
    if not (asked := words.casefold().split()):
        return rows
    by_contract = contracts_found(person, words).order_by().values_list("client_id", flat=True)
    found = {*_with(asked, rows.values_list("pk", "slug", "name", "names").iterator()), *by_contract}
    return rows.filter(pk__in=sorted(found)[:MOST_FOUND])


def equipment_found(person: Person, words: str = "", client: str = "") -> QuerySet[Equipment]:
    """Of his clients (or of one, by slug): what has every word in its names or numbers; all of it for no word."""
    rows = Equipment.objects.filter(client__in=clients_for(person)).select_related("client", "site")
    if client:
        rows = rows.filter(client__slug=client.replace("\x00", ""))
    if not (asked := words.casefold().split()):
        return rows
    said = rows.values_list("pk", "slug", "name", "names", "kind", "inventory", "serial", "remote_ids")
    return rows.filter(pk__in=_with(asked, said.iterator()))


def _with(asked: list[str], rows: Iterable[tuple[Any, ...]]) -> list[int]:
    """Looked at here, not by the database: SQLite knows no case but that of Latin letters."""
    return [number for number, *texts in rows if all(word in _folded(texts) for word in asked)][:MOST_FOUND]


def _folded(texts: Iterable[Any]) -> str:
    return "\n".join(
        str(part) for text in texts for part in (text.values() if isinstance(text, Mapping) else (text,))
    ).casefold()
