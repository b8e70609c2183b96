"""The roster's pages: a week, a person, a team; swaps, absences, calendars."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from firstline.lib import clock
from firstline.lib.periods import Period
from firstline.roster import calendars_out, duty, planning, reinforcement, swaps
from firstline.roster.models import Absence, Cover, DayChange, Layer, Pattern, Swap
from firstline.roster.refusals import WrongRoster
from firstline.web import here
from firstline.web.agent import people_to_choose
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def stage():
    s = cast.stage()
    for person, start, end in ((s.olga, "09:00", "18:00"), (s.emil, "21:00", "09:00")):
        Pattern.objects.create(
            slug=f"of-{person.login}", person=person, time_zone="Europe/Moscow", begins_on="2026-02-02",
            days=[[day, start, end] for day in range(5)],
        )  # fmt: skip
    planning.replan_all(NOW)
    return s


def test_a_week_shows_who_works_and_what_is_missing():
    s = stage()
    Cover.objects.create(team=s.line1, time_zone="Europe/Moscow", hours=[[0, "09:00", "20:00"]])
    page = browser(s.maria).get("/desk/roster/?week=2026-03-04").content.decode()
    assert page.count("09:00–18:00") >= 5
    assert "Первая линия: никого нет на смене пн 2 марта 18:00–20:00" in page
    assert "на смене до 18:00" in page


def test_the_queries_of_a_week_do_not_grow_with_people(django_assert_max_num_queries):
    s = stage()
    visitor = browser(s.maria)
    visitor.get("/desk/roster/")
    with django_assert_max_num_queries(20):
        visitor.get("/desk/roster/")


def test_shifts_are_written_and_ended_on_the_page():
    s = stage()
    sent = {"begins_on": "2026-03-02", "length": "7", "day-0": "10:00-14:00, 15:00-19:00", "instead_of": "of-olga"}
    browser(s.maria).post("/desk/roster/people/olga/shifts/", sent)
    assert s.olga.pk not in duty.on_duty(NOW)
    assert s.olga.pk in duty.on_duty(NOW + timedelta(hours=1))
    made = Pattern.objects.get(person=s.olga, ends_on=None)
    browser(s.maria).post(f"/desk/roster/shifts/{made.slug}/end/", {"on": "2026-03-01"})
    assert s.olga.pk not in duty.on_duty(NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    "sent",
    [
        {"begins_on": "yesterday", "length": "7", "day-0": "09:00-18:00"},
        {"begins_on": "2026-03-02", "length": "0", "day-0": "09:00-18:00"},
        {"begins_on": "2026-03-02", "length": "7", "day-0": "nine to five"},
        {"begins_on": "2026-03-02", "length": "7"},
    ],
)
def test_what_cannot_be_a_shift_is_said_and_nothing_is_lost(sent):
    s = stage()
    answer = browser(s.maria).post("/desk/roster/people/olga/shifts/", sent)
    assert answer.status_code == 422
    assert Pattern.objects.filter(person=s.olga).count() == 1


@pytest.mark.parametrize(
    ("page", "sent", "label"),
    [
        ("people/olga/shifts", {"begins_on": "2026-03-02", "length": "7", "day-2": "девять", "day-3": ""}, "День 3"),
        ("teams/line2/cover", {"least": "1", "week-2": "девять", "week-3": ""}, "среда"),
    ],
)
def test_the_day_that_cannot_be_stands_with_the_others_and_is_corrected_there(page, sent, label):
    s = stage()
    answer = browser(s.maria).post(f"/desk/roster/{page}/", sent)
    assert answer.status_code == 422
    wrong, other = list(sent)[-2:]
    fields = {field.name: field for field in answer.context["fields"]}
    assert (fields[wrong].label.lower(), fields[wrong].value) == (label.lower(), "девять")
    assert [bool(fields[name].problem) for name in (wrong, other)] == [True, False]
    assert {fields[wrong].widget, fields[other].widget} == {"text"}


def test_whole_days_away_are_told_by_their_names():
    s = stage()
    visitor = browser(s.maria)
    visitor.post("/desk/roster/people/olga/absences/", {"why": "holiday", "from": "2026-03-09", "to": "2026-03-12"})
    assert "пн 9 марта – чт 12 марта" in visitor.get("/desk/roster/people/olga/").content.decode()


def test_a_lead_plans_his_own_team_only():
    s = stage()
    s.emil.team = s.line3
    s.emil.save(update_fields=["team"])
    sent = {"day": "2026-03-03", "hours": ""}
    assert browser(s.lev).post("/desk/roster/people/emil/days/", sent).status_code == 302
    assert browser(s.lev).post("/desk/roster/people/olga/days/", sent).status_code == 403
    assert DayChange.objects.get().person == s.emil


def test_everybody_tells_his_own_absence_and_comes_back():
    s = stage()
    visitor = browser(s.olga)
    visitor.post("/desk/roster/people/olga/absences/", {"why": "illness", "from": "2026-03-02"})
    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (NOW, None)
    assert s.olga.pk not in duty.on_duty(NOW)
    visitor.post(f"/desk/roster/absences/{absence.pk}/return/")
    assert s.olga.pk in duty.on_duty(NOW)


def test_a_swap_is_asked_accepted_and_approved():
    s = stage()
    browser(s.olga).post("/desk/roster/swaps/", {"asked": "emil", "gives_on": "2026-03-02", "takes_on": "2026-03-03"})
    swap = Swap.objects.get()
    browser(s.emil).post(f"/desk/roster/swaps/{swap.pk}/acceptance/")
    assert s.olga.pk in duty.on_duty(NOW)
    browser(s.maria).post(f"/desk/roster/swaps/{swap.pk}/approval/")
    assert duty.on_duty(NOW) & {s.olga.pk, s.emil.pk} == {s.emil.pk}
    with pytest.raises(WrongRoster):
        swaps.answer(swap, accepts=False, by=s.emil, at=NOW)


def test_who_plans_and_was_asked_himself_can_refuse_what_he_accepted():
    s = stage()
    swap = swaps.ask(s.olga, s.maria, gives_on=NOW.date(), takes_on=None, at=NOW)
    visitor = browser(s.maria)
    visitor.post(f"/desk/roster/swaps/{swap.pk}/acceptance/")
    assert "/rejection/" in visitor.get("/desk/roster/people/maria/").content.decode()
    visitor.post(f"/desk/roster/swaps/{swap.pk}/rejection/")
    swap.refresh_from_db()
    assert swap.state == "declined"


def test_where_the_team_is_free_to_swap_nobody_has_to_approve():
    s = stage()
    for team in (s.line1, s.line2):
        Cover.objects.create(team=team, time_zone="Europe/Moscow", hours=[], free_swaps=True)
    swap = swaps.ask(s.olga, s.emil, gives_on=NOW.date(), takes_on=None, at=NOW)
    assert swaps.answer(swap, accepts=True, by=s.emil, at=NOW).state == "approved"
    assert s.emil.pk in duty.on_duty(NOW)


def test_a_layer_is_written_and_an_empty_one_is_refused():
    s = stage()
    sent = {"position": "1", "begins_on": "2026-03-02", "changes_at": "09:00", "length": "7"}
    refused = browser(s.maria).post("/desk/roster/teams/line2/layers/", sent)
    assert refused.status_code == 422
    assert re.search(r'type="checkbox" name="people" value="emil"><span>', refused.content.decode()), "none is typed"
    wrong = browser(s.maria).post("/desk/roster/teams/line2/layers/", {**sent, "people": ["emil"], "week-0": "25:00"})
    assert 'name="people" value="emil" checked><span>' in wrong.content.decode(), "who was ticked is ticked"
    browser(s.maria).post("/desk/roster/teams/line2/layers/", {**sent, "people": ["emil"]})
    assert duty.on_call(NOW, s.line2.pk) == [s.emil.pk]
    slug = Layer.objects.get().slug
    until = {"person": "nadia", "starts_at": "2026-03-02T09:00", "ends_at": "2026-03-02T12:00"}
    browser(s.maria).post(f"/desk/roster/layers/{slug}/stand-ins/", until)
    assert duty.on_call(NOW, s.line2.pk) == [s.nadia.pk]
    browser(s.maria).post(f"/desk/roster/layers/{slug}/removal/")
    assert duty.on_call(NOW, s.line2.pk) == []


def test_a_calendar_program_fetches_shifts_with_their_zone_and_hears_when_nothing_changed():
    s = stage()
    address = calendars_out.url(s.olga).split("8000", 1)[-1]
    answer = Client().get(address)
    calendar = Calendar.from_ical(answer.content)
    first = min(calendar.walk("VEVENT"), key=lambda event: event["dtstart"].dt)
    assert first["dtstart"].params["TZID"] == "Europe/Moscow"
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert len(calendar.walk("VEVENT")) > 60
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert Client().get(address.replace("/p", "/t")).status_code == 404
    DayChange.objects.create(person=s.olga, day="2026-03-03", time_zone="Europe/Moscow", spans=[])
    planning.replan([s.olga.pk], NOW)
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 200


def event(uid, *lines):
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", ""])


def file_of(*events):
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + "".join(events) + "END:VCALENDAR\r\n"


def test_absences_come_from_a_calendar_and_a_second_time_change_nothing():
    s = stage()
    text = file_of(
        event("a", "DTSTART;VALUE=DATE:20260304", "DTEND;VALUE=DATE:20260306", "SUMMARY:Море"),
        event("b", "DTSTART:20260309T060000Z", "DURATION:PT3H"),
        event("gone", "DTSTART;VALUE=DATE:20250304", "DTEND;VALUE=DATE:20250306"),
        event("off", "DTSTART;VALUE=DATE:20260404", "STATUS:CANCELLED"),
    )
    for _again in range(2):
        assert browser(s.olga).post("/desk/roster/people/olga/absences/file/", {"text": text}).status_code == 302
    first, second = Absence.objects.order_by("starts_at")
    assert first.starts_at.isoformat() == "2026-03-03T21:00:00+00:00"
    assert (first.ends_at - first.starts_at, first.note) == (timedelta(days=2), "Море")
    assert second.ends_at - second.starts_at == timedelta(hours=3)


@pytest.mark.parametrize("text", ["", "hello", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", file_of(), "\x00\ufffd" * 50])
def test_what_is_no_calendar_is_said(text):
    s = stage()
    assert browser(s.olga).post("/desk/roster/people/olga/absences/file/", {"text": text}).status_code == 422


def test_who_is_here_stands_beside_a_name_where_a_ticket_is_assigned():
    s = stage()
    ticket = cast.ticket(s)
    Absence.objects.create(person=s.nadia, starts_at=NOW, ends_at=NOW + timedelta(hours=3))
    page = browser(s.maria).get(f"/desk/tickets/{ticket.pk}/assignment/").content.decode()
    assert "на смене до 18:00" in page
    assert "нет до 12:00" in page
    assert page.index("Ольга Смирнова") < page.index("Надя Орлова")


def test_who_is_away_is_not_called_free_though_no_shift_is_written():
    s = cast.stage()
    ticket = cast.ticket(s)
    Absence.objects.create(person=s.emil, starts_at=NOW, ends_at=NOW + timedelta(hours=3))
    found = {one.person: one for one in people_to_choose.free(ticket, NOW)}
    assert (found[s.emil].is_free, found[s.olga].is_free) == (False, True)
    page = browser(s.olga).get(f"/desk/tickets/{ticket.pk}/hand-over/").content.decode()
    assert f"{s.emil.name} · нет до 12:00" in page


def test_who_is_here_in_three_statements(django_assert_num_queries):
    s = stage()
    with django_assert_num_queries(2):
        found = here.of([s.olga.pk, s.petra.pk], NOW)
    assert [found[one.pk].state for one in (s.olga, s.petra)] == ["here", "off"]


def test_one_tap_answers_and_opening_the_page_does_not():
    s = stage()
    reinforcement.mark(s.petra, in_reserve=True, by=s.maria, at=NOW)
    sent = {
        "reason": "Касса", "people": "petra", "starts_at": "2026-03-02T09:00", "ends_at": "2026-03-02T15:00",
        "role": "engineer", "clients": "north", "lines": ["1", "2"],
    }  # fmt: skip
    assert browser(s.maria).post("/desk/reinforcement/", sent).status_code == 302
    call_up = s.petra.call_ups.get()
    address = f"/come/{reinforcement.token_of(call_up)}/"
    stranger = Client()
    for _scanner in range(3):
        assert "Идвам" in stranger.get(address).content.decode()
        assert stranger.head(address).status_code == 200
    call_up.refresh_from_db()
    assert call_up.answer == "silent"
    assert stranger.post(address, {"answer": "perhaps"}).status_code == 200
    stranger.post(address, {"answer": "accept"})
    call_up.refresh_from_db()
    assert call_up.answer == "accepted"
    assert "Вашата паметка" in stranger.get(address).content.decode()
    page = browser(s.maria).get("/desk/reinforcement/").content.decode()
    assert "выходит" in page
    assert "×2" in page
    assert s.petra.pk in duty.on_duty(NOW)
    assert Period(call_up.grant.starts_at, call_up.grant.ends_at).covers(NOW)


def test_a_fragment_is_the_card_of_the_page():
    s = stage()
    reinforcement.mark(s.petra, in_reserve=True, by=s.maria, at=NOW)
    row = reinforcement.call(
        reinforcement.Wanted("Ночь", NOW, NOW + timedelta(hours=3), "engineer", all_clients=True, people=[s.petra]),
        by=s.maria, at=NOW,
    )  # fmt: skip
    visitor = browser(s.maria)
    part = visitor.get(f"/desk/reinforcement/{row.pk}/").content.decode().split("csrfmiddlewaretoken")[0]
    assert part in visitor.get("/desk/reinforcement/").content.decode()
