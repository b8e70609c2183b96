"""Which columns somebody wants in the queue, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SUBJECT = "subject"  # stands always: it is the ticket
DEFAULT = ("priority", "number", "status", SUBJECT, "client", "line", "due", "assignee", "updated")
MORE = ("requester", "type", "service", "category", "team", "created")
COLUMNS = (*DEFAULT, *MORE)


def chosen(names: Iterable[object]) -> tuple[str, ...]:
    """The columns that are meant: each once, what nobody knows left out, the subject first where it was forgotten.
    Nothing that is known: those that everybody has."""
    known = tuple(dict.fromkeys(str(name) for name in names if name in COLUMNS))
    if not known:
        return DEFAULT
    return known if SUBJECT in known else (SUBJECT, *known)


def of_words(words: str) -> tuple[str, ...]:
    """As an address and a view have them: "number,subject,due"."""
    return chosen(words.split(",")) if words else DEFAULT


def moved(columns: Sequence[str], name: str, step: int) -> tuple[str, ...]:
    """With one column a place further on (1) or back (-1); at the end it stays."""
    made = list(columns)
    if name in made:
        place = made.index(name)
        made.insert(max(0, min(len(columns) - 1, place + step)), made.pop(place))
    return tuple(made)
