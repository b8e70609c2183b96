"""A reaction runs in every verb: what it asks the database does not grow."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.notices import recipients, telling
from firstline.people.models import Person
from firstline.post.models import Browser, Delivery, Gateway
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Event, Kind
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import later

pytestmark = pytest.mark.django_db


def cost(event: Event) -> int:
    with CaptureQueriesContext(connection) as asked:
        recipients.tell(event)
    return len([one for one in asked.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_telling_costs_at_most_seven_statements_however_many_take_part() -> None:
    s = cast.stage()
    colleagues = [
        cast.person(f"p{n}", f"Person {n}", "requester", client=s.north, email=f"p{n}@north.example") for n in range(20)
    ]
    ticket = cast.ticket(s, participants=colleagues)
    ticket = conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(5))
    ticket, _ = lifecycle.resolve(ticket, how="Заменил", remote=True, by=s.olga, at=later(9))
    asked = {}
    for event in ticket.events.select_related("ticket__requester", "by"):
        asked[event.kind] = cost(event)
    assert asked[Kind.CREATED] == 1
    # One of the seven finds who listens by an index: within that of the people it would read the whole table.
    assert max(asked.values()) <= 7


def test_browsers_and_gateways_are_looked_up_once_an_event_however_many_have_them() -> None:
    s = cast.stage()
    Gateway.objects.create(slug="main", url="https://sms.example/")
    people: list[Person] = []
    for n in range(6):
        person = cast.person(f"p{n}", f"Person {n}", "requester", client=s.north, email=f"p{n}@north.example")
        person.channel, person.has_push, person.phone_e164 = "sms", True, f"+7921555010{n}"
        Browser.objects.create(person=person.pk, mark=person.login, host="push.example", endpoint="https://x/", key="k")
        people.append(person)
    event = Event.objects.filter(ticket=cast.ticket(s)).select_related("ticket").latest("pk")
    for told in (people[:1], people):
        with CaptureQueriesContext(connection) as asked:
            recipients._write(event, "answer", told)
        said = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
        assert len(said) == 2, said
    assert Delivery.objects.filter(event=event.pk, kind="answer", channel="push").count() == 7
    assert Delivery.objects.filter(event=event.pk, kind="answer", channel="sms").count() == 7


@pytest.mark.parametrize("kind", ["client_answered", "sla_warning", "solved_seen"])
def test_who_listens_is_found_by_indexes_among_however_many(kind: str) -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    with CaptureQueriesContext(connection) as asked:
        telling.listeners(ticket, kind)
    (statement,) = [one["sql"] for one in asked]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of ten is read whole otherwise
            cursor.execute(f"EXPLAIN {statement}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "SCAN people_person" not in plan, plan
    assert "Seq Scan on people_person" not in plan, plan
    assert "person_who_hears" in plan
