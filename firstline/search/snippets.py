"""A few words of a text around what was looked for, as pieces: marked or not. Never HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firstline.search.words import Piece, composed, pieces

BEFORE, LENGTH = 60, 220
READ = 20_000  # characters of a text in which it is looked for


@dataclass(frozen=True)
class Part:
    text: str
    marked: bool = False


def marked(text: str, terms: frozenset[str], beginning: str = "") -> list[Part]:
    """The whole text with its marks."""
    line = composed(text)
    return _cut(line, _hits(line, terms, beginning), 0, len(line))


def around(texts: Iterable[str], terms: frozenset[str], beginning: str = "") -> list[Part]:
    """Of the first text that has any: some words before and after; the beginning of the first where none has."""
    first = ""
    for text in texts:
        line = " ".join(composed(text)[:READ].split())
        first = first or line
        hits = _hits(line, terms, beginning)
        if hits:
            return _window(line, hits)
    return [Part(_shortened(first))] if first else []


def _hits(line: str, terms: frozenset[str], beginning: str) -> list[Piece]:
    found = [
        piece
        for piece in pieces(line)
        if piece.terms & terms or (beginning and any(term.startswith(beginning) for term in piece.terms))
    ]
    return sorted(found, key=lambda piece: piece.start)


def _window(line: str, hits: list[Piece]) -> list[Part]:
    start = max(0, hits[0].start - BEFORE)
    if start:
        start = line.find(" ", start, hits[0].start) + 1 or hits[0].start
    end = min(len(line), start + LENGTH)
    if end < len(line):
        end = max(line.rfind(" ", start, end), hits[0].end)
    parts = _cut(line, hits, start, end)
    if start:
        parts.insert(0, Part("… "))
    if end < len(line):
        parts.append(Part(" …"))
    return parts


def _cut(line: str, hits: list[Piece], start: int, end: int) -> list[Part]:
    parts, at = [], start
    for hit in hits:
        if hit.start < at or hit.end > end:
            continue
        if hit.start > at:
            parts.append(Part(line[at : hit.start]))
        parts.append(Part(line[hit.start : hit.end], marked=True))
        at = hit.end
    if at < end:
        parts.append(Part(line[at:end]))
    return parts


def _shortened(line: str) -> str:
    return line if len(line) <= LENGTH else line[: line.rfind(" ", 0, LENGTH)] + " …"
