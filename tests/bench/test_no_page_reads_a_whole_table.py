"""No page reads a big table from end to end: looked up in the plans of a desk of twenty thousand tickets, with the
statistics that its database has of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from bench import place as places
from bench.place import Place
from tests.real.engine import ENGINE

TICKETS, LIVES = "20000", "400"
# What waits for a coordinator's client: its status is in no index of the client's (docs/operations.md has the cost).
NOT_YET = {"postgresql": {"portal list, company", "portal list, company, yours"}, "sqlite": set[str]()}


@pytest.fixture(scope="module")
def desk() -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)  # a server of its own
        place = places.make(ENGINE, None)
    try:
        place.run(sys.executable, "-m", "bench.dataset", "--tickets", TICKETS, "--lives", LIVES)
        yield place
    finally:
        place.close()


@pytest.mark.timeout(600)
def test_every_page_finds_its_rows_by_an_index(desk: Place) -> None:
    found = desk.run(sys.executable, "-m", "bench.growth_calls", "--plans")[-1]
    assert set(found) == NOT_YET[desk.engine], found


@pytest.mark.timeout(600)
def test_a_plan_that_reads_everything_is_seen(desk: Place) -> None:
    assert desk.run(sys.executable, "-m", "bench.plans")[-1]["whole"]
