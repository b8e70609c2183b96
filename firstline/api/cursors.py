"""Where a list goes on: a keyset as an opaque word. Whoever forges one gets another page of what he may see anyway."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from firstline.api.bodies import LARGEST_ID
from firstline.api.problems import Refused

LONGEST = 200
Row = TypeVar("Row", bound=Model)


def written(kind: str, *last: int | str) -> str:
    """The cursor after a row with these key values, for lists of this kind."""
    return base64.urlsafe_b64encode(json.dumps([kind, *last], separators=(",", ":")).encode()).decode().rstrip("=")


def number(kind: str, cursor: str) -> int | None:
    """The id after which the list goes on; None from the start. Raises Refused for what is not a cursor of this
    kind."""
    if not cursor:
        return None
    try:
        if len(cursor) > LONGEST or not cursor.isascii():
            raise ValueError(cursor[:20])
        given: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        of_kind, last = given
        if of_kind != kind or type(last) is not int or not 0 <= last <= LARGEST_ID:
            raise ValueError(kind)
    except (ValueError, TypeError, binascii.Error, RecursionError) as wrong:
        raise Refused(422, "not a cursor of this list", field="cursor") from wrong
    return last


def page(kind: str, rows: Sequence[Row], limit: int, shape: Callable[[Row], Any]) -> dict[str, Any]:
    """`rows` has one more than `limit` where there is a next page."""
    shown = rows[:limit]
    more = written(kind, shown[-1].pk) if len(rows) > limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": more}
