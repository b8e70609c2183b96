"""A vendor is asked from the ticket's page, without JavaScript too; his thread and his clock are there."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.contracts.models import Vendor, VendorTarget
from firstline.lib import clock
from firstline.tickets import vendor_requests, vendor_scores
from firstline.tickets.opening import Words
from firstline.tickets.vendor_models import VendorRequest
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    stage.vendor = Vendor.objects.create(slug="kkt", name="КассаСервис", email="h@kkt.example", calendar=stage.calendar)
    VendorTarget.objects.create(vendor=stage.vendor, metric="first_response", minutes=60)
    stage.ticket = cast.ticket(stage)
    stage.path = f"/desk/tickets/{stage.ticket.pk}/"
    client.force_login(stage.olga)
    return stage


def test_from_the_form_to_the_thread_and_back(client: Client, s: SimpleNamespace) -> None:
    assert "КассаСервис" in client.get(f"{s.path}vendors/new/").content.decode()
    sent = client.post(
        f"{s.path}vendors/new/", {"vendor": "kkt", "subject": "Касса", "body": "Ошибка E15", "wait": "on"}
    )
    assert sent["Location"] == s.path
    page = client.get(s.path).content.decode()
    assert "Ошибка E15" in page
    assert f"{s.ticket.pk}-1" in page
    s.ticket.refresh_from_db()
    assert s.ticket.status == "waiting_for_vendor"

    assert "КассаСервис" in client.get(f"{s.path}vendors/", headers={"HX-Request": "true"}).content.decode()
    client.post(f"{s.path}vendors/1/", {"body": "Замените ленту", "heard": "on"})
    s.ticket.refresh_from_db()
    assert s.ticket.status == "in_progress"
    assert "Замените ленту" in client.get(s.path).content.decode()
    client.post(f"{s.path}vendors/1/number/", {"their_number": "SR-77"})
    assert "SR-77" in client.get(f"{s.path}vendors/").content.decode()
    client.post(f"{s.path}vendors/1/closing/", {"solved": "on"})
    assert VendorRequest.objects.get().state == "solved"


@pytest.mark.parametrize(("typed", "code"), [({"vendor": "none"}, 422), ({"body": " "}, 422), ({"subject": ""}, 422)])
def test_what_was_typed_wrongly_is_said_and_not_lost(
    client: Client, s: SimpleNamespace, typed: dict[str, str], code: int
) -> None:
    refused = client.post(f"{s.path}vendors/new/", {"vendor": "kkt", "subject": "Касса", "body": "E15", **typed})
    assert refused.status_code == code
    assert not VendorRequest.objects.exists()


def test_a_request_of_another_ticket_is_not_there(client: Client, s: SimpleNamespace) -> None:
    assert client.get(f"{s.path}vendors/7/").status_code == 404


def test_who_keeps_his_word_is_a_page(client: Client, s: SimpleNamespace) -> None:
    now = clock.now()
    early, late = now - timedelta(days=20), now - timedelta(days=10)
    for at, after in ((early, timedelta(minutes=1)), (late, timedelta(days=7))):
        request = vendor_requests.ask(
            s.ticket, vendor=s.vendor, subject="x", words=Words(text="x"), wait=False, by=s.olga, at=at
        )
        vendor_requests.answered(request, Words(text="y"), by=None, at=at + after)
    (score,) = vendor_scores.of_last_year(now)
    assert (score.asked, score.answers_promised, score.answers_in_time, score.solutions_promised) == (2, 2, 1, 0)

    assert client.get("/desk/vendors/").status_code == 403
    client.force_login(s.lev)
    assert "50,0" in client.get("/desk/vendors/").content.decode()


def test_it_can_be_done_by_api_too(s: SimpleNamespace) -> None:
    asked = Caller(s.olga).post(
        f"/tickets/{s.ticket.pk}/vendor-requests", {"vendor": "kkt", "subject": "Касса", "body": "E15"}
    )
    assert asked.status_code == 200
    assert asked.json()["status"] == "waiting_for_vendor"
