"""Keeping the index: verbs mark what changed, the worker reads it again and writes it, one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from firstline.lib import claims, left, log
from firstline.search import index
from firstline.search.models import Stale, Turn, Word
from firstline.search.question import Document

logger = log.get(__name__)
BATCH = 100
AT_ONCE = 200
TRY_AGAIN = timedelta(minutes=1)
_MOST_KNOWN = 50_000

# The documents of these numbers as they are now; a number without one is not (any more) to be found.
Reader = Callable[[Sequence[int]], list[Document]]
_known: set[str] = set()


def mark(kind: str, number: int) -> None:
    """Within the transaction of a change: it is to be read again."""
    left.leave(Stale, kind=kind, number=number)


def mark_all(kind: str, numbers: Iterable[int]) -> None:
    """The same for many at once."""
    Stale.objects.bulk_create(Stale(kind=kind, number=number) for number in numbers)


def waiting(kind: str, numbers: Iterable[int]) -> set[int]:
    """Which of them are marked already."""
    return set(Stale.objects.filter(kind=kind, number__in=numbers).values_list("number", flat=True))


def index_due(readers: Mapping[str, Reader], at: datetime) -> int:
    """Reads again what was marked, up to a batch; returns how much. What cannot be read is tried later."""
    rows = list(Stale.objects.filter(try_at__lte=at).order_by("pk")[:BATCH])
    if not rows:
        return 0
    turn = take_turn()
    if turn is None:
        return 0
    wanted: dict[str, list[int]] = {}
    for row in rows:
        if row.number not in wanted.setdefault(row.kind, []):
            wanted[row.kind].append(row.number)
    read: dict[str, list[Document]] = {}
    failed: dict[tuple[str, int], str] = {}
    for kind, numbers in wanted.items():
        read[kind] = _read(readers[kind], kind, numbers, failed)
    with transaction.atomic():
        for kind, numbers in wanted.items():
            write(kind, [number for number in numbers if (kind, number) not in failed], read[kind])
        Stale.objects.filter(pk__in=[row.pk for row in rows if (row.kind, row.number) not in failed]).delete()
        for row in rows:
            if (row.kind, row.number) in failed:
                Stale.objects.filter(pk=row.pk).update(try_at=at + TRY_AGAIN, problem=failed[row.kind, row.number])
        claims.finish(turn)
    return len(rows) - len(failed)


def take_turn() -> Turn | None:
    """The one row, or None while another process indexes."""
    if not Turn.objects.exists():
        Turn.objects.get_or_create(pk=1)
    taken = claims.claim(Turn.objects.filter(pk=1), limit=1)
    return taken[0] if taken else None


def write(kind: str, numbers: Iterable[int], documents: Sequence[Document]) -> None:
    """Documents over what stood there; numbers without one are taken out."""
    there = {document.number for document in documents}
    index.put(kind, documents)
    index.remove(kind, [number for number in numbers if number not in there])
    remember({word for document in documents for word in document.words})


def remember(words: set[str]) -> None:
    """Words as they were written, for those who mistype them."""
    new = words - _known
    if not new:
        return
    Word.objects.bulk_create(
        [Word(word=word, first=word[0], length=len(word)) for word in sorted(new)], ignore_conflicts=True
    )
    transaction.on_commit(lambda: _know(new))


def _know(words: set[str]) -> None:
    """Those that are kept for good need not be written again."""
    global _known
    _known = words if len(_known) > _MOST_KNOWN else _known | words


def marked() -> list[tuple[str, int]]:
    """What is to be read again."""
    return list(Stale.objects.order_by("pk").values_list("kind", "number"))


def behind() -> tuple[datetime | None, int]:
    """Since when the oldest change waits to be indexed, and how many could not be when that was tried last (of the
    hundred oldest): one statement."""
    oldest = list(Stale.objects.order_by("try_at").values_list("try_at", "problem")[:100])
    return (oldest[0][0] if oldest else None), sum(1 for _at, problem in oldest if problem)


def _read(reader: Reader, kind: str, numbers: Sequence[int], failed: dict[tuple[str, int], str]) -> list[Document]:
    """All at once; one by one where that fails, so that one broken text keeps nothing else out."""
    try:
        return reader(numbers)
    except (ValueError, LookupError, TypeError, AttributeError):
        logger.exception("cannot be indexed together", kind=kind)
    found: list[Document] = []
    for number in numbers:
        try:
            found += reader([number])
        except (ValueError, LookupError, TypeError, AttributeError) as wrong:
            failed[kind, number] = f"{type(wrong).__name__}: {wrong}"[:300]
    return found
