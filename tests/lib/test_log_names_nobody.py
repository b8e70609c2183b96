"""A log line has numbers and kinds; a database that quotes a row in its refusal does not get it into the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.db import IntegrityError

from firstline.lib import log

SAID = (
    'duplicate key value violates unique constraint "one_person_an_address"\n'
    "DETAIL:  Key (lower(email::text))=(ivan@north.example) already exists."
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log has written, by the program's own configuration."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.configure(testing=True)
    stream = io.StringIO()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]
    yield stream
    root.handlers, root.level = before, level
    structlog.contextvars.clear_contextvars()


def test_a_row_that_postgresql_quotes_stays_out(written: io.StringIO) -> None:
    problem = IntegrityError(SAID)
    log.get("x").error("not registered", intake=17, error=repr(problem), exc_info=problem)
    logging.getLogger("django.request").error("Internal Server Error: %s", "/x/", exc_info=problem)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 2
    assert lines[0]["intake"] == 17
    assert "one_person_an_address" in lines[0]["exception"][0]["exc_value"]
    assert "ivan" not in written.getvalue()


def test_what_names_a_person_is_dropped(written: io.StringIO) -> None:
    log.get("x").info("sent", to="ivan@north.example", delivery=5)
    line = json.loads(written.getvalue())
    assert (line["delivery"], "to" in line) == (5, False)
