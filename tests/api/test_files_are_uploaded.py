"""Files come in before what they belong to: their bytes once, then a handle in a message or a new ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from firstline.intake.channels import uploaded
from firstline.tickets.draft_models import Draft
from firstline.tickets.models import Attachment, Message
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ASKED = {"subject": "Не печатает", "body": "снимок приложен"}


def upload(who: Caller, content: bytes = PICTURE, name: str = "экран.png", **headers: str) -> dict[str, Any]:
    answer = who.raw("POST", f"/files?name={name}", content, "image/png", **headers)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_file_stands_with_the_message_that_names_it() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    for who, public in ((s.olga, True), (s.olga, False), (s.ivan, True)):
        caller = Caller(who)
        kept = upload(caller)
        assert (kept["name"], kept["content_type"], kept["size"]) == ("экран.png", "image/png", len(PICTURE))
        said = {"body": "смотрите", "public": public, "files": [kept["file"]]}
        assert caller.post(f"/tickets/{ticket.number}/messages", said).status_code == 200
        newest = Message.objects.filter(ticket=ticket).latest("pk")
        assert [(one.name, one.size) for one in newest.attachments.all()] == [("экран.png", len(PICTURE))]


def test_a_file_comes_with_a_new_ticket() -> None:
    s = cast.stage()
    caller = Caller(s.ivan)
    answer = caller.post("/tickets", {**ASKED, "files": [upload(caller)["file"]]})
    assert answer.status_code == 201
    assert Attachment.objects.get(message__ticket=int(answer.json()["number"])).name == "экран.png"


def test_an_answer_that_can_be_taken_back_keeps_its_files() -> None:
    s = cast.stage()
    ticket, caller = cast.ticket(s), Caller(s.olga)
    said = {"body": "смотрите", "public": True, "send_in": 10, "files": [upload(caller)["file"]]}
    assert caller.post(f"/tickets/{ticket.number}/messages", said).status_code == 200
    assert [one.name for one in Draft.objects.get(ticket=ticket).files.all()] == ["экран.png"]


def test_another_ones_handle_and_an_old_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    theirs = upload(Caller(s.ivan))["file"]
    for handle in (theirs, "x", theirs[:-1]):
        answer = Caller(s.olga).post(
            f"/tickets/{ticket.number}/messages", {"body": "вот", "public": True, "files": [handle]}
        )
        assert (answer.status_code, fields(answer)) == (422, ["files"])
        assert fields(Caller(s.kira).post("/tickets", {**ASKED, "files": [handle]})) == ["files"]
    own = upload(Caller(s.olga))["file"]
    monkeypatch.setattr(uploaded, "GOOD_FOR", timedelta(seconds=-1))
    answer = Caller(s.olga).post(f"/tickets/{ticket.number}/messages", {"body": "вот", "public": True, "files": [own]})
    assert fields(answer) == ["files"]
    assert uploaded.kept_of([own], by=s.olga, late=True)[0]["name"] == "экран.png"


def test_an_empty_file_and_one_that_is_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    assert Caller(s.olga).raw("POST", "/files?name=a", b"", "text/plain").status_code == 422
    monkeypatch.setattr("firstline.intake.channels.values.LARGEST_FILE", 3)
    assert Caller(s.olga).raw("POST", "/files?name=a", b"four", "text/plain").status_code == 413


def test_an_upload_is_repeated_under_its_key() -> None:
    s = cast.stage()
    caller = Caller(s.olga)
    assert upload(caller, Idempotency_Key="one")["file"] == upload(caller, Idempotency_Key="one")["file"]


def test_a_file_needs_a_token_that_may_write() -> None:
    s = cast.stage()
    assert Caller(s.olga, "read").raw("POST", "/files?name=a", b"x", "text/plain").status_code == 403
