"""Workers that deal out at the same moment: each ticket once, nobody over his cap, on either engine."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from firstline.lines import dealing, routing_rules
from firstline.lines.routing_models import Undealt
from firstline.tickets.models import Event, Kind, Ticket
from tests import cast
from tests.lines.rules_made import sends

WORKERS = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tickets", [24, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
def test_each_is_given_once_and_no_cap_is_exceeded(tickets: int) -> None:
    s = cast.stage()
    most = tickets // 4
    rule = sends("all", team="line1", strategy="round_robin")
    takers = [s.olga, s.nadia, cast.person("oleg", "Олег", "operator", team=s.line1, scope_all=True)]
    for person in takers:
        routing_rules.limit({person: 0}, by="test", at=cast.MONDAY_NINE)
    routing_rules.limit({s.petra: 0}, by="test", at=cast.MONDAY_NINE)
    for _ in range(tickets):
        cast.ticket(s)
    assert Undealt.objects.count() == tickets
    for person in takers:
        routing_rules.limit({person: most}, by="test", at=cast.MONDAY_NINE)
    at, failed = cast.MONDAY_NINE + timedelta(hours=1), []

    def work() -> None:
        try:
            for number in list(Undealt.objects.order_by("pk").values_list("pk", flat=True)):
                dealing.deal(number, at=at)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test names it
            failed.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    held = Counter(Ticket.objects.values_list("assignee__login", flat=True))
    assert held == {person.login: most for person in takers} | {None: tickets - 3 * most}
    given = Event.objects.filter(kind=Kind.ROUTED, data__before=None, data__has_key="known")
    assert Counter(given.values_list("ticket", flat=True)).most_common(1)[0][1] == 1
    assert Undealt.objects.filter(rule=rule).count() == tickets - 3 * most
