"""The coordinator's company: its requests by person, site, service and time, as a table; and its people."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.assets.models import Equipment, Site
from firstline.audit.models import Row
from firstline.people.models import AccountRequest, EmailDomain, Person
from firstline.post.models import Delivery
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    EmailDomain.objects.get_or_create(domain="north.example", client=stage.north)
    client.force_login(stage.kira)
    return stage


def numbers(client: Client, **query: str) -> list[int]:
    found = client.get("/portal/requests/", {"whose": "company", "state": "all", **query})
    return [ticket.pk for ticket, _ in found.context["rows"]]


def test_she_narrows_by_person_service_site_and_day(client: Client, s: SimpleNamespace) -> None:
    ivans, irinas = cast.ticket(s), cast.ticket(s, requester=s.irina)
    irinas.service = s.network
    irinas.save()
    depot = Site.objects.create(slug="depot", name="Склад", client=s.north)
    ivans.equipment = Equipment.objects.create(slug="till", name="Касса", client=s.north, site=depot)
    ivans.save()
    assert numbers(client, person=str(s.irina.pk)) == [irinas.pk]
    assert numbers(client, service="network") == [irinas.pk]
    assert numbers(client, site="depot") == [ivans.pk]
    assert numbers(client, since="2099-01-01") == []
    assert numbers(client, until="2099-01-01") == [irinas.pk, ivans.pk]
    assert numbers(client, since="nonsense", person="x") == [irinas.pk, ivans.pk]


def test_what_she_may_choose_and_read_is_of_her_company(client: Client, s: SimpleNamespace) -> None:
    other = cast.ticket(s, requester=s.stoyan)
    page = client.get("/portal/requests/", {"whose": "company"}).content.decode()
    assert s.stoyan.name not in page
    assert numbers(client, person=str(s.stoyan.pk)) == []
    table = client.get("/portal/requests/export.csv", {"whose": "company", "state": "all"}).content.decode()
    assert str(other.pk) not in table.replace("\r\n", ";").split(";")


def test_the_table_has_what_the_list_shows_and_no_formula(client: Client, s: SimpleNamespace) -> None:
    evil = cast.ticket(s)
    evil.subject = "=HYPERLINK(1)"
    evil.save()
    cast.ticket(s, requester=s.irina)
    answer = client.get("/portal/requests/export.csv", {"whose": "company", "state": "all", "person": str(s.ivan.pk)})
    lines = answer.content.decode().splitlines()
    assert "attachment" in answer["Content-Disposition"]
    assert len(lines) == 2
    assert "'=HYPERLINK(1)" in lines[1]
    client.force_login(s.ivan)
    own = client.get("/portal/requests/export.csv", {"whose": "company", "state": "all"}).content.decode()
    assert s.irina.name not in own


def test_a_colleague_of_the_companys_domain_is_in_at_once_another_is_proposed(
    client: Client, s: SimpleNamespace
) -> None:
    sent = {"name": "Пётр Новый", "email": "petr@north.example", "phone": "", "language": "ru"}
    assert client.post("/portal/colleagues/", sent).status_code == 302
    made = Person.objects.get(email="petr@north.example")
    assert (made.client_id, made.role, made.is_active) == (s.north.pk, "requester", True)
    assert Delivery.objects.filter(kind="invitation", to=made.email).exists()
    client.post("/portal/colleagues/", {**sent, "email": "petr@elsewhere.example"})
    assert not Person.objects.filter(email="petr@elsewhere.example").exists()
    asked = AccountRequest.objects.get(email="petr@elsewhere.example")
    assert (asked.proposed_by_id, asked.company) == (s.kira.pk, s.north.name)

    client.force_login(s.maria)
    assert s.kira.name in client.get("/desk/accounts/").content.decode()
    client.post(f"/desk/accounts/{asked.pk}/refusal/")
    assert Delivery.objects.get(kind="account_decided").to == s.kira.email


def test_who_asks_by_himself_is_let_in_by_his_coordinator_and_by_no_other(client: Client, s: SimpleNamespace) -> None:
    visitor = Client()
    visitor.post("/account/request/", {"name": "Анна", "email": "anna@north.example", "phone": "", "company": "Север"})
    asked = AccountRequest.objects.get()
    assert Delivery.objects.filter(kind="account_wanted", to=s.kira.email).count() == 1
    where = f"/portal/colleagues/requests/{asked.pk}/acceptance/"
    stranger = Client()
    stranger.force_login(s.elena)
    assert stranger.post(where).status_code == 404
    stranger.force_login(s.ivan)
    assert stranger.post(where).status_code == 403
    assert "anna@north.example" in client.get("/portal/colleagues/").content.decode()
    assert client.post(where).status_code == 302
    assert Person.objects.get(email="anna@north.example").client_id == s.north.pk
    assert Row.objects.get(action="account_accepted").actor == s.kira.actor
    assert client.post(where).status_code == 404


def test_she_takes_away_access_but_not_her_own_nor_a_strangers(client: Client, s: SimpleNamespace) -> None:
    assert client.post(f"/portal/colleagues/{s.irina.pk}/leaving/").status_code == 302
    s.irina.refresh_from_db()
    assert not s.irina.is_active
    client.post(f"/portal/colleagues/{s.kira.pk}/leaving/")
    s.kira.refresh_from_db()
    assert s.kira.is_active
    assert client.post(f"/portal/colleagues/{s.stoyan.pk}/leaving/").status_code == 404
    s.stoyan.refresh_from_db()
    assert s.stoyan.is_active
    again = {"name": s.irina.name, "email": s.irina.email, "phone": "", "language": "ru"}
    client.post("/portal/colleagues/", again)
    s.irina.refresh_from_db()
    assert s.irina.is_active


def test_what_was_typed_wrongly_comes_back(client: Client, s: SimpleNamespace) -> None:
    for wrong in ({"email": "nobody"}, {"email": s.ivan.email}, {"name": " "}):
        sent = {"name": "Пётр", "email": "petr@north.example", "phone": "", "language": "ru", **wrong}
        refused = client.post("/portal/colleagues/", sent)
        assert refused.status_code == 422
        assert "aria-invalid" in refused.content.decode()
