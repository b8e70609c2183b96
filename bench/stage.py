"""Whom the tickets of the benchmark are about, who works on them, and how these come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from firstline.calendars.models import Calendar
from firstline.contracts.models import Contract, ContractVersion, Service, Target
from firstline.demo import company
from firstline.lib import clock
from firstline.people.models import Client, EmailDomain, Person, Team

CLIENTS, PEOPLE_OF_A_CLIENT = 60, 25
PROMISED = ((1, 15, 240), (2, 30, 480), (3, 60, 960), (4, 240, 2400))


@dataclass
class Stage:
    """`requesters` are those of one client after those of the other."""

    agents: list[Person]
    team: Team
    services: list[Service]
    requesters: list[Person] = field(default_factory=list)
    versions: dict[int, ContractVersion] = field(default_factory=dict)


def stage() -> Stage:
    """The demo company, and sixty clients with a contract and 25 people each."""
    company.load(at=clock.now())
    agents = list(Person.objects.filter(role__in=["operator", "engineer"]).select_related("team").order_by("pk"))
    team = Team.objects.filter(line=1).order_by("pk")[0]
    set_up = Stage(agents, team, list(Service.objects.order_by("pk")))
    calendar = Calendar.objects.get(slug="ru-8x5")
    for number in range(1, CLIENTS + 1):
        client = Client.objects.create(slug=f"bench-{number:02}", name=f"ООО «Заказчик {number}»", language="ru")
        EmailDomain.objects.create(domain=f"client{number}.example", client=client)
        contract = Contract.objects.create(slug=f"bench-{number:02}", client=client)
        version = ContractVersion.objects.create(
            contract=contract, number=1, valid_from=date(2020, 1, 1), calendar=calendar, frozen_at=clock.now()
        )
        set_up.versions[client.pk] = version
        for priority, response, resolution in PROMISED:
            for metric, minutes in (("first_response", response), ("resolution", resolution)):
                Target.objects.create(version=version, metric=metric, minutes=minutes, priority=priority)
        set_up.requesters += Person.objects.bulk_create(
            Person(
                login=f"person{one}@client{number}.example", email=f"person{one}@client{number}.example",
                name=f"Сотрудник {one} Заказчика {number}", role="requester", client=client, password="!",  # noqa: S106
            )
            for one in range(PEOPLE_OF_A_CLIENT)
        )  # fmt: skip
    for agent in agents:
        agent.scope_all = True
    Person.objects.bulk_update(agents, ["scope_all"])
    return set_up


def signed_in(person: Person) -> str:
    """The key of a session as the sign-in page makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "firstline.people.sign_in.Door"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)
