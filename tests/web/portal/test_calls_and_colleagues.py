""" "Call me", colleagues on a request, and a known outage: from the portal to the desk and back."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from firstline.contracts import outages
from firstline.contracts.outages import Announcement
from firstline.lib import clock
from firstline.post.models import Delivery
from firstline.tickets import call_wishes, known_outages, lifecycle, merging, queries
from firstline.tickets.call_models import CallWish
from firstline.tickets.models import Ticket
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    client.force_login(stage.ivan)
    return stage


def wish(client: Client, ticket: Ticket, **typed: str) -> Any:
    return client.post(f"/portal/requests/{ticket.pk}/call/", {"phone": "+7 921 555-01-42", **typed})


def test_a_call_is_asked_for_seen_by_the_desk_made_and_told(client: Client, s: SimpleNamespace) -> None:
    lifecycle.take(s.ticket, by=s.olga, at=clock.now())
    assert wish(client, s.ticket).status_code == 302
    assert (
        "+7 921 555-01-42" in client.get(f"/portal/requests/{s.ticket.pk}/").content.decode().split('id="call-me"')[1]
    )
    assert Delivery.objects.filter(kind="call_wanted", person=s.olga.pk).count() == 1
    client.force_login(s.olga)
    assert f"#{s.ticket.pk}" in client.get("/desk/call-backs/").content.decode()
    assert 'name="reached"' in client.get(f"/desk/tickets/{s.ticket.pk}/outages/").content.decode()
    client.post(f"/desk/tickets/{s.ticket.pk}/call-back/", {"reached": "1"})
    kinds = list(s.ticket.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["call_wanted", "called", "call_settled"]
    assert f"#{s.ticket.pk}" not in client.get("/desk/call-backs/").content.decode()
    client.force_login(s.petra)
    assert not call_wishes.waiting(s.petra).exists()


def test_not_reached_is_said_to_the_client_who_may_ask_again(client: Client, s: SimpleNamespace) -> None:
    wish(client, s.ticket)
    wish(client, s.ticket, phone="113")
    assert CallWish.objects.get().phone == "113"
    call_wishes.settle(s.ticket, reached=False, by=s.olga, at=clock.now())
    assert not s.ticket.events.filter(kind="called").exists()
    with pytest.raises(WrongValue):
        call_wishes.settle(s.ticket, reached=True, by=s.olga, at=clock.now())
    wish(client, s.ticket)
    assert CallWish.objects.count() == 2


@pytest.mark.parametrize(
    "typed", [{"phone": "позвоните"}, {"phone": "9" * 41}, {"wished_at": "завтра"}, {"wished_at": "2001-01-01T10:00"},
              {"wished_at": "2399-01-01T10:00"}, {"wished_at": "2026-13-45T10:00"}],
)  # fmt: skip
def test_a_call_that_cannot_be_is_refused_in_words(client: Client, s: SimpleNamespace, typed: dict[str, str]) -> None:
    assert wish(client, s.ticket, **typed).status_code == 422
    assert not CallWish.objects.exists()


def test_a_colleague_reads_and_answers_and_nobody_of_another_client_does(client: Client, s: SimpleNamespace) -> None:
    path = f"/portal/requests/{s.ticket.pk}/colleagues/"
    page = client.get(f"/portal/requests/{s.ticket.pk}/").content.decode()
    assert s.irina.email in page
    assert s.eve.email not in page
    for stranger in (s.eve.email, s.olga.email, "nobody@nowhere.example", ""):
        assert client.post(path, {"email": stranger}).status_code == 422
    assert client.post(path, {"email": "IRINA@north.example"}).status_code == 302
    client.post(path, {"email": s.irina.email})
    assert s.ticket.events.filter(kind="joined").count() == 1
    assert queries.sees(s.irina, s.ticket)
    client.force_login(s.irina)
    assert client.post(f"/portal/requests/{s.ticket.pk}/answer/", {"body": "и у меня"}).status_code == 302
    client.force_login(s.stoyan)
    assert client.post(path, {"email": s.stoyan.email}).status_code == 404


def test_a_ticket_is_linked_with_a_known_outage_by_one_click(client: Client, s: SimpleNamespace) -> None:
    at = clock.now()

    def down(whose: Any) -> Any:
        said = Announcement(at - timedelta(hours=1), clients=(whose,), services=(s.network,), words={"ru": "Нет связи"})
        return outages.record(said, announced=True, by=s.maria, at=at)

    ours, theirs = down(s.north), down(s.south)
    client.force_login(s.olga)
    path = f"/desk/tickets/{s.ticket.pk}/outages/"
    page = client.get(path).content.decode()
    assert f'name="outage" value="{ours.pk}"' in page
    assert f'name="outage" value="{theirs.pk}"' not in page
    assert client.post(path, {"outage": theirs.pk}).status_code == 422
    client.post(path, {"outage": ours.pk})
    client.post(path, {"outage": ours.pk})
    assert known_outages.of(s.ticket) == ours
    assert s.ticket.events.filter(kind="from_outage").count() == 1
    client.force_login(s.maria)
    assert known_outages.counted([ours, theirs]) == {ours.pk: 1}
    assert client.get("/desk/outages/").status_code == 200
    client.force_login(s.olga)
    client.post(path, {"outage": ""})
    assert known_outages.of(s.ticket) is None
    call = {"who": "Иван", "subject": "Нет связи", "channel": "phone", "deed": "create", "outage": str(ours.pk)}
    assert f'value="{ours.pk}"' in client.get("/desk/calls/new/", {"who": "Иван"}).content.decode()
    assert client.post("/desk/calls/new/", call).status_code == 302
    assert known_outages.of(Ticket.objects.latest("pk")) == ours
    assert client.post("/desk/calls/new/", {**call, "outage": str(theirs.pk)}).status_code == 422


def test_the_same_by_api(client: Client, s: SimpleNamespace) -> None:
    root = f"/api/v1/tickets/{s.ticket.pk}"
    asked = client.post(f"{root}/call-wish", {"phone": "555-01"}, content_type="application/json")
    assert asked.status_code == 200
    brought = client.post(f"{root}/colleagues", {"email": s.irina.email}, content_type="application/json")
    assert brought.status_code == 200
    client.force_login(s.olga)
    waiting = client.get("/api/v1/call-backs").json()["items"]
    assert [(one["number"], one["phone"]) for one in waiting] == [(s.ticket.number, "555-01")]
    made = client.post(f"{root}/call-back", {"reached": False}, content_type="application/json")
    assert made.status_code == 200
    assert client.get("/api/v1/call-backs").json()["items"] == []


def test_a_wish_of_a_merged_ticket_is_settled_where_its_words_are(s: SimpleNamespace) -> None:
    at = clock.now()
    other = cast.ticket(s)
    call_wishes.want(s.ticket, phone="+7 921 555-01-42", by=s.ivan, at=at)
    merging.merge(s.ticket, other, by=s.olga, at=at)
    call_wishes.settle(s.ticket, reached=True, text="Дозвонилась", by=s.olga, at=at)
    assert other.events.filter(kind="called").count() == 1
    assert not call_wishes.waiting(s.olga).exists()


def test_what_is_no_address_and_no_number_is_refused_and_never_an_error(client: Client, s: SimpleNamespace) -> None:
    path = f"/portal/requests/{s.ticket.pk}/colleagues/"
    assert client.post(path, {"email": "ж" * 30_000}).status_code == 422
    client.force_login(s.olga)
    assert client.post(f"/desk/tickets/{s.ticket.pk}/outages/", {"outage": "9" * 30}).status_code == 422
