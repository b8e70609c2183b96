"""The words of a choice, found by its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models


def label_of(choices: type[models.TextChoices], name: str) -> Callable[[Any], str]:
    """What stands as `get_<name>_display` in a model in the place of Django's own, which puts all choices into a new
    dictionary each time. In the language of the page; a value that is none of them is said as it is."""
    known = {one.value: one for one in choices}

    def display(row: Any) -> str:
        value = getattr(row, name)
        return str(known[value].label) if value in known else str(value)

    return display
