"""Workers, tabs and hand-overs at the same moment: what a box says is said once, and nobody is counted twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from firstline.lib.periods import Period, merged, total
from firstline.lines import box_watch, working
from firstline.lines.box_models import BoxStay
from firstline.tickets import lifecycle
from firstline.tickets.models import Event, Ticket
from firstline.worklog.touch_models import Touch
from tests import cast

TICKETS = 6


@pytest.mark.django_db(transaction=True)
def test_workers_and_tabs_at_once_record_each_thing_once() -> None:
    s = cast.stage()
    people = [s.olga, s.nadia, s.petra]
    tickets = [cast.ticket(s, requester=s.stoyan) for _ in range(TICKETS)]
    for number, ticket in enumerate(tickets):
        lifecycle.take(ticket, by=people[number % 3], at=cast.MONDAY_NINE)
    failed: list[Exception] = []

    # One clock for all, as it is on a desk: the worker's moment is that of the slowest tab.
    reached: dict[int, datetime] = {}

    def tab(person: Any, mine: list[Ticket]) -> Callable[[], None]:
        own = len(reached)
        reached[own] = cast.MONDAY_NINE

        def work() -> None:
            for half in range(100):
                at = cast.MONDAY_NINE + timedelta(seconds=30 * half)
                working.beat(person, mine[half // 60], at=at)
                reached[own] = at
            del reached[own]

        return work

    def worker() -> None:
        while reached and not failed:
            box_watch.record_due(at=min(list(reached.values()), default=cast.MONDAY_NINE + timedelta(hours=1)))

    def guarded(deed: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                deed()
            except Exception as problem:  # noqa: BLE001 - whatever it is, the test names it
                failed.append(problem)
            finally:
                connection.close()

        return run

    deeds = [*(tab(person, [tickets[n], tickets[n + 3]]) for n, person in enumerate(people))]
    deeds += [tab(s.olga, [tickets[3], tickets[0]]), worker, worker]  # a second device
    threads = [threading.Thread(target=guarded(deed)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for _again in range(3):
        box_watch.record_due(at=cast.MONDAY_NINE + timedelta(hours=1))
    said = Counter(Event.objects.filter(kind__startswith="box").values_list("ticket", "kind"))
    assert said
    assert set(said.values()) == {1}
    for person in people:
        periods = [Period(one.started_at, one.ended_at) for one in Touch.objects.filter(person=person)]
        until = cast.MONDAY_NINE + timedelta(hours=2)
        assert total(merged(periods), until) == sum((p.end - p.start for p in periods if p.end), timedelta())
    assert not BoxStay.objects.exclude(lease_owner="").exists()
