"""A coordinator sees to the people of his company by API as by the portal, and takes his requests as a table."""

from __future__ import annotations

import pytest

from firstline.lib import clock
from firstline.people.models import AccountRequest, EmailDomain, Person
from firstline.post.models import Delivery
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db


def test_an_address_of_the_company_is_let_in_and_any_other_is_proposed_to_the_desk() -> None:
    s = cast.stage()
    EmailDomain.objects.get_or_create(client=s.north, domain="north.example")
    kira = Caller(s.kira)
    own = kira.post("/colleagues", {"name": "Пётр Белов", "email": "petr@north.example"})
    assert (own.status_code, own.json()["colleague"]["email"]) == (201, "petr@north.example")
    assert Delivery.objects.filter(kind="invitation", to="petr@north.example").exists()
    other = kira.post("/colleagues", {"name": "Анна", "email": "anna@elsewhere.example"}).json()
    assert other["colleague"] is None
    assert other["request"]["proposed_by"] == s.kira.login
    waits = Caller(s.maria).get("/account-requests").json()["items"]
    assert [one["email"] for one in waits] == ["anna@elsewhere.example"]
    path = f"/account-requests/{waits[0]['id']}/acceptance"
    assert fields(Caller(s.maria).post(path, {})) == ["client"]
    assert Caller(s.maria).post(path, {"client": "north"}).json()["login"]
    assert Caller(s.maria).post(path, {"client": "north"}).status_code == 409
    assert Person.objects.get(email="anna@elsewhere.example").client == s.north


def test_nobody_of_another_company_is_found_and_a_requester_sees_to_nobody() -> None:
    s = cast.stage()
    found = Caller(s.kira).get("/colleagues").json()["items"]
    assert s.ivan.login in {one["login"] for one in found}
    assert s.stoyan.login not in {one["login"] for one in found}
    assert Caller(s.kira).post(f"/colleagues/{s.stoyan.login}/leaving").status_code == 404
    assert Caller(s.ivan).get("/colleagues").status_code == 403
    assert Caller(s.kira).post(f"/colleagues/{s.kira.login}/leaving").status_code == 409
    assert Caller(s.kira).post(f"/colleagues/{s.irina.login}/leaving").json()["active"] is False


def test_who_asked_with_the_companys_address_is_the_coordinators_to_refuse() -> None:
    s = cast.stage()
    EmailDomain.objects.get_or_create(client=s.north, domain="north.example")
    asked = AccountRequest.objects.create(name="N", email="n@north.example", company="North")
    other = AccountRequest.objects.create(name="O", email="o@elsewhere.example", company="North")
    kira = Caller(s.kira)
    assert [one["id"] for one in kira.get("/account-requests").json()["items"]] == [asked.pk]
    assert kira.post(f"/account-requests/{other.pk}/refusal").status_code == 404
    assert kira.post(f"/account-requests/{asked.pk}/refusal").status_code == 200
    asked.refresh_from_db()
    assert asked.decided_by == s.kira


def test_the_table_has_the_companys_requests_for_its_coordinator_and_ones_own_for_anybody_else() -> None:
    s = cast.stage()
    ivans, easts = cast.ticket(s, requester=s.ivan), cast.ticket(s, requester=s.eve)
    table = Caller(s.kira).get("/requests/export.csv?whose=company&state=all").content.decode("utf-8-sig")
    head, *rows = table.splitlines()
    assert head == "number;subject;status;requester;service;site;created_at;resolved_at"
    assert [row.split(";")[0] for row in rows] == [ivans.number]
    assert easts.number not in table
    assert len(Caller(s.irina).get("/requests/export.csv?whose=company&state=all").content.splitlines()) == 1
    narrowed = Caller(s.kira).get(f"/requests/export.csv?whose=company&person={s.eve.login}")
    assert len(narrowed.content.splitlines()) == 1
    assert fields(Caller(s.kira).get("/requests/export.csv?since=soon")) == ["since"]


def test_what_another_said_of_the_same_address_is_not_told() -> None:
    s = cast.stage()
    AccountRequest.objects.create(
        name="Боб Южный", email="bob@mail.example", phone="+7 900 000-00-00", company="South", language="ru",
        created_at=clock.now(), proposed_by=s.eve,
    )  # fmt: skip
    answer = Caller(s.kira).post("/colleagues", {"name": "Боб", "email": "Bob@mail.example"})
    assert answer.status_code == 201
    assert answer.json()["request"]["name"] == "Боб"
    assert not any(words in answer.content.decode() for words in ("Южный", "South", "900", s.eve.login))
