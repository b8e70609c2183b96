"""`firstline intake run-again` and `intake add`: the deeds of the pages, in a name and with its rights."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firstline.cli.main import main
from firstline.intake.models import Inbound, MailRule
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    s = cast.stage()
    s.desk = mailbox()
    return s


@pytest.fixture
def held(stage: Any) -> Inbound:
    """A letter that a rule put aside."""
    rule = MailRule.objects.create(
        slug="r", name="r", position=1, outcome="quarantine", conditions=[_condition("from", "ivan@north.example")]
    )
    row = process(letter())
    assert row.state == "quarantine"
    rule.delete()
    return row


def _condition(field: str, value: str) -> dict[str, object]:
    return {"field": field, "test": "is", "value": value, "header": "", "negated": False}


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, list[dict[str, Any]], str]:
    code = main(["intake", *map(str, words)])
    told = capsys.readouterr()
    return code, [json.loads(line) for line in told.out.splitlines()], told.err


def test_what_was_put_aside_is_run_again_with_todays_rules(
    stage: Any, held: Inbound, capsys: pytest.CaptureFixture[str]
) -> None:
    code, (line,), _err = run(capsys, "run-again", "--user", stage.lev.login, held.pk)
    assert (code, line["intake"], line["outcome"]) == (0, held.pk, "ticket")
    assert line["ticket"]


def test_it_is_added_to_a_ticket_and_not_twice(stage: Any, held: Inbound, capsys: pytest.CaptureFixture[str]) -> None:
    ticket = cast.ticket(stage)
    given = ("add", "--ticket", ticket.pk, "--user", stage.lev.login, held.pk)
    code, (line,), _err = run(capsys, *given)
    assert (code, line["outcome"], line["ticket"], line["reason"]) == (0, "reply", ticket.number, "added by an agent")
    code, said, err = run(capsys, *given)
    assert (code, said) == (65, [])
    assert f"item {held.pk}" in err


def test_each_is_told_and_a_refusal_stops_none(stage: Any, held: Inbound, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, err = run(capsys, "run-again", "--user", stage.lev.login, 999, held.pk)
    assert (code, [line["intake"] for line in said]) == (65, [held.pk])
    assert "item 999" in err


def test_nobody_does_more_than_in_the_pages(stage: Any, held: Inbound, capsys: pytest.CaptureFixture[str]) -> None:
    for login in (stage.ivan.login or "ivan", "nobody-at-all"):
        code, said, _err = run(capsys, "run-again", "--user", login, held.pk)
        assert (code, said) == (65, [])
    held.refresh_from_db()
    assert held.state == "quarantine"
    with pytest.raises(SystemExit) as refused:
        main(["intake", "add", "--user", "lev", str(held.pk)])
    assert refused.value.code == 64
