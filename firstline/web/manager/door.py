"""The door of the manager's site: who is signed in and may do the deed; and the contracts that he sees."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from firstline.contracts import queries
from firstline.contracts.models import Contract, ContractVersion
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.queries import NotThere
from firstline.web.sign_in.needed import signed_in

P = ParamSpec("P")
Screen = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def door(deed: str) -> Callable[[Screen[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A screen gets the person as its second argument. A visitor signs in first; who may not do the deed gets 403."""

    def for_screen(screen: Screen[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @signed_in
        @wraps(screen)
        def open_door(request: HttpRequest, person: Person, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            demand(person, deed)
            return screen(request, person, *args, **kwargs)

        return open_door

    return for_screen


def contract_for(person: Person, slug: str) -> Contract:
    """Raises NotThere."""
    found = queries.contracts_for(person).filter(slug=slug).select_related("client").first()
    if found is None:
        raise NotThere(slug)
    return found


def version_for(person: Person, slug: str, number: int) -> ContractVersion:
    """Raises NotThere."""
    found = (
        ContractVersion.objects.filter(contract=contract_for(person, slug), number=number)
        .select_related("contract__client", "calendar", "document")
        .first()
    )
    if found is None:
        raise NotThere(f"{slug} {number}")
    return found
