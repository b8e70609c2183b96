"""How handing over can fail: for now, for good, or so that nobody knows."""

from __future__ import annotations


class Failure(Exception):
    """`answer` is what the server said, or what happened, in words that may be shown to an agent."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Temporary(Failure):
    """Not taken; the same bytes may be offered again. `of_the_road`: the server, not this letter, is in trouble."""

    def __init__(self, answer: str, *, of_the_road: bool = False) -> None:
        super().__init__(answer)
        self.of_the_road = of_the_road


class Permanent(Failure):
    """Not taken, and never will be."""


class Gone(Permanent):
    """Nobody is there any more, and never will be."""


class Uncertain(Failure):
    """Everything was handed over and no answer came: it may have been taken. `of_the_road`: that tells against the
    server."""

    def __init__(self, answer: str, *, of_the_road: bool = False) -> None:
        super().__init__(answer)
        self.of_the_road = of_the_road
