"""The index as a whole: what can be found, building it anew while the desk works, and comparing it with the truth."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import models, transaction

from firstline.knowledge import findable as articles
from firstline.knowledge.models import Article
from firstline.lib import claims, clock
from firstline.people import findable as people
from firstline.people.models import Person
from firstline.search import index, indexing
from firstline.search.indexing import Reader
from firstline.search.question import Document
from firstline.tickets import findable as tickets
from firstline.tickets.models import Ticket

READERS: Mapping[str, Reader] = {
    tickets.KIND: tickets.read,
    articles.KIND: articles.read,
    people.KIND: people.read,
}
TABLES: Mapping[str, type[models.Model]] = {tickets.KIND: Ticket, articles.KIND: Article, people.KIND: Person}
CHUNK = 200
MOST_MISSING = 5_000
_TURN_SECONDS = 0.1


def index_due(at: datetime) -> int:
    """What changed is read again. Whose name or number changed is found by it on his tickets, too."""
    return indexing.index_due({**READERS, people.KIND: _people_and_their_tickets}, at)


def _people_and_their_tickets(numbers: Sequence[int]) -> list[Document]:
    documents = people.read(numbers)
    with transaction.atomic():
        for requester in numbers:
            theirs = Ticket.objects.filter(requester=requester).order_by("pk").values_list("pk", flat=True)
            # What is marked already is read after this person was written: once is enough.
            waiting = indexing.waiting(tickets.KIND, theirs)
            indexing.mark_all(tickets.KIND, (number for number in theirs if number not in waiting))
    return documents


def mark_missing(at: datetime) -> int:
    """What has no document (an older version made it, a restore brought it) is marked; what is no more is taken out."""
    marked = 0
    for kind, model in TABLES.items():
        for numbers, there in _side_by_side(kind, model):
            missing = [number for number in numbers if number not in there]
            indexing.mark_all(kind, missing)
            marked += len(missing)
            index.remove(kind, there - set(numbers))
            if marked > MOST_MISSING:
                return marked
    return marked


def mark_all() -> None:
    """An empty index, after a restore: everything is to be read by the worker, the newest first."""
    for kind, model in TABLES.items():
        numbers = model._default_manager.order_by("-pk").values_list("pk", flat=True).iterator(chunk_size=MOST_MISSING)
        while some := list(islice(numbers, MOST_MISSING)):
            indexing.mark_all(kind, some)


def rebuild(kinds: Sequence[str] = tuple(READERS)) -> Iterator[tuple[str, int]]:
    """Everything anew, a chunk at a time, the newest first, in turn with the worker; says how far it is."""
    for kind in kinds:
        done, last = 0, None
        while True:
            rows = TABLES[kind]._default_manager.order_by("-pk").values_list("pk", flat=True)
            numbers = list((rows if last is None else rows.filter(pk__lt=last))[:CHUNK])
            if not numbers:
                break
            _write(kind, numbers)
            last, done = numbers[-1], done + len(numbers)
            yield kind, done
    mark_missing(clock.now())


def _write(kind: str, numbers: Sequence[int]) -> None:
    while (turn := indexing.take_turn()) is None:
        time.sleep(_TURN_SECONDS)
    documents = READERS[kind](numbers)
    with transaction.atomic():
        indexing.write(kind, numbers, documents)
        claims.finish(turn)


def differences() -> Iterator[str]:
    """Documents that are not what their tickets, articles and people say; what is marked may still be."""
    marked = set(indexing.marked())
    for kind, model in TABLES.items():
        for numbers, there in _side_by_side(kind, model):
            right = {document.number: document for document in READERS[kind](numbers)}
            kept = index.terms_of(kind, numbers)
            for number in numbers:
                if (kind, number) in marked or (kind == people.KIND and number not in kept):
                    continue  # a person whom no verb made is found after the next completion
                one = right[number]
                if kept.get(number) != (one.subject, one.public, one.internal, one.facts):
                    yield f"{kind} {number}: is not found by its words, or by words that it has no more"
            for number in sorted(there - set(numbers)):
                yield f"{kind} {number}: can be found and is no more"


def _side_by_side(kind: str, model: type[models.Model]) -> Iterator[tuple[list[int], set[int]]]:
    """The numbers of a table, a thousand at a time, and those in the index over the same range."""
    after = 0
    while True:
        rows = model._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        numbers = list(rows[:1000])
        there = set(index.numbers(kind, after, 1000))
        if not numbers and not there:
            return
        end = numbers[-1] if len(numbers) == 1000 else max([*numbers, *there, after])
        while there and max(there) < end:
            further = set(index.numbers(kind, max(there), 1000))
            if not further:
                break
            there |= further
        yield numbers, {number for number in there if number <= end}
        after = end
