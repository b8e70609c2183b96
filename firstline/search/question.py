"""A document and a question about it: values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SUBJECT, PUBLIC, ALL = ("subject",), ("subject", "public"), ("subject", "public", "internal")


@dataclass(frozen=True)
class Document:
    """The terms of one thing."""

    number: int
    subject: frozenset[str]
    public: frozenset[str]
    internal: frozenset[str]
    facts: frozenset[str]
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """One word of a question: any of the terms, or a term that begins with `beginning`."""

    terms: frozenset[str]
    beginning: str = ""


@dataclass(frozen=True)
class Question:
    """Every group in one of the fields, and one fact of each set of facts; nothing that is not wanted. With `some` one
    group is enough."""

    groups: tuple[Group, ...]
    fields: Sequence[str] = ALL
    facts: tuple[frozenset[str], ...] = ()
    unwanted: tuple[Group, ...] = field(default=())
    some: bool = False
