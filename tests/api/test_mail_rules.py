"""Rules before registration, by API: those of the page, tried on the same letters."""

from __future__ import annotations

import json

import pytest

from firstline.intake.models import Inbound, MailRule
from tests import cast
from tests.api.callers import Caller
from tests.intake.mail import letter, process

pytestmark = pytest.mark.django_db
FROM_BANK = {"field": "from", "test": "is", "value": "@bank.example"}


def test_a_rule_is_made_read_moved_changed_switched_and_taken_away() -> None:
    s = cast.stage()
    adam = Caller(s.adam)
    made = adam.post("/mail-rules", {"name": "Bank", "conditions": [FROM_BANK], "client": "north", "priority": 2})
    assert made.status_code == 201, made.content
    assert made["Location"] == "/api/v1/mail-rules/bank"
    adam.post("/mail-rules", {"name": "Spam", "conditions": [{"field": "spam", "value": "8"}], "outcome": "quarantine"})
    assert adam.post("/mail-rules/spam/position", {"to": "up"}).json()["position"] == 1
    assert [row["slug"] for row in adam.get("/mail-rules").json()["items"]] == ["spam", "bank"]
    changed = adam.patch("/mail-rules/bank", {"priority": None, "tag": "bank", "active": False}).json()
    assert (changed["client"], changed["priority"], changed["tag"], changed["active"]) == ("north", None, "bank", False)
    assert changed["conditions"] == [{**FROM_BANK, "header": "", "negated": False}]
    assert adam.raw("DELETE", "/mail-rules/spam").status_code == 204
    assert [row.slug for row in MailRule.objects.all()] == ["bank"]
    assert adam.get("/mail-rules/spam").status_code == 404


def test_what_cannot_be_asked_or_leads_to_nothing_is_refused_with_its_place() -> None:
    s = cast.stage()
    adam = Caller(s.adam)
    for body, field in (
        ({"name": "x", "conditions": [FROM_BANK]}, "then"),
        ({"name": "x", "conditions": [], "outcome": "ignore"}, "conditions"),
        ({"name": "x", "conditions": [{"field": "moon", "value": "full"}], "outcome": "ignore"}, "conditions[0].field"),
        ({"name": "x", "conditions": [{"field": "size", "value": "big"}], "tag": "big"}, "conditions[0].value"),
        ({"name": "x", "conditions": [FROM_BANK], "client": "moon"}, "client"),
    ):
        answer = adam.post("/mail-rules", body)
        assert answer.status_code == 422, body
        assert field in json.dumps(answer.json()), answer.json()
    assert not MailRule.objects.exists()


def test_a_dry_run_names_the_letters_that_it_would_have_caught_and_why() -> None:
    s = cast.stage()
    process(letter(subject="Key", sender="robot@bank.example"))
    process(letter(subject="Printer"))
    asked = {"name": "x", "conditions": [FROM_BANK], "outcome": "ignore"}
    said = Caller(s.adam).post("/mail-rules/dry-run", asked).json()
    assert (said["looked_at"], said["hits"], said["is_limited"]) == (2, 1, False)
    (hit,) = said["items"]
    assert (hit["sender"], hit["subject"], hit["why"]) == (
        "robot@bank.example", "Key", [{**FROM_BANK, "header": "", "negated": False}],
    )  # fmt: skip
    assert hit["intake"] == Inbound.objects.get(subject="Key").pk
    assert not MailRule.objects.exists()
    assert Caller(s.maria).post("/mail-rules/dry-run", asked).status_code == 403
