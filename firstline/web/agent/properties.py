"""What a ticket is: subject, type, impact, urgency, priority, service, category, equipment, tags, client, requester."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from firstline.assets import queries as assets
from firstline.assets.models import Equipment
from firstline.contracts.models import Category, Service
from firstline.intake.channels import values
from firstline.lib import clock
from firstline.people.models import Client, Person
from firstline.tickets import properties, queries
from firstline.tickets.models import Level, Ticket, Type
from firstline.tickets.refusals import WrongValue
from firstline.web.agent import said
from firstline.web.agent.conversation import address
from firstline.web.agent.door import desk
from firstline.web.agent.moves import FORM, sheet
from firstline.web.asked import go, seen_version
from firstline.web.templatetags.ui import PRIORITIES

MOST_TAGS, LONGEST_TAG = 20, 40
MOST_PEOPLE = 200


@FORM
@desk
def change(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """/desk/tickets/1042/properties/: only what the form sends is changed."""
    ticket = queries.get_for(person, number)
    if request.method != "POST":
        return sheet(request, ticket, "properties", choices(person, ticket))
    wanted = wanted_of(request.POST, person, ticket)
    made = properties.change(ticket, by=person, at=clock.now(), seen=seen_version(request), **wanted)
    said.keep_one(request, "change", ticket, made)
    return go(request, address(ticket))


def wanted_of(sent: QueryDict, person: Person, ticket: Ticket) -> dict[str, Any]:
    """The values of the form, looked up. A priority that stands as it stood is no wish. Raises WrongValue."""
    wanted: dict[str, Any] = {}
    given: dict[str, str] = sent.dict()  # type: ignore[assignment]
    if "subject" in given:
        wanted["subject"] = given["subject"]
    for name, kind in (("type", Type), ("impact", Level), ("urgency", Level)):
        if name in given:
            wanted[name] = values.choice(name, given[name], kind, kind(getattr(ticket, name)))
    if given.get("priority"):
        if given["priority"] not in {"1", "2", "3", "4"}:
            raise WrongValue("priority", "unknown")
        if int(given["priority"]) != ticket.priority:
            wanted["priority"] = int(given["priority"])
    if "service" in given:
        wanted["service"] = values.service(given["service"])
    if "category" in given:
        wanted["category"] = values.category(given["category"])
    if "tags" in given:
        tags = dict.fromkeys(
            tag.strip()[:LONGEST_TAG] for tag in given["tags"].replace("\x00", "").split(",") if tag.strip()
        )
        wanted["tags"] = list(tags)[:MOST_TAGS]
    if "client" in given and given["client"] != (ticket.client.slug if ticket.client else ""):
        wanted["client"] = values.client(given["client"])
    if "equipment" in given and given["equipment"].strip() != (ticket.equipment.key if ticket.equipment else ""):
        wanted["equipment"] = _equipment(given["equipment"], wanted.get("client", ticket.client))
    if given.get("requester") and given["requester"] != ticket.requester.login:
        wanted["requester"] = _requester(given["requester"], person)
    return wanted


def choices(person: Person, ticket: Ticket) -> dict[str, Any]:
    """What the fields of the form offer."""
    clients = Client.objects.all() if person.sees_all_clients else person.clients_in_scope
    people = (
        Person.objects.filter(client=ticket.client_id, is_active=True) if ticket.client_id else Person.objects.none()
    )
    return {
        "types": Type.choices,
        "levels": Level.choices,
        "priorities": list(PRIORITIES.items()),
        "services": list(Service.objects.all()),
        "categories": list(Category.objects.all()),
        "clients": list(clients),
        "people": list(people[:MOST_PEOPLE]),
        "equipment": list(assets.offered(ticket.client)),
        "tags": ", ".join(ticket.tags),
    }


def _equipment(typed: str, client: Client | None) -> Equipment | None:
    """The thing that was typed or chosen; nothing empties it. Raises WrongValue."""
    found = assets.named(client, typed)
    if found is None and typed.strip():
        raise WrongValue("equipment", "unknown")
    return found


def _requester(login: str, person: Person) -> Person:
    """Somebody of a client within the scope of who changes it. Raises WrongValue."""
    found = Person.objects.select_related("client").filter(login=login).first()
    everyone = person.sees_all_clients
    if found is None or not (
        everyone or found.client_id is None or person.clients_in_scope.filter(pk=found.client_id).exists()
    ):
        raise WrongValue("requester", "unknown")
    return found
