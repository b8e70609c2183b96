"""Who is let in: tokens with scopes, sessions with CSRF, nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from firstline.audit.models import Row
from firstline.cli import main
from firstline.lib import clock
from firstline.people import tokens
from firstline.people.models import ApiToken
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer ", "Bearer fl_nonsense", "Basic b2xnYTp4", "Bearer \x00", "Bearer " + "x" * 5000],
)
def test_without_a_known_token_it_is_401(given):
    cast.stage()
    headers = {} if given is None else {"Authorization": given}
    answer = Client().get("/api/v1/tickets", headers=headers)
    assert answer.status_code == 401
    assert fields(answer) == []
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_not_replaced_by_a_session():
    s = cast.stage()
    client = Client()
    client.force_login(s.olga)
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_token_does_only_what_its_scopes_say():
    s = cast.stage()
    reader, writer = Caller(s.olga, "read"), Caller(s.olga, "write")
    number = cast.ticket(s).number
    assert reader.get("/tickets").status_code == 200
    assert reader.post(f"/tickets/{number}/take").status_code == 403
    assert reader.patch(f"/tickets/{number}", {"priority": 1}).status_code == 403
    assert writer.post(f"/tickets/{number}/take").status_code == 200
    assert writer.get("/tickets").status_code == 403


def test_a_revoked_token_and_one_of_a_barred_person_open_nothing():
    s = cast.stage()
    caller = Caller(s.olga)
    token = ApiToken.objects.get()
    tokens.revoke(token, by=s.olga, at=clock.now())
    assert caller.get("/me").status_code == 401
    other = Caller(s.emil)
    s.emil.is_active = False
    s.emil.save()
    assert other.get("/me").status_code == 401


def test_only_the_hash_of_a_token_is_stored():
    s = cast.stage()
    caller = Caller(s.olga)
    assert caller.secret not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert caller.secret not in json.dumps(list(Row.objects.values()), default=str)
    assert Row.objects.filter(action="token created", target=f"person:{s.olga.pk}").count() == 1


def test_the_use_of_a_token_is_noted_at_most_once_a_minute(django_assert_num_queries):
    s = cast.stage()
    _, secret = tokens.create(s.olga, at=clock.now(), by=None)
    first = clock.now()
    assert tokens.find(secret, at=first).used_at == first
    with django_assert_num_queries(1):
        tokens.find(secret, at=first + timedelta(seconds=59))
    tokens.find(secret, at=first + timedelta(seconds=61))
    assert ApiToken.objects.get().used_at == first + timedelta(seconds=61)


def test_a_session_needs_the_csrf_token_to_change_anything():
    s = cast.stage()
    number = cast.ticket(s).number
    client = Client(enforce_csrf_checks=True)
    client.force_login(s.olga)
    assert client.get("/api/v1/me").json()["login"] == "olga"
    refused = client.post(f"/api/v1/tickets/{number}/take")
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("csrf")
    client.cookies["firstline_csrf"] = "a" * 32
    answer = client.post(
        f"/api/v1/tickets/{number}/take", content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert answer.status_code == 200, answer.content


def test_a_token_needs_no_csrf_token():
    s = cast.stage()
    number = cast.ticket(s).number
    caller = Caller(s.olga)
    caller.client = Client(enforce_csrf_checks=True)
    assert caller.post(f"/tickets/{number}/take").status_code == 200
    assert caller.post("/nothing").status_code == 404


def test_me_says_who_i_am():
    s = cast.stage()
    assert Caller(s.olga).get("/me").json() == {
        "login": "olga", "name": "Ольга Смирнова", "email": "olga@desk.example", "phone": None, "role": "operator",
        "client": None, "team": "line1", "line": 1, "language": "ru", "time_zone": None, "channel": "", "theme": "",
        "density": "", "single_keys": True, "keys": {},
    }  # fmt: skip


def test_token_create_prints_the_secret_once_and_it_works(capsys):
    s = cast.stage()
    assert main(["token", "create", "--user", "OLGA", "--scope", "read"]) == 0
    secret = json.loads(capsys.readouterr().out)["token"]
    token = tokens.find(secret, at=clock.now())
    assert (token.person, token.scopes) == (s.olga, ["read"])
    assert main(["token", "create", "--user", "olga"]) == 0
    assert tokens.find(json.loads(capsys.readouterr().out)["token"], at=clock.now()).scopes == ["read", "write"]


def test_login_link_prints_an_address_that_signs_in_once_and_is_audited(capsys, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    s = cast.stage()
    assert main(["login-link", "--user", "olga"]) == 0
    url = json.loads(capsys.readouterr().out)["url"]
    browser = Client()
    assert browser.get(urlsplit(url).path).status_code == 302
    assert browser.get("/desk/queue/").status_code == 200
    assert Client().get(urlsplit(url).path).status_code == 410, "once"
    assert Row.objects.filter(target=f"person:{s.olga.pk}").exists()


@pytest.mark.parametrize("command", [["token", "create"], ["login-link"]])
def test_an_unknown_login_is_65(command, capsys):
    cast.stage()
    assert main([*command, "--user", "nobody"]) == 65
    assert "nobody" in capsys.readouterr().err


def test_an_unknown_scope_is_64():
    cast.stage()
    with pytest.raises(SystemExit) as ended:
        main(["token", "create", "--user", "olga", "--scope", "everything"])
    assert ended.value.code == 64
