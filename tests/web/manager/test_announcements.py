"""Announcements for several clients, sites and services: who sees them, who is told when it is over."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.assets.models import Site
from firstline.contracts import following, outages
from firstline.contracts.models import Outage
from firstline.contracts.outages import Announcement, WrongOutage
from firstline.lib import clock
from firstline.notices import wording
from firstline.post.models import Delivery
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    client.force_login(stage.maria)
    return stage


def portal_of(person: object, path: str = "/portal/") -> str:
    browser = Client()
    browser.force_login(person)  # type: ignore[arg-type]
    return browser.get(path).content.decode()


def told(s: SimpleNamespace, **said: object) -> Outage:
    values = {"starts_at": clock.now() - timedelta(hours=1), "words": {"ru": "Нет связи", "bg": "Мрежата не работи"}}
    return outages.record(Announcement(**{**values, **said}), announced=True, by=s.maria, at=clock.now())  # type: ignore[arg-type]


def test_several_clients_and_services_see_it_and_a_third_client_does_not(client: Client, s: SimpleNamespace) -> None:
    sent = {
        "kind": "outage", "clients": ["north", "south"], "services": ["printing", "network"], "announced": "on",
        "starts_at": "2026-03-02T09:00", "words_en": "Switch is down",
    }  # fmt: skip
    assert client.post("/desk/outages/new/", sent).status_code == 302
    row = Outage.objects.get()
    assert {one.slug for one in row.clients.all()} == {"north", "south"}
    assert "Switch is down" in portal_of(s.ivan)
    assert "Switch is down" in portal_of(s.stoyan, "/portal/new/")
    third = cast.person("vera", "Вера", "requester", client=s.east)
    assert "Switch is down" not in portal_of(third)


def test_a_site_reaches_the_people_of_its_client_and_is_named(s: SimpleNamespace) -> None:
    depot = Site.objects.create(slug="depot", name="Склад", client=s.north)
    told(s, sites=(depot,))
    assert "Склад" in portal_of(s.ivan)
    assert "Нет связи" not in portal_of(s.stoyan)
    assert "Мрежата не работи" not in portal_of(s.stoyan)


def test_before_sign_in_only_what_is_everybodys_and_public(client: Client, s: SimpleNamespace) -> None:
    told(s, clients=(s.north,), words={"en": "Only north"})
    told(s, words={"en": "Everybody signed in"})
    told(s, words={"en": "The whole world"}, is_public=True)
    visitor = Client()
    for page in ("/account/login/", "/portal/ask/"):
        shown = visitor.get(page).content.decode()
        assert "The whole world" in shown
        assert "Only north" not in shown
        assert "Everybody signed in" not in shown
    with pytest.raises(WrongOutage):
        told(s, clients=(s.north,), is_public=True)


def test_the_form_says_who_would_see_it_before_anything_is_kept(client: Client, s: SimpleNamespace) -> None:
    part = client.get("/desk/outages/audience/", {"clients": "north"}).content.decode()
    assert s.ivan.name in part
    assert s.stoyan.name not in part
    page = client.post(
        "/desk/outages/new/", {"kind": "notice", "starts_at": "2026-03-02T09:00", "clients": ["south"], "look": "1"}
    ).content.decode()
    assert s.stoyan.name in page
    assert not Outage.objects.exists()
    vera = cast.person("vera", "Вера Тихонова", "requester", client=s.east)
    client.force_login(s.olga)  # east is not in her scope
    everybody = client.get("/desk/outages/audience/").content.decode()
    assert s.ivan.name in everybody
    assert vera.name not in everybody


def test_a_notice_is_no_outage(client: Client, s: SimpleNamespace) -> None:
    said = told(s, kind="notice", words={"ru": "Офис закрыт"}, ends_at=clock.now() + timedelta(days=1))
    assert "Офис закрыт" in portal_of(s.ivan)
    assert "tone-red" not in portal_of(s.ivan).split("p-outages")[1].split("</section>")[0]
    with pytest.raises(WrongOutage):
        told(s, kind="notice", words={})
    assert said.kind == "notice"


def test_who_is_hit_too_is_told_once_when_it_is_over(client: Client, s: SimpleNamespace) -> None:
    row = told(s, clients=(s.north,))
    browser = Client()
    browser.force_login(s.ivan)
    where = f"/portal/announcements/{row.pk}/following/"
    for _twice in range(2):
        assert browser.post(where, {"follow": "on", "next": "/portal/"}).status_code == 302
    assert following.counted([row]) == {row.pk: 1}
    assert 'name="follow" value=""' in browser.get("/portal/").content.decode()
    stranger = Client()
    stranger.force_login(s.stoyan)
    assert stranger.post(where, {"follow": "on"}).status_code == 404

    outages.end(row, ends_at=clock.now(), by=s.maria, at=clock.now())
    following.tell_due(clock.now())

    letter = Delivery.objects.get(kind=following.OVER)
    assert letter.to == s.ivan.email
    words = wording.render(letter)
    assert "Нет связи" in words.text
    assert words.subject


def test_planned_work_that_ends_by_itself_tells_them_too(s: SimpleNamespace) -> None:
    end = clock.now() + timedelta(hours=2)
    row = told(s, kind="planned", ends_at=end)
    following.follow(row, s.stoyan, at=clock.now())
    assert following.tell_due(clock.now()) == 0
    assert following.tell_due(end + timedelta(minutes=1)) == 1
    assert following.tell_due(end + timedelta(minutes=2)) == 0
    assert Delivery.objects.get(kind=following.OVER).language == s.stoyan.language


def test_an_update_stands_beside_it_and_an_edit_moves_the_end(client: Client, s: SimpleNamespace) -> None:
    row = told(s, clients=(s.north,))
    client.post(f"/desk/outages/{row.pk}/update/", {"words_ru": "Нашли причину"})
    assert "Нашли причину" in portal_of(s.ivan)
    page = client.get(f"/desk/outages/{row.pk}/").content.decode()
    assert "Нашли причину" in page
    sent = {"kind": "outage", "clients": ["south"], "starts_at": "2026-03-02T09:00", "words_ru": "Теперь у других"}
    assert client.post(f"/desk/outages/{row.pk}/", sent).status_code == 302
    assert "Теперь у других" in portal_of(s.stoyan)
    assert "Теперь у других" not in portal_of(s.ivan)


def test_an_edit_by_who_sees_one_client_leaves_the_others_in_it(client: Client, s: SimpleNamespace) -> None:
    row = told(s, clients=(s.north, s.east))
    client.force_login(s.olga)
    page = client.get("/desk/outages/").content.decode()
    assert s.east.name not in page
    sent = {"kind": "outage", "clients": ["north"], "starts_at": "2026-03-02T09:00", "words_ru": "Короче"}
    assert client.post(f"/desk/outages/{row.pk}/", sent).status_code == 302
    assert {one.slug for one in row.clients.all()} == {"north", "east"}


def test_the_operator_on_the_phone_and_on_the_ticket_is_told(client: Client, s: SimpleNamespace) -> None:
    told(s, clients=(s.north,), services=(s.network,), words={"ru": "Сеть лежит"})
    told(s, clients=(s.south,), words={"ru": "Чужое"})
    client.force_login(s.olga)
    form = client.get("/desk/calls/new/", {"who": s.ivan.name}).content.decode()
    assert "Сеть лежит" in form
    assert "Чужое" not in form
    about_printing = cast.ticket(s)
    beside = client.get(f"/desk/tickets/{about_printing.pk}/outages/").content.decode()
    assert ("Сеть лежит" in beside) == (about_printing.service_id in (None, s.network.pk))
    about_printing.service = s.printing
    about_printing.save()
    assert "Сеть лежит" not in client.get(f"/desk/tickets/{about_printing.pk}/outages/").content.decode()


def test_the_api_says_and_does_the_same(s: SimpleNamespace) -> None:
    maria = Caller(s.maria)
    body = {"kind": "planned", "clients": ["north", "south"], "starts_at": "2026-03-02T10:00:00+03:00",
            "ends_at": "2099-03-02T12:00:00+03:00", "words": {"en": "Move"}}  # fmt: skip
    assert maria.post("/outages/audience", {"clients": ["north"]}).json()["clients"].keys() == {"north"}
    made = maria.post("/outages", body).json()
    assert (made["kind"], sorted(made["clients"]), made["client"]) == ("planned", ["north", "south"], None)
    place = f"/outages/{made['id']}"
    assert maria.post(f"{place}/updates", {"words": {"en": "Half"}}).json()["updates"][0]["words"] == {"en": "Half"}
    assert maria.raw("PUT", place, json.dumps(body | {"clients": [], "public": True}).encode()).json()["public"] is True
    assert fields(maria.raw("PUT", place, json.dumps(body | {"public": True}).encode())) == ["is_public"]
