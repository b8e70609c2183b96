"""One deed on many items of the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import InterfaceError, OperationalError

from firstline.blobs.store import BlobMissing
from firstline.intake import journal
from firstline.intake.again import NotNow
from firstline.intake.models import Inbound
from firstline.intake.taking import REFUSALS
from firstline.lib import one_by_one
from firstline.lib.one_by_one import Many
from firstline.people.models import Person

TROUBLES = (*REFUSALS, NotNow, BlobMissing, OperationalError, InterfaceError, OSError)


def each(person: Person, numbers: Iterable[str], deed: Callable[[Inbound], Inbound]) -> Many[Inbound]:
    """Does the deed to each of these items that the person sees."""
    return one_by_one.each(numbers, lambda number: deed(journal.get_for(person, number)), troubles=TROUBLES)
