"""Impact × urgency → priority, 1 to 4 (interfaces.md, Values). Pure."""

from __future__ import annotations

LEVELS = ("high", "medium", "low")
_MATRIX = {
    ("high", "high"): 1,
    ("high", "medium"): 2,
    ("medium", "high"): 2,
    ("high", "low"): 3,
    ("low", "high"): 3,
    ("medium", "medium"): 3,
}


def priority_of(impact: str, urgency: str) -> int:
    """1 is the most pressing. Pairs that the matrix does not name are 4."""
    return _MATRIX.get((impact, urgency), 4)
