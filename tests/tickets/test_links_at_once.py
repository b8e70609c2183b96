"""Two people link at the same moment: nobody waits for ever, and no circle closes behind their backs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from firstline.tickets import merging, relations, undoing
from firstline.tickets.history import locked
from firstline.tickets.models import Link, LinkKind, Ticket
from firstline.tickets.refusals import WrongValue
from tests import cast
from tests.notices.told import later

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class Other(threading.Thread):
    """Somebody else, who does one deed; `problem` is what came of it."""

    def __init__(self, deed: Callable[[], object]) -> None:
        super().__init__()
        self.deed = deed
        self.problem: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.deed()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test names it
            self.problem = problem
        finally:
            connection.close()

    def has_come_to_a_stop(self) -> None:
        """Returns when he waits for somebody, or is done."""
        until = time.monotonic() + 20
        while self.is_alive() and time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(WAITS)
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.01)


@pytest.mark.parametrize("undone", ["linked", "unlinked", "merged"])
def test_who_undoes_holds_the_lower_number_first_as_everybody_does(undone: str) -> None:
    s = cast.stage()
    low, high = cast.ticket(s), cast.ticket(s)
    if undone == "merged":
        merging.merge(high, low, by=s.olga, at=later(1))
    else:
        relations.link(high, low, LinkKind.CHILD, by=s.olga, at=later(1), gates=True)
    if undone == "unlinked":
        relations.unlink(high, low, LinkKind.CHILD, by=s.olga, at=later(2))
    seen = Ticket.objects.get(pk=high.pk).version
    with transaction.atomic():
        locked(low)
        other = Other(lambda: undoing.undo(high, event=seen, by=s.olga, at=later(3)))
        other.has_come_to_a_stop()
        locked(high)
    other.join(20)
    assert other.problem is None
    assert Link.objects.exists() == (undone == "unlinked")


def test_two_links_at_once_close_no_circle() -> None:
    s = cast.stage()
    first, second, third, fourth = (cast.ticket(s) for _ in range(4))
    relations.link(first, second, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    relations.link(third, fourth, LinkKind.PARENT, by=s.olga, at=later(1), gates=True)
    with transaction.atomic():
        relations.link(second, third, LinkKind.PARENT, by=s.olga, at=later(2), gates=True)
        other = Other(lambda: relations.link(fourth, first, LinkKind.PARENT, by=s.lev, at=later(2), gates=True))
        other.has_come_to_a_stop()
    other.join(20)
    assert isinstance(other.problem, WrongValue)
    assert Link.objects.count() == 3
