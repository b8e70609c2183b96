"""Run again: an item that became no ticket is read and registered anew, with today's program and today's rules."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from firstline.intake import decisions, processing, proof, registration, submitted
from firstline.intake.models import Inbound
from firstline.intake.reading.letters import Letter
from firstline.intake.registration import Result
from firstline.intake.taking import REFUSALS
from firstline.lib import log, turns
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.tickets.opening import File

State, Outcome = Inbound.State, Inbound.Outcome
_logger = log.get(__name__)


class NotNow(Exception):
    """Its bytes, or somebody to read them, are not to be had at the moment: nothing was changed."""


def run_again(inbound: Inbound, *, by: Person, at: datetime) -> Inbound:
    """The item at its new end, which may be the old one: its outcome and reason say so. Nobody has decided anything by
    this, so he still can. Raises NotAllowed, NotNow, and WrongStatus where somebody has decided already.
    """
    demand(by, "journal")
    reading = processing.read(inbound) if inbound.kind == "email" else processing.NOTHING_READ
    if reading.again:
        raise NotNow(reading.problem)
    files = processing.files_of(reading.letter) if reading.letter and not reading.problem else []
    letter = proof.with_signs(reading.letter) if reading.letter and not reading.problem else reading.letter
    with transaction.atomic():
        item = decisions.held(inbound, "run again")
        if letter is not None:
            turns.wait_for_turn(f"intake:{(letter.from_email or item.sha256).lower()}")
        result = Result(Outcome.QUARANTINE, reading.problem) if reading.problem else _registered(item, letter, files)
        aside = result.message is None and item.kind == "email"
        decisions.note(
            item, by=by, at=at, action="intake run again",
            state=State.QUARANTINE if result.outcome == Outcome.QUARANTINE else State.DONE,
            outcome=result.outcome, reason=result.reason[:300], ticket=result.ticket, message=result.message,
            account=result.account or item.account, done_at=at, failures=0, attempts=0,
            preview=processing.preview(letter) if aside else "", **processing.about(letter, item),
        )  # fmt: skip
    inbound.refresh_from_db()
    return inbound


def _registered(item: Inbound, letter: Letter | None, files: list[File]) -> Result:
    """How it ends today; what breaks on the way undoes itself and leaves the item in quarantine, with its reason."""
    try:
        with transaction.atomic():
            if letter is not None:
                return registration.register(item, letter, files)
            return submitted.understood(item)
    except REFUSALS as refusal:
        return Result(Outcome.QUARANTINE, f"cannot be registered: {refusal}")
    except processing.TRANSIENT:
        raise
    except Exception as problem:
        _logger.error("not registered again", intake=item.pk, exc_info=problem)
        return Result(Outcome.QUARANTINE, f"registering it failed 1 times: {type(problem).__name__}")
