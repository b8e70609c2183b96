"""Learning from solved tickets: each night, in a child of the worker that ends with it and leaves no memory behind."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Q

from firstline.lib import processes
from firstline.lines import classify
from firstline.lines.classify import Example
from firstline.lines.proposal_models import Learning
from firstline.tickets.models import Event, Kind, Message, Ticket

FIELDS = ("service", "category", "type", "priority")
FEWEST, FEWEST_OF_LABEL, FEWEST_IN_LANGUAGE = 200, 5, 100
NEWEST, AT_ONCE = 40_000, 2_000
LONGEST = 2_000  # of the first message
EVERY = timedelta(hours=20)
NIGHT = range(1, 5)  # the hours of UTC in which it is learnt, unless nothing was learnt yet


class LearningFailed(Exception):
    """The child ended badly; its words are in the worker's log."""


def marks_of(client: str | None, channel: str) -> list[str]:
    """What is known of a ticket beside its words."""
    return [f"client={client or ''}", f"channel={channel}"]


def learn(field: str, *, at: datetime) -> Learning:
    """The model of one field, kept; where there is too little to learn from, that is kept, and nothing is proposed."""
    examples, languages = _examples(field)
    said: dict[str, object] = {"examples": len(examples), "languages": dict(languages), "enough": False}
    content = b""
    if len(examples) >= FEWEST and len({example.label for example in examples}) > 1:
        content, measured = classify.learn(examples, field=field)
        said |= {"enough": True, "first": measured.first, "first_three": measured.first_three}
    values = {
        "learnt_at": at, "said": said, "model": content,
        "digest": hashlib.sha256(content).hexdigest() if content else "",
    }  # fmt: skip
    return Learning.objects.update_or_create(field=field, defaults=values)[0]


def _examples(field: str) -> tuple[list[Example], Counter[str]]:
    """The newest solved tickets, and open ones whose value a person has set right: those count twice."""
    found: list[Example] = []
    languages: Counter[str] = Counter()
    for row in _rows(field):
        label = str(row["label"] or "")
        if not label:
            continue
        text = f"{row['subject']}\n{row['words']}"
        marks = marks_of(row["client__slug"], row["channel"])
        example = Example(classify.features_of(text, marks), label)
        found += [example] * (2 if row["corrected"] else 1)
        languages[row["requester__language"]] += 1
    labels = Counter(example.label for example in found)
    return [example for example in found if labels[example.label] >= FEWEST_OF_LABEL], languages


def _rows(field: str) -> Iterator[dict[str, Any]]:
    column = {"service": "service__slug", "category": "category__slug"}.get(field, field)
    changed = Event.objects.filter(kind=Kind.CHANGED, by__isnull=False, data__changed__has_key=field)
    corrected = set(changed.order_by("-id").values_list("ticket_id", flat=True)[:NEWEST])
    solved = Q(is_open__in=[False], merged_into__isnull=True) & ~Q(status="cancelled")
    rows = Ticket.objects.filter(solved).order_by("-id")
    numbers = iter([*rows.values_list("pk", flat=True)[:NEWEST]])
    still_open = Ticket.objects.filter(pk__in=list(islice(corrected, 5_000)), is_open__in=[True])
    numbers = iter([*numbers, *still_open.values_list("pk", flat=True)])
    while some := list(islice(numbers, AT_ONCE)):
        words = _first_words(some)
        columns = ("pk", "subject", "channel", "client__slug", "requester__language", column)
        for row in Ticket.objects.filter(pk__in=some).order_by("pk").values(*columns):
            yield {
                **row, "label": row[column], "words": words.get(row["pk"], ""), "corrected": row["pk"] in corrected,
            }  # fmt: skip


def _first_words(numbers: list[int]) -> dict[int, str]:
    said = Message.objects.filter(event__ticket__in=numbers, event__kind=Kind.CREATED)
    return {number: text[:LONGEST] for number, text in said.values_list("event__ticket_id", "reply_text")}


# ---- by itself -------------------------------------------------------------------------------------

_child: subprocess.Popen[bytes] | None = None


def see_to(at: datetime) -> None:
    """Starts the child when its time has come, and says how the last one ended. Raises LearningFailed."""
    global _child
    if _child is not None:
        ended = _child.poll()
        if ended is None:
            return
        _child = None
        if ended:
            raise LearningFailed(f"it ended with {ended}")
    if is_due(at):
        _child = subprocess.Popen(
            [sys.executable, "-m", "firstline", "proposals", "learn"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=settings.FIRSTLINE_HOME,
            preexec_fn=processes.die_with_parent,
        )  # fmt: skip


def is_due(at: datetime) -> bool:
    """Once a night; at any hour where nothing was learnt yet and there is enough to learn from."""
    rows = Learning.objects.values_list("field", "learnt_at")
    kept = {field: moment for field, moment in rows if moment is not None}
    if kept.keys() >= set(FIELDS) and min(kept.values()) > at - EVERY:
        return False
    if at.hour in NIGHT:
        return _is_enough()
    return not kept and _is_enough()


def _is_enough() -> bool:
    return Ticket.objects.filter(is_open__in=[False]).order_by()[:FEWEST].count() >= FEWEST
