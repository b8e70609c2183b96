"""A ladder tells superiors at shares of a clock, at hand-overs and reopenings, of VIPs and complaints; each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.lines import ladder_deeds, ladder_rules, ladder_seen, ladder_watch
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Escalation, Ladder, LadderWatch
from firstline.ops import health
from firstline.people.permissions import NotAllowed
from firstline.roster.models import Absence
from firstline.tickets import handover, lifecycle, merging, properties
from firstline.tickets.models import Event, Kind
from firstline.tickets.queries import NotThere
from tests import cast
from tests.lines.ladders_made import clock, ladder, looks, said
from tests.notices.told import Since

pytestmark = pytest.mark.django_db
HOUR = 60  # the resolution of the cast's contract takes 16 working hours, of nine a day


def later(minutes: float):
    return cast.MONDAY_NINE + timedelta(minutes=minutes)


def hand_over(ticket, by, line, minutes):
    return handover.hand_over(
        ticket, to_line=line, symptom="x", tried="y", impact="", reason="too_long", by=by, at=later(minutes)
    )


def test_each_share_of_a_clock_is_said_once_and_at_its_moment() -> None:
    s = cast.stage()
    ladder(clock(50, "line_lead"), clock(75), clock(100, "manager", "person:anna"))
    ticket = cast.ticket(s, priority=1)  # four hours: until one o'clock
    looks(119)
    assert said(ticket) == []
    looks(120)
    looks(121)
    assert said(ticket) == [("clock", 50, ["Лев Соколов"])]
    looks(180)
    looks(241)
    assert said(ticket)[1:] == [
        ("clock", 75, ["Мария Волкова"]), ("clock", 100, ["Мария Волкова", "Анна Белова"]),
    ]  # fmt: skip
    assert Escalation.objects.get(ticket=ticket).marks == [50, 75, 100]
    looks(900)
    assert len(said(ticket)) == 3


def test_of_several_marks_at_one_look_the_highest_is_said_to_all_that_they_name() -> None:
    s = cast.stage()
    ladder(clock(50, "line_lead"), clock(75, "manager"))
    ticket = cast.ticket(s, priority=1)
    looks(185)
    assert said(ticket) == [("clock", 75, ["Лев Соколов", "Мария Волкова"])]
    assert Escalation.objects.get().marks == [50, 75]


def test_the_letter_goes_to_whom_the_ladder_chose_and_nobody_else() -> None:
    s = cast.stage()
    ladder(clock(50, "manager"), clock(75, "line_lead", channels=("in_app",)))
    cast.ticket(s, priority=1)
    with Since() as told:
        looks(120)
    assert {login for kind, login in told.of if kind == "escalated"} == {"maria"}
    with Since() as told:
        looks(180)
    assert ("escalated", "lev") not in told.of  # on his page only
    assert ladder_seen.waiting(s.lev).filter(for_me=True).count() == 1


def test_acknowledging_ends_the_occasion_and_not_another_clock() -> None:
    s = cast.stage()
    ladder(clock(50), clock(75), clock(100), clock(100, metric="first_response"))
    ticket = cast.ticket(s, priority=1)
    looks(121)
    row = Escalation.objects.get(ticket=ticket, metric="resolution")
    ladder_deeds.acknowledge(row, by=s.maria, at=later(122))
    ladder_deeds.acknowledge(row, by=s.maria, at=later(123))
    looks(400)
    assert [mark for _what, mark, _names in said(ticket)] == [100, 50]  # the first response was due before
    assert Event.objects.filter(ticket=ticket, kind=Kind.ACKNOWLEDGED).count() == 1
    assert ladder_seen.waiting(s.maria).filter(for_me=True).count() == 1


def test_only_who_sees_the_ticket_may_acknowledge() -> None:
    s = cast.stage()
    ladder(clock(50))
    cast.ticket(s, priority=1)
    looks(120)
    row = Escalation.objects.get()
    with pytest.raises(NotThere):
        ladder_deeds.acknowledge(row, by=s.petra, at=later(121))
    with pytest.raises(NotAllowed):
        ladder_deeds.acknowledge(row, by=s.ivan, at=later(121))
    assert ladder_deeds.acknowledge(row, by=s.olga, at=later(121)).acknowledged_by == s.olga


def test_a_pause_exactly_at_the_mark_says_nothing_until_it_is_over() -> None:
    s = cast.stage()
    ladder(clock(50))
    ticket = cast.ticket(s, priority=1)
    lifecycle.wait(ticket, on="client", reason="?", by=s.olga, at=later(120))
    looks(120)
    looks(600)
    assert said(ticket) == []
    lifecycle.resume(ticket, by=s.olga, at=later(24 * HOUR))
    looks(24 * HOUR + 1)
    assert [mark for _what, mark, _names in said(ticket)] == [50]


def test_a_mark_that_moves_away_is_not_said_and_one_that_was_said_is_not_said_twice() -> None:
    s = cast.stage()
    ladder(clock(50), clock(75))
    ticket = cast.ticket(s, priority=1)
    looks(120)
    properties.change(ticket, by=s.olga, at=later(130), priority=3)  # 75 % is on Tuesday now, and 50 % again
    looks(185)
    assert [mark for _what, mark, _names in said(ticket)] == [50]
    looks(24 * HOUR + 185)
    assert [mark for _what, mark, _names in said(ticket)] == [50, 75]


def test_solved_or_merged_between_says_nothing_more_and_is_looked_at_no_more() -> None:
    s = cast.stage()
    ladder(clock(75))
    solved, merged, kept = (cast.ticket(s, priority=1) for _ in range(3))
    looks(1)
    lifecycle.resolve(solved, how="x", remote=True, by=s.olga, at=later(60))
    merging.merge(merged, kept, by=s.olga, at=later(61))
    looks(200)
    assert (said(solved), said(merged), len(said(kept))) == ([], [], 1)
    assert set(LadderWatch.objects.values_list("ticket", flat=True)) == {kept.pk}


def test_hand_overs_reopenings_vips_and_complaints_are_occasions_of_their_own() -> None:
    s = cast.stage()
    ladder(
        Rung("handed_over", 2, tell=("manager",)), Rung("reopened", 1, tell=("line_lead",)),
        Rung("vip", 1, tell=("manager",)), Rung("complaint", 1, tell=("person:anna",)),
    )  # fmt: skip
    ticket = cast.ticket(s)
    hand_over(ticket, s.olga, 2, 1)
    looks(2)
    assert said(ticket) == []
    hand_over(ticket, s.emil, 3, 3)
    lifecycle.take(ticket, by=s.lev, at=later(4))
    lifecycle.resolve(ticket, how="x", remote=True, by=s.lev, at=later(4))
    lifecycle.reopen(ticket, why="no", by=s.ivan, at=later(5))
    properties.change(ticket, by=s.lev, at=later(6), type="complaint")
    looks(7)
    s.ivan.is_vip = True
    s.ivan.save()
    other = cast.ticket(s, at=later(8))
    looks(9)
    assert sorted((what, mark) for what, mark, _names in said(ticket)) == [
        ("complaint", 1), ("handed_over", 2), ("reopened", 1),
    ]  # fmt: skip
    assert said(other) == [("vip", 1, ["Мария Волкова"])]


def test_a_rung_raises_the_priority_moves_the_line_up_and_adds_who_is_told() -> None:
    s = cast.stage()
    ladder(clock(50, "line_lead", priority=1, line=2, watch=True))
    ticket = cast.ticket(s, priority=2)
    lifecycle.take(ticket, by=s.olga, at=later(1))
    with Since() as told:
        looks(241)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.line, ticket.assignee, ticket.contact_owner) == (1, 2, None, s.olga)
    assert list(ticket.invitations.values_list("person__login", flat=True)) == ["lev"]
    assert ("escalated", "lev") in told.of
    assert ("invited", "lev") not in told.of
    looks(242)
    assert len(said(ticket)) == 1


def test_whoever_is_absent_is_not_told_his_lead_is() -> None:
    s = cast.stage()
    ladder(clock(50, "assignee"))
    ticket = cast.ticket(s, priority=1, requester=s.ivan)
    lifecycle.take(ticket, by=s.olga, at=later(1))
    Absence.objects.create(person=s.olga, starts_at=later(0), ends_at=later(900))
    looks(121)
    event = Event.objects.get(ticket=ticket, kind=Kind.ESCALATED)
    assert event.data["names"] == ["Лев Соколов"]
    assert event.data["notes"] == ["absent"]


def test_a_ladder_that_is_new_or_edited_speaks_of_what_comes_from_then_on() -> None:
    s = cast.stage()
    old = cast.ticket(s, priority=1)
    row = ladder(clock(50), at=later(150))
    looks(151)
    assert said(old) == []
    wanted = ladder_rules.Wanted(row.name, (), (clock(75), clock(50)))
    ladder_rules.keep(wanted, by="test", at=later(160), row=row)
    looks(181)
    assert [mark for _what, mark, _names in said(old)] == [75]


def test_at_once_it_speaks_of_what_is_past_too_and_the_preview_had_said_how_many() -> None:
    s = cast.stage()
    tickets = [cast.ticket(s, priority=1) for _ in range(3)]
    cast.ticket(s, priority=4)
    wanted = ladder_rules.Wanted("Managers", (), (clock(50),), at_once=True)
    found = ladder_rules.preview(ladder_rules.made_of(wanted), [], at=later(150))
    assert (found.looked_at, found.holds, found.past) == (4, 4, 3)
    ladder_rules.keep(wanted, by="test", at=later(150))
    looks(151)
    assert [len(said(one)) for one in tickets] == [1, 1, 1]


def test_a_ladder_that_cannot_be_read_is_named_and_stops_nothing() -> None:
    s = cast.stage()
    row = ladder(clock(50), name="broken")
    Ladder.objects.filter(pk=row.pk).update(rungs=[{"what": "moon"}])
    ladder(clock(50), name="whole")
    ticket = cast.ticket(s, priority=1)
    looks(121)
    assert len(said(ticket)) == 1
    assert [one.name for one in health.problems(later(122)) if one.name.startswith("ladder")] == [f"ladder {row.slug}"]


def test_looking_costs_the_same_for_few_and_many_and_nothing_without_a_ladder() -> None:
    s = cast.stage()
    cast.ticket(s)
    assert not LadderWatch.objects.exists()
    ladder(clock(50), Rung("handed_over", 2, tell=("manager",)), Rung("vip", tell=("manager",)))
    looks(0)
    counts = []
    for many in (2, 10):
        for _ in range(many):
            cast.ticket(s, at=later(1))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ladder_watch.climb(later(1))
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


def test_a_clock_that_is_set_back_says_nothing_twice() -> None:
    s = cast.stage()
    ladder(clock(50))
    ticket = cast.ticket(s, priority=1)
    looks(121)
    looks(60)
    looks(130)
    assert len(said(ticket)) == 1
