"""Refusals are pages in our frame, with a number that finds them in the log, and never a hint of what is not there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from firstline.web.portal import remote_help
from tests import cast

pytestmark = pytest.mark.django_db


def test_what_is_not_there_is_a_page_with_a_way_on_and_a_number(client: Client) -> None:
    response = client.get("/no-such-page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert response["X-Request-ID"] in page
    assert "/account/login/" in page
    assert "p-foot" in page


def test_the_desk_is_refused_in_its_own_frame(client: Client) -> None:
    client.force_login(cast.stage().olga)
    response = client.get("/kb/no-such-article/")
    assert response.status_code == 404
    assert 'class="side"' in response.content.decode()


def test_a_ticket_of_others_looks_like_one_that_is_not_there(client: Client) -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    client.force_login(s.stoyan)
    answers = [client.get(f"/portal/requests/{number}/") for number in (ticket.pk, 999_999, "x")]
    assert [a.status_code for a in answers] == [404, 404, 404]
    pages = [a.content.decode().replace(a["X-Request-ID"], "") for a in answers]
    assert len({page.partition("<main")[2].partition("</main>")[0] for page in pages}) == 1


def test_a_form_without_its_token_says_how_to_go_on(client: Client) -> None:
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert response["X-Request-ID"] in response.content.decode()


def test_what_breaks_is_drawn_without_the_person_and_without_the_database(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    def broken() -> Any:
        raise RuntimeError("СЕКРЕТ")

    monkeypatch.setattr(remote_help, "programs", broken)
    quiet = Client(raise_request_exception=False)
    response = quiet.get("/portal/remote-help/")
    assert response.status_code == 500
    assert "СЕКРЕТ" not in response.content.decode()
    assert "mailto:" in response.content.decode()


def test_a_request_that_cannot_be_read_is_a_page_too(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    response = client.post("/account/request/", {f"f{n}": "x" for n in range(9)})
    assert response.status_code == 400
    assert "p-foot" in response.content.decode()


def test_a_part_of_a_page_is_never_replaced_by_the_sign_in(client: Client) -> None:
    assert client.get("/portal/requests/1/", headers={"HX-Request": "true"}).status_code == 401


def test_the_api_is_refused_in_its_own_words(client: Client) -> None:
    response = client.get("/api/v1/no-such-thing")
    assert response["Content-Type"].startswith("application/problem+json")
    assert response.json()["status"] == response.status_code
