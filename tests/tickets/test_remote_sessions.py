"""A remote session from the ticket: its program opens by one click, its minutes stand in history and touch."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.assets import remote
from firstline.assets.models import Equipment
from firstline.people.models import Person
from firstline.tickets import lifecycle, remote_sessions
from firstline.tickets.models import Event, Kind
from firstline.tickets.permissions import NotAllowed
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.worklog import touch
from tests import cast
from tests.notices.told import Since, later


@pytest.mark.parametrize(
    ("program", "number", "address"),
    [
        ("anydesk", "123 456 789", "anydesk:123456789"),
        ("AnyDesk", "desk7@ad", "anydesk:desk7@ad"),
        ("teamviewer", "1 234 567 890", "teamviewer10://control?device=1234567890"),
        ("rustdesk", "123456", "rustdesk://connection/new/123456"),
        ("rustdesk", '1" onclick="x', "rustdesk://connection/new/1%22onclick%3D%22x"),
        ("javascript", "alert(1)", ""),
        ("anydesk", " ", ""),
    ],
)
def test_a_program_opens_by_its_own_address_and_nothing_else_does(program: str, number: str, address: str) -> None:
    assert remote.address_of(program, number) == address


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    stage = cast.stage()
    stage.thing = Equipment.objects.create(
        slug="pc7", client=stage.north, name="ПК 7", remote_ids={"anydesk": "123 456 789", "rustdesk": "77"}
    )
    stage.ticket = cast.ticket(stage, equipment=stage.thing)
    return stage


def said(s: SimpleNamespace) -> list[tuple[str, str, int | None]]:
    rows = Event.objects.filter(ticket=s.ticket, kind__in=(Kind.REMOTE_STARTED, Kind.REMOTE_ENDED))
    return [(row.kind, row.data["program"], row.data.get("seconds")) for row in rows]


def test_begin_and_end_are_events_with_the_time_between_them_and_count_as_touch(s: SimpleNamespace) -> None:
    with Since() as told:
        remote_sessions.start(s.ticket, "anydesk", by=s.olga, at=later(10))
        remote_sessions.end(s.ticket, by=s.olga, at=later(22))
    assert said(s) == [("remote_started", "anydesk", None), ("remote_ended", "anydesk", 720)]
    assert told.count == 0
    assert not Event.objects.filter(ticket=s.ticket, public=True, kind__startswith="remote").exists()
    assert touch.total(s.olga, s.ticket, later(22)) == timedelta(minutes=12)


def test_a_second_session_ends_the_first_and_each_has_his_own(s: SimpleNamespace) -> None:
    remote_sessions.start(s.ticket, "anydesk", by=s.olga, at=later(10))
    remote_sessions.start(s.ticket, "anydesk", by=s.emil, at=later(11))
    remote_sessions.start(s.ticket, "rustdesk", by=s.olga, at=later(12))
    assert [row[1:] for row in said(s) if row[0] == "remote_ended"] == [("anydesk", 120)]
    begun = remote_sessions.running(s.ticket, s.emil)
    assert begun is not None
    assert begun.data["program"] == "anydesk"


def test_what_cannot_be_is_refused(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match="no session"):
        remote_sessions.end(s.ticket, by=s.olga, at=later(1))
    with pytest.raises(WrongValue, match="not there"):
        remote_sessions.start(s.ticket, "teamviewer", by=s.olga, at=later(1))
    with pytest.raises(NotAllowed):
        remote_sessions.start(s.ticket, "anydesk", by=s.anna, at=later(1))
    remote_sessions.start(s.ticket, "anydesk", by=s.olga, at=later(2))
    lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=later(3))
    with pytest.raises(WrongStatus):
        remote_sessions.start(s.ticket, "anydesk", by=s.emil, at=later(4))
    remote_sessions.end(s.ticket, by=s.olga, at=later(5))  # what was begun can be ended


def page_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_panel_connects_by_one_click_and_ends_by_another(s: SimpleNamespace) -> None:
    client, where = page_of(s.olga), f"/desk/tickets/{s.ticket.pk}/remote-sessions/"
    shown = client.get(where).content.decode()
    assert 'href="anydesk:123456789" data-remote="anydesk"' in shown
    assert "AnyDesk" in shown
    assert client.post(where, {"program": "anydesk"}, headers={"X-Requested-With": "fetch"}).status_code == 204
    assert f'action="{where}end/"' in client.get(where).content.decode()
    assert client.post(f"{where}end/").status_code == 302
    assert f'action="{where}end/"' not in client.get(where).content.decode()
    looking = page_of(s.anna).get(where).content.decode()
    assert "123 456 789" in looking
    assert "data-remote=" not in looking
