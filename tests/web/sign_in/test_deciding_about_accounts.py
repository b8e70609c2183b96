"""The desk's page of account requests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.people import accounts
from firstline.people.models import AccountRequest, Person
from firstline.post.models import Delivery
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {"name": "Новый <b>Человек</b>", "email": "new@north.example", "phone": "", "company": "Север"}


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_from_the_form_to_an_invitation(client: Client, s: SimpleNamespace) -> None:
    assert client.post("/account/request/", TYPED)["Location"] == "/account/asked/"
    client.force_login(s.anna)
    page = client.get("/desk/accounts/").content.decode()
    assert "new@north.example" in page
    assert "<b>Человек</b>" not in page
    assert '<option value="north" selected>' in page
    asked = AccountRequest.objects.get()
    assert client.post(f"/desk/accounts/{asked.pk}/acceptance/", {"client": "north"}).status_code == 302
    person = Person.objects.get(email="new@north.example")
    invitation = Delivery.objects.get(kind="invitation").data["url"].partition("/account/")[2]
    client.logout()
    words = {"password": cast.PASSWORD, "again": cast.PASSWORD}
    assert client.post(f"/account/{invitation}", words)["Location"] == "/portal/"
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("email", "nobody"), ("company", " ")])
def test_the_form_says_what_is_wrong_and_keeps_the_rest(client: Client, field: str, value: str) -> None:
    response = client.post("/account/request/", {**TYPED, "name": "Новый", field: value})
    assert response.status_code == 422
    assert f'id="{field}-problem"' in response.content.decode()
    assert not AccountRequest.objects.exists()


def test_a_coordinator_proposes_a_colleague_of_his_company(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.kira)
    assert 'href="/portal/colleagues/"' in client.get("/portal/requests/?whose=company").content.decode()
    assert 'value="Север-Логистик"' in client.get("/account/request/").content.decode()


def test_asking_too_often_is_answered_with_how_long_to_wait(client: Client) -> None:
    for number in range(10):
        client.post("/account/request/", {**TYPED, "email": f"p{number}@north.example"})
    response = client.post("/account/request/", {**TYPED, "email": "more@north.example"})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert AccountRequest.objects.count() == 10


def test_without_a_client_nothing_happens_and_the_second_to_decide_is_told(client: Client, s: SimpleNamespace) -> None:
    client.post("/account/request/", TYPED)
    asked = AccountRequest.objects.get()
    client.force_login(s.anna)
    assert client.post(f"/desk/accounts/{asked.pk}/acceptance/", {"client": ""}).status_code == 422
    assert client.post(f"/desk/accounts/{asked.pk}/acceptance/", {"client": "north", "role": "lead"}).status_code == 422
    assert client.post(f"/desk/accounts/{asked.pk}/refusal/").status_code == 302
    assert client.post(f"/desk/accounts/{asked.pk}/acceptance/", {"client": "north"}).status_code == 302
    assert not Person.objects.filter(email="new@north.example").exists()
    assert client.post("/desk/accounts/999/refusal/").status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("olga", 403), ("lev", 403), ("ivan", 403), ("maria", 200), ("adam", 200)]
)
def test_who_may_see_it(client: Client, s: SimpleNamespace, login: str, status: int) -> None:
    client.force_login(getattr(s, login))
    assert client.get("/desk/accounts/").status_code == status


def test_the_page_costs_the_same_for_one_request_and_for_many(
    client: Client, s: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    client.force_login(s.anna)

    def ask(number: int) -> None:
        accounts.ask(
            name="N",
            email=f"{number}@north.example",
            phone="",
            company="C",
            language="ru",
            source=str(number),
            at=clock.now(),
        )

    ask(0)
    with django_assert_max_num_queries(15) as few:
        client.get("/desk/accounts/")
    for number in range(1, 12):
        ask(number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/desk/accounts/")
