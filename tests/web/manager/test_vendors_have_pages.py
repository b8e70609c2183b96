"""A vendor's address, hours and terms are kept on his page; who is retired is asked no more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from firstline.audit.models import Row
from firstline.calendars.models import Calendar
from firstline.contracts import vendors
from firstline.contracts.models import Vendor
from firstline.contracts.vendors import Known
from firstline.tickets import vendor_requests
from firstline.tickets.opening import Words
from tests import cast
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import signed_in

pytestmark = pytest.mark.django_db
ROOT = "/desk/vendors/"
SENT = {
    "slug": "kkt", "names-ru": "КассаСервис", "names-en": "TillCare", "email": "Help@KKT.example", "phone": "+7 495 1",
    "language": "ru", "calendar": "weekdays", "target-first_response": "2 ч", "target-resolution": "3 дня",
}  # fmt: skip


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def known(s: SimpleNamespace, **other: Any) -> Known:
    said: dict[str, Any] = {"names": {"ru": "КассаСервис"}, "calendar": s.calendar, "email": "help@kkt.example"}
    return Known(**{**said, "targets": {"first_response": 120}, **other})


def test_a_vendor_is_added_and_edited(s: SimpleNamespace) -> None:
    browser = signed_in(s.anna)
    assert "No vendor is known yet" in browser.get(ROOT).content.decode()
    assert browser.post(f"{ROOT}new/", SENT).headers["Location"] == f"{ROOT}kkt/"
    made = Vendor.objects.get(slug="kkt")
    assert (made.label("en"), made.label("bg"), made.email) == ("TillCare", "КассаСервис", "help@kkt.example")
    assert {one.metric: one.minutes for one in made.targets.all()} == {"first_response": 120, "resolution": 3 * 540}
    page = browser.get(f"{ROOT}kkt/").content.decode().replace("\xa0", " ")
    assert ('value="3 days"' in page, 'value="2 h"' in page) == (True, True)
    browser.post(f"{ROOT}kkt/", {**SENT, "target-resolution": "", "phone": ""})
    assert [one.metric for one in made.targets.all()] == ["first_response"]
    edited = Row.objects.get(action="vendor edited")
    assert (edited.data["changed"]["phone"], edited.data["before"]["phone"]) == ("", "+7 495 1")
    browser.post(f"{ROOT}kkt/", {**SENT, "target-resolution": "", "phone": ""})
    assert Row.objects.filter(action="vendor edited").count() == 1, "what changes nothing leaves no trace"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "", "A short name of Latin letters is needed."),
        ("email", "help@", "This is no mail address."),
        ("calendar", "ghost", "Choose the calendar."),
        ("calendar", "never", "This calendar never opens"),
        ("target-resolution", "soon", "Write it as 15 min, 2 h or 3 days."),
        ("phone", "1" * 31, "At most 30 characters."),
        ("names-ru", "x" * 201, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(s: SimpleNamespace, field: str, value: str, words: str) -> None:
    Calendar.objects.create(slug="never", name="Never", time_zone="UTC")
    refused = signed_in(s.anna).post(f"{ROOT}new/", {**SENT, field: value})
    assert (refused.status_code, words in refused.content.decode()) == (422, True)
    assert not Vendor.objects.exists()


def test_new_terms_hold_for_what_is_asked_from_then_on(s: SimpleNamespace) -> None:
    vendor = vendors.add("kkt", known(s), by=s.anna, at=cast.MONDAY_NINE)
    ticket = cast.ticket(s)
    asked = vendor_requests.ask(
        ticket, vendor=vendor, subject="E15", words=Words(text="?"), wait=False, by=s.emil, at=cast.MONDAY_NINE
    )
    vendors.edit(vendor, known(s, targets={"first_response": 30}), by=s.anna, at=cast.MONDAY_NINE)
    was_due = asked.response_due_at
    asked.refresh_from_db()
    assert asked.response_due_at == was_due


def test_who_is_retired_is_asked_no_more_and_his_requests_go_on(s: SimpleNamespace) -> None:
    vendor = vendors.add("kkt", known(s), by=s.anna, at=cast.MONDAY_NINE)
    ticket = cast.ticket(s)
    asked = vendor_requests.ask(
        ticket, vendor=vendor, subject="E15", words=Words(text="?"), wait=False, by=s.emil, at=cast.MONDAY_NINE
    )
    manager, engineer = signed_in(s.anna), signed_in(s.emil)
    form = f"/desk/tickets/{ticket.pk}/vendors/new/"
    assert "КассаСервис" in engineer.get(form).content.decode()
    page = manager.post(f"{ROOT}kkt/retirement/", {"retired": "yes"}, follow=True).content.decode()
    assert "Nobody can ask this vendor; what was asked goes on." in page
    assert "КассаСервис" not in engineer.get(form).content.decode()
    again = {"vendor": "kkt", "subject": "x", "body": "y"}
    assert engineer.post(form, again).status_code == 422
    vendor_requests.answered(asked, Words(text="ok"), by=s.emil, at=cast.MONDAY_NINE)
    manager.post(f"{ROOT}kkt/retirement/", {"retired": "no"})
    assert engineer.post(form, again).status_code == 302


def test_who_may_not_edit_reads_the_terms(s: SimpleNamespace) -> None:
    vendors.add("kkt", known(s), by=s.anna, at=cast.MONDAY_NINE)
    page = signed_in(s.emil).get(f"{ROOT}kkt/").content.decode().replace("\xa0", " ")
    assert ("help@kkt.example" in page, "2 h" in page, "<form" in page[page.index("ct-narrow") :]) == (
        True,
        True,
        False,
    )
