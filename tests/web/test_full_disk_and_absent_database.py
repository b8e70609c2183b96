"""A full disk and a database that is away are 503 on every page, with what was typed, and nothing is half-done."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from firstline.blobs import store
from firstline.blobs.models import Blob
from firstline.contracts.models import Service
from firstline.tickets import conversation
from firstline.tickets.models import Message, Ticket
from tests import cast

pytestmark = pytest.mark.django_db


def away(*_: Any, **__: Any) -> Any:
    raise OperationalError("server closed the connection")


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def browser(person: Any) -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(person)
    return made


def roads(stage: Any, ticket: Ticket) -> list[tuple[Client, str]]:
    return [
        (browser(stage.ivan), f"/portal/requests/{ticket.pk}/answer/"),
        (browser(stage.olga), f"/desk/tickets/{ticket.pk}/messages/"),
    ]


def words(**more: Any) -> dict[str, Any]:
    return {"body": "Принтер снова не печатает", "as": "public", **more}


def test_a_page_whose_database_is_away_says_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = browser(cast.stage().ivan)
    monkeypatch.setattr(Service.objects, "all", away)
    response = visitor.get("/portal/new/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_words_that_the_database_did_not_take_come_back_in_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    monkeypatch.setattr(conversation, "locked", away)
    for visitor, address in roads(stage, ticket):
        response = visitor.post(address, words())
        assert response.status_code == 503, address
        assert "Принтер снова не печатает" in response.content.decode(), address


def test_where_not_even_the_refusal_can_be_drawn_it_is_still_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    monkeypatch.setattr(conversation, "locked", away)
    monkeypatch.setattr("firstline.web.refusals.not_kept", away)
    for visitor, address in roads(stage, ticket):
        assert visitor.post(address, words()).status_code == 503, address


def test_a_file_that_does_not_fit_on_the_disk_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    before = Message.objects.count()
    monkeypatch.setattr(store, "_write", full)
    for visitor, address in roads(stage, ticket):
        file = tmp_path / "photo.png"
        file.write_bytes(b"a picture")
        with file.open("rb") as opened:
            response = visitor.post(address, words(files=opened))
        assert response.status_code == 503, address
        assert "Принтер снова не печатает" in response.content.decode(), address
    assert (Message.objects.count(), Blob.objects.count()) == (before, 0)


def test_below_the_floor_no_answer_is_taken(settings: Any) -> None:
    stage = cast.stage()
    ticket = cast.ticket(stage)
    before = Message.objects.count()
    settings.FIRSTLINE_DISK_FLOOR_MB = 10**9
    for visitor, address in roads(stage, ticket):
        assert visitor.post(address, words()).status_code == 503, address
    assert Message.objects.count() == before
