"""Work that must grow with what it is given and not with its square."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 60.0


@contextmanager
def linear() -> Iterator[None]:
    """Fail what needs a minute of processor. The inputs are so large that their square would need hours, and so small
    that a slow machine needs seconds: it is no stopwatch."""
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS
