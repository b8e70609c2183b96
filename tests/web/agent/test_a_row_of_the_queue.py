"""A row of the queue is drawn without templates: what people wrote is escaped in each of its cells all the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import formats, timezone, translation

from firstline.contracts.models import Metric
from firstline.lib.language import CODES
from firstline.people.queue_columns import COLUMNS
from firstline.web.agent.queue import Row
from firstline.web.clock_faces import Face
from firstline.web.templatetags import cells, ui

AT = datetime(2026, 11, 24, 8, 15, 42, tzinfo=UTC)
HOSTILE = """<b onclick="x('y')">&amp"""
TICKET: dict[str, Any] = {
    "id": 1386, "version": 4, "subject": HOSTILE, "status": "new", "priority": 3, "line": 1, "channel": "email",
    "tags": [HOSTILE], "writer": HOSTILE, "draft": True, "updated_at": AT, "created_at": AT, "assignee_id": 7,
    "assignee__name": HOSTILE, "client__is_vip": True, "requester__is_vip": False,
}  # fmt: skip
MORE = dict.fromkeys(("requester", "type", "service", "category", "team"), HOSTILE)


def drawn(initials: str = "<I", free: bool = False) -> str:
    face = Face(Metric.RESOLUTION, HOSTILE, "breach", HOSTILE, 100)
    return str(cells.queue_row(Row(TICKET, HOSTILE, face, initials, free, HOSTILE, True, MORE), COLUMNS))


def test_every_column_has_its_cell() -> None:
    assert set(cells.CELLS) == set(COLUMNS)


@pytest.mark.parametrize("who", [{}, {"initials": "", "free": True}, {"initials": ""}])
def test_nothing_that_a_person_wrote_is_markup(who: dict[str, Any]) -> None:
    row = drawn(**who)
    assert "<b" not in re.sub("<button", "", row)
    assert "<I" not in row
    assert "x('y')" not in row
    assert "&amp;amp" in row
    assert row.count("<td") == row.count("</td>") == len(COLUMNS) + 1


def test_each_language_has_its_own_words_in_a_row() -> None:
    rows = set()
    for language in CODES:
        with translation.override(language):
            rows.add(drawn())
            assert drawn() == drawn()
    assert len(rows) == len(CODES)


def test_the_exact_moment_is_said_to_the_minute_in_the_zone_and_language_of_the_reader() -> None:
    for language in CODES:
        for zone in ("Europe/Moscow", "Europe/Sofia", "UTC"):
            with translation.override(language), timezone.override(zone):
                assert not set("sucrU") & set(formats.get_format("DATETIME_FORMAT").replace("\\", ""))
                assert ui.exactly(AT) == formats.date_format(timezone.localtime(AT), "DATETIME_FORMAT")
