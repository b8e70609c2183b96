"""Whatever is sent, the answer is a 4xx problem that says what is wrong, never a 500 and never a page."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.test import Client

from firstline.api import auth
from firstline.tickets.models import Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"nonsense", b"[" * 100_000, b'{"subject": NaN}', b'{"subject": Infinity}', b"\xff\xfe{}", b'{"a": 1}}',
     b'{"subject": ' + b"9" * 10_000 + b"}", b'{"subject": "\xd0"}', b'{"subject": "\\ud800", "body": "x"}',
     b'{"subject": 1e999, "body": "x"}'],
)  # fmt: skip
def test_what_is_not_json_is_refused(content):
    s = cast.stage()
    answer = Caller(s.olga).raw("POST", "/tickets", content)
    assert answer.status_code in {400, 422}, answer.content
    fields(answer)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "body", [[], "text", 5, None, True, {"subject": []}, {"subject": {}, "body": []}, {"subject": "x", "body": None}]
)
def test_json_of_another_shape_is_422(body):
    s = cast.stage()
    answer = (
        Caller(s.olga).post("/tickets", body) if body is not None else Caller(s.olga).raw("POST", "/tickets", b"null")
    )
    assert answer.status_code == 422
    assert fields(answer)


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=cp1251",
    ],
)
def test_a_body_of_another_media_type_is_415(kind):
    s = cast.stage()
    answer = Caller(s.olga).raw("POST", "/tickets", b'{"subject": "a", "body": "b"}', kind)
    assert answer.status_code == 415
    fields(answer)


def test_a_body_that_is_too_large_is_413():
    s = cast.stage()
    large = json.dumps({"subject": "a", "body": "x" * auth.LARGEST_JSON}).encode()
    answer = Caller(s.olga).raw("POST", "/tickets", large)
    assert answer.status_code == 413
    fields(answer)


@pytest.mark.parametrize(
    "number", ["0", "-1", "abc", "1e3", "9" * 40, "%00", "١٢", "1%2F2", "1 OR 1=1", "..%2F..%2Fetc"]
)
def test_a_number_that_is_none_is_404(number):
    s = cast.stage()
    for path in (f"/tickets/{number}", f"/tickets/{number}/timeline", f"/files/{number}", f"/articles/{number}"):
        answer = Caller(s.olga).get(path)
        assert answer.status_code == 404, path
        fields(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/tickets"), ("PUT", "/tickets/1"), ("GET", "/tickets/1/take"), ("POST", "/me"), ("TRACE", "/me")],
)
def test_a_wrong_method_is_405_and_says_which_are_right(method, path):
    s = cast.stage()
    answer = Caller(s.olga).raw(method, path)
    assert answer.status_code == 405
    fields(answer)
    assert answer.headers["Allow"]


def test_head_is_a_get_without_its_body_and_options_says_what_is_possible():
    caller = Caller(cast.stage().olga)
    whole, head = caller.get("/tickets"), caller.raw("HEAD", "/tickets")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert caller.raw("HEAD", "/tickets/999999").status_code == 404
    assert caller.raw("HEAD", "/tickets/1/take").status_code == 405
    options = caller.raw("OPTIONS", "/tickets")
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_value_of_several_kinds_is_named_by_its_field_alone():
    s = cast.stage()
    ticket = cast.ticket(s)
    card = {"to_line": 2, "symptom": "x", "tried": "y", "reason": "too_long", "impact": "everybody"}
    answer = Caller(s.olga).post(f"/tickets/{ticket.number}/hand-over", card)
    assert fields(answer) == ["impact"]


def test_an_address_that_is_none_is_a_problem_and_not_a_page():
    for path in ("/api/v1/nothing", "/api/v1/tickets/1/explode", "/api/v1/hooks/nobody/x"):
        answer = Client().get(path)
        assert answer.status_code == 404
        fields(answer)


def test_a_database_that_is_away_is_503_and_says_when_to_come_again(monkeypatch):
    s = cast.stage()
    caller = Caller(s.olga)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("firstline.people.tokens.find", away)
    answer = caller.get("/tickets")
    assert answer.status_code == 503
    fields(answer)
    assert int(answer.headers["Retry-After"]) > 0


def test_what_breaks_is_a_500_that_tells_nothing_of_the_inside(monkeypatch):
    s = cast.stage()

    def broken(*_: object, **__: object) -> None:
        raise ValueError("secret of the inside")

    monkeypatch.setattr("firstline.tickets.queries.get_for", broken)
    answer = Caller(s.olga).get("/tickets/1")
    assert answer.status_code == 500
    fields(answer)
    assert b"secret" not in answer.content


def test_names_of_other_clients_are_refused_like_names_of_nobody():
    s = cast.stage()
    number = cast.ticket(s, requester=s.stoyan).number
    petra = Caller(s.petra)
    for body in (
        {"client": "north"},
        {"client": "nobody"},
        {"requester": "ivan"},
        {"requester": "ivan@north.example"},
        {"requester": "x"},
    ):
        answer = petra.patch(f"/tickets/{number}", body)
        assert answer.status_code == 422
        assert fields(answer) == [next(iter(body))]
        assert answer.json()["errors"][0]["problem"] == "unknown"
