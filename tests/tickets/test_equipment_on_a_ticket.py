"""A ticket may name the thing it is about; where the contract does not cover that thing, it says so and what to do."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.assets import queries as assets
from firstline.assets.models import Equipment, Site
from firstline.contracts import terms
from firstline.contracts.models import Contract, ContractVersion
from firstline.intake.channels import phone
from firstline.people import tokens
from firstline.tickets import merging, properties
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


@pytest.fixture
def s() -> SimpleNamespace:
    s = cast.stage()
    s.depot = Site.objects.create(slug="depot", name="Склад", client=s.north)
    s.till = thing(
        s.north, "till", name="Касса 1", inventory="INV-001", site=s.depot, remote_ids={"anydesk": "123 456"}
    )
    s.scale = thing(s.north, "scale", name="Весы", serial="SN-9")
    s.foreign = thing(s.east, "foreign", name="Касса 1", inventory="INV-001")
    return s


def thing(client: Any, slug: str, **fields: Any) -> Equipment:
    return Equipment.objects.create(slug=slug, client=client, **fields)


def page(s: SimpleNamespace, path: str, person: Any = None) -> str:
    person = person or s.olga
    person.language = "en"
    person.save()
    browser = Client()
    browser.force_login(person)
    return str(browser.get(path).content.decode())


def test_a_contract_that_names_things_is_not_in_force_for_another_thing(s: SimpleNamespace) -> None:
    s.version.equipment.add(s.till)
    assert cast.ticket(s, equipment=s.till).contract == s.version
    assert cast.ticket(s).contract == s.version, "nobody has said yet which thing it is"
    assert cast.ticket(s, equipment=s.scale).contract is None


def test_of_two_contracts_the_one_that_names_the_thing_holds(s: SimpleNamespace) -> None:
    other = Contract.objects.create(slug="tills", client=s.north)
    tills = ContractVersion.objects.create(
        contract=other, number=1, valid_from=s.version.valid_from, calendar=s.calendar, frozen_at=NINE
    )
    tills.equipment.add(s.till)
    assert terms.in_force(s.north, None, NINE, s.till) == tills
    assert terms.in_force(s.north, None, NINE, s.scale) == s.version
    s.version.services.add(s.printing)
    assert terms.in_force(s.north, s.printing, NINE, s.scale) == s.version


def test_what_is_not_covered_says_so_and_what_to_do(s: SimpleNamespace) -> None:
    s.version.equipment.add(s.till)
    s.version.advice = {"en": "An order of the coordinator first."}
    s.version.save()
    ticket = cast.ticket(s)
    properties.change(ticket, by=s.olga, at=NINE, equipment=s.scale)
    html = page(s, f"/desk/tickets/{ticket.pk}/")
    assert "“Весы” is not covered by contract 118-24." in html
    assert "An order of the coordinator first." in html
    assert ('<span class="chip tone-amber">' in html, "SN-9" in html) == (True, True)
    properties.change(ticket, by=s.olga, at=NINE, equipment=s.till)
    html = page(s, f"/desk/tickets/{ticket.pk}/")
    assert "is not covered by contract" not in html
    remote = page(s, f"/desk/tickets/{ticket.pk}/remote-sessions/")
    assert ("AnyDesk" in remote, "123 456" in remote, "INV-001" in html) == (True, True, True)


def test_history_says_which_thing_it_was(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, equipment=s.till)
    properties.change(ticket, by=s.olga, at=NINE, equipment=s.scale)
    assert Event.objects.get(ticket=ticket, kind=Kind.CREATED).data["equipment"] == "till"
    assert "Equipment: Касса 1 → Весы" in page(s, f"/desk/tickets/{ticket.pk}/")


def test_another_clients_thing_is_nobodys(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue):
        cast.ticket(s, equipment=s.foreign)
    ticket = cast.ticket(s, equipment=s.till)
    with pytest.raises(WrongValue):
        properties.change(ticket, by=s.olga, at=NINE, equipment=s.foreign)
    moved = properties.change(ticket, by=s.maria, at=NINE, client=s.east)
    assert moved.equipment is None, "what stands at the other client's is not there any more"
    back = properties.change(moved, by=s.maria, at=NINE, client=s.north, equipment=s.till)
    assert (back.equipment, back.contract) == (s.till, s.version)


def test_a_thing_is_found_by_what_stands_on_it(s: SimpleNamespace) -> None:
    for typed in ("till", "inv-001", " INV-001 ", "Касса 1"):
        assert assets.named(s.north, typed) == s.till, typed
    assert assets.named(s.north, "sn-9") == s.scale
    thing(s.north, "till-2", name="Касса 1")
    assert assets.named(s.north, "Касса 1") is None, "two are called so: nobody guesses"
    assert assets.named(s.north, "foreign") is None
    assert assets.named(None, "till") is None


def test_a_call_is_registered_for_the_thing_that_was_typed(s: SimpleNamespace) -> None:
    s.version.equipment.add(s.till)
    s.olga.language = "en"
    s.olga.save()
    browser = Client()
    browser.force_login(s.olga)
    sent = {"who": s.ivan.name, "requester": "ivan", "subject": "Не взвешивает", "equipment": "SN-9", "deed": "create"}
    known = browser.get("/desk/calls/new/", sent, headers={"HX-Request": "true"}).content.decode()
    assert ("Весы" in known, "not covered" in known, "Ask the account manager" in known) == (True, True, True)
    assert "no contract covers this" in known
    assert browser.post("/desk/calls/new/", sent | {"key": "a"}).status_code == 302
    assert Ticket.objects.latest("pk").equipment == s.scale
    refused = browser.post("/desk/calls/new/", sent | {"equipment": "ghost", "key": "b"})
    assert (refused.status_code, "called so" in refused.content.decode()) == (422, True)


def test_the_form_of_the_ticket_changes_and_empties_it(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    browser = Client()
    browser.force_login(s.olga)
    form = f"/desk/tickets/{ticket.pk}/properties/"
    assert '<option value="INV-001">' in browser.get(form).content.decode()
    for typed, expected in (("INV-001", s.till), ("Весы", s.scale), ("", None)):
        ticket.refresh_from_db()
        assert browser.post(form, {"seen": ticket.version, "equipment": typed}).status_code == 302
        ticket.refresh_from_db()
        assert ticket.equipment == expected
    assert browser.post(form, {"seen": ticket.version, "equipment": "ghost"}).status_code == 422


def test_the_api_names_it_by_its_slug(s: SimpleNamespace) -> None:
    _token, key = tokens.create(s.olga, scopes=["read", "write"], by=s.olga, at=NINE)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    body = {"subject": "x", "body": "y", "requester": {"email": s.ivan.email}, "equipment": "till"}
    made = client.post("/api/v1/tickets", body, content_type="application/json")
    assert (made.status_code, made.json()["equipment"]) == (201, "till")
    path = f"/api/v1/tickets/{made.json()['number']}"
    changed = client.patch(path, {"equipment": "scale"}, content_type="application/json")
    assert changed.json()["equipment"] == "scale"
    for wrong in ("foreign", "ghost"):
        refused = client.patch(path, {"equipment": wrong}, content_type="application/json")
        assert (refused.status_code, "equipment" in json.dumps(refused.json())) == (422, True)
        assert (
            client.post("/api/v1/tickets", body | {"equipment": wrong}, content_type="application/json").status_code
            == 422
        )
    assert client.patch(path, {"equipment": None}, content_type="application/json").json()["equipment"] is None


def test_a_call_that_is_registered_later_keeps_its_thing(s: SimpleNamespace) -> None:
    taken = phone.register(by=s.olga, requester=s.ivan, subject="x", text="y", at=NINE, equipment=s.till)
    assert taken.ticket is not None
    assert taken.ticket.equipment == s.till
    target = cast.ticket(s)
    merging.merge(taken.ticket, into=target, by=s.olga, at=NINE)
    target.refresh_from_db()
    assert target.equipment is None
