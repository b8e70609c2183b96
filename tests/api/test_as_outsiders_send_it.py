"""What programs of others send, to the letter: values that are nearly right, headers without a value, keys of no
value."""

from __future__ import annotations

import pytest

from firstline.tickets.models import Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
ASKED = {"subject": "Нет сети", "body": "Совсем", "requester": {"email": "ivan@north.example"}}


def clock(said, metric):
    return next(one for one in said["clocks"] if one["metric"] == metric)


@pytest.mark.parametrize(
    ("channel", "state"), [("phone", "met"), ("walk_up", "met"), ("email", "running"), ("api", "running")]
)
def test_a_ticket_made_while_talking_is_answered_at_its_creation(channel, state):
    s = cast.stage()
    said = Caller(s.olga).post("/tickets", {**ASKED, "channel": channel}).json()
    assert clock(said, "first_response")["state"] == state
    assert clock(said, "resolution")["state"] == "running"


def test_nobody_of_the_client_answers_himself_by_saying_that_he_called():
    s = cast.stage()
    said = Caller(s.kira).post("/tickets", {**ASKED, "channel": "phone"}).json()
    assert clock(said, "first_response")["state"] == "running"


@pytest.mark.parametrize("value", [True, 1.0, "1"])
@pytest.mark.parametrize(("method", "rest", "field"), [("PATCH", "", "priority"), ("POST", "/hand-over", "to_line")])
def test_what_only_equals_a_number_is_none(value, method, rest, field):
    s = cast.stage()
    path = f"/tickets/{cast.ticket(s).pk}{rest}"
    caller = Caller(s.olga)
    body = {field: value} if method == "PATCH" else {field: value, "symptom": "s", "tried": "t", "reason": "access"}
    answer = caller.patch(path, body) if method == "PATCH" else caller.post(path, body)
    assert answer.status_code == 422, answer.content
    assert fields(answer) == [field]


def test_null_for_what_may_be_absent_is_absent():
    s = cast.stage()
    ticket = cast.ticket(s)
    olga = Caller(s.olga)
    path = f"/tickets/{ticket.pk}"
    for verb, body in (
        ("worklogs", {"minutes": 5, "kind": "remote", "note": None}),
        ("wait", {"for": "client", "reason": "r", "pause": None}),
        ("resolution", {"how": "h", "remote": True, "article": None, "minutes": None}),
    ):
        answer = olga.post(f"{path}/{verb}", body)
        assert answer.status_code == 200, answer.content
    assert Caller(s.ivan).post(f"{path}/rating", {"score": 5, "comment": None}).status_code == 200


def test_tags_are_kept_bare_and_each_once():
    s = cast.stage()
    answer = Caller(s.olga).patch(f"/tickets/{cast.ticket(s).pk}", {"tags": [" vpn", "vpn", "Wi-Fi ", "  "]})
    assert answer.json()["tags"] == ["vpn", "Wi-Fi"]


@pytest.mark.parametrize("word", ["view", "saved", "status", "line", "client", "due", "lately", "q", "cursor"])
def test_a_word_of_the_address_without_a_value_says_nothing(word):
    s = cast.stage()
    ticket = cast.ticket(s)
    answer = Caller(s.olga).get(f"/tickets?{word}=")
    assert answer.status_code == 200, answer.content
    assert [one["number"] for one in answer.json()["items"]] == [str(ticket.pk)]


@pytest.mark.parametrize("query", ["intake?state=&outcome=", "deliveries?state="])
def test_a_state_without_a_value_says_nothing(query):
    s = cast.stage()
    assert Caller(s.maria).get(f"/{query}").status_code == 200


def test_a_wrong_word_of_the_address_is_named_as_it_stands_there():
    s = cast.stage()
    assert fields(Caller(s.olga).get("/tickets?status=new&status=open")) == ["status"]


@pytest.mark.parametrize("key", ["", " "])
def test_a_key_without_a_value_is_refused_and_does_nothing(key):
    s = cast.stage()
    answer = Caller(s.olga).post("/tickets", ASKED, Idempotency_Key=key)
    assert answer.status_code == 400, answer.content
    assert fields(answer) == ["Idempotency-Key"]
    assert not Ticket.objects.exists()


def test_the_answer_of_a_verb_has_the_version_that_the_next_one_is_asked_with():
    s = cast.stage()
    olga, path = Caller(s.olga), f"/tickets/{cast.ticket(s).pk}"
    taken = olga.post(f"{path}/take")
    assert taken.headers["ETag"] == olga.get(path).headers["ETag"]
    assert olga.post(f"{path}/undo", {"event": int(taken.headers["ETag"].strip('"'))}).status_code == 200
    Caller(s.emil).post(f"{path}/messages", {"body": "Смотрю", "public": False})
    late = olga.patch(path, {"subject": "Сеть"}, If_Match=taken.headers["ETag"])
    assert late.status_code == 409, late.content
    seen = Caller(s.ivan).post(f"{path}/messages", {"body": "Всё ещё нет", "public": True})
    assert seen.headers["ETag"] == Caller(s.ivan).get(path).headers["ETag"]


def test_a_text_that_is_too_long_has_too_many_characters_and_no_items():
    s = cast.stage()
    answer = Caller(s.olga).post("/tickets", {**ASKED, "requester": {"email": "a@b.example", "name": "y" * 201}})
    assert answer.json()["errors"] == [{"field": "requester.name", "problem": "at most 200 characters"}]
    nul = Caller(s.olga).post("/tickets", {**ASKED, "subject": "a\x00b"})
    assert nul.json()["errors"] == [{"field": "subject", "problem": "a NUL character is not text"}]


@pytest.mark.parametrize(
    "path",
    ["/teams", "/services", "/calendars", "/vendors", "/views", "/macros", "/answer-templates", "/roster/shifts",
     "/roster/swaps", "/announcements", "/call-backs", "/outgoing", "/reinforcement", "/touches", "/letter-texts",
     "/tickets/{number}/drafts", "/tickets/{number}/presence", "/tickets/{number}/vendor-requests", "/boxes/over"],
)  # fmt: skip
def test_every_list_has_a_next_cursor(path):
    s = cast.stage()
    path = path.replace("{number}", str(cast.ticket(s).pk))
    callers = (Caller(who) for who in (s.maria, s.emil, s.adam, s.ivan))
    answer = next(answer for caller in callers if (answer := caller.get(path)).status_code == 200)
    assert set(answer.json()) == {"items", "next_cursor"}
    assert answer.json()["next_cursor"] is None
