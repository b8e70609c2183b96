"""A calendar file says when somebody is away, and says so anew (RFC 5545)."""

import pytest

from firstline.roster import calendars_in, duty
from firstline.roster.models import Absence
from firstline.roster.refusals import WrongRoster
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE


def calendar(*events: str) -> bytes:
    parts = [f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT" for event in events]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *parts, "END:VCALENDAR", ""]).encode()


HOLIDAY = "UID:holiday@x\r\nDTSTART;VALUE=DATE:20260309\r\nDTEND;VALUE=DATE:20260316\r\nSUMMARY:Отпуск"


def test_what_is_called_off_is_no_absence_any_more():
    s = cast.stage()
    calendars_in.take(s.olga, calendar(HOLIDAY), by=s.olga, at=NOW)
    assert Absence.objects.filter(person=s.olga).count() == 1

    calendars_in.take(s.olga, calendar(HOLIDAY + "\r\nSTATUS:CANCELLED"), by=s.olga, at=NOW)

    assert not Absence.objects.filter(person=s.olga).exists()
    assert s.olga.pk not in duty.on_duty(NOW)


def test_the_same_again_changes_nothing_and_another_time_replaces_it():
    s = cast.stage()
    for words in (HOLIDAY, HOLIDAY, HOLIDAY.replace("20260316", "20260318")):
        calendars_in.take(s.olga, calendar(words), by=s.olga, at=NOW)
    assert Absence.objects.get(person=s.olga).ends_at.day == 17  # midnight in Moscow


def test_a_moved_day_of_a_repeating_event_is_another_absence():
    s = cast.stage()
    moved = HOLIDAY + "\r\nRECURRENCE-ID;VALUE=DATE:20260309"
    calendars_in.take(s.olga, calendar(HOLIDAY, moved), by=s.olga, at=NOW)
    assert Absence.objects.filter(person=s.olga).count() == 2


def test_a_file_that_says_nothing_is_refused():
    s = cast.stage()
    for content in (b"no calendar", calendar(), calendar("UID:x\r\nSUMMARY:?")):
        with pytest.raises(WrongRoster):
            calendars_in.take(s.olga, content, by=s.olga, at=NOW)
