"""Boxes are configuration: a file sets them, a second time changes nothing; categories begin on a line."""

from __future__ import annotations

import pytest

from firstline.contracts.models import Category
from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.lines import limits
from tests import cast

pytestmark = pytest.mark.django_db
FILE = """
[[category]]
slug = "paper-jam"
name = "Замятие бумаги"
service = "printing"
[[category]]
slug = "core-switch"
name = "Ядро сети"
service = "network"
line = 2
[[box]]
line = 1
minutes = 15
[[box]]
line = 1
category = "paper-jam"
minutes = 10
policy = "hand_over"
"""


def test_the_file_sets_boxes_and_a_second_time_changes_nothing() -> None:
    s = cast.stage()
    first = stage.apply(FILE.encode(), at=cast.MONDAY_NINE, actor="test")
    assert ("box", "paper-jam 1", "created") in first
    assert (limits.of(s.jam.pk, 1).minutes, limits.of(None, 1).minutes) == (10, 15)
    again = stage.apply(FILE.encode(), at=cast.MONDAY_NINE, actor="test")
    assert {result.result for result in again} == {"unchanged"}


def test_a_category_goes_straight_to_its_line() -> None:
    s = cast.stage()
    stage.apply(FILE.encode(), at=cast.MONDAY_NINE, actor="test")
    straight = Category.objects.get(slug="core-switch")
    ticket = cast.ticket(s, category=straight, team=s.line1)
    assert (ticket.line, ticket.team) == (2, s.line2)
    assert cast.ticket(s, category=s.jam).line == 1


def test_what_cannot_be_is_named_with_its_place() -> None:
    cast.stage()
    with pytest.raises(WrongFile) as refused:
        stage.apply(b"[[box]]\nline = 3\nminutes = 5\npolicy = 'hand_over'\n", at=cast.MONDAY_NINE, actor="test")
    assert refused.value.problems == ["box[0].policy: there is no line after this one"]
    with pytest.raises(WrongFile):
        stage.apply(b"[[box]]\nline = 1\nminutes = 5\n[[box]]\nline = 1\nminutes = 6\n", at=cast.MONDAY_NINE, actor="t")
