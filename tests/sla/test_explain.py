"""A clock explains itself in words that can be checked with a calendar, in three languages, the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from firstline.calendars.models import CalendarVersion
from firstline.contracts.models import Duty, PauseReason, Target
from firstline.post.models import Delivery
from firstline.sla import explain
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Channel, Ticket
from firstline.tickets.opening import Words
from tests import cast

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 14, 30, tzinfo=UTC)  # 17:30 in Moscow; Monday the 9th is a holiday


@pytest.fixture
def stage() -> SimpleNamespace:
    s = cast.stage()
    CalendarVersion.objects.update(exceptions={"2026-03-09": []})
    return s


def said(ticket: Ticket, at: datetime, language: str = "en", metric: str = "resolution") -> str:
    with translation.override(language):
        return next(row["words"] for row in explain.explain(ticket, at) if row["metric"] == metric).replace("\xa0", " ")


def test_the_whole_story_from_friday_evening_on(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, at=FRIDAY, impact="high", urgency="high")
    assert said(ticket, FRIDAY + timedelta(days=4, minutes=-420)) == (
        "Created Fri 06.03.2026 17:30 · ran for 30 min · closed for the weekend and a holiday · ran for 1 h 30 min · "
        "due Tue 10.03.2026 12:30 · contract 118-24, version 1"
    )


def test_a_pause_and_an_end(stage: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=cast.MONDAY_NINE)
    lifecycle.wait(ticket, on="client", reason="?", by=stage.olga, at=cast.MONDAY_NINE + timedelta(minutes=60))
    at = cast.MONDAY_NINE + timedelta(minutes=90)
    assert "waited for the client for 30 min · the clock stands with 15 h left" in said(ticket, at)
    conversation.reply(ticket, Words(text="Да"), by=stage.ivan, at=at, channel=Channel.EMAIL)
    lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=at + timedelta(minutes=10))
    assert said(ticket, at + timedelta(days=9)).endswith(
        "ran for 10 min · solved Mon 02.03.2026 10:40, 14 h 50 min of working time before due"
        " · contract 118-24, version 1"
    )


def test_what_was_solved_too_late_says_when_and_how_late(stage: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(stage, impact="high", urgency="high"), by=stage.olga, at=cast.MONDAY_NINE)
    at = cast.MONDAY_NINE + timedelta(hours=5, minutes=5)
    lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=at)
    assert "broken since Mon 02.03.2026 13:00 · solved Mon 02.03.2026 14:05, 1 h 5 min late" in said(ticket, at)
    assert "решена пн 02.03.2026 14:05, с опозданием на 1 ч 5 мин" in said(ticket, at, "ru").lower()
    assert "решена пн 02.03.2026 14:05, с 1 ч 5 мин закъснение" in said(ticket, at, "bg").lower()


def test_an_answer_is_done_and_not_solved(stage: SimpleNamespace) -> None:
    Target.objects.filter(metric="first_response").update(minutes=60)
    ticket = cast.ticket(stage)
    conversation.answer(ticket, Words(text="?"), by=stage.olga, at=cast.MONDAY_NINE + timedelta(minutes=10))
    words = said(ticket, cast.MONDAY_NINE + timedelta(days=1), metric="first_response")
    assert "· done Mon 02.03.2026 09:10, 50 min before due ·" in words


def test_a_stretch_of_seconds_is_not_told_as_none(stage: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(stage), by=stage.olga, at=cast.MONDAY_NINE)
    lifecycle.wait(ticket, on="client", reason="?", by=stage.olga, at=cast.MONDAY_NINE + timedelta(seconds=40))
    words = said(ticket, cast.MONDAY_NINE + timedelta(hours=1))
    assert "0 min" not in words
    assert "waited for the client for 59 min" in words


def test_a_long_story_is_folded_and_loses_no_minute(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, impact="low", urgency="low")
    words = said(ticket, cast.MONDAY_NINE + timedelta(days=60))
    assert words.count(" · ") < 5
    assert "without nights and closed days" in words


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "закрыто на выходные и праздник"), ("bg", "затворено за почивните дни и празник")],
)
def test_each_language_says_it_its_way(stage: SimpleNamespace, language: str, words: str) -> None:
    ticket = cast.ticket(stage, at=FRIDAY)
    assert words in said(ticket, FRIDAY + timedelta(days=4), language)


def test_desk_and_portal_say_the_same(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage, at=FRIDAY)
    Target.objects.create(version=stage.version, metric="acknowledge", minutes=30)
    desk, portal = Client(), Client()
    desk.force_login(stage.olga)
    portal.force_login(stage.ivan)
    at_the_desk = desk.get(f"/desk/tickets/{ticket.pk}/clocks/").content.decode()
    in_the_portal = portal.get(f"/portal/requests/{ticket.pk}/clocks/").content.decode()
    for words in ("пт 06.03.2026 17:30", "договор 118-24, версия 1"):
        assert words in at_the_desk.lower()
        assert words in in_the_portal.lower()
    assert "Чьё это было время" in at_the_desk
    assert "Чьё это было время" not in in_the_portal


def test_the_client_reads_what_we_wait_for_and_what_he_promised(stage: SimpleNamespace) -> None:
    PauseReason.objects.create(
        version=stage.version, slug="access", name="Доступ", whose="client", status="waiting_for_client"
    )
    Duty.objects.create(version=stage.version, slug="access", side="client", name="дать доступ", minutes=540)
    ticket = lifecycle.wait(
        cast.ticket(stage), on="client", reason="", pause="access", by=stage.olga, at=cast.MONDAY_NINE
    )
    portal = Client()
    portal.force_login(stage.ivan)
    page = portal.get(f"/portal/requests/{ticket.pk}/clocks/").content.decode().replace("\xa0", " ")
    assert "дать доступ, обещано за 9 рабочих часов" in page
    desk = Client()
    desk.force_login(stage.olga)
    assert "дать доступ" in desk.get(f"/desk/tickets/{ticket.pk}/clocks/").content.decode()


def test_without_a_contract_there_is_no_sla_and_the_account_manager_hears_of_it_once(stage: SimpleNamespace) -> None:
    tickets = [cast.ticket(stage, requester=stage.stoyan) for _ in range(2)]
    assert [ticket.status for ticket in tickets] == ["new", "new"]
    assert [one.person for one in Delivery.objects.filter(kind="no_contract")] == [stage.anna.pk]
    desk = Client()
    desk.force_login(stage.olga)
    assert "SLA нет" in desk.get(f"/desk/tickets/{tickets[0].pk}/").content.decode()
    assert "SLA нет" in desk.get(f"/desk/tickets/{tickets[0].pk}/clocks/").content.decode()
