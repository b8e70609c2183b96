"""The timer on every page, the box beside the ticket, the card that is filled in, accept and return, who works along:
all of it without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.lines import box_watch
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation, handover, lifecycle, swarm
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import Words
from firstline.worklog import timers
from firstline.worklog.models import Entry
from tests import cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], datetime]:
    """`moved(5)`: it is five minutes past nine now."""

    def move(minutes: float) -> datetime:
        moment = cast.MONDAY_NINE + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return move


@pytest.fixture
def worked(stage: SimpleNamespace, signed_in: SignIn, moved: Callable[[float], datetime]) -> SimpleNamespace:
    """Olga has a ticket and worked 21 minutes in it; the worker has looked."""
    moved(0)
    stage.ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=moved(0))
    stage.browser, stage.at = signed_in(stage.olga), f"/desk/tickets/{stage.ticket.pk}/"
    for half in range(43):
        moment = moved(half / 2)
        stage.browser.post("/desk/timer/beats/", {"ticket": str(stage.ticket.pk)}, **PART)
        box_watch.record_due(at=moment)
    return stage


def test_the_timer_is_a_part_of_every_page_and_stops_and_starts_by_a_button(worked: SimpleNamespace) -> None:
    part = worked.browser.get("/desk/timer/?at=/desk/queue/", **PART).content.decode()
    assert f"#{worked.ticket.pk}" in part
    assert "21 min" in part
    assert 'data-hotkey="alt+t"' in part
    assert worked.browser.post("/desk/timer/stop/", {"next": "/desk/queue/"}).url == "/desk/queue/"
    assert timers.running([worked.olga.pk]) == {}
    worked.browser.post("/desk/timer/start/", {"ticket": worked.ticket.number})
    assert worked.olga.pk in timers.running([worked.olga.pk])
    assert "My time" in worked.browser.get("/desk/timer/").content.decode()


def test_somebody_without_a_timer_has_the_part_too(stage: SimpleNamespace, signed_in: SignIn, at: datetime) -> None:
    browser = signed_in(stage.nadia)
    assert browser.get("/desk/timer/?at=/desk/queue/", **PART).status_code == 200
    ticket = cast.ticket(stage)
    part = browser.get(f"/desk/timer/?at=/desk/tickets/{ticket.pk}/", **PART).content.decode()
    assert f"Start the timer in #{ticket.pk}" in part


def test_a_gap_is_asked_about(worked: SimpleNamespace, moved: Callable[[float], datetime]) -> None:
    moved(40)
    part = worked.browser.post("/desk/timer/beats/", {"ticket": worked.ticket.number}, **PART).content.decode()
    assert "What was it?" in part
    worked.browser.post("/desk/timer/gap/", {"was": "this", "ticket": worked.ticket.number})
    assert "40 min" in worked.browser.get("/desk/timer/?at=/desk/", **PART).content.decode()


def test_the_full_box_offers_the_card_and_five_minutes_more(
    worked: SimpleNamespace, moved: Callable[[float], datetime]
) -> None:
    panel = worked.browser.get(f"{worked.at}box/", **PART).content.decode()
    assert "over by 1" in panel
    assert "Free now: Емил Петров" in panel
    sent = worked.browser.post(f"{worked.at}box-extension/", {"reason": "осталась перезагрузка"})
    assert sent.status_code == 302
    panel = worked.browser.get(f"{worked.at}box/").content.decode()
    assert "five minutes more: 1 time" in panel
    assert worked.ticket.events.get(kind=Kind.BOX_EXTENDED).data["reason"] == "осталась перезагрузка"


def test_the_card_is_filled_in_and_goes_as_it_is(worked: SimpleNamespace, moved: Callable[[float], datetime]) -> None:
    conversation.note(worked.ticket, Words(text="Чистили ролик"), by=worked.olga, at=moved(21.5))
    page = worked.browser.get(f"{worked.at}hand-over/").content.decode()
    assert "Чистили ролик" in page
    assert "Емил Петров · free · 0 open" in page
    assert '<option value="too_long" selected>' in page
    card = {"to_line": "2", "to": "emil", "symptom": "Мнёт", "tried": "Ролик", "reason": "too_long", "impact": "low"}
    worked.browser.post(f"{worked.at}hand-over/", card)
    held = Ticket.objects.get(pk=worked.ticket.pk)
    assert (held.line, held.assignee, held.contact_owner) == (2, None, worked.olga)
    told = Delivery.objects.filter(kind="handed_over", event=held.version).values_list("to", flat=True)
    assert set(told) == {"emil@desk.example", "maria@desk.example"}


def test_the_receiver_accepts_or_returns_and_each_is_told(
    worked: SimpleNamespace, signed_in: SignIn, moved: Callable[[float], datetime]
) -> None:
    card = {"symptom": "Мнёт", "tried": "Ролик", "reason": "too_long", "impact": "low"}
    held = handover.hand_over(worked.ticket, to_line=2, by=worked.olga, at=moved(22), **card)
    emil = signed_in(worked.emil)
    panel = emil.get(f"{worked.at}box/", **PART).content.decode()
    assert "handed it over from line 1" in panel
    assert emil.post(f"{worked.at}return/", {"why": "Есть статья", "seen": held.version}).status_code == 302
    back = Ticket.objects.get(pk=held.pk)
    assert (back.line, back.assignee) == (1, worked.olga)
    assert Delivery.objects.filter(kind="returned", to="olga@desk.example").exists()
    assert emil.post(f"{worked.at}return/", {"why": "Есть статья"}).status_code == 409
    handover.hand_over(back, to_line=2, by=worked.olga, at=moved(23), **card)
    emil.post(f"{worked.at}take/")
    assert Delivery.objects.filter(kind="engineer_joined").count() == 1
    assert Delivery.objects.filter(kind="accepted", to="olga@desk.example").exists()
    portal = signed_in(worked.ivan).get(f"/portal/requests/{held.pk}/").content.decode()
    assert "An engineer has joined" in portal
    assert "Есть статья" not in portal


def test_colleagues_are_called_in_and_the_ticket_stays(worked: SimpleNamespace, signed_in: SignIn) -> None:
    worked.browser.post(f"{worked.at}invitations/", {"person": "emil", "why": "Посмотри журнал"})
    held = Ticket.objects.get(pk=worked.ticket.pk)
    assert (held.line, held.assignee) == (1, worked.olga)
    assert [one.person for one in swarm.members(held)] == [worked.emil]
    assert Delivery.objects.filter(kind="invited", to="emil@desk.example").count() == 1
    assert "works along" in worked.browser.get(f"{worked.at}box/", **PART).content.decode()
    signed_in(worked.emil).post(f"{worked.at}invitations/leaving/")
    assert not swarm.members(held).exists()
    refused = worked.browser.post(f"{worked.at}invitations/", {"person": "petra"})
    assert refused.status_code == 422, "Petra does not see this client"


def test_resolving_logs_what_the_timer_counted(worked: SimpleNamespace) -> None:
    page = worked.browser.get(f"{worked.at}resolution/").content.decode()
    assert 'name="minutes" inputmode="numeric" value="21"' in page
    worked.browser.post(f"{worked.at}resolution/", {"how": "готово", "remote": "1", "minutes": "21"})
    assert [(row.minutes, row.kind) for row in Entry.objects.all()] == [(21, "remote")]
    assert 'value="21"' not in worked.browser.get(worked.at).content.decode()


def test_ones_own_time_is_corrected_with_a_reason(worked: SimpleNamespace) -> None:
    worked.browser.post("/desk/timer/stop/")
    row = worked.olga.touches.get()
    start = "2026-03-02T09:01:00"
    done = worked.browser.post(f"/desk/timer/periods/{row.pk}/", {"started_at": start, "reason": "говорил по другой"})
    assert done.status_code == 302
    assert "говорил по другой" in worked.browser.get("/desk/timer/?day=2026-03-02").content.decode()
    row.refresh_from_db()
    assert row.ended_at - row.started_at == timedelta(minutes=20)
