"""Lists of what one has to do with without having it: handed over, helped with; nobody's, without category."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import handover, lifecycle, lists, swarm
from firstline.tickets.models import Ticket
from firstline.web.agent import sidebar
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


def listed(person: Person, view: str) -> list[int]:
    items = Caller(person).get(f"/tickets?view={view}").json()["items"]
    return sorted(int(one["number"]) for one in items)


def shown(person: Person, **asked: str) -> list[int]:
    return sorted(lists.found(person, lists.Filters(**asked)).values_list("pk", flat=True))


def over_to_line_2(s: SimpleNamespace) -> Ticket:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=NINE)
    return handover.hand_over(
        ticket, to_line=2, symptom="мнёт бумагу", tried="ролик", impact="", reason="too_long", by=s.olga, at=NINE
    )


def test_whoever_was_called_in_finds_the_ticket_until_he_leaves_or_it_is_solved() -> None:
    s = cast.stage()
    left, solved, helped = (lifecycle.take(cast.ticket(s), by=s.olga, at=NINE) for _ in range(3))
    for ticket in (left, solved, helped):
        swarm.invite(ticket, s.nadia, by=s.olga, at=NINE, why="касса")
    swarm.leave(left, s.nadia, by=s.nadia, at=NINE)
    lifecycle.resolve(solved, how="Сделано.", remote=True, by=s.olga, at=NINE)

    assert shown(s.nadia, called="1") == listed(s.nadia, "called_in") == [helped.pk]
    assert sidebar.counted(s.nadia)["called"] == 1
    assert shown(s.olga, called="1") == listed(s.olga, "called_in") == []
    swarm.invite(left, s.nadia, by=s.nadia, at=NINE)
    assert sidebar.counted(s.nadia)["called"] == 2


def test_handed_over_by_me_is_the_same_on_the_page_in_the_sidebar_and_by_api() -> None:
    s = cast.stage()
    away, back = over_to_line_2(s), over_to_line_2(s)
    handover.hand_over(
        back, to_line=1, symptom="мнёт бумагу", tried="ролик", impact="", reason="access", by=s.emil, at=NINE
    )
    Ticket.objects.filter(pk=back.pk).update(contact_owner=s.olga, assignee=s.olga)

    assert shown(s.olga, handed="1") == listed(s.olga, "handed_over") == [away.pk], "what is his again he has"
    assert sidebar.counted(s.olga)["handed"] == 1


def test_what_nobody_has_or_nobody_sorted_is_listed_by_api_too() -> None:
    s = cast.stage()
    taken, free = lifecycle.take(cast.ticket(s), by=s.olga, at=NINE), cast.ticket(s)
    Ticket.objects.filter(pk=free.pk).update(category=s.jam)

    assert shown(s.olga, assignee="none") == listed(s.olga, "unassigned") == [free.pk]
    assert shown(s.olga, category="none") == listed(s.olga, "without_category") == [taken.pk]
    groups = sidebar.sections(s.olga, sidebar.counted(s.olga))
    entries = {entry.href: entry for group in groups for entry in group.entries}
    for name in ("assignee", "category"):
        assert entries[f"/desk/queue/?{name}=none"].count == 1
    Ticket.objects.update(created_at=clock.now() - timedelta(minutes=4))
    assert [sidebar.counted(s.olga)[name] for name in ("free_late", "unsorted_late")] == [0, 0]
    Ticket.objects.update(created_at=clock.now() - timedelta(minutes=6))
    assert [sidebar.counted(s.olga)[name] for name in ("free_late", "unsorted_late")] == [1, 1]
