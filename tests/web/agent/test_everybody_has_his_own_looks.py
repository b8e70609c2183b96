"""Language, theme, density, keys and tokens of a person; the language of visitors; headers on every answer."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.people.models import ApiToken, Person


def test_the_profile_is_kept_and_shown(olga: Client, stage: SimpleNamespace) -> None:
    wishes = {"language": "en", "time_zone": "Europe/Sofia", "theme": "dark", "density": "compact"}

    assert olga.post("/desk/profile/", wishes).status_code == 302

    stage.olga.refresh_from_db()
    assert (stage.olga.theme, stage.olga.density, stage.olga.time_zone, stage.olga.single_keys) == (
        "dark", "compact", "Europe/Sofia", False,
    )  # fmt: skip
    html = olga.get("/desk/queue/").content.decode()
    assert '<html lang="en" data-theme="dark" data-density="compact" data-hotkeys="off">' in html


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"theme": "pink"}, {"time_zone": "Mars/Base"}, {"density": "no"}]
)
def test_a_preference_that_does_not_exist_is_refused(olga: Client, wrong: dict[str, str]) -> None:
    assert olga.post("/desk/profile/", wrong).status_code == 422


def test_theme_and_density_are_kept_by_the_buttons_too(olga: Client, stage: SimpleNamespace) -> None:
    answer = olga.post("/theme/", {"theme": "dark"}, headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 204
    stage.olga.refresh_from_db()
    assert stage.olga.theme == "dark"


def test_a_wrong_theme_of_the_buttons_changes_nothing(olga: Client, stage: SimpleNamespace) -> None:
    assert olga.post("/theme/", {"theme": "pink"}).status_code == 422
    stage.olga.refresh_from_db()
    assert stage.olga.theme == ""


def test_a_visitor_chooses_his_language_by_a_cookie(db: None) -> None:
    visitor = Client()
    assert visitor.post("/language/", {"language": "bg", "next": "/"}).status_code == 302
    assert visitor.cookies["firstline_language"].value == "bg"
    assert visitor.get("/account/login/").headers["Content-Language"] == "bg"
    visitor.post("/language/", {"language": "xx"})
    assert visitor.cookies["firstline_language"].value == "bg"


def test_the_door_leads_everyone_home(
    stage: SimpleNamespace, signed_in: Callable[[Person], Client], olga: Client
) -> None:
    assert olga.get("/")["Location"] == "/desk/queue/?line=1"
    assert signed_in(stage.maria).get("/")["Location"] == "/desk/queue/"
    assert signed_in(stage.ivan).get("/")["Location"] == "/portal/"
    assert Client().get("/")["Location"] == "/portal/"


def test_a_token_is_shown_once_and_can_be_revoked_by_its_owner_only(
    stage: SimpleNamespace, olga: Client, signed_in: Callable[[Person], Client]
) -> None:
    made = olga.post("/desk/tokens/", {"note": "скрипт", "scopes": ["read"]}).content.decode()
    token = ApiToken.objects.get()

    assert "fl_" in made
    assert token.scopes == ["read"]
    assert "fl_" not in olga.get("/desk/tokens/").content.decode()
    assert signed_in(stage.maria).post(f"/desk/tokens/{token.pk}/revocation/").status_code == 404
    assert olga.post(f"/desk/tokens/{token.pk}/revocation/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_every_answer_has_the_headers(olga: Client) -> None:
    for address in ("/desk/queue/", "/desk/nothing/", "/desk/tickets/1/"):
        answer = olga.get(address)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in answer["Permissions-Policy"]
        assert "no-store" in answer["Cache-Control"]
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_who_answers_for_the_desk_sees_what_is_wrong_with_the_program(
    stage: SimpleNamespace, olga: Client, signed_in: Callable[[Person], Client]
) -> None:
    maria = signed_in(stage.maria)

    assert "Background work has stopped" in maria.get("/desk/health/").content.decode()
    assert 'hx-get="/desk/health/"' in maria.get("/desk/queue/").content.decode()
    assert 'hx-get="/desk/health/"' not in olga.get("/desk/queue/").content.decode()
    assert olga.get("/desk/health/").status_code == 403


def test_a_part_of_a_page_never_becomes_the_sign_in_page(db: None) -> None:
    answer = Client().get("/desk/queue/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.content == b""
    assert "HX-Trigger" not in answer.headers, "the page says it in its own language"
    assert "data-out-text=" in Client().get("/account/login/").content.decode()
