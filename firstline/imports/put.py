"""Writing one row so that a second time changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

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
    if isinstance(value, dict):
        return {"name": value.get(settings.LANGUAGE_CODE) or next(iter(value.values())), "names": value}
    return {"name": value, "names": {}}
