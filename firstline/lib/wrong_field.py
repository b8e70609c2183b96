"""What somebody set up cannot be so: which field is to blame, and why."""

from __future__ import annotations


class WrongField(Exception):
    """`field` is a key of the apply file, `why` the reason in plain English: pages have their own words for it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why
