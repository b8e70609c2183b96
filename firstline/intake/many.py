"""One deed on many items: a transaction each, and what became of each is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError

from firstline.blobs.store import BlobMissing
from firstline.intake import journal
from firstline.intake.again import NotNow
from firstline.intake.models import Inbound
from firstline.intake.taking import REFUSALS
from firstline.people.models import Person

MOST = 200  # more in one request would take longer than anybody waits
TROUBLES = (*REFUSALS, NotNow, BlobMissing, OperationalError, InterfaceError, OSError)


@dataclass(frozen=True)
class Many:
    """Which items were done (as they are now), and which could not be, with why."""

    done: list[Inbound] = field(default_factory=list)
    refused: list[tuple[str, Exception]] = field(default_factory=list)


def each(person: Person, numbers: Iterable[str], deed: Callable[[Inbound], Inbound]) -> Many:
    """Does the deed to each of these items that the person sees. One that cannot be done stops no other."""
    made = Many()
    for number in list(dict.fromkeys(numbers))[:MOST]:
        try:
            made.done.append(deed(journal.get_for(person, number)))
        except TROUBLES as trouble:
            made.refused.append((number, trouble))
    return made
