"""The form for who has no account: kept like every other word, flagged as unverified, capped in what it sends."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.intake import acceptance, submitted
from firstline.intake.models import Inbound
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import history
from firstline.tickets.models import Event, Ticket
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Новый Человек", "email": "new@north.example", "phone": "", "subject": "Нет интернета", "text": "С утра",
    "key": "k1",
}  # fmt: skip


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_it_becomes_a_ticket_of_that_address_and_shows_its_status(client: Client, s: SimpleNamespace) -> None:
    response = client.post("/portal/ask/", TYPED)
    ticket = Ticket.objects.get()
    assert response["Location"].startswith(f"/s/{ticket.pk}.")
    assert (ticket.channel, ticket.requester.email, ticket.client) == ("web", "new@north.example", s.north)
    assert ticket.messages.get().flags == ["unverified-sender"]
    assert Inbound.objects.get().outcome == "ticket"
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "С утра" not in page.content.decode()


def test_sent_twice_it_is_one_ticket(client: Client, s: SimpleNamespace) -> None:
    assert client.post("/portal/ask/", TYPED)["Location"] == client.post("/portal/ask/", TYPED)["Location"]
    assert Ticket.objects.count() == 1


def test_a_typed_address_gives_no_rights(client: Client, s: SimpleNamespace) -> None:
    client.post("/portal/ask/", {**TYPED, "email": "olga@desk.example"})
    ticket = Ticket.objects.get()
    assert ticket.events.get(kind="created").by is None
    assert ticket.messages.get().flags == ["unverified-sender", "unverified-agent"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("email", "nobody"), ("email", ""), ("subject", " "), ("text", "")]
)
def test_a_wrong_field_says_what_is_wrong_and_the_rest_stays(
    client: Client, s: SimpleNamespace, field: str, value: str
) -> None:
    response = client.post("/portal/ask/", {**TYPED, field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}-problem"' in page
    assert all(words in page for name, words in TYPED.items() if name != field)
    assert not Ticket.objects.exists()
    assert not Person.objects.filter(email="new@north.example").exists()


def test_nobody_can_be_written_to_without_end(client: Client, s: SimpleNamespace) -> None:
    for number in range(10):
        assert (
            client.post("/portal/ask/", {**TYPED, "email": "ivan@north.example", "key": f"k{number}"}).status_code
            == 302
        )
    assert Ticket.objects.count() == 10
    assert Delivery.objects.filter(to="ivan@north.example").count() == 3
    refused = client.post("/portal/ask/", {**TYPED, "key": "more"})
    assert refused.status_code == 429
    assert "С утра" in refused.content.decode()


def test_what_could_not_be_registered_is_kept_and_registered_later(
    client: Client, s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reactions = history._reactions

    def broken(event: Event) -> None:
        raise KeyError("a broken rule")

    monkeypatch.setattr(history, "_reactions", (*reactions, broken))
    assert client.post("/portal/ask/", TYPED)["Location"] == "/portal/received/"
    assert client.get("/portal/received/").status_code == 200
    waiting = Inbound.objects.get()
    assert "С утра" in acceptance.bytes_of(waiting).decode()
    monkeypatch.setattr(history, "_reactions", reactions)
    made = submitted.understood(waiting).ticket
    assert made is not None
    assert made.channel == "web"


def test_who_is_signed_in_has_the_better_form(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.ivan)
    assert client.get("/portal/ask/")["Location"] == "/portal/new/"


def test_he_is_answered_in_the_language_in_which_he_reads_the_form(client: Client, s: SimpleNamespace) -> None:
    client.cookies["firstline_language"] = "bg"
    client.post("/portal/ask/", {**TYPED, "email": "vesela@strange.example"})
    person = Person.objects.get(email="vesela@strange.example")
    assert (person.language, Delivery.objects.get(kind="received").language) == ("bg", "bg")
