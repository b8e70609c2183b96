"""kill -9 of the worker while it tells superiors, then two workers at once: each rung is said exactly once."""

from __future__ import annotations

from tests.faults.rig import KILLED, Rig

TICKETS = 14
MADE = f"""
import django; django.setup()
from django.conf import settings
from firstline.lib import clock
from firstline.lines import ladder_rules
from firstline.lines.ladder import Rung
from firstline.people.models import Person
from firstline.tickets.opening import Words, open_ticket
now = clock.now()
Person.objects.create(login="boss", name="Boss", email="boss@firm.example", role="manager")
ivan = Person.objects.create(login="ivan", name="Ivan", email="ivan@north.example", role="requester")
rung = Rung("complaint", 1, tell=("manager",), priority=1)
ladder_rules.keep(ladder_rules.Wanted("All", (), (rung,), at_once=True), by="test", at=now)
for n in range({TICKETS}):
    open_ticket(subject=f"N {{n}}", requester=ivan, channel="phone", type="complaint", by=None, at=now,
                words=Words(text="x"))
"""
SAID = "SELECT COUNT(*), COUNT(DISTINCT ticket_id) FROM tickets_event WHERE kind = 'escalated'"
LETTERS = "SELECT COUNT(*), COUNT(DISTINCT ticket) FROM post_delivery WHERE kind = 'escalated'"
RAISED = "SELECT COUNT(*) FROM tickets_ticket WHERE priority = 1"


def test_a_worker_that_is_killed_between_any_two_events_says_each_rung_once(rig: Rig) -> None:
    rig.python(MADE)
    killed = 0
    for nth in (1, 2, 5, 20, 13):
        done = rig.run("worker", "--drain", failpoint=f"web.before_commit:kill:{nth}")
        killed += done.returncode == KILLED
        rig.change("UPDATE lines_ladderwatch SET lease_until = '2000-01-01' WHERE lease_until IS NOT NULL")
    assert killed >= 4, "the point was not reached"
    both = [rig.start("worker", "--drain") for _ in range(2)]
    for one in both:
        one.wait()
    rig.must("worker", "--drain")
    assert rig.query(SAID) == [(TICKETS, TICKETS)]
    assert rig.query(LETTERS) == [(TICKETS, TICKETS)]
    assert rig.query(RAISED) == [(TICKETS,)]
