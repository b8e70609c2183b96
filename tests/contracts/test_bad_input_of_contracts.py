"""What a contract cannot be is refused wherever it is said, with its place; and nothing of it ever stops intake."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.calendars.models import Calendar
from firstline.contracts import templates, versions
from firstline.contracts.models import Target
from firstline.contracts.refusals import NotReady, WrongTerms
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.lib import clock
from firstline.people import tokens
from firstline.post.models import Delivery
from firstline.sla.models import Clock
from firstline.tickets.models import Ticket
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
CONTRACT = '[[contract]]\nslug = "118-24"\nclient = "north"\nvalid_from = 2026-01-01\ncalendar = "{calendar}"\n'


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    Calendar.objects.create(slug="never", name="Never", time_zone="UTC")
    return s


def refused(file: str) -> list[str]:
    with pytest.raises(WrongFile) as wrong:
        stage.apply(file.encode(), at=NINE, actor="test")
    return wrong.value.problems


def test_an_empty_calendar_never_comes_into_force(s: SimpleNamespace) -> None:
    for terms in ({"calendar": "never"}, {"calendar": "weekdays", "target": [
        {"metric": "resolution", "minutes": 60, "calendar": "never"}]}):  # fmt: skip
        draft = versions.begin(s.contract, terms, valid_from=date(2027, 1, 1), by=s.anna, at=NINE)
        with pytest.raises(NotReady, match="an empty calendar"):
            versions.put_in_force(draft, by=s.anna, at=NINE)
        versions.discard(draft, by=s.anna, at=NINE)
    assert refused(CONTRACT.format(calendar="never")) == ["contract[0].calendar: never never opens"]


def test_terms_without_a_calendar_are_refused_with_the_place(s: SimpleNamespace) -> None:
    draft = versions.begin(s.contract, {"calendar": "weekdays"}, valid_from=date(2027, 1, 1), by=s.anna, at=NINE)
    targets = {"target": [{"metric": "resolution", "minutes": 60}]}
    with pytest.raises(WrongTerms, match="calendar: is missing"):
        versions.edit(draft, targets, valid_from=date(2027, 1, 1), valid_to=None, by=s.anna, at=NINE)
    with pytest.raises(WrongTerms, match="calendar: is missing"):
        templates.add("x", {"en": "X"}, targets, by=s.anna, at=NINE)
    assert refused(CONTRACT.replace('calendar = "{calendar}"\n', ""))[0].startswith("contract[0].calendar: is missing")
    browser = Client()
    s.anna.language = "en"
    s.anna.save()
    browser.force_login(s.anna)
    sent = {"since": "2027-01-01", "lines": "1", "line-0-metric": "resolution", "line-0-p0": "60 min", "calendar": ""}
    page = browser.post("/desk/contracts/118-24/2/edit/", sent)
    assert page.status_code == 422
    assert "Calendar: something has to stand here" in page.content.decode()


def test_without_a_contract_the_ticket_is_there_and_the_account_manager_is_told(s: SimpleNamespace) -> None:
    s.anna.email = "anna@desk.example"
    s.anna.save()
    ticket = cast.ticket(s, requester=s.eve)
    assert (ticket.contract, Clock.objects.filter(ticket=ticket).count()) == (None, 0)
    assert Delivery.objects.filter(kind="no_contract", to=s.anna.email).count() == 1
    browser = Client()
    s.maria.language = "en"
    s.maria.save()
    browser.force_login(s.maria)
    assert "No SLA" in browser.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_a_missing_priority_blocks_nothing(s: SimpleNamespace) -> None:
    Target.objects.all().delete()
    Target.objects.create(version=s.version, metric="resolution", minutes=60)
    _token, key = tokens.create(s.olga, scopes=["read", "write"], by=s.olga, at=NINE)
    caller = Client(headers={"Authorization": f"Bearer {key}"})
    body = {"subject": "x", "body": "y", "requester": {"email": s.ivan.email}}
    made = caller.post("/api/v1/tickets", body, content_type="application/json")
    assert (made.status_code, made.json()["priority"]) == (201, 3)
    assert [one["metric"] for one in made.json()["clocks"]] == ["resolution"]
    Target.objects.all().delete()
    Target.objects.create(version=s.version, metric="resolution", minutes=60, priority=1)
    assert Ticket.objects.filter(pk=cast.ticket(s, at=clock.now()).pk, clocks__isnull=True).exists()
