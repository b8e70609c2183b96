"""Work that must grow with what it is given and not with its square."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS = 60.0


@contextmanager
def linear() -> Iterator[None]:
    """Fail what needs a minute of processor. The inputs are so large that their square would need hours, and so small
    that a slow machine needs seconds: it is no stopwatch."""
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


def calls_of(deed: Callable[[], object]) -> int:
    """How many functions written in Python it calls: the same on every machine."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        deed()
    finally:
        sys.setprofile(None)
    return calls
