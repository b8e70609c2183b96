"""What is refused about contracts, each with words that say what to do."""

from __future__ import annotations


class WrongTerms(Exception):
    """The terms cannot be; `problems` are "place: what is wrong" (target[2].goal: …), all that were found."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Frozen(Exception):
    """The version is in force: its terms never change, a change is a new version from a date."""


class NotReady(Exception):
    """The draft cannot be put in force; `problem` is a code, `values` what its words name."""

    def __init__(self, problem: str, **values: object) -> None:
        super().__init__(problem)
        self.problem, self.values = problem, values
