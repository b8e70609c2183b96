"""Nothing that is kept about people undoes something else: links, merged records, the reserve, a client's closing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.lib import clock
from firstline.people import companies, links, many, upkeep
from firstline.people.companies import Firm
from firstline.people.models import Client, Person
from firstline.people.upkeep import Known, WrongPerson
from firstline.tickets import same_person
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
IVAN = Known(login="ivan", name="Иван Петров", role="requester", email="ivan@north.example")


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.known = replace(IVAN, client=stage.north, language="ru")
    return stage


def test_no_address_is_nobodys(s: SimpleNamespace) -> None:
    cast.person("mute", "Без почты", "requester", client=s.north, email="")
    assert Person.objects.of_address("") is None
    assert fields(Caller(s.adam).post("/people/ivan/merging", {"into": ""})) == ["into"]
    s.ivan.refresh_from_db()
    assert s.ivan.is_active


def test_a_link_that_went_to_the_old_address_opens_nothing(s: SimpleNamespace) -> None:
    at = clock.now()
    by_form, by_list = (links.make(one, links.INVITATION, at) for one in (s.ivan, s.irina))
    kept = links.make(s.kira, links.INVITATION, at)
    upkeep.keep(replace(s.known, email="right@north.example"), found=s.ivan, by=s.anna, at=at)
    wish = Known(login="irina", name=s.irina.name, role="requester", email="i@north.example", client=s.north)
    there = many.acquainted([("irina", wish.email)])
    many.keep_all([many.judged(many.Wish(wish, s.irina), there)], by=s.anna, at=at, source="list:t")
    for token in (by_form, by_list):
        with pytest.raises(links.LinkRefused):
            links.peek(token, links.INVITATION, at)
    assert links.peek(kept, links.INVITATION, at) == s.kira, "nobody else’s"


def test_a_merged_record_is_not_kept_as_somebody_again(s: SimpleNamespace) -> None:
    at = clock.now()
    twin = cast.person("twin", "Иван", "requester", client=s.north, email="i@home.example")
    same_person.merge(twin, s.ivan, by=s.anna, at=at)
    again = replace(s.known, login="twin", email="")
    with pytest.raises(WrongPerson, match="merged"):
        upkeep.keep(again, found=twin, by=None, at=at, actor="apply", comes_back=True)
    twin.refresh_from_db()
    assert not twin.is_active


@pytest.mark.parametrize("how", ["left", "client closed"])
def test_nothing_is_merged_into_a_record_that_is_closed(s: SimpleNamespace, how: str) -> None:
    at = clock.now()
    twin = cast.person("twin", "Иван Петров", "requester", client=s.north, email="i@home.example")
    if how == "left":
        upkeep.deactivate(s.ivan, by=s.anna, at=at)
    else:
        companies.close(s.north, by=s.anna, at=at)
    with pytest.raises(WrongPerson, match="into: closed"):
        same_person.merge(twin, s.ivan, by=s.anna, at=at)
    twin.refresh_from_db()
    assert (twin.is_active, twin.email) == (True, "i@home.example")


def test_nobody_of_the_reserve_becomes_a_clients_by_silence(s: SimpleNamespace) -> None:
    partner = cast.person("partner", "Партнёр", "requester", in_reserve=True)
    said = Known(login="partner", name="Партнёр", role="requester", email="partner@desk.example")
    with pytest.raises(WrongPerson, match="in_reserve"):
        upkeep.keep(replace(said, client=s.north), found=partner, by=s.adam, at=clock.now())
    assert upkeep.keep(replace(said, phone="1"), found=partner, by=s.adam, at=clock.now()).person.in_reserve


def test_editing_a_client_does_not_open_again_who_was_closed_meanwhile(
    s: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = companies._refuse

    def meanwhile(*given: Any) -> None:
        refuse(*given)
        companies.close(s.north, by=s.anna, at=clock.now())

    monkeypatch.setattr(companies, "_refuse", meanwhile)
    companies.keep(Firm("north", {"ru": "Север"}), found=s.north, by=s.anna, at=clock.now())
    north = Client.objects.get(slug="north")
    assert (north.name, north.closed_at is None) == ("Север", False)
