"""Things that one process leaves alone for a while, because something was wrong with them: they hold up no others."""

from __future__ import annotations

from firstline.lib import clock

SECONDS = 60.0


class Resting:
    """Numbers of rows, forgotten after SECONDS, and with the process: then each is tried again."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def add(self, number: int, seconds: float = SECONDS) -> None:
        self._until[number] = clock.elapsed() + seconds

    def now(self) -> list[int]:
        """Those that are still to be left alone."""
        at = clock.elapsed()
        self._until = {number: until for number, until in self._until.items() if until > at}
        return list(self._until)
