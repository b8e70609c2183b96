"""Workers that deal out at the same moment: each ticket once, nobody over his cap, on either engine."""

from __future__ import annotations

import threading
from collections import Counter
from copy import copy
from datetime import timedelta
from types import SimpleNamespace

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
    most = min(tickets // 4, 900)
    rule = sends("all", team="line1", strategy="round_robin")
    more = range(tickets * 3 // 4 // most - 2)
    takers = [s.olga, s.nadia]
    takers += [cast.person(f"taker{n}", f"Олег {n}", "operator", team=s.line1, scope_all=True) for n in more]
    routing_rules.limit(dict.fromkeys([*takers, s.petra], 0), by="test", at=cast.MONDAY_NINE)
    wait_for_somebody(s, tickets)
    routing_rules.limit(dict.fromkeys(takers, most), by="test", at=cast.MONDAY_NINE)
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
    left = tickets - len(takers) * most
    assert left > 0
    assert held == {person.login: most for person in takers} | {None: left}
    given = Event.objects.filter(kind=Kind.ROUTED, data__before=None, data__has_key="known")
    assert Counter(given.values_list("ticket", flat=True)).most_common(1)[0][1] == 1
    assert Undealt.objects.filter(rule=rule).count() == left


def wait_for_somebody(s: SimpleNamespace, tickets: int) -> None:
    """A few that came in by the front door, and as many copies of their rows as are wanted: a minute, not an hour."""
    for _ in range(min(tickets, 24)):
        cast.ticket(s)
    copies = Ticket.objects.order_by("pk")[0], Undealt.objects.order_by("pk")[0]
    for _ in range(tickets - Ticket.objects.count()):
        ticket, undealt = (copy(one) for one in copies)
        ticket.pk = None
        ticket.save(force_insert=True)
        undealt.ticket = ticket
        undealt.save(force_insert=True)
    assert Undealt.objects.count() == tickets
