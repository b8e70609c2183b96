"""What a ticket is probably about: values proposed by what was learnt from solved tickets, with how sure that is.

A model lies in the database; each machine keeps it once more as a file, which its processes map: in memory it is once.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from firstline.audit import trail
from firstline.contracts.models import Category, Service
from firstline.lib import clock, log
from firstline.lines import classify
from firstline.lines.classify import Guess, Model, Unreadable
from firstline.lines.learning import FEWEST_IN_LANGUAGE, FIELDS, LONGEST, marks_of
from firstline.lines.proposal_models import Learning
from firstline.tickets import history
from firstline.tickets.models import Event, Kind, Message, Ticket, Type
from firstline.tickets.refusals import WrongValue

LOWEST = 50  # percent: below, what is set by itself would be wrong more often than right
LEAST, SHOWN = 0.3, 3  # a guess less sure than that helps nobody
REMEMBERED = 30.0  # seconds for which the thresholds are not asked for again
NAMED: dict[str, Any] = {"service": Service, "category": Category}
_logger = log.get(__name__)
_models: dict[str, tuple[str, Model]] = {}
_thresholds: tuple[float, dict[str, int]] = (float("-inf"), {})


@dataclass(frozen=True)
class Proposal:
    """The value of a field that is likeliest, and the next ones. `is_set`: the ticket has it already."""

    field: str
    best: Guess
    others: tuple[Guess, ...]
    is_set: bool


@dataclass(frozen=True)
class Proposed:
    """`enough` is false where too few tickets like this one are solved: then nothing is proposed."""

    proposals: tuple[Proposal, ...] = ()
    enough: bool = True


def of(ticket: Ticket, fields: Iterable[str] = FIELDS) -> Proposed:
    """What is proposed for this ticket: three statements, and the model's file."""
    learnt = {row.field: row for row in Learning.objects.filter(field__in=list(fields)).defer("model")}
    asked = {name: row for name, row in learnt.items() if _knows(row, ticket)}
    if not asked:
        return Proposed(enough=False)
    marks = marks_of(ticket.client.slug if ticket.client else None, ticket.channel)
    features = classify.features_of(_words(ticket), marks)
    found = []
    for name in FIELDS:
        model = _model_of(asked[name]) if name in asked else None
        if model is not None and (proposal := _proposal(name, ticket, model.guesses(features))):
            found.append(proposal)
    return Proposed(_that_exist(found))


def _knows(row: Learning, ticket: Ticket) -> bool:
    languages = row.said.get("languages", {})
    return bool(row.digest) and languages.get(ticket.requester.language, 0) >= FEWEST_IN_LANGUAGE


def _words(ticket: Ticket) -> str:
    first = ticket.first_words or Message.objects.filter(event__ticket=ticket, event__kind=Kind.CREATED).first()
    return f"{ticket.subject}\n{first.reply_text[:LONGEST] if first is not None else ''}"


def _proposal(field: str, ticket: Ticket, guesses: list[Guess]) -> Proposal | None:
    likely = [guess for guess in guesses[:SHOWN] if guess.confidence >= LEAST or guess is guesses[0]]
    if not likely or likely[0].confidence < LEAST:
        return None
    return Proposal(field, likely[0], tuple(guesses[1:SHOWN]), likely[0].label == value_of(ticket, field))


def value_of(ticket: Ticket, field: str) -> str:
    """The ticket's value as models call it."""
    value = getattr(ticket, field)
    return "" if value is None else str(getattr(value, "slug", value))


def _that_exist(found: list[Proposal]) -> tuple[Proposal, ...]:
    """Without what has been taken out of the catalogue since it was learnt."""
    kept = []
    for proposal in found:
        model = NAMED.get(proposal.field)
        if model is None or model.objects.filter(slug=proposal.best.label).exists():
            kept.append(proposal)
    return tuple(kept)


# ---- models ----------------------------------------------------------------------------------------


def _model_of(row: Learning) -> Model | None:
    kept = _models.get(row.field)
    if kept is not None and kept[0] == row.digest:
        return kept[1]
    try:
        model = Model(_mapped(row))
    except (Unreadable, OSError, ValueError) as problem:
        _logger.error("a model cannot be read", field=row.field, exc_info=problem)
        return None
    _models[row.field] = (row.digest, model)
    return model


def _mapped(row: Learning) -> mmap.mmap:
    folder = Path(settings.FIRSTLINE_HOME) / "models"
    path = folder / f"{row.field}-{row.digest[:32]}.model"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        content = bytes(Learning.objects.values_list("model", flat=True).get(pk=row.field))
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
        for old in folder.glob(f"{row.field}-*.model"):
            if old != path:
                old.unlink(missing_ok=True)  # who maps it still has it
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


# ---- applied at once, where an administrator says from which confidence on --------------------------


def follow(event: Event) -> None:
    """A reaction, before rules send the ticket anywhere: what is sure enough is set. Off unless a threshold is set. In
    a savepoint: what was learnt refuses no request (architecture.md, rule 4)."""
    if event.kind != Kind.CREATED or history.is_quiet():
        return
    sure_from = thresholds()
    if not sure_from:
        return
    ticket = event.ticket
    before = {name: getattr(ticket, name) for name in (*sure_from, "version", "updated_at")}
    try:
        with transaction.atomic():
            _set_what_is_sure(event, sure_from)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        _logger.exception("proposals failed", ticket=ticket.pk)
        for name, kept in before.items():
            setattr(ticket, name, kept)
        words = f"{type(problem).__name__}: {problem}"[:200]
        history.record(ticket, Kind.TROUBLE, by=None, at=event.learnt_at, what="proposals", error=words)


def _set_what_is_sure(event: Event, sure_from: Mapping[str, int]) -> None:
    ticket = event.ticket
    set_by_itself: dict[str, Any] = {}
    confidence: dict[str, int] = {}
    for proposal in of(ticket, sure_from).proposals:
        percent = int(100 * proposal.best.confidence)
        if percent >= sure_from[proposal.field] and _is_free(ticket, proposal.field):
            set_by_itself[proposal.field] = value(proposal.field, proposal.best.label)
            confidence[proposal.field] = percent
    changed = {}
    for field, new in set_by_itself.items():
        changed[field] = {"from": value_of(ticket, field) or None, "to": getattr(new, "slug", new)}
        setattr(ticket, field, new)
    if changed:
        history.record(ticket, Kind.CHANGED, by=None, at=event.learnt_at, changed=changed, proposed=confidence)


def _is_free(ticket: Ticket, field: str) -> bool:
    """Nobody has said it yet: no service and category, and the type and priority that every ticket begins with."""
    begins_with = {"type": Type.INCIDENT.value, "priority": "3"}
    return value_of(ticket, field) == begins_with.get(field, "")


def value(field: str, label: str) -> Any:
    """The value of a label, for a verb."""
    if field in NAMED:
        return NAMED[field].objects.get(slug=label)
    return int(label) if field == "priority" else label


def change_of(ticket: Ticket, field: str, label: str) -> dict[str, Any]:
    """The change by which a proposal is taken over, for `properties.change`; a category brings
    its service, where none is set. Raises WrongValue."""
    if field not in FIELDS:
        raise WrongValue("field", "not a field that can be proposed")
    if (field == "type" and label not in Type.values) or (field == "priority" and label not in {"1", "2", "3", "4"}):
        raise WrongValue(field, "unknown")
    try:
        new = {field: value(field, label.replace("\x00", ""))}
    except (Category.DoesNotExist, Service.DoesNotExist) as gone:
        raise WrongValue(field, "unknown") from gone
    if field == "category" and ticket.service is None and new["category"].service is not None:
        new["service"] = new["category"].service
    return new


def thresholds() -> Mapping[str, int]:
    """From which confidence on (in percent) a field is set at once; remembered for half a minute."""
    global _thresholds
    asked_at, kept = _thresholds
    if clock.elapsed() - asked_at > REMEMBERED:
        rows = Learning.objects.filter(sure_from__isnull=False).exclude(digest="")
        kept = {field: number for field, number in rows.values_list("field", "sure_from") if number is not None}
        _thresholds = (clock.elapsed(), kept)
    return kept


def forget() -> None:
    """What is remembered of models and thresholds is asked for again."""
    global _thresholds
    _models.clear()
    _thresholds = (float("-inf"), {})


def sure_from(wanted: Mapping[str, int | None], *, by: str, at: datetime) -> None:
    """From which confidence on (percent, by field) a new ticket is given the value without asking; None: never. What is
    so already is left. Raises WrongValue."""
    if set(wanted) - set(FIELDS):
        raise WrongValue("field", "unknown")
    if any(percent is not None and not LOWEST <= percent <= 100 for percent in wanted.values()):
        raise WrongValue("sure_from", f"{LOWEST} to 100")
    with transaction.atomic():
        kept = dict(Learning.objects.filter(field__in=wanted).values_list("field", "sure_from"))
        for field, percent in wanted.items():
            if kept.get(field) != percent:
                Learning.objects.update_or_create(field=field, defaults={"sure_from": percent})
                trail.note(
                    at=at, actor=by, action="proposals set by themselves", target=f"field:{field}", sure_from=percent
                )
    forget()
