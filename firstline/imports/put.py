"""Writing one row so that a second time changes nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db import models

from firstline.lib import language


class Result(NamedTuple):
    """What became of one row."""

    kind: str
    key: str
    result: str


CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


def put(model: type[models.Model], found: models.Model | None, values: dict[str, Any]) -> tuple[Any, str]:
    """Creates or changes one row; values equal to what is kept change nothing."""
    if found is not None and all(getattr(found, name) == value for name, value in values.items()):
        return found, UNCHANGED
    row = found or model()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row, CREATED if found is None else CHANGED


def named(value: Any) -> dict[str, Any]:
    """`name` and `names` of a text, or of a table of texts by language."""
    name, names = language.named(value, settings.LANGUAGE_CODE)
    return {"name": name, "names": names}
