"""One desk for the fault tests: each test has its own numbers on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.rig import Rig
from tests.real.site import new_site


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    site = new_site("faults", FIRSTLINE_DISK_FLOOR_MB="1")
    made = Rig(site).quick()
    yield made
    made.close()


@pytest.fixture
def broken_rig() -> Iterator[Rig]:
    """A desk that a negative control may ruin."""
    site = new_site("broken", FIRSTLINE_DISK_FLOOR_MB="1")
    made = Rig(site).quick()
    yield made
    made.close()
