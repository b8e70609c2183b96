"""Where tickets go, by API: the rules are those of the page, and nothing is kept that can never hold."""

from __future__ import annotations

import json

import pytest

from firstline.lines.routing_models import RoutingRule, Share
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db
NETWORK = {"field": "service", "values": ["network"]}


def test_a_rule_is_made_read_moved_changed_and_taken_away() -> None:
    s = cast.stage()
    adam = Caller(s.adam)
    made = adam.post("/routing/rules", {"name": "Networks", "conditions": [NETWORK], "team": "line2"})
    assert made.status_code == 201
    assert made["Location"] == "/api/v1/routing/rules/networks"
    adam.post("/routing/rules", {"name": "Rest", "line": 1})
    moved = adam.post("/routing/rules/rest/position", {"to": "up"}).json()
    assert moved["position"] == 1
    rows = adam.get("/routing/rules").json()["items"]
    assert [(row["slug"], [one["kind"] for one in row["odd"]]) for row in rows] == [
        ("rest", []), ("networks", ["shadowed"]),
    ]  # fmt: skip
    changed = adam.patch("/routing/rules/networks", {"strategy": "least_loaded"}).json()
    assert (changed["strategy"], changed["team"], changed["conditions"][0]["values"]) == (
        "least_loaded", "line2", ["network"],
    )  # fmt: skip
    assert adam.raw("DELETE", "/routing/rules/rest").status_code == 204
    assert cast.ticket(s, service=s.network).assignee == s.emil


def test_what_can_never_hold_or_names_what_is_not_there_is_refused_with_its_place() -> None:
    s = cast.stage()
    adam = Caller(s.adam)
    never = [NETWORK, {"field": "service", "values": ["network"], "negated": True}]
    for body, field in (
        ({"name": "x", "conditions": never, "line": 2}, "conditions"),
        ({"name": "x", "conditions": [{"field": "client", "values": ["west"]}], "line": 2}, "conditions[0].values"),
        ({"name": "x"}, "line"),
        ({"name": "x", "team": "moon"}, "team"),
        ({"name": "x", "team": "line2", "line": 3}, "line"),
        ({"name": "x", "person": "ivan"}, "person"),
    ):
        answer = adam.post("/routing/rules", body)
        assert answer.status_code == 422, body
        assert field in json.dumps(answer.json()), answer.json()
    assert not RoutingRule.objects.exists()


def test_a_dry_run_counts_and_names_what_would_move() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, service=s.network)
    cast.ticket(s)
    said = Caller(s.maria).post("/routing/dry-run", {"name": "x", "conditions": [NETWORK], "team": "line3"}).json()
    assert (said["looked_at"], said["hits"], said["changed"]) == (2, 1, 1)
    assert said["items"] == [{"number": ticket.number, "line": 3, "team": "line3", "person": None}]
    assert not RoutingRule.objects.exists()


def test_limits_are_set_and_lifted() -> None:
    s = cast.stage()
    adam = Caller(s.adam)
    body = b'{"most": 0}'
    assert adam.raw("PUT", "/routing/limits/olga", body).json() == {"person": "olga", "most": 0}
    assert adam.get("/routing/limits").json()["items"] == [{"person": "olga", "most": 0}]
    adam.raw("PUT", "/routing/limits/olga", b'{"most": null}')
    assert Share.objects.get().most is None
    assert adam.raw("PUT", "/routing/limits/ivan", body).status_code == 404
