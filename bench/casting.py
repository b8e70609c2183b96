"""Tickets cast from moulds: who asks, who works, the numbers of the rows; what is found by which words."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models, transaction

from bench import multiplying
from bench.lives import Life
from bench.moulds import Mould, created_data
from bench.sheets import Sheets
from bench.stage import PEOPLE_OF_A_CLIENT, Stage
from firstline.contracts.models import Service
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.reports import rollups
from firstline.reports.models import Deed, Position
from firstline.search import index, indexing
from firstline.search.question import Document
from firstline.search.words import all_terms
from firstline.tickets import findable
from firstline.tickets.models import Event, Message, Ticket

CODES = 4_096


class Caster:
    """Gives each ticket its numbers and people, and remembers what is to be written when all of them are there."""

    def __init__(self, stage: Stage, sheets: Sheets, chance: random.Random, copies: int) -> None:
        self._stage, self._sheets, self._chance, self._copies = stage, sheets, chance, copies
        self._next = {model: _newest(model) + 1 for model in (Ticket, Event, Message, Delivery)}
        self._next[Ticket] = max(self._next[Ticket], 1001)
        self._found_by = {one.pk: _terms_of(one) for one in stage.requesters}
        self._flows: Counter[tuple[datetime, int, str]] = Counter()
        self._said: dict[tuple[object, ...], str] = {}
        self._deeds: dict[int, Deed] = {}
        self._words: set[str] = set()
        self._search = sheets.of(*index.table_of(findable.KIND))
        self._search.kinds |= multiplying.SEARCH
        self.waiting = 0

    def cast(self, mould: Mould) -> None:
        place = self._chance.randrange(len(self._stage.requesters))
        requester = self._stage.requesters[place]
        agent, service = self._chance.choice(self._stage.agents), self._chance.choice(self._stage.services)
        firm = place - place % PEOPLE_OF_A_CLIENT
        colleague = self._stage.requesters[firm + (place + 1) % PEOPLE_OF_A_CLIENT]
        number, first = self._next[Ticket], self._next[Event]
        given: dict[str, Any] = {
            "ticket": number, "target": f"ticket:{number}", "subject": _subject(mould.life, number),
            "client": requester.client_id, "requester": requester.pk, "email": requester.email,
            "colleague": colleague.pk, "agent": agent.pk, "agent_login": agent.login, "service": service.pk,
            "agent_actor": f"person:{agent.pk}", "requester_actor": f"person:{requester.pk}",
            "creator": "system" if mould.life.channel == "email" else f"person:{requester.pk}",
            "delivery": self._next[Delivery], "uuid": _uuid(self._chance),
            "message_id": f"<bench.{number}@firstline.example>", "received": f"[#{number}] Ваша заявка принята",
        }  # fmt: skip
        given["contract"], given["created"] = (
            self._stage.versions[requester.client_id or 0].pk,
            self._created(mould.life, requester, service),
        )
        for one in range(mould.events):
            given[f"event{one}"], given[f"audit{one}"] = first + one * self._copies, _kept(first + one * self._copies)
        for one in range(len(mould.messages)):
            given[f"message{one}"] = self._next[Message] + one * self._copies
        if mould.life.channel == "email":
            given |= _letter(number, requester, mould.messages[0])
        self._find(mould, given, requester, agent, colleague)
        written = {name: self._sheets.pen.literal(value) for name, value in given.items()}
        for pattern in mould.patterns:
            pattern.fill(written)
        if mould.deed is not None:
            kind, at = mould.deed
            self._deeds[agent.pk] = Deed(person=agent, ticket_id=number, kind=kind, at=at)
        self._flows.update({key: count * self._copies for key, count in mould.flows.items()})
        self._go_on(mould)

    def _created(self, life: Life, requester: Person, service: Service) -> str:
        key = (life.channel, life.priority, requester.client_id, service.pk)
        if key not in self._said:
            ticket = Ticket(
                channel=life.channel, priority=life.priority, service=service, client=requester.client,
                contract=self._stage.versions[requester.client_id or 0], team=self._stage.team,
            )  # fmt: skip
            self._said[key] = json.dumps(created_data(ticket))
        return self._said[key]

    def _go_on(self, mould: Mould) -> None:
        """Room for the copies of each row right behind it: their numbers grow with time, as a desk's do."""
        self._next[Ticket] += self._copies
        self._next[Event] += mould.events * self._copies
        self._next[Message] += len(mould.messages) * self._copies
        self._next[Delivery] += self._copies
        self.waiting += 1

    def _find(self, mould: Mould, given: dict[str, Any], requester: Person, agent: Person, beside: Person) -> None:
        facts = {f"c{requester.client_id}", f"r{requester.pk}", f"p{requester.pk}",
                 f"u{agent.pk if mould.assigned else 0}"}  # fmt: skip
        if mould.accompanied:
            facts.add(f"p{beside.pk}")
        document = Document(
            number=given["ticket"],
            subject=frozenset(all_terms(given["subject"])),
            public=self._found_by[requester.pk] | mould.terms,
            internal=frozenset(all_terms(beside.name) if mould.accompanied else ()),
            facts=mould.facts | facts,
        )
        self._search.rows.append([self._sheets.pen.literal(value) for value in index.as_row(document)])
        self._words |= mould.words

    def write(self) -> None:
        with transaction.atomic():
            self._sheets.write()
        self.waiting = 0

    def finish(self) -> None:
        """What is told of all the tickets together; the numbers of the tables go on where these end."""
        with transaction.atomic():
            rollups.add_flows(self._flows)
            Deed.objects.bulk_create(
                self._deeds.values(), update_conflicts=True, unique_fields=["person"],
                update_fields=["ticket", "kind", "at"],
            )  # fmt: skip
            Position.objects.filter(pk=rollups.NAME).update(read_to=self._next[Event] - 1)
            indexing.remember(self._words)
        # PostgreSQL's sequences do not see numbers that were given by hand; SQLite's do.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._next)):
                cursor.execute(statement)


def _newest(model: type[models.Model]) -> int:
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)


def _subject(life: Life, number: int) -> str:
    """Its number, which nobody else has; each seventh says an error's code, which some others have."""
    code = f", 0x8007{life.number % CODES:04x}" if life.number % 7 == 0 else ""
    return f"{life.subject} ({number}){code}"


def _kept(event: int) -> str:
    return json.dumps({"event": event})


def _terms_of(requester: Person) -> frozenset[str]:
    client = requester.client
    whose = [requester.name, requester.email, requester.phone, requester.phone_e164]
    if client is not None:
        whose += [client.name, *map(str, client.names.values())]
    return frozenset(all_terms("\n".join(whose)))


def _uuid(chance: random.Random) -> Any:
    one = UUID(int=chance.getrandbits(128), version=4)
    return one if connection.features.has_native_uuid_field else one.hex


def _letter(number: int, requester: Person, words: str) -> dict[str, Any]:
    raw = f"From: {requester.email}\r\nMessage-ID: <{number}@bench>\r\n\r\n{words}".encode()
    mail = f"<{number}@bench>"
    return {
        "source_key": f"bench-{number}", "checksum": hashlib.sha256(raw).hexdigest(), "size": len(raw), "raw": raw,
        "mail_id": mail, "mail_key": hashlib.sha256(mail.encode()).hexdigest(),
    }  # fmt: skip
