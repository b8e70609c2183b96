"""What a page or the API submits: stored and a ticket in one transaction, or stored alone and understood later.

A broken rule, template or reaction never refuses a request (product.md, always-true 8): then the bytes are kept in a
second transaction, acknowledged without a number, and the worker tries again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, transaction

from firstline.intake import acceptance
from firstline.intake.acceptance import NotDurable
from firstline.intake.models import Inbound
from firstline.lib import failpoints, log, one_row, tokens
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.tickets.models import Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import AlreadyMerged, ChangedSince, WrongStatus, WrongValue

REFUSALS = (WrongValue, WrongStatus, ChangedSince, AlreadyMerged, NotAllowed, NotThere)


@dataclass(frozen=True)
class Taken:
    """Acknowledged and stored. `ticket` None: not yet a ticket, the number follows."""

    inbound: Inbound
    ticket: Ticket | None


def take(
    *,
    kind: str,
    by: Person,
    raw: bytes,
    key: str,
    at: datetime,
    register: Callable[[], Ticket],
    then: Callable[[Ticket], None] | None = None,
) -> Taken:
    """Stores `raw` and registers it. The same person with the same key gets what he got the first time.

    `then` runs in the transaction of the registration: what it writes is there exactly when the ticket is.
    Raises the refusals of `register` (nothing is stored then) and NotDurable.
    """
    source, source_key = f"{kind}:{by.pk}", key[: acceptance.LONGEST_KEY] or acceptance.new_key()
    if key and (first := acceptance.first_of(source, source_key)):
        return Taken(first, first.ticket)
    failpoints.reach("intake.before_bytes")
    try:
        acceptance.with_room()
        content = acceptance.contents(raw)
    except (OSError, DatabaseError) as problem:
        raise NotDurable(f"{type(problem).__name__}: {problem}") from problem
    try:
        with transaction.atomic():
            ticket = register()
            inbound = _done(kind, source, source_key, at, ticket, content)
            if then is not None:
                then(ticket)
            failpoints.reach("intake.before_commit")
    except REFUSALS:
        raise
    except IntegrityError:
        # Somebody submitted the same key at the same moment, or a row that we do not know about is in the way.
        first = acceptance.first_of(source, source_key)
        if first is not None:
            return Taken(first, first.ticket)
        return _later(kind, raw, source, source_key, at, "a row in the way")
    except (OperationalError, InterfaceError) as problem:
        raise NotDurable(f"{type(problem).__name__}: {problem}") from problem
    except Exception as problem:  # noqa: BLE001 - whatever broke: the request is kept and the worker tries again
        log.get(__name__).error("not registered yet", kind=kind, problem=type(problem).__name__, exc_info=problem)
        return _later(kind, raw, source, source_key, at, type(problem).__name__)
    failpoints.reach("intake.after_commit")
    return Taken(inbound, ticket)


def _done(kind: str, source: str, key: str, at: datetime, ticket: Ticket, content: dict[str, Any]) -> Inbound:
    return one_row.add(
        Inbound(
            kind=kind, source=source, source_key=key, received_at=at, try_at=at, done_at=at, subject=ticket.subject,
            state=Inbound.State.DONE, outcome=Inbound.Outcome.TICKET, ticket=ticket, message=ticket.first_words,
            **content,
        )
    )  # fmt: skip


def _later(kind: str, raw: bytes, source: str, key: str, at: datetime, why: str) -> Taken:
    reason = f"could not be registered at once: {why}"
    return Taken(acceptance.accept(kind=kind, raw=raw, source=source, source_key=key, at=at, reason=reason), None)


def as_bytes(fields: dict[str, Any]) -> bytes:
    """What a form submitted, in one canonical form: what is kept, and what the worker reads again."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def key_of_form(key: str, words: dict[str, Any]) -> str:
    """The hidden key of a form, bound to what was typed: sent twice it is one thing. Who goes back to the form and
    writes something else sends another thing under the same key, and that must not be swallowed (J9)."""
    return tokens.hashed(f"{key} {as_bytes(words).decode()}") if key else ""


def submitter(inbound: Inbound) -> Person:
    """Who submitted it: the source names him."""
    return Person.objects.select_related("client", "team").get(pk=int(inbound.source.partition(":")[2]))
