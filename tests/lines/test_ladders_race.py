"""Two workers, a letter's link and a verb at the same moment: what a ladder says is said once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from firstline.lines import ladder_deeds, ladder_look, ladder_watch
from firstline.lines.ladder_models import Escalation, LadderWatch
from firstline.lines.ladder_people import Everybody
from firstline.post.models import Delivery
from firstline.tickets import properties
from firstline.tickets.models import Event, Kind
from tests import cast
from tests.lines.ladders_made import clock, ladder

TICKETS = 60
AT = cast.MONDAY_NINE + timedelta(minutes=121)


def at_once(*deeds: Callable[[], None]) -> None:
    failed: list[BaseException] = []

    def guarded(deed: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                deed()
            except Exception as problem:  # noqa: BLE001 - whatever it is, the test names it
                failed.append(problem)
            finally:
                connection.close()

        return run

    threads = [threading.Thread(target=guarded(deed)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.django_db(transaction=True)
def test_workers_and_verbs_at_once_say_each_rung_once() -> None:
    s = cast.stage()
    ladder(clock(50, "manager", priority=1))
    tickets = [cast.ticket(s, priority=1) for _ in range(TICKETS)]

    def worker() -> None:
        while ladder_watch.climb(AT):
            pass

    def verbs() -> None:
        for ticket in tickets:
            properties.change(ticket, by=s.olga, at=AT, tags=["x"])

    def answers() -> None:
        done = 0
        for _look in range(4_000):  # the workers may need a moment for the first
            row = Escalation.objects.filter(acknowledged_at=None).first()
            if row is not None:
                ladder_deeds.acknowledge(row, by=s.maria, at=AT)
                done += 1
            if done == 10:
                return

    at_once(worker, worker, verbs, answers)
    worker()
    told = Counter(Event.objects.filter(kind=Kind.ESCALATED).values_list("ticket", flat=True))
    assert told == Counter({ticket.pk: 1 for ticket in tickets})
    assert Delivery.objects.filter(kind="escalated").count() == TICKETS
    acknowledged = Counter(Event.objects.filter(kind=Kind.ACKNOWLEDGED).values_list("ticket", flat=True))
    assert acknowledged
    assert set(acknowledged.values()) == {1}
    assert not LadderWatch.objects.filter(check_at__lte=AT).exists()


@pytest.mark.django_db(transaction=True)
def test_a_look_whose_lease_was_lost_leaves_nothing_behind() -> None:
    s = cast.stage()
    ladder(clock(50))
    ticket = cast.ticket(s, priority=1)
    ladder_watch.climb(cast.MONDAY_NINE)
    claimed = ladder_watch.claims.claim(LadderWatch.objects.filter(check_at__lte=AT))
    LadderWatch.objects.update(lease_owner="another")
    with pytest.raises(ladder_watch.claims.LeaseLost):
        ladder_watch._settle(claimed, ladder_look.in_force(), Everybody(AT), AT)
    assert not Event.objects.filter(ticket=ticket, kind=Kind.ESCALATED).exists()
