"""Outside hours who is on call is told, then the next layer after N minutes without an answer, at last the manager."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.lines import ladder_deeds
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Escalation, Ladder
from firstline.people.models import Team
from firstline.roster.models import Absence, Turn
from firstline.tickets import lifecycle
from firstline.tickets.models import Event, Kind, Ticket
from tests import cast
from tests.lines.ladders_made import clock, ladder, looks, said

pytestmark = pytest.mark.django_db
NIGHT = 13 * 60  # ten in the evening


def on_call(team: Team, *people: object, hours: float = 48) -> None:
    for place, person in enumerate(people, start=1):
        Turn.objects.create(
            kind=Turn.Kind.ON_CALL, team=team, position=place, person=person,
            starts_at=cast.MONDAY_NINE - timedelta(hours=1), ends_at=cast.MONDAY_NINE + timedelta(hours=hours),
        )  # fmt: skip


def at_night(s: SimpleNamespace, *tell: str) -> Ticket:
    """A ticket of a VIP that comes at ten in the evening."""
    ladder(Rung("vip", tell=tell or ("manager",)), hours="weekdays", wait=10)
    s.ivan.is_vip = True
    s.ivan.save()
    return cast.ticket(s, at=cast.MONDAY_NINE + timedelta(minutes=NIGHT))


def names(ticket: Ticket) -> list[list[str]]:
    return [named for _what, _mark, named in said(ticket)]


def test_each_layer_is_called_after_the_one_before_has_not_answered_and_the_manager_last() -> None:
    s = cast.stage()
    on_call(s.line1, s.olga, s.nadia)
    ticket = at_night(s)
    for minute in (0, 9, 10, 19, 20, 40, 300):
        looks(NIGHT + minute)
    assert names(ticket) == [["Ольга Смирнова"], ["Надя Орлова"], ["Мария Волкова"]]
    assert Event.objects.filter(ticket=ticket, kind=Kind.ESCALATED).last().data["notes"] == ["last_layer"]


def test_an_answer_stops_the_calling() -> None:
    s = cast.stage()
    on_call(s.line1, s.olga, s.nadia)
    ticket = at_night(s)
    looks(NIGHT)
    row = Escalation.objects.get()
    ladder_deeds.acknowledge(row, by=s.olga, at=cast.MONDAY_NINE + timedelta(minutes=NIGHT + 9))
    looks(NIGHT + 60)
    assert names(ticket) == [["Ольга Смирнова"]]


def test_the_calling_stops_when_it_is_solved() -> None:
    s = cast.stage()
    on_call(s.line1, s.olga, s.nadia)
    ticket = at_night(s)
    looks(NIGHT)
    lifecycle.resolve(ticket, how="x", remote=True, by=s.nadia, at=cast.MONDAY_NINE + timedelta(minutes=NIGHT + 5))
    looks(NIGHT + 60)
    assert names(ticket) == [["Ольга Смирнова"]]


def test_where_nobody_is_on_call_the_manager_is_told_that_too() -> None:
    s = cast.stage()
    ticket = at_night(s, "assignee")
    looks(NIGHT + 1)
    event = Event.objects.get(ticket=ticket, kind=Kind.ESCALATED)
    assert (event.data["names"], event.data["notes"]) == (["Мария Волкова"], ["nobody_on_call"])


def test_an_absent_layer_is_passed_over() -> None:
    s = cast.stage()
    on_call(s.line1, s.olga, s.nadia)
    Absence.objects.create(person=s.olga, starts_at=cast.MONDAY_NINE)
    ticket = at_night(s)
    looks(NIGHT)
    assert names(ticket) == [["Надя Орлова"]]


def test_by_day_those_whom_the_rung_names_are_told() -> None:
    s = cast.stage()
    on_call(s.line1, s.nadia)
    ladder(clock(50, "line_lead", "on_call"), clock(75, "line_lead"), hours="weekdays")
    ticket = cast.ticket(s, priority=1)
    looks(120)
    looks(180)
    assert names(ticket)[0] == ["Надя Орлова", "Лев Соколов"]
    assert ["Лев Соколов"] in names(ticket)[1:]


@pytest.mark.parametrize("end", ["removed", "switched off", "without such a rung"])
def test_a_ladder_that_is_taken_away_calls_nobody_more(end: str) -> None:
    s = cast.stage()
    on_call(s.line1, s.olga, s.nadia)
    ticket = at_night(s)
    looks(NIGHT)
    row = Ladder.objects.get()
    if end == "removed":
        row.delete()
        ladder(clock(100))  # another one holds, which says nothing of VIPs
    elif end == "switched off":
        Ladder.objects.update(is_on=False)
    else:
        Ladder.objects.update(rungs=[{"what": "complaint", "tell": ["manager"]}])
    looks(NIGHT + 60)
    assert names(ticket) == [["Ольга Смирнова"]]
    assert Escalation.objects.get().call_at is None


def test_a_ladder_that_cannot_be_read_leaves_nobody_uncalled() -> None:
    s = cast.stage()
    on_call(s.line1, s.olga, s.nadia)
    ticket = at_night(s)
    looks(NIGHT)
    Ladder.objects.update(rungs=[{"what": "weather"}])
    looks(NIGHT + 15)
    assert names(ticket) == [["Ольга Смирнова"], ["Надя Орлова"]]
