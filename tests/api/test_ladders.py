"""Ladders and escalations by the API: what the page does, it does."""

from __future__ import annotations

import pytest

from firstline.lines.ladder_models import Escalation, Ladder
from tests import cast
from tests.api.callers import Caller
from tests.lines.ladders_made import clock, ladder, looks

pytestmark = pytest.mark.django_db
RUNG = {"what": "clock", "metric": "resolution", "mark": 75, "tell": ["line_lead", "on_call"]}


def test_a_ladder_is_made_read_changed_moved_and_taken_away() -> None:
    s = cast.stage()
    maria = Caller(s.maria)
    made = maria.post("/ladders", {"name": "Managers", "rungs": [RUNG], "hours": "weekdays", "wait": 10})
    assert made.status_code == 201
    assert made["Location"] == "/api/v1/ladders/managers"
    assert [one["kind"] for one in made.json()["odd"]] == ["no_layers"]
    maria.post("/ladders", {"name": "Rest", "rungs": [{**RUNG, "tell": ["manager"], "priority": 1}]})
    assert maria.post("/ladders/rest/position", {"to": "up"}).json()["position"] == 1
    rows = maria.get("/ladders").json()["items"]
    assert [(row["slug"], [one["kind"] for one in row["odd"]][:1]) for row in rows] == [
        ("rest", []), ("managers", ["shadowed"]),
    ]  # fmt: skip
    changed = maria.patch("/ladders/managers", {"wait": 20}).json()
    assert (changed["wait"], changed["hours"], changed["rungs"][0]["tell"]) == (
        20, "weekdays", ["line_lead", "on_call"],
    )  # fmt: skip
    assert maria.raw("DELETE", "/ladders/rest").status_code == 204
    assert list(Ladder.objects.values_list("slug", flat=True)) == ["managers"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rungs": [{**RUNG, "mark": 60}]}, "rungs[0].mark"),
        ({"rungs": [{**RUNG, "tell": ["person:nobody"]}]}, "rungs[0].tell"),
        ({"rungs": [RUNG, RUNG]}, "rungs[1].mark"),
        ({"rungs": [{**RUNG, "what": "vip"}]}, "rungs[0].metric"),
        ({"hours": "moon"}, "hours"),
        ({"conditions": [{"field": "client", "values": ["nobody"]}]}, "conditions[0].values"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(wrong: dict[str, object], field: str) -> None:
    s = cast.stage()
    answer = Caller(s.maria).post("/ladders", {"name": "x", "rungs": [RUNG], **wrong})
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert not Ladder.objects.exists()


def test_a_preview_says_which_open_tickets_are_past_a_mark_and_keeps_nothing() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, priority=1)
    found = Caller(s.lev).post("/ladders/preview", {"name": "x", "rungs": [{**RUNG, "mark": 50}]}).json()
    assert (found["looked_at"], found["holds"], found["past"]) == (1, 1, 1)
    assert [one["number"] for one in found["items"]] == [ticket.number]
    assert not Ladder.objects.exists()


def test_on_a_ticket_one_reads_what_was_said_what_comes_and_acknowledges() -> None:
    s = cast.stage()
    ladder(clock(50), clock(75))
    ticket = cast.ticket(s, priority=1)
    looks(121)
    olga = Caller(s.olga)
    read = olga.get(f"/tickets/{ticket.number}/escalations").json()
    assert [(one["marks"], one["told"], one["acknowledged_by"]) for one in read["items"]] == [([50], ["maria"], None)]
    path = f"/tickets/{ticket.number}/escalations/{read['items'][0]['id']}/acknowledgement"
    assert olga.post(path, {}).json()["acknowledged_by"] == "olga"
    assert olga.post(path, {}).status_code == 200
    assert Escalation.objects.get().through == "api"
    assert Caller(s.ivan).get(f"/tickets/{ticket.number}/escalations").status_code == 403
