"""The variables of a template for answers: a short closed list, written {{ client.name }}. Nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES = (
    "requester.name",
    "requester.first_name",
    "client.name",
    "ticket.number",
    "ticket.subject",
    "ticket.link",
    "agent.name",
    "agent.first_name",
    "desk.phone",
)
_PLACE = re.compile(r"\{\{\s*([^{}]{0,60}?)\s*\}\}")


def unknown(text: str) -> list[str]:
    """What stands in braces and is no variable, each once, in order."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text) if name not in VARIABLES))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced, once: braces in a value stay words. What is not known stays as written."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def first_name(name: str) -> str:
    """What one says to somebody: the first word of the name."""
    return name.split()[0] if name.split() else ""
