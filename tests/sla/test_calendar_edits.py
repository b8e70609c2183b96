"""A manager changes a day: a new version from today, audited, open clocks read again; and whether it is open now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from firstline.audit.models import Row
from firstline.calendars.models import Calendar, CalendarVersion
from firstline.people.permissions import NotAllowed
from firstline.sla import breaches, calendar_edits
from firstline.sla.models import Clock
from firstline.tickets.refusals import WrongValue
from firstline.web import open_now
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE  # Monday the 2nd of March 2026 in Moscow
TUESDAY = date(2026, 3, 3)


@pytest.fixture
def stage() -> SimpleNamespace:
    return cast.stage()


def test_a_day_off_moves_what_is_open_and_is_in_the_audit(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    before = Clock.objects.get(ticket=ticket, metric="resolution").due_at
    made = calendar_edits.set_day(stage.calendar, TUESDAY, "", by=stage.maria, at=NINE + timedelta(hours=1))
    assert (made.number, made.valid_from, made.exceptions) == (2, date(2026, 3, 2), {"2026-03-03": []})
    breaches.record_due(at=NINE + timedelta(hours=1))
    assert Clock.objects.get(ticket=ticket, metric="resolution").due_at == before + timedelta(days=1)
    row = Row.objects.get(action="calendar edited")
    assert (row.actor, row.data["day"], row.data["after"]) == (f"person:{stage.maria.pk}", "2026-03-03", [])


def test_hours_and_back_to_the_week(stage: SimpleNamespace) -> None:
    saturday = date(2026, 3, 7)
    calendar_edits.set_day(stage.calendar, saturday, "10:00-14:00", by=stage.adam, at=NINE)
    assert stage.calendar.versions.last().exceptions == {"2026-03-07": [["10:00", "14:00"]]}
    calendar_edits.set_day(stage.calendar, saturday, None, by=stage.adam, at=NINE)
    assert stage.calendar.versions.last().exceptions == {}
    assert calendar_edits.set_day(stage.calendar, saturday, None, by=stage.adam, at=NINE).number == 3  # nothing new


@pytest.mark.parametrize("who", ["olga", "lev", "anna", "ivan"])
def test_nobody_else_edits(stage: SimpleNamespace, who: str) -> None:
    with pytest.raises(NotAllowed):
        calendar_edits.set_day(stage.calendar, TUESDAY, "", by=getattr(stage, who), at=NINE)


def test_the_past_and_what_are_no_hours_are_refused(stage: SimpleNamespace) -> None:
    for day, typed in ((date(2026, 3, 1), ""), (date(2056, 3, 1), ""), (TUESDAY, "nine")):
        with pytest.raises(WrongValue):
            calendar_edits.set_day(stage.calendar, day, typed, by=stage.maria, at=NINE)
    only = Calendar.objects.create(slug="once", name="Once", time_zone="Europe/Moscow")
    exceptions = {"2026-03-03": [["09:00", "18:00"]]}
    CalendarVersion.objects.create(calendar=only, number=1, time_zone="Europe/Moscow", weekly={}, exceptions=exceptions)
    with pytest.raises(WrongValue):  # an empty calendar is an error, never a hang
        calendar_edits.set_day(only, TUESDAY, "", by=stage.maria, at=NINE)


def test_the_year_names_its_holidays_and_takes_an_edit(stage: SimpleNamespace) -> None:
    Calendar.objects.update(country="BG")
    CalendarVersion.objects.update(exceptions={"2026-03-03": []})
    desk = Client()
    desk.force_login(stage.maria)
    page = desk.get("/desk/calendars/weekdays/2026/").content.decode()
    assert "Осв" in page  # the Day of Liberation, in the reader's language or the country's
    assert desk.get("/desk/calendars/").status_code == 200
    assert desk.get("/desk/calendars/nothing/2026/").status_code == 404
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    answer = desk.post("/desk/calendars/weekdays/days/", {"day": day, "what": "hours", "hours": "10:00-14:00"})
    assert answer.status_code == 302
    assert stage.calendar.versions.last().exceptions[day] == [["10:00", "14:00"]]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NINE + timedelta(hours=1), "open until"),
        (NINE - timedelta(hours=2), "closed, opens in 2 h"),
        (NINE + timedelta(days=5), "closed, opens Mon"),
    ],
)
def test_whether_it_is_open_now(stage: SimpleNamespace, at: datetime, words: str) -> None:
    with translation.override("en"):
        assert open_now.of(stage.calendar, at).words.replace("\xa0", " ").startswith(words)


def test_the_client_card_says_whether_it_is_open(stage: SimpleNamespace) -> None:
    desk = Client()
    desk.force_login(stage.olga)
    page = desk.get(f"/desk/tickets/{cast.ticket(stage).pk}/").content.decode()
    assert 'class="chip open-now' in page
