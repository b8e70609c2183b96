"""A day of twelve people in every run, a week by --soak: every ticket stays whole, somewhere, and once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from firstline.calendars.timetables import timetable_of
from firstline.lib import clock
from firstline.lines import routing_rules
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.reports import board, course, recount, rollups
from firstline.roster import duty
from firstline.sla import clocks, replay
from firstline.sla.attribution import attribute
from firstline.tickets import lists
from firstline.tickets.models import Event, Kind, Ticket
from tests.lines import week
from tests.lines.rules_made import sends
from tests.lines.week import Desk

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 3, 3)


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], Desk]:
    """A desk that opens on Tuesday: what comes is dealt round line 1, five at the most each; what is handed over is
    pulled."""

    def opened(seed: int, a_day: int) -> Desk:
        def move(at: datetime) -> None:
            monkeypatch.setattr(clock, "now", lambda: at)

        chance = random.Random(seed)
        desk = week.open_desk(chance, move, a_day=a_day, begins=TUESDAY)
        move(at(0))
        sends("everything is dealt out", team="line1", strategy="round_robin")
        for worker in desk.workers.values():
            routing_rules.limit({worker.person: 5}, by="test", at=at(0))
        return desk

    return opened


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 3, 3, tzinfo=week.ZONE) + timedelta(days=day, hours=hour)


def is_sound(desk: Desk, moment: datetime) -> None:
    """What must hold at any hour."""
    here = {desk.workers[login].person.pk for login in desk.here(moment)}
    known = {worker.person.pk for worker in desk.workers.values()}
    assert duty.on_duty(moment) & known == here, moment
    while rollups.is_behind():
        rollups.follow(moment)
    shown, again = board.of(desk.s.maria, moment), recount.recount()
    for line in shown.lines:
        assert line.numbers["open"] == again.open_on(line.line), moment
        assert line.numbers["unassigned"] == again.unassigned_on(line.line), moment
    for name in board.ASKED:
        assert shown.total(name) == lists.found(desk.s.maria, board.filters(name), moment).count()


def ends_well(desk: Desk, moment: datetime) -> None:
    """What must hold of everything that happened."""
    assert Ticket.objects.count() == desk.done["came"] == len(set(desk.tickets)), "none lost, none twice"
    assert list(recount.differences()) == [], "line, assignee and state are what the events say"
    assert [row for _ticket, rows in replay.differences_of(Ticket.objects.order_by("pk")) for row in rows] == []
    nothing_went_to_the_absent(desk)
    nothing_was_said_twice()
    timetable = timetable_of(desk.s.calendar)
    for ticket in Ticket.objects.order_by("pk"):
        spans_add_up(ticket, timetable, moment)


def nothing_went_to_the_absent(desk: Desk) -> None:
    by_login = {login: worker.person for login, worker in desk.workers.items()}
    given = Event.objects.filter(kind=Kind.ROUTED).exclude(data__assignee=None)
    for event in given:
        login = event.data["assignee"]
        assert login in by_login, f"{login} is none of the twelve"
        assert login in desk.here(event.happened_at), (login, event.happened_at)


def nothing_was_said_twice() -> None:
    said = Event.objects.filter(kind__in=[Kind.SLA_WARNING, Kind.SLA_BREACH, Kind.INNER_TERM])
    keys = Counter(
        (row.ticket_id, row.kind, row.data.get("metric"), row.data.get("since"), row.data.get("share"),
         row.data.get("stage"))
        for row in said
    )  # fmt: skip
    assert [key for key, count in keys.items() if count > 1] == []
    letters = Counter(Delivery.objects.exclude(event=None).values_list("event", "kind", "person", "to"))
    assert [key for key, count in letters.items() if count > 1] == []


def spans_add_up(ticket: Ticket, timetable: object, moment: datetime) -> None:
    """Whose time it was, stretch by stretch: without a gap, and each of a line while the ticket stood on that line."""
    events = list(ticket.events.order_by("pk"))
    found = attribute(clocks.facts_of(ticket, events), timetable, moment)  # type: ignore[arg-type]
    assert found is not None
    assert sum(found.used.values(), timedelta()) == found.total
    reached = found.start
    for one in found.stretches:
        assert one.start == reached, ticket
        reached = one.end
        if one.party.startswith("line"):
            assert one.party == f"line{line_at(events, one.start)}", (ticket, one)
    assert reached == found.end


def line_at(events: list[Event], moment: datetime) -> int:
    stand = None
    for event in events:
        if event.happened_at <= moment:
            stand = course.after(stand, course.Happened(event.kind, event.happened_at, event.data))
    assert stand is not None
    return stand.line


def everybody_of_line_2_is_away(desk: Desk, start: datetime, end: datetime) -> None:
    for login in ("emil", "e1", "e2", "e3"):
        desk.leave(login, start, end)


@pytest.mark.timeout(600)  # a busy machine is no failure
def test_a_day_of_the_desk(begin: Callable[[int, int], Desk]) -> None:
    desk = begin(1, 36)
    desk.leave("w2", at(0), at(2))
    everybody_of_line_2_is_away(desk, at(0, 13), at(0, 15))

    desk.live(at(0, 8), at(0, 19), lambda moment: is_sound(desk, moment) if moment.hour % 4 == 0 else None)

    ends_well(desk, at(0, 19))
    assert desk.done["solved"] > 8, desk.done
    assert desk.done["handed over"] > 2
    assert Event.objects.filter(kind=Kind.ROUTED).exclude(data__assignee=None).exists()
    at_work = {one.person.login for one in board.of(desk.s.maria, at(0, 19)).people if one.ticket}
    assert "olga" in at_work
    assert at_work & {"emil", "e1", "e2", "e3"}, "somebody of line 2"


@pytest.mark.timeout(600)
def test_an_evening_with_reinforcement(begin: Callable[[int, int], Desk]) -> None:
    desk = begin(4, 36)
    desk.surge = (at(0, 16), at(0, 20), 4.0)
    desk.call_in(at(0, 17), at(0, 20))

    desk.live(at(0, 16), at(0, 21), lambda moment: is_sound(desk, moment))

    ends_well(desk, at(0, 21))
    did = Counter(Event.objects.filter(kind=Kind.TAKEN).values_list("by__login", flat=True))
    assert did["r1"], did
    assert did["r2"], did
    assert not did["r3"], "he said that he cannot"
    came, cannot = {desk.s.r1.pk, desk.s.r2.pk}, desk.s.r3.pk
    during, after = duty.on_duty(at(0, 18)), duty.on_duty(at(0, 20))  # whom rules give work: the roster says it
    assert came <= during
    assert cannot not in during
    assert not came & after


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reinforced", [False, True])
def test_a_week_of_the_desk(begin: Callable[[int, int], Desk], reinforced: bool) -> None:
    desk = begin(3 if reinforced else 2, 110)
    if reinforced:
        desk.surge = (at(1, 18), at(2, 2), 5.0)
        desk.call_in(at(1, 19), at(2, 3))
    desk.leave("w2", at(1), at(3))
    desk.leave("e1", at(0), at(7))
    everybody_of_line_2_is_away(desk, at(2, 12), at(2, 15))

    desk.live(at(0), at(7), lambda moment: is_sound(desk, moment) if moment.hour % 6 == 0 else None)

    ends_well(desk, at(7))
    assert desk.done["came"] > 400
    assert Person.objects.filter(assigned__is_open=True).distinct().count() <= len(desk.workers)
