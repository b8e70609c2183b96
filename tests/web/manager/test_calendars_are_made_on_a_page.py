"""A calendar is made, and its week changed, without a file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from firstline.calendars.models import Calendar, CalendarVersion
from tests import cast
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import signed_in

pytestmark = pytest.mark.django_db
ROOT = "/desk/calendars/"
HOURS = {f"hours-{day}": "09:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri")}
SENT = {"names-ru": "София, офис", "slug": "sofia", "country": "BG", "time_zone": "Europe/Sofia", **HOURS}


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_a_calendar_is_made_with_the_holidays_of_its_country(s: SimpleNamespace) -> None:
    browser = signed_in(s.maria)
    assert 'href="/desk/calendars/new/"' in browser.get(ROOT).content.decode()
    assert 'value="09:00–18:00"' in browser.get(f"{ROOT}new/").content.decode()
    answer = browser.post(f"{ROOT}new/", {**SENT, "hours-sat": "10:00-14:00"})
    assert answer["Location"].startswith(f"{ROOT}sofia/")
    made = Calendar.objects.get(slug="sofia")
    version = CalendarVersion.objects.get(calendar=made)
    assert (made.time_zone, made.country, version.weekly["sat"]) == ("Europe/Sofia", "BG", [["10:00", "14:00"]])
    assert any(day.endswith("-03-03") and not spans for day, spans in version.exceptions.items())
    assert "София, офис" in browser.get(ROOT).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"slug": "–"}, "A short name of Latin letters is needed."),
        ({"names-ru": ""}, "Give it a name in one language at least"),
        ({"time_zone": "Europe/Nowhere"}, "Such a time zone is not known"),
        ({"hours-mon": "nine to five"}, "Hours such as 09:00-13:00"),
        (dict.fromkeys(HOURS, ""), "It would never open"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(s: SimpleNamespace, wrong: dict[str, Any], words: str) -> None:
    answer = signed_in(s.maria).post(f"{ROOT}new/", {**SENT, **wrong})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Calendar.objects.filter(slug="sofia").exists()


def test_other_hours_of_the_week_are_a_new_version(s: SimpleNamespace) -> None:
    browser, slug = signed_in(s.maria), s.calendar.slug
    page = browser.get(f"{ROOT}{slug}/week/").content.decode()
    assert 'name="hours-mon"' in page
    assert "slug-hint" not in page
    before = CalendarVersion.objects.filter(calendar=s.calendar).count()
    assert browser.post(f"{ROOT}{slug}/week/", {**HOURS, "hours-fri": "09:00-16:45"}).status_code == 302
    newest = CalendarVersion.objects.filter(calendar=s.calendar).order_by("-number")[0]
    assert newest.weekly["fri"] == [["09:00", "16:45"]]
    assert CalendarVersion.objects.filter(calendar=s.calendar).count() == before + 1
    assert signed_in(s.olga).post(f"{ROOT}{slug}/week/", HOURS).status_code == 403
    assert browser.get(f"{ROOT}ghost/week/").status_code == 404
