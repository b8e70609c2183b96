"""Vendors, statements, outages, the catalogue, calendars and waits through the API, with the rules of the pages."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.audit.models import Row
from firstline.calendars.models import CalendarVersion
from firstline.contracts.models import Outage, Vendor
from firstline.lib import clock
from firstline.sla import statements
from firstline.sla.models import Statement
from firstline.tickets import lifecycle
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
KKT = {
    "slug": "kkt", "names": {"ru": "КассаСервис"}, "calendar": "weekdays", "email": "help@kkt.example",
    "targets": {"first_response": 60},
}  # fmt: skip


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_a_vendor_is_added_edited_and_retired(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    made = anna.post("/vendors", KKT)
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/vendors/kkt")
    edited = anna.patch("/vendors/kkt", {"phone": "+7 495 1"}).json()
    assert (edited["phone"], edited["email"], edited["targets"]) == (
        "+7 495 1", "help@kkt.example", {"first_response": 60},
    )  # fmt: skip
    assert anna.patch("/vendors/kkt", {"targets": {}}).json()["targets"] == {}
    for key, value, field in (
        ("email", "no address", "email"), ("calendar", "x", "calendar"), ("names", {}, "names"),
        ("targets", {"resolution": 0}, "targets.resolution"), ("names", {"de": "x"}, "names"),
    ):  # fmt: skip
        assert fields(anna.patch("/vendors/kkt", {key: value})) == [field]
    assert anna.post("/vendors/kkt/retirement", {"retired": True}).json()["retired_at"]
    assert not Vendor.objects.filter(retired_at__isnull=True).exists()
    assert anna.get("/vendors").json()["items"][0]["score"]["asked"] == 0


def test_a_request_to_a_vendor_lives_by_api(s: SimpleNamespace) -> None:
    Caller(s.anna).post("/vendors", KKT)
    ticket, olga = cast.ticket(s), Caller(s.olga)
    place = f"/tickets/{ticket.number}/vendor-requests"
    asked = olga.post(place, {"vendor": "kkt", "subject": "E15", "body": "Что это?"})
    assert asked.json()["status"] == "waiting_for_vendor"
    assert olga.post(f"{place}/1/number", {"their_number": "SR-1"}).status_code == 200
    assert fields(olga.post(f"{place}/1/messages", {"body": " ", "heard": True})) == ["body"]
    heard = olga.post(f"{place}/1/messages", {"body": "Перезагрузите", "heard": True})
    assert heard.json()["status"] == "in_progress"
    assert olga.post(f"{place}/1/closing", {"solved": True}).status_code == 200
    one = olga.get(place).json()["items"][0]
    assert (one["state"], one["their_number"], one["asked_by"]) == ("solved", "SR-1", "olga")
    assert olga.post(f"{place}/1/closing", {"solved": True}).status_code == 409
    assert olga.post(f"{place}/2/closing", {"solved": True}).status_code == 404
    assert Caller(s.ivan).get(place).status_code == 403


def test_a_statement_goes_from_asked_to_posted_and_its_coordinator_agrees(s: SimpleNamespace) -> None:
    anna, kira = Caller(s.anna), Caller(s.kira)
    made = anna.post("/statements", {"contract": "118-24", "version": 1, "month": "2026-03"})
    assert (made.status_code, made.json()["state"], made.json()["working"]) == (201, "asked", True)
    place = f"/statements/{made.json()['id']}"
    assert made.headers["Location"] == f"/api/v1{place}"
    statements.compute_due(at=clock.now())
    assert anna.post(f"{place}/steps", {"to": "posted", "words": "счёт"}).status_code == 409
    assert kira.get(place).status_code == 404
    assert anna.post(f"{place}/steps", {"to": "reviewed"}).json()["state"] == "reviewed"
    assert fields(kira.post(f"{place}/steps", {"to": "disputed"})) == ["words"]
    assert kira.post(f"{place}/steps", {"to": "agreed"}).json()["state"] == "agreed"
    assert kira.post(f"{place}/steps", {"to": "posted", "words": "счёт"}).status_code == 403
    whole = anna.post(f"{place}/steps", {"to": "posted", "words": "счёт 7"}).json()
    assert [(one["state"], one["by"]) for one in whole["steps"]][-3:] == [
        ("reviewed", "anna"), ("agreed", "kira"), ("posted", "anna"),
    ]  # fmt: skip
    refused = anna.post(f"{place}/computing")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:firstline:problem:wrong-state")
    assert [one["id"] for one in kira.get("/statements").json()["items"]] == [whole["id"]]
    assert anna.get("/statements?client=south").json()["items"] == []


def test_a_month_before_the_terms_has_no_statement(s: SimpleNamespace) -> None:
    refused = Caller(s.anna).post("/statements", {"contract": "118-24", "version": 1, "month": "2019-03"})
    assert (refused.status_code, fields(refused)) == (422, ["month"])
    unknown = Caller(s.anna).post("/statements", {"contract": "118-24", "version": 7, "month": "2026-03"})
    assert fields(unknown) == ["version"]
    assert not Statement.objects.exists()


def test_an_outage_is_recorded_ended_and_excused(s: SimpleNamespace) -> None:
    olga = Caller(s.olga)
    body = {"client": "north", "starts_at": "2026-03-02T10:00:00+03:00", "words": {"ru": "Нет связи"}}
    made = olga.post("/outages", body, Idempotency_Key="o1")
    assert made.status_code == 201
    assert olga.post("/outages", body, Idempotency_Key="o1").content == made.content
    place = f"/outages/{made.json()['id']}"
    assert fields(olga.post(f"{place}/end", {"ends_at": "2026-03-02T09:00:00+03:00"})) == ["ends_at"]
    assert [one["slug"] for one in olga.get("/outages?over=false").json()["items"]] == [made.json()["slug"]]
    assert olga.post(f"{place}/end", {}).json()["ends_at"]
    assert olga.get("/outages?over=false").json()["items"] == []
    assert olga.post(f"{place}/announcement", {"shown": False}).json()["announced_at"] is None
    assert olga.post(f"{place}/excuse", {"excused": True}).status_code == 403
    assert Caller(s.maria).post(f"{place}/excuse", {"excused": True}).json()["excused"] is True
    assert fields(olga.post("/outages", body | {"planned": True})) == ["ends_at"]
    assert fields(olga.post("/outages", body | {"client": "east"})) == ["client"]
    assert Outage.objects.count() == 1


def test_the_catalogue_is_described_field_by_field(s: SimpleNamespace) -> None:
    maria = Caller(s.maria)
    made = maria.post("/services", {"slug": "fax", "names": {"ru": "Факс"}, "owner": "olga", "team": s.line1.slug})
    assert (made.status_code, made.json()["owner"], made.json()["team"]) == (201, "olga", s.line1.slug)
    said = maria.patch("/services/fax", {"descriptions": {"en": "Fax"}, "team": None}).json()
    assert (said["names"], said["owner"], said["team"]) == ({"ru": "Факс"}, "olga", None)
    assert fields(maria.patch("/services/fax", {"owner": "ivan"})) == ["owner"]
    assert fields(maria.post("/services", {"slug": "fax", "names": {"ru": "Факс"}})) == ["slug"]
    before = s.printing.name
    kept = maria.patch(f"/services/{s.printing.slug}", {"line": 1}).json()
    assert (kept["line"], kept["name"]) == (1, before)
    assert "fax" in [one["slug"] for one in Caller(s.olga).get("/services").json()["items"]]


def test_a_calendar_is_made_with_the_holidays_of_its_country_and_edited_from_today(s: SimpleNamespace) -> None:
    adam = Caller(s.adam)
    made = adam.post(
        "/calendars", {"slug": "bg", "names": {"bg": "София"}, "time_zone": "Europe/Sofia", "country": "BG"}
    )
    assert (made.status_code, made.json()["weekly"]["mon"]) == (201, [["09:00", "18:00"]])
    year = clock.now().year + 1
    days = {one["day"]: one for one in adam.get(f"/calendars/bg/{year}").json()["exceptions"]}
    assert days[f"{year}-03-03"]["kind"] in {"holiday", "off"}
    edited = adam.patch("/calendars/bg", {"weekly": {"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}})
    assert (edited.json()["version"], edited.json()["weekly"]) == (2, {"mon": [["08:00", "12:00"], ["13:00", "17:00"]]})
    assert CalendarVersion.objects.get(calendar__slug="bg", number=2).valid_from is not None
    day = (clock.now().date() + timedelta(days=7)).isoformat()
    assert adam.post("/calendars/bg/days", {"day": day, "hours": [["10:00", "12:00"]]}).json()["version"] == 3
    assert adam.post("/calendars/bg/days", {"day": day}).json()["version"] == 4
    actions = Row.objects.filter(target="calendar:bg").values_list("action", flat=True)
    assert sorted(actions) == ["calendar edited"] * 3 + ["calendar made"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("", {"time_zone": "Mars/Olympus"}, "time_zone"),
        ("", {"country": "XX"}, "country"),
        ("", {"weekly": {"mon": [["18:00", "9"]]}}, "weekly"),
        ("", {"weekly": {"moon": [["09:00", "18:00"]]}}, "weekly"),
        ("", {"weekly": {"mon": []}}, "weekly"),
        ("", {"slug": "weekdays"}, "slug"),
        ("", {"names": {}}, "names"),
        ("/weekdays/days", {"day": "2020-01-01", "hours": []}, "day"),
        ("/weekdays/days", {"day": "2020-01-99"}, "day"),
        ("/weekdays/days", {"day": "{tomorrow}", "hours": [["10:00", "11:00,12:00-13:00"]]}, "hours"),
        ("/weekdays/days", {"day": "{tomorrow}", "hours": [["25:00", "26:00"]]}, "hours"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_field(
    s: SimpleNamespace, path: str, body: dict[str, object], field: str
) -> None:
    whole = body if path else {"slug": "new", "names": {"en": "New"}, "time_zone": "Europe/Sofia"} | body
    tomorrow = (clock.now().date() + timedelta(days=1)).isoformat()
    whole = {key: tomorrow if value == "{tomorrow}" else value for key, value in whole.items()}
    refused = Caller(s.adam).post(f"/calendars{path}", whole)
    assert (refused.status_code, fields(refused)) == (422, [field]), refused.content


def test_a_week_that_never_opens_is_refused(s: SimpleNamespace) -> None:
    CalendarVersion.objects.filter(calendar=s.calendar).update(exceptions={})
    assert fields(Caller(s.adam).patch("/calendars/weekdays", {"weekly": {}})) == ["weekly"]


def test_waits_worth_a_look_are_listed(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=clock.now())
    for _ in range(3):
        lifecycle.wait(ticket, on="client", reason="?", by=s.olga, at=clock.now())
        lifecycle.resume(ticket, by=s.olga, at=clock.now())
    page = Caller(s.maria).get("/pauses?limit=1").json()
    assert (page["items"][0]["ordinal"], page["items"][0]["ticket"]) == (3, ticket.number)
    assert Caller(s.olga).get("/pauses").status_code == 403


def test_a_year_beyond_the_calendar_is_refused(s: SimpleNamespace) -> None:
    assert Caller(s.olga).get("/calendars/weekdays/9999").status_code == 422
    assert Caller(s.olga).get(f"/calendars/weekdays/{clock.now().year}").json()["working_days"] > 200
