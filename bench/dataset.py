"""20,000 tickets by bulk insert, the same on every run: `python -m bench.dataset --tickets 20000`.

The demo company is there first (calendars, services, people); sixty clients of the benchmark stand beside it. About
5 % of the tickets are open, each has three messages or more, an acknowledgement that was sent and, where it came by
mail, its letter. The rows say what the verbs would have written: `firstline check-integrity` and `firstline sla replay`
find nothing.

Prints the logins, a token and a session as one JSON line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from bench.lives import OPEN_SHARE, Life, Step, lives  # noqa: E402
from firstline.audit.models import Row as AuditRow  # noqa: E402
from firstline.calendars.models import Calendar  # noqa: E402
from firstline.contracts.models import Contract, ContractVersion, Service, Target  # noqa: E402
from firstline.contracts.terms import FAR_AHEAD  # noqa: E402
from firstline.demo import company  # noqa: E402
from firstline.intake.models import Inbound  # noqa: E402
from firstline.lib import clock  # noqa: E402
from firstline.ops import search_upkeep  # noqa: E402
from firstline.people import tokens  # noqa: E402
from firstline.people.models import Client, EmailDomain, Person, Team  # noqa: E402
from firstline.post.models import Attempt, Delivery  # noqa: E402
from firstline.sla import breaches, clocks  # noqa: E402
from firstline.sla.models import Clock  # noqa: E402
from firstline.sla.reading import derive  # noqa: E402
from firstline.sla.terms_of_contract import ContractTerms  # noqa: E402
from firstline.tickets import statuses  # noqa: E402
from firstline.tickets.history import quietly  # noqa: E402
from firstline.tickets.models import Event, Kind, Message, Ticket  # noqa: E402

CLIENTS, PEOPLE_OF_A_CLIENT, CHUNK = 60, 25, 1_000
PROMISED = ((1, 15, 240), (2, 30, 480), (3, 60, 960), (4, 240, 2400))


@dataclass
class Stage:
    """Whom the tickets are about and who works on them."""

    agents: list[Person]
    team: Team
    services: list[Service]
    requesters: list[Person] = field(default_factory=list)
    versions: dict[int, ContractVersion] = field(default_factory=dict)


@dataclass
class Rows:
    """What is waiting to be written, in the order in which it must be."""

    tickets: list[Ticket] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    audit: list[AuditRow] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    inbound: list[Inbound] = field(default_factory=list)

    def write(self) -> None:
        for rows in vars(self).values():
            if rows:
                type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


@dataclass
class Numbers:
    """The next number of each table: given here, so that rows can point to one another before they are written."""

    of: dict[type[models.Model], int] = field(default_factory=dict)

    def next(self, model: type[models.Model]) -> int:
        if model not in self.of:
            newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
            self.of[model] = max(newest or 0, 1000 if model is Ticket else 0)
        self.of[model] += 1
        return self.of[model]


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


def load(count: int, open_share: float = OPEN_SHARE) -> None:
    """Writes `count` tickets in chunks, each in one transaction."""
    chance, at, set_up, numbers, terms = random.Random(20), clock.now(), stage(), Numbers(), ContractTerms()  # noqa: S311
    rows = Rows()
    for number, life in enumerate(lives(count, at, chance, open_share), 1):
        _put(rows, numbers, set_up, life, terms, chance)
        if number % CHUNK == 0 or number == count:
            with transaction.atomic():
                rows.write()
            rows = Rows()
    _go_on_from(numbers)
    for _kind, _done in search_upkeep.rebuild():
        pass
    with quietly():
        while breaches.record_due(at=at, limit=50):
            pass


def _put(rows: Rows, numbers: Numbers, stage: Stage, life: Life, terms: ContractTerms, chance: random.Random) -> None:
    requester = chance.choice(stage.requesters)
    agent, service = chance.choice(stage.agents), chance.choice(stage.services)
    version = stage.versions[requester.client_id or 0]
    ticket = Ticket(
        pk=numbers.next(Ticket), subject=life.subject, priority=life.priority, team=stage.team, line=1,
        client=requester.client, requester=requester, service=service, contract=version, channel=life.channel,
        created_at=life.began, queue_at=FAR_AHEAD,
    )  # fmt: skip
    began = len(rows.events)
    for step in life.steps:
        _step(rows, numbers, ticket, step, requester, agent, life)
    history = rows.events[began:]
    ticket.is_open = ticket.status in statuses.OPEN
    facts = clocks.facts_of(ticket, history)
    readings = derive(facts, terms, max(event.learnt_at for event in history))
    kept = [clocks.keep(Clock(ticket=ticket, metric=reading.metric), reading) for reading in readings]
    owed = [one.due_at for one in kept if not one.is_over and one.due_at is not None]
    ticket.due_at = min(owed) if owed and ticket.is_open else None
    ticket.queue_at = ticket.due_at or FAR_AHEAD
    rows.tickets.append(ticket)
    rows.clocks += kept
    _acknowledged(rows, numbers, ticket, history[0])
    if life.channel == "email":
        rows.inbound.append(_letter(ticket, life, rows.messages))


def _step(
    rows: Rows, numbers: Numbers, ticket: Ticket, step: Step, requester: Person, agent: Person, life: Life
) -> None:
    by = None if step.by == "system" else (agent if step.by == "agent" else requester)
    if step.kind == Kind.CREATED:
        by = None if life.channel == "email" else requester
    data = dict(step.data)
    if step.kind == Kind.CREATED:
        data |= {
            "answered": False, "channel": ticket.channel, "type": ticket.type, "priority": ticket.priority,
            "service": ticket.service.slug if ticket.service else None,
            "client": ticket.client.slug if ticket.client else None,
            "contract": ticket.contract_id, "line": 1, "team": ticket.team.slug if ticket.team else None,
        }  # fmt: skip
    event = Event(
        pk=numbers.next(Event), ticket=ticket, kind=step.kind, by=by, happened_at=step.at, learnt_at=step.at,
        public=step.public, data=data,
    )  # fmt: skip
    rows.events.append(event)
    for name, value in step.sets.items():
        setattr(ticket, name, agent if value == "agent" else value)
    ticket.version, ticket.updated_at = event.pk, step.at
    actor = f"person:{by.pk}" if by else "system"
    rows.audit.append(
        AuditRow(at=step.at, actor=actor, action=step.kind, target=f"ticket:{ticket.pk}", data={"event": event.pk})
    )
    if step.words:
        by_agent = step.by == "agent"
        rows.messages.append(
            Message(
                pk=numbers.next(Message), event=event, ticket=ticket, author=agent if by_agent else requester,
                by_agent=by_agent, public=step.public, channel="portal" if by_agent else ticket.channel,
                text=step.words, reply_text=step.words, created_at=step.at,
            )
        )  # fmt: skip


def _acknowledged(rows: Rows, numbers: Numbers, ticket: Ticket, event: Event) -> None:
    requester, at = ticket.requester, ticket.created_at
    delivery = Delivery(
        pk=numbers.next(Delivery), kind="received", to=requester.email, language="ru", ticket=ticket.pk, event=event.pk,
        person=requester.pk, at_most_once=True, message_id=f"<bench.{ticket.pk}@firstline.example>",
        subject=f"[#{ticket.pk}] Ваша заявка принята", mime=b"Subject: x\r\n\r\n" + b"x" * 400, state="sent",
        due_at=None, created_at=at, sent_at=at, attempts=1,
    )  # fmt: skip
    rows.deliveries.append(delivery)
    rows.attempts.append(Attempt(delivery=delivery, at=at, answer="250 fine", outcome="sent"))


def _letter(ticket: Ticket, life: Life, messages: list[Message]) -> Inbound:
    first = next(message for message in reversed(messages) if message.event.kind == Kind.CREATED)
    raw = f"From: {ticket.requester.email}\r\nMessage-ID: <{ticket.pk}@bench>\r\n\r\n{first.text}".encode()
    return Inbound(
        source="pipe", source_key=f"bench-{ticket.pk}", sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), raw=raw,
        received_at=life.began, try_at=life.began, done_at=life.began, state="done", outcome="ticket", ticket=ticket,
        message=first, sender=ticket.requester.email, subject=ticket.subject, mail_id=f"<{ticket.pk}@bench>",
        mail_key=hashlib.sha256(f"<{ticket.pk}@bench>".encode()).hexdigest(),
    )  # fmt: skip


def _go_on_from(numbers: Numbers) -> None:
    """PostgreSQL's sequences do not see numbers that were given by hand; SQLite's do."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(numbers.of)):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


def signed_in(person: Person) -> str:
    """The key of a session as the sign-in page makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "firstline.people.sign_in.Door"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def facts() -> dict[str, Any]:
    """Who may come in, and what there is."""
    agent = Person.objects.filter(role="operator", is_active=True).select_related("team").order_by("pk")[0]
    with transaction.atomic():
        secret = tokens.create(agent, at=datetime.now(UTC), by=None)[1]
    open_ones = Ticket.objects.filter(is_open=True, client__slug__startswith="bench")
    return {
        "token": secret, "session": signed_in(agent), "agent": agent.login, "tickets": Ticket.objects.count(),
        "open": open_ones.count(), "events": Event.objects.count(), "messages": Message.objects.count(),
        "some": list(open_ones.order_by("pk").values_list("pk", flat=True)[:: max(1, open_ones.count() // 40)]),
        "requesters": [f"person{one}@client{two}.example" for two in range(1, CLIENTS + 1) for one in range(4)],
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench.dataset")
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--open-share", type=float, default=OPEN_SHARE)
    given = parser.parse_args()
    load(given.tickets, given.open_share)
    print(json.dumps(facts()))
