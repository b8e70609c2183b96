"""A visit that was promised and is not needed: its clock ends without a verdict, and history says why."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.contracts.models import Target
from firstline.lib import clock
from firstline.people import tokens
from firstline.sla import breaches, replay, visits
from firstline.sla.models import Clock
from firstline.tickets import lifecycle, progress
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.permissions import NotAllowed
from firstline.tickets.refusals import WrongStatus, WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
HOUR = timedelta(hours=1)


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    Target.objects.create(version=s.version, metric="on_site", minutes=120)
    return s


def row(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, metric="on_site", is_past=False)


def test_the_clock_ends_without_a_verdict_and_replays_so(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    visits.not_needed(ticket, why="Помог по телефону", by=s.olga, at=NINE + HOUR)
    assert (row(ticket).state, row(ticket).is_over, row(ticket).due_at) == ("cancelled", True, None)
    said = Event.objects.get(ticket=ticket, kind=Kind.NO_VISIT)
    assert (said.data["why"], said.by, said.public) == ("Помог по телефону", s.olga, False)
    breaches.record_due(at=NINE + 9 * HOUR)
    assert not Event.objects.filter(ticket=ticket, kind=Kind.SLA_BREACH, data__metric="on_site").exists()
    ticket.refresh_from_db()
    assert replay.differences(ticket) == []
    resolution = Clock.objects.get(ticket=ticket, metric="resolution")
    assert (resolution.state, resolution.is_over) == ("running", False), "the other clocks go on"


def test_a_breach_before_that_stays_and_who_comes_afterwards_changes_nothing(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    breaches.record_due(at=NINE + 3 * HOUR)
    visits.not_needed(ticket, why="Уже не нужно", by=s.olga, at=NINE + 4 * HOUR)
    assert (row(ticket).state, row(ticket).is_over) == ("breached", True)
    progress.arrive(ticket, by=s.olga, at=NINE + 5 * HOUR)
    assert (row(ticket).state, row(ticket).is_over) == ("breached", True)
    other = visits.not_needed(cast.ticket(s), why="x", by=s.olga, at=NINE)
    progress.arrive(other, by=s.olga, at=NINE + HOUR)
    assert row(other).state == "cancelled"
    for one in (ticket, other):
        one.refresh_from_db()
        assert replay.differences(one) == []


def test_it_is_refused_where_it_makes_no_sense(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    with pytest.raises(WrongValue, match="why"):
        visits.not_needed(ticket, why="  ", by=s.olga, at=NINE)
    with pytest.raises(NotAllowed):
        visits.not_needed(ticket, why="x", by=s.anna, at=NINE)
    visits.not_needed(ticket, why="x", by=s.olga, at=NINE)
    with pytest.raises(WrongValue, match="visit"):
        visits.not_needed(ticket, why="x", by=s.olga, at=NINE)
    solved, _event = lifecycle.resolve(cast.ticket(s), how="x", remote=True, by=s.olga, at=NINE)
    with pytest.raises(WrongStatus):
        visits.not_needed(solved, why="x", by=s.olga, at=NINE)


def test_page_and_api_end_it_alike(s: SimpleNamespace) -> None:
    s.olga.language = "en"
    s.olga.save()
    desk = Client()
    desk.force_login(s.olga)
    ticket = cast.ticket(s)
    assert "No visit needed" in desk.get(f"/desk/tickets/{ticket.pk}/arrival/").content.decode()
    answer = desk.post(f"/desk/tickets/{ticket.pk}/no-visit/", {"why": "Помог по телефону", "seen": ticket.version})
    assert answer.status_code == 302
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert ("no visit is needed" in page, "Помог по телефону" in page) == (True, True)
    assert "No visit needed" not in desk.get(f"/desk/tickets/{ticket.pk}/arrival/").content.decode()
    _token, key = tokens.create(s.olga, scopes=["read", "write"], by=s.olga, at=NINE)
    caller = Client(headers={"Authorization": f"Bearer {key}"})
    other = cast.ticket(s, at=clock.now())
    path = f"/api/v1/tickets/{other.pk}/no-visit"
    said = caller.post(path, {"why": "x"}, content_type="application/json").json()
    assert [one["state"] for one in said["clocks"] if one["metric"] == "on_site"] == ["cancelled"]
    assert caller.post(path, {"why": "x"}, content_type="application/json").status_code == 422
