"""Warning points as people type them: "50 % ответственный; 80 % ответственный, руководитель". Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from firstline.contracts.terms_shape import TOLD, decimal, plain

WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "assignee": "ответственный", "line_lead": "ведущий линии", "manager": "руководитель",
        "account_manager": "менеджер клиента",
    },
    "bg": {
        "assignee": "отговорник", "line_lead": "водещ на нивото", "manager": "ръководител",
        "account_manager": "мениджър на клиента",
    },
    "en": {
        "assignee": "assignee", "line_lead": "line lead", "manager": "manager", "account_manager": "account manager",
    },
}  # fmt: skip
_POINT = re.compile(r"^\s*(\d{1,2}(?:[.,]\d{1,4})?)\s*%?\s*[:→–-]?\s*(.*)$", re.DOTALL)
_KNOWN = {word: who for words in WORDS.values() for who, word in words.items()} | {who: who for who in TOLD}


class NoWarning(ValueError):
    """What was typed is no warning point; `part` is what could not be read."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def written(warnings: Iterable[Mapping[str, Any]], language: str) -> str:
    """The points in words."""
    words = WORDS.get(language[:2], WORDS["en"])
    points = []
    for one in warnings:
        share = plain((decimal(one["share"]) or Decimal(0)) * 100).replace(".", "." if language[:2] == "en" else ",")
        told = ", ".join(words[who] for who in TOLD if who in one.get("tell", ()))
        points.append(f"{share}\u00a0% {told}".strip())
    return "; ".join(points)


def read(typed: str) -> list[dict[str, Any]]:
    """The points, by share. In any of the languages, whatever the page's. Raises NoWarning."""
    found: list[dict[str, Any]] = []
    for part in typed.replace("\u00a0", " ").split(";"):
        if not part.strip():
            continue
        point = _POINT.match(part)
        share = decimal(point[1]) if point else None
        if point is None or share is None or share <= 0:
            raise NoWarning(part.strip())
        tell = [one.strip().lower() for one in point[2].split(",") if one.strip()]
        if strange := [one for one in tell if one not in _KNOWN]:
            raise NoWarning(strange[0])
        found.append({"share": plain(share / 100), "tell": sorted({_KNOWN[one] for one in tell})})
    return sorted(found, key=lambda one: Decimal(one["share"]))
