"""Authentication-Results (RFC 8601): what a receiving server found out about a letter, read from its header.

Servers write it in many ways: comments in odd places, no name of theirs at all (Microsoft), methods nobody knows.
Whatever stands there, reading it never fails; what makes no sense is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST = 8_192
MOST_CLAIMS = 40
DEEPEST_COMMENT = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """One result: ``dkim=pass header.d=firm.example (comment)``. Names and results are in lower case."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`authserv_id` names who wrote it, in lower case; "" where nobody is named."""

    authserv_id: str = ""
    claims: tuple[Claim, ...] = ()

    def first(self, method: str) -> Claim | None:
        """The first result of a method."""
        return next((claim for claim in self.claims if claim.method == method), None)


_RESULT = re.compile(r"\s*([a-z][a-z0-9_-]{0,40})\s*(?:/\s*\d{1,3}\s*)?=\s*([a-z][a-z0-9_-]{0,40})(?![^\s;])\s*", re.I)
_PROPERTY = re.compile(
    r'([a-z][a-z0-9_-]{0,40}(?:\s*\.\s*[a-z][a-z0-9_.-]{0,60})?)\s*=\s*(?:"([^"]{0,998})"|([^\s";]{1,998}))', re.I
)


def parse(value: str) -> Report:
    """The report in a header's value, whatever it is."""
    parts = _parts(value[:LONGEST])
    if not parts:
        return Report()
    first, _comment = parts[0]
    is_named = "=" not in first
    words = first.split()
    authserv_id = words[0].strip('"').rstrip(".").lower() if is_named and words else ""
    claims = [claim for text, comment in parts[is_named:] if (claim := _claim(text, comment)) is not None]
    return Report(authserv_id, tuple(claims[:MOST_CLAIMS]))


def _claim(text: str, comment: str) -> Claim | None:
    found = _RESULT.match(text)
    if found is None:
        return None
    properties: dict[str, str] = {}
    for one in _PROPERTY.finditer(text, found.end()):
        name = "".join(one[1].split()).lower()
        properties.setdefault(name, one[2] if one[2] is not None else one[3])
    return Claim(found[1].lower(), found[2].lower(), properties, comment)


def _parts(value: str) -> list[tuple[str, str]]:
    """The value cut at semicolons that stand outside quotes and comments: (text, comments) of each."""
    parts: list[tuple[list[str], list[str]]] = [([], [])]
    depth, quoted, escaped = 0, False, False
    for sign in value:
        text, comment = parts[-1]
        if escaped:
            escaped = False
            (comment if depth else text).append(sign)
        elif sign == "\\" and (depth or quoted):
            escaped = True
        elif depth:
            depth += (sign == "(") - (sign == ")")
            if depth > DEEPEST_COMMENT:
                return []
            comment.append(sign if depth else " ")
        elif sign == '"':
            quoted = not quoted
            text.append(sign)
        elif quoted:
            text.append(sign)
        elif sign == "(":
            depth = 1
            text.append(" ")
        elif sign == ";":
            if len(parts) > MOST_CLAIMS:
                break
            parts.append(([], []))
        else:
            text.append(sign)
    return [("".join(text).strip(), " ".join("".join(comment).split())) for text, comment in parts]
