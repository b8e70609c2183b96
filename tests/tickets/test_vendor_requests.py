"""A vendor is asked, answers by mail, is late: his thread stays inside the desk, and his answer wakes the ticket."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from firstline.contracts.models import Vendor, VendorTarget
from firstline.people.permissions import NotAllowed
from firstline.post.models import Delivery
from firstline.tickets import conversation, lifecycle, queries, vendor_requests
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongStatus, WrongValue
from firstline.tickets.vendor_models import VendorRequest
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


def minutes(n: int) -> object:
    return NINE + timedelta(minutes=n)


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.vendor = Vendor.objects.create(
        slug="kkt", name="КассаСервис", email="help@kkt.example", language="ru", calendar=stage.calendar
    )
    VendorTarget.objects.create(vendor=stage.vendor, metric="first_response", minutes=60)
    VendorTarget.objects.create(vendor=stage.vendor, metric="resolution", minutes=540)
    stage.ticket = cast.ticket(stage)
    lifecycle.take(stage.ticket, by=stage.olga, at=NINE)
    return stage


def asked(s: SimpleNamespace, wait: bool = True) -> VendorRequest:
    return vendor_requests.ask(
        s.ticket, vendor=s.vendor, subject="Касса не печатает", words=Words(text="Ошибка E15, что делать?"), wait=wait,
        by=s.olga, at=NINE,
    )  # fmt: skip


def status(ticket: Ticket) -> str:
    ticket.refresh_from_db()
    return ticket.status


def test_a_request_has_its_number_the_vendors_terms_and_leaves_as_a_letter(s: SimpleNamespace) -> None:
    request = asked(s)

    assert request.label == f"{s.ticket.pk}-1"
    assert (request.response_due_at, request.solution_due_at) == (minutes(60), minutes(540))
    assert request.due_at == minutes(60)
    assert status(s.ticket) == "waiting_for_vendor"
    letter = Delivery.objects.get(kind="to_vendor")
    assert (letter.to, letter.automatic, letter.language) == ("help@kkt.example", False, "ru")


def test_the_client_sees_nothing_of_it(s: SimpleNamespace) -> None:
    request = asked(s)
    vendor_requests.answered(request, Words(text="Перезагрузите"), by=None, at=minutes(30))

    told = [event.kind for event in queries.timeline_for(s.ivan, s.ticket)]
    assert not any(kind.startswith("vendor") for kind in told)
    assert not Delivery.objects.filter(to="ivan@north.example", kind="answer").exists()


def test_an_answer_wakes_the_ticket_and_stops_the_response_clock(s: SimpleNamespace) -> None:
    request = asked(s)

    vendor_requests.answered(request, Words(text="Перезагрузите"), by=None, at=minutes(30))

    request.refresh_from_db()
    assert (request.state, request.answered_at, request.due_at) == ("answered", minutes(30), minutes(540))
    assert status(s.ticket) == "in_progress"
    assert Delivery.objects.filter(kind="vendor_answered", to="olga@desk.example").exists()
    resumed = s.ticket.events.get(kind=Kind.RESUMED)
    assert resumed.data["why"] == "vendor"


def test_what_is_not_waited_for_wakes_nothing(s: SimpleNamespace) -> None:
    request = asked(s, wait=False)
    lifecycle.wait(s.ticket, on="client", reason="?", by=s.olga, at=minutes(1))
    vendor_requests.answered(request, Words(text="Да"), by=None, at=minutes(2))
    assert status(s.ticket) == "waiting_for_client"


def test_a_vendor_who_is_late_is_said_to_be_once_for_each_deadline(s: SimpleNamespace) -> None:
    asked(s)

    assert vendor_requests.record_late(minutes(60)) == 0  # at the deadline itself the promise is kept
    assert [vendor_requests.record_late(minutes(n)) for n in (61, 62)] == [1, 0]
    assert [vendor_requests.record_late(minutes(n)) for n in (541, 2000)] == [1, 0]
    late = s.ticket.events.filter(kind=Kind.VENDOR_LATE)
    assert [event.data["owed"] for event in late] == ["response", "solution"]
    assert Delivery.objects.filter(kind="vendor_late", to="lev@desk.example").count() == 2


def test_it_is_closed_by_the_desk_and_kept_open_by_nobody(s: SimpleNamespace) -> None:
    request = asked(s)
    vendor_requests.close(request, solved=True, by=s.olga, at=minutes(5))
    assert status(s.ticket) == "in_progress"
    with pytest.raises(WrongStatus):
        vendor_requests.close(request, solved=True, by=s.olga, at=minutes(6))
    with pytest.raises(WrongStatus):
        vendor_requests.write(request, Words(text="Ещё"), by=s.olga, at=minutes(6))
    vendor_requests.answered(request, Words(text="Спасибо за оценку"), by=None, at=minutes(7))
    request.refresh_from_db()
    assert request.state == "solved"


def test_a_withdrawn_request_wakes_the_ticket_only_when_no_other_vendor_owes_the_first_word(s: SimpleNamespace) -> None:
    first = asked(s)
    second = asked(s)
    assert (first.number, second.number) == (1, 2)
    vendor_requests.close(first, solved=False, by=s.olga, at=minutes(5))
    assert status(s.ticket) == "waiting_for_vendor"
    vendor_requests.close(second, solved=False, by=s.olga, at=minutes(6))
    assert status(s.ticket) == "in_progress"


def test_his_number_is_kept_and_said(s: SimpleNamespace) -> None:
    request = vendor_requests.keep_number(asked(s), " SR-77 \x00", by=s.olga, at=minutes(5))
    assert request.their_number == "SR-77"


@pytest.mark.parametrize(("subject", "text", "field"), [("", "x", "subject"), ("x", " ", "body")])
def test_a_request_says_something(s: SimpleNamespace, subject: str, text: str, field: str) -> None:
    with pytest.raises(WrongValue) as wrong:
        vendor_requests.ask(
            s.ticket, vendor=s.vendor, subject=subject, words=Words(text=text), wait=False, by=s.olga, at=NINE
        )
    assert wrong.value.field == field


def test_who_does_not_solve_asks_nobody_and_what_is_over_needs_no_vendor(s: SimpleNamespace) -> None:
    for login in ("ivan", "anna", "adam"):
        with pytest.raises(NotAllowed):
            vendor_requests.ask(
                s.ticket, vendor=s.vendor, subject="x", words=Words(text="x"), wait=False, by=getattr(s, login), at=NINE
            )
    conversation.answer(s.ticket, Words(text="ok"), by=s.olga, at=minutes(1))
    lifecycle.resolve(s.ticket, how="готово", remote=True, by=s.olga, at=minutes(2))
    with pytest.raises(WrongStatus):
        asked(s)
