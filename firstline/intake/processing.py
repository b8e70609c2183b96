"""Understanding what waits: claimed, read in a limited child, registered in one transaction, in exactly one visible
state.

A transient failure (database, disk) tries again after 1 s … 10 min, for ever. What fails twice in the same way, kills
its child or its worker goes into the quarantine with the reason in words: one poisoned letter never holds up the
others.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Min

from firstline.blobs import store
from firstline.intake import (
    acceptance,
    inspect_letter,
    matching,
    proof,
    registration,
    ruling,
    submitted,
    whose_turn,
)
from firstline.intake.models import Inbound
from firstline.intake.reading import enclosed, letters
from firstline.intake.reading.letters import Letter
from firstline.intake.registration import Result
from firstline.intake.taking import REFUSALS
from firstline.intake.whose_turn import LEASE, MOMENT, SOON
from firstline.lib import claims, clock, confined, failpoints, log, turns
from firstline.tickets import screens
from firstline.tickets.opening import File

State, Outcome = Inbound.State, Inbound.Outcome
KEEP_LEASE_AFTER = 20.0  # seconds after which a lease is renewed before the next item
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=10)
READERS = 2  # children of one worker: one reads ahead while another's letter is registered
DEATHS_SUSPICIOUS, DEATHS_ALLOWED = 2, 4
DETERMINISTIC_FAILURES = 2
PATIENCE = 25  # pauses of 0.2 s that a drain waits for what was put off
FAILURES_ALLOWED = 10  # where each one is different from the one before
LONGEST_PREVIEW = 300
PLAIN_LETTER = "firstline.intake.inspect_letter.plain_letter"
TRANSIENT = (OperationalError, InterfaceError, OSError)

_logger = log.get(__name__)


@dataclass(frozen=True)
class Reading:
    """What became of an item's bytes: a letter, or why there is none. `again`: it may work next time."""

    letter: Letter | None = None
    problem: str = ""
    again: bool = False


NOTHING_READ = Reading()


class _Readers:
    """The children of this process, and the threads that wait for them.

    The threads stay: the kernel ends a child with the thread that started it (PR_SET_PDEATHSIG), not with the process.
    """

    def __init__(self) -> None:
        self.process = os.getpid()
        self.pool = confined.Pool(PLAIN_LETTER, READERS)
        self.threads = ThreadPoolExecutor(READERS, thread_name_prefix="letters")


_readers: list[_Readers] = []
_readers_lock = threading.Lock()


def _shared() -> _Readers:
    with _readers_lock:
        if not _readers or _readers[0].process != os.getpid():
            _readers[:] = [_Readers()]
        return _readers[0]


def process_due(pool: confined.Pool | None = None, limit: int = claims.BATCH) -> int:
    """Understands about `limit` items that are due (`whose_turn`); returns how many it claimed. Outside of
    transactions.
    """
    claims.release_dead(Inbound.objects.filter(state=State.NEW))
    rows = whose_turn.claim(limit)
    if not rows:
        return 0
    failpoints.reach("worker.after_claim")
    claimed = clock.elapsed()
    if rows[0].attempts > DEATHS_SUSPICIOUS:
        # Workers ended while they had this one: it is tried alone, so that its neighbours are not counted dead with it.
        claims.give_back(rows[1:])
        rows = rows[:1]
    for row, reading in _read_ahead(rows, pool):
        try:
            if clock.elapsed() - claimed > KEEP_LEASE_AFTER:
                claims.hold_on(row, lease=LEASE)
            _one(row, reading)
        except claims.LeaseLost:
            _logger.warning("lease lost", intake=row.pk)
    return len(rows)


def drain(
    timeout: float | None = None, pool: confined.Pool | None = None, pause: Callable[[float], None] | None = None
) -> int:
    """Processes until nothing is due; returns how many items are still due when the time is over (0: none)."""
    started = clock.elapsed()
    patience = PATIENCE
    while True:
        if process_due(pool):
            patience = PATIENCE
            continue
        left = whose_turn.due().count()
        postponed = 0 if left else is_postponed()
        if postponed and patience:
            patience -= 1  # counted, not timed: under a clock that stands still nothing ever comes due
        elif not left:
            return 0
        if pause is None or (timeout is not None and clock.elapsed() - started > timeout):
            return left
        pause(0.2)  # others hold what is left, or it was put off for a moment


def is_postponed() -> bool:
    """Whether an item was put off for a moment only, because others were at something that it touches."""
    return Inbound.objects.filter(state=State.NEW, try_at__lte=clock.now() + SOON).exists()


def oldest_waiting(*, since: datetime | None = None) -> datetime | None:
    """When the oldest item that still waits to be understood was acknowledged, of those acknowledged `since` then.

    No breach is recorded past this moment; what waits for longer than 15 min holds up nothing any more (always-true 3).
    """
    waiting = Inbound.objects.filter(state=State.NEW)
    if since is not None:
        waiting = waiting.filter(received_at__gte=since)
    oldest: datetime | None = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    return oldest


# ---- reading ---------------------------------------------------------------------------------------


def _read_ahead(rows: list[Inbound], pool: confined.Pool | None) -> Iterator[tuple[Inbound, Reading]]:
    """Letters are read in children while earlier ones are registered; their order is kept, and only a few large
    letters are in memory at once."""
    shared = _shared()
    ahead: deque[tuple[Inbound, Future[Reading] | None]] = deque()
    for row in rows:
        future = shared.threads.submit(_read_to_register, row, pool or shared.pool) if row.kind == "email" else None
        ahead.append((row, future))
        if len(ahead) > READERS:
            first, reading = ahead.popleft()
            yield first, reading.result() if reading else Reading()
    for first, reading in ahead:
        yield first, reading.result() if reading else Reading()


def read(row: Inbound) -> Reading:
    """The letter of an item, read in a limited child."""
    if "raw" in row.get_deferred_fields():
        row.refresh_from_db(fields=["raw"])  # here: the reading thread has no database
    _ = row.account
    shared = _shared()
    return shared.threads.submit(_read, row, shared.pool).result()


def _read_to_register(row: Inbound, pool: confined.Pool) -> Reading:
    """Its files are put down here, where nobody waits for the disk: the registration makes only their rows."""
    reading = _read(row, pool)
    if reading.letter is not None and not reading.problem:
        try:
            for part in enclosed.files(reading.letter):
                store.put_down(part.content)
        except OSError as problem:
            return Reading(problem=f"its files cannot be kept now: {problem.strerror}", again=True)
    return reading


def _read(row: Inbound, pool: confined.Pool) -> Reading:
    """Needs no database: it runs in a thread that has none."""
    try:
        raw = acceptance.bytes_of(row)
    except store.BlobMissing:
        return Reading(problem="its bytes are missing from the blob folder")
    except OSError as problem:
        return Reading(problem=f"its bytes cannot be read now: {problem.strerror}", again=True)
    try:
        return Reading(letter=proof.judged(letters.from_plain(pool.call(raw)), row, raw))
    except (confined.NotStarted, OSError) as problem:
        return Reading(problem=f"nobody to read it now: {problem}", again=True)
    except confined.Killed as problem:
        return Reading(letter=inspect_letter.headers_only(raw), problem=f"reading it went over a limit ({problem})")
    except confined.Failed as problem:
        return Reading(letter=inspect_letter.headers_only(raw), problem=f"reading it failed: {problem}")


# ---- one item --------------------------------------------------------------------------------------


def _one(row: Inbound, reading: Reading) -> None:
    failpoints.reach("worker.after_parse")
    if row.attempts > DEATHS_ALLOWED:
        _quarantine(row, reading.letter, f"the worker ended {row.attempts - 1} times while working on it")
        return
    if reading.again:
        _later(row, reading.problem)
        return
    if reading.problem:
        _quarantine(row, reading.letter, reading.problem)
        return
    try:
        if row.kind == "email":
            assert reading.letter is not None  # noqa: S101 - a letter without a problem was read
            _register_letter(row, reading.letter)
        else:
            _register_submitted(row)
    except claims.LeaseLost:
        raise
    except REFUSALS as refusal:
        _quarantine(row, reading.letter, f"cannot be registered: {refusal}")
    except TRANSIENT as problem:
        _later(row, f"{type(problem).__name__}: {problem}")
    except Exception as problem:  # whatever breaks on this item must not hold up the others
        _logger.error("not registered", intake=row.pk, exc_info=problem)
        _failed(row, reading.letter, problem)
    else:
        failpoints.reach("register.after_commit")


def _register_letter(row: Inbound, letter: Letter) -> None:
    if _must_wait(row, letter):
        _postpone(row)
        return
    letter = proof.with_signs(letter)
    with transaction.atomic():
        # Copies of one letter, and letters of one sender, are registered one after the other.
        turns.wait_for_turn(f"intake:{(letter.from_email or row.sha256).lower()}")
        _finish(row, registration.register(row, letter, files_of(letter)), letter)
        failpoints.reach("register.before_commit")


def files_of(letter: Letter) -> list[File]:
    """The attachments, those of letters within included, their bytes kept."""
    parts = enclosed.files(letter)
    blobs = store.keep_all([part.content for part in parts])
    return [
        File(blob, part.name, part.content_type, part.inline, part.content_id)
        for part, blob in zip(parts, blobs, strict=True)
    ]


def _register_submitted(row: Inbound) -> None:
    with transaction.atomic():
        _finish(row, submitted.understood(row), None)
        failpoints.reach("register.before_commit")


def _must_wait(row: Inbound, letter: Letter) -> bool:
    """A reply whose original another worker is just reading waits for it, as long as that worker's lease lasts."""
    if not matching.references(letter) or not matching.refers_to_unknown(letter):
        return False
    earlier = Inbound.objects.filter(state=State.NEW, kind="email", pk__lt=row.pk, lease_until__gt=clock.real_now())
    return earlier.exclude(lease_owner=claims.owner_name()).exists()


def _finish(row: Inbound, result: Result, letter: Letter | None) -> None:
    in_quarantine = result.outcome == Outcome.QUARANTINE
    claims.finish(
        row,
        state=State.QUARANTINE if in_quarantine else State.DONE,
        outcome=result.outcome,
        reason=result.reason[:300],
        ticket=result.ticket,
        message=result.message,
        account=result.account or row.account,
        done_at=clock.now(),
        preview=preview(letter) if result.message is None else "",
        **about(letter, row),
    )
    if in_quarantine:
        screens.refresh_counts(row.pk)  # no ticket says so, and nobody should have to reload to see it


def about(letter: Letter | None, row: Inbound) -> dict[str, Any]:
    """What the journal shows and matches of a letter."""
    if letter is None:
        return {"subject": _subject_of(row)}
    message_id = (letter.message_id or "")[:998]
    return {
        "facts": ruling.kept(letter),
        "mail_id": message_id,
        "mail_key": matching.key_of(message_id) if message_id else None,
        "same_words": matching.same_words(letter),
        "sender": (letter.from_email or "").lower()[:254],
        "subject": " ".join(letter.subject.split())[:300],
        "trust": proof.kept(letter),
    }


def preview(letter: Letter | None) -> str:
    """The first words of what no ticket shows."""
    return " ".join((letter.reply_text or letter.text).split())[:LONGEST_PREVIEW] if letter else ""


def _subject_of(row: Inbound) -> str:
    if row.subject or row.kind == "email":
        return row.subject
    try:
        fields = json.loads(acceptance.bytes_of(row))
    except (ValueError, OSError, store.BlobMissing):
        return ""
    subject = fields.get("subject") if isinstance(fields, dict) else None
    return " ".join(subject.replace("\x00", "").split())[:300] if isinstance(subject, str) else ""


# ---- what did not work -----------------------------------------------------------------------------


def _quarantine(row: Inbound, letter: Letter | None, reason: str) -> None:
    with transaction.atomic():
        _finish(row, Result(Outcome.QUARANTINE, reason), letter)


def _failed(row: Inbound, letter: Letter | None, problem: Exception) -> None:
    """The same exception twice is the item's fault."""
    told = f"{type(problem).__name__}: {problem}"[:500].replace("\x00", "")
    repeated = row.last_error.partition(":")[0] == type(problem).__name__ and row.failures + 1 >= DETERMINISTIC_FAILURES
    if repeated or row.failures + 1 >= FAILURES_ALLOWED:
        _quarantine(row, letter, f"registering it failed {row.failures + 1} times: {type(problem).__name__}")
        return
    with transaction.atomic():
        claims.finish(row, failures=row.failures + 1, last_error=told, try_at=clock.now(), attempts=0)


def _later(row: Inbound, problem: str) -> None:
    """Not its fault: again after a pause that doubles. If the database itself is away, the lease ends by itself."""
    pause = min(FIRST_PAUSE * 2 ** min(row.failures, 10), LONGEST_PAUSE)
    told = problem.replace("\x00", "")[:500]
    try:
        with transaction.atomic():
            claims.finish(row, failures=row.failures + 1, last_error=told, try_at=clock.now() + pause, attempts=0)
    except DatabaseError:
        _logger.warning("cannot give back", intake=row.pk)


def _postpone(row: Inbound) -> None:
    with transaction.atomic():
        claims.finish(row, try_at=clock.now() + MOMENT, attempts=0)
