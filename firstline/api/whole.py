"""A list that is told whole."""

from __future__ import annotations

from ninja import Schema


class Whole(Schema):
    """It has `next_cursor`, as every list has (docs/api.md): null, for there is no next page."""

    next_cursor: None = None
