"""A fresh folder and one command: the first administrator comes in by the link that stands where the desk started."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from firstline.audit.models import Row
from firstline.cli import first_start
from firstline.lib import clock
from firstline.ops import first_run
from firstline.people import first
from firstline.people.models import Person
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ирина  Смирнова", "email": "Irina@opora.example", "login": "", "password": cast.PASSWORD,
         "again": cast.PASSWORD}  # fmt: skip


def address() -> str:
    return f"/account/{first.url().partition('/account/')[2]}"


def test_the_first_administrator_comes_in_and_sees_what_to_do(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    first_start.make_ready()
    printed = next(line.strip() for line in capsys.readouterr().err.splitlines() if "/account/first/" in line)
    link = f"/account/{printed.partition('/account/')[2]}"
    assert (
        "Nobody administers this desk yet"
        in client.get("/account/login/", headers={"Accept-Language": "en"}).content.decode()
    )
    assert client.get(link).status_code == 200
    assert client.post(link, TYPED, headers={"Accept-Language": "en"})["Location"] == "/desk/admin/"
    person = Person.objects.get()
    assert (person.login, person.name, person.role, person.scope_all) == (
        "irina@opora.example", "Ирина Смирнова", "administrator", True,
    )  # fmt: skip
    assert Row.objects.get(action="person added").actor == "first administrator"
    page = client.get("/desk/admin/").content.decode()
    assert all(f'href="{href}"' in page for href in ("/desk/teams/new/", "/desk/calendars/new/", "/desk/channels/new/"))
    assert not any(one.is_done for one in first_run.steps())
    assert "No ticket yet" in client.get("/desk/queue/").content.decode()


def test_the_link_is_over_with_the_first_administrator(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    link = address()
    assert client.post(link, TYPED).status_code == 302
    stranger = Client()
    assert stranger.get(link).status_code == 410
    assert stranger.post(link, {**TYPED, "email": "eve@evil.example"}).status_code == 410
    assert Person.objects.count() == 1
    assert (
        "Nobody administers" not in stranger.get("/account/login/", headers={"Accept-Language": "en"}).content.decode()
    )
    first_start.make_ready()
    assert "/account/first/" not in capsys.readouterr().err


def test_another_link_or_an_old_one_opens_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/account/first/x/").status_code == 410
    monkeypatch.setattr(first, "LIFETIME", timedelta(seconds=-1))
    assert client.post(address(), TYPED).status_code == 410
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "marked"),
    [({"name": " "}, "name"), ({"email": "irina@"}, "email"), ({"again": "другое"}, "password"),
     ({"password": "коротко", "again": "коротко"}, "password")],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(client: Client, wrong: dict[str, Any], marked: str) -> None:
    answer = client.post(address(), {**TYPED, **wrong})
    assert (answer.status_code, f'id="{marked}-problem"' in answer.content.decode()) == (422, True)
    assert not Person.objects.exists()


def test_a_colleague_without_the_deed_does_not_count_as_administrator() -> None:
    cast.stage()
    assert not first.is_missing()
    Person.objects.filter(role="administrator").update(is_active=False)
    assert first.is_missing()
    with pytest.raises(first.LinkRefused):
        first.come_in("x", None, "", clock.now())  # type: ignore[arg-type]
