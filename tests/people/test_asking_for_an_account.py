"""An account is asked for by anybody, decided by the desk, and begins with an invitation."""

from __future__ import annotations

from typing import Any

import pytest

from firstline.people import accounts, limits
from firstline.people.models import AccountRequest, Person
from firstline.people.permissions import NotAllowed
from firstline.post.models import Delivery
from tests import cast
from tests.cast import MONDAY_NINE

pytestmark = pytest.mark.django_db


def ask(**fields: Any) -> AccountRequest:
    given = {
        "name": "Новый Человек", "email": "new@north.example", "phone": "8 921 555-01-99", "company": "Север",
        "language": "bg", "source": "10.0.0.1", "at": MONDAY_NINE,
    }  # fmt: skip
    return accounts.ask(**{**given, **fields})


def test_an_accepted_request_is_a_person_of_that_client_with_an_invitation() -> None:
    s = cast.stage()
    person = accounts.accept(ask(), client=s.north, by=s.anna, at=MONDAY_NINE)
    assert (person.login, person.client, person.role, person.language) == (
        "new@north.example",
        s.north,
        "requester",
        "bg",
    )
    assert person.phone_e164 == "+79215550199"
    assert not person.has_usable_password()
    letter = Delivery.objects.get()
    assert (letter.kind, letter.to, letter.language) == ("invitation", "new@north.example", "bg")
    assert "/account/invitation/" in letter.data["url"]
    assert not accounts.waiting(s.anna).exists()
    assert [one.person for one in accounts.decided(s.anna)] == [person]


def test_somebody_who_wrote_mails_before_keeps_being_the_same_person() -> None:
    s = cast.stage()
    writer = cast.person("w", "new@north.example", "requester", email="New@north.example")
    ticket = cast.ticket(s, requester=writer)
    assert accounts.accept(ask(), client=s.north, by=s.maria, at=MONDAY_NINE) == writer
    writer.refresh_from_db()
    assert (writer.name, writer.client) == ("Новый Человек", s.north)
    assert ticket.requester_id == writer.pk


@pytest.mark.parametrize("email", ["olga@desk.example", "stoyan@south.example"])
def test_an_address_of_the_desk_or_of_another_client_is_not_given_away(email: str) -> None:
    s = cast.stage()
    request = ask(email=email)
    with pytest.raises(accounts.WrongField):
        accounts.accept(request, client=s.north, by=s.anna, at=MONDAY_NINE)
    assert accounts.waiting(s.anna).count() == 1
    assert not Delivery.objects.exists()


def test_it_is_decided_once_and_a_refusal_writes_to_nobody() -> None:
    s = cast.stage()
    request = ask()
    accounts.refuse(request, by=s.anna, at=MONDAY_NINE)
    for decide in (
        lambda: accounts.refuse(request, by=s.maria, at=MONDAY_NINE),
        lambda: accounts.accept(request, client=s.north, by=s.maria, at=MONDAY_NINE),
    ):
        with pytest.raises(accounts.AlreadyDecided):
            decide()
    assert not Delivery.objects.exists()
    assert not Person.objects.filter(email="new@north.example").exists()


@pytest.mark.parametrize("login", ["ivan", "kira", "olga", "emil", "lev"])
def test_who_does_not_look_after_accounts_decides_nothing(login: str) -> None:
    s = cast.stage()
    request, person = ask(), getattr(s, login)
    for deed in (
        lambda: accounts.waiting(person),
        lambda: accounts.refuse(request, by=person, at=MONDAY_NINE),
        lambda: accounts.accept(request, client=s.north, by=person, at=MONDAY_NINE),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_asking_twice_is_one_request_and_asking_often_is_refused() -> None:
    assert ask().pk == ask(email="NEW@north.example").pk
    for number in range(8):
        ask(email=f"p{number}@north.example")
    with pytest.raises(limits.TooOften):
        ask(email="eleventh@north.example")


@pytest.mark.parametrize(("field", "value"), [("name", " "), ("email", "nobody"), ("email", ""), ("company", "\x00")])
def test_a_wrong_field_is_named(field: str, value: str) -> None:
    with pytest.raises(accounts.WrongField) as refused:
        ask(**{field: value})
    assert refused.value.field == field
    assert not AccountRequest.objects.exists()
