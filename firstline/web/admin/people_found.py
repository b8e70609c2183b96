"""A page of people, and the addresses of the next page and of the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from firstline.people import listed
from firstline.people.models import Person

PAGE = 50


class Page(NamedTuple):
    rows: list[Person]
    next: str
    first: str


def page(by: Person, asked: Mapping[str, str], after: str, root: str, most: int = PAGE) -> Page:
    """The people whom the filters leave, after the one with the number `after`."""
    number = listed.number_of(after)
    people = listed.found(by, asked)
    if number is not None:
        people = listed.after(people, number)
    got = list(people[: most + 1])
    kept = {key: value for key, value in asked.items() if value}
    next_page = f"{root}?{urlencode({**kept, 'after': str(got[most - 1].pk)})}" if len(got) > most else ""
    return Page(got[:most], next_page, f"{root}?{urlencode(kept)}" if number is not None else "")
