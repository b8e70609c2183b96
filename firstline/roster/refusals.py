"""Expected refusals of the roster."""

from __future__ import annotations


class WrongRoster(Exception):
    """A field cannot be what was given: `field` and `problem` as words of the code; pages and API say them."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem
