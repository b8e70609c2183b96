"""Handing deliveries over: claim → the attempt is committed → the server → its answer is committed.

What each answer leads to (research/reliability_security.md §4.3). Taken: sent. Not now: again after a growing pause,
for two days, then dead. Never: failed. Nobody knows (no answer after the whole letter, or the process ended while it
was sending): acknowledgements stay uncertain and are never sent again; everything else is sent once more with the same
bytes and the same Message-ID, then it is dead.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from firstline.lib import claims, failpoints, log, one_row
from firstline.post import channels, limits, mime, roads, setting_out
from firstline.post.models import Attempt, Delivery
from firstline.post.signing import CannotSign
from firstline.post.transports.failures import Failure, Permanent, Temporary, Uncertain
from firstline.post.words import Words

State = Delivery.State
Render = Callable[[Delivery], Words]
Alarm = Callable[[Delivery, str, datetime], None]
Paused = Callable[[Delivery, int, datetime], None]

LEASE_WHILE_SENDING = timedelta(seconds=180)  # longer than a conversation may last (transports/email.py)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120))
PATIENCE = timedelta(days=2)
# No pause is so long: what is due later was put by a clock that has been set back since, and leaves at once.
BY_A_WRONG_CLOCK = timedelta(hours=6)
SECOND_COPY_AFTER = timedelta(minutes=15)
UNKNOWN_END = "the process ended while it was sending: nobody knows whether it was taken"

_log = log.get(__name__)


def nobody_to_tell(delivery: Delivery, answer: str, at: datetime) -> None:
    """The alarm of who has none: the outbox and /readyz still show the dead letter."""


def no_ticket(delivery: Delivery, limit: int, at: datetime) -> None:
    """Nobody is told that a limit was reached: the outbox shows what is held back."""


def send_due(
    render: Render,
    at: datetime,
    limit: int = claims.BATCH,
    *,
    alarm: Alarm = nobody_to_tell,
    paused: Paused = no_ticket,
) -> int:
    """Hands over up to `limit` due deliveries. Returns how many were dealt with, 0 when nothing is due.

    `render` puts a delivery into words, at its first attempt only. `alarm` is called in the transaction in which a
    delivery fails or dies, `paused` in the one in which a limit holds it back.
    """
    with ExitStack() as stack:
        lines: dict[str, roads.Line] = {}
        taken = claims.claim(due(at).select_related("account"), limit=limit)
        if taken:
            failpoints.reach("post.after_claim")
        for delivery in taken:
            try:
                if held := _held_back(delivery, at):
                    _hold_back(delivery, held, at, paused)
                else:
                    _deal_with(delivery, render, at, alarm, lines, stack)
            except claims.LeaseLost:
                # Another process found the lease run out and has it now; what we did was rolled back.
                _log.warning("delivery taken over", delivery=delivery.pk)
    return len(taken)


def due(at: datetime) -> QuerySet[Delivery]:
    """What is to leave the house now, the longest due first."""
    is_time = Q(due_at__lte=at) | Q(due_at__gt=at + BY_A_WRONG_CLOCK)
    return Delivery.objects.filter(is_time).order_by("due_at", "id")


def _deal_with(
    delivery: Delivery, render: Render, at: datetime, alarm: Alarm, lines: dict[str, roads.Line], stack: ExitStack
) -> None:
    if delivery.state == State.SENDING:
        last = delivery.tries.order_by("-id").first() or Attempt(delivery=delivery, at=at)
        _settle(delivery, last, Uncertain(UNKNOWN_END), at, alarm)
        return
    channel = channels.of(delivery)
    if wrong := channel.why_no_address(delivery.to):
        _settle(delivery, Attempt(delivery=delivery, at=at), Permanent(wrong), at, alarm)
        return
    letter: dict[str, object] = {}
    if not delivery.mime:
        try:
            letter = channel.written(delivery, render(delivery), at)
        except CannotSign as broken:
            _log.error("a delivery cannot be signed", delivery=delivery.pk, error=str(broken))
            _settle(delivery, Attempt(delivery=delivery, at=at), Temporary(f"not signed: {broken}"[:300]), at, alarm)
            return
        except Exception as broken:  # noqa: BLE001 - words that cannot be made are tried again and alarm, they stop nobody
            _log.error("no words for a delivery", delivery=delivery.pk, kind=delivery.kind, error=repr(broken))
            _settle(delivery, Attempt(delivery=delivery, at=at), Temporary(f"no words: {broken!r}"[:300]), at, alarm)
            return
    road = channel.road_of(delivery)
    if (closed_until := roads.closed_until(road, at)) is not None:
        with transaction.atomic():
            claims.finish(delivery, due_at=closed_until)
        return
    attempt = _begin(delivery, letter, at)
    failpoints.reach("post.before_send")
    outcome = _hand_over(delivery, lines, stack, road)
    failpoints.reach("post.after_send")
    _settle(delivery, attempt, outcome, at, alarm, road)


def _begin(delivery: Delivery, letter: dict[str, object], at: datetime) -> Attempt:
    """Committed before the server hears anything: the letter (at the first attempt), the attempt, and that it runs."""
    # Durable: inside anybody's larger transaction the attempt would vanish with a crash, and be made twice.
    with transaction.atomic(durable=True):
        claims.hold_on(delivery, lease=LEASE_WHILE_SENDING, **letter, state=State.SENDING)
        return one_row.add(Attempt(delivery=delivery, at=at))


def _hand_over(delivery: Delivery, lines: dict[str, roads.Line], stack: ExitStack, road: roads.Road) -> str | Failure:
    channel = channels.of(delivery)
    try:
        if road.name not in lines:
            lines[road.name] = stack.enter_context(closing(channel.line(delivery, road)))
        return channel.hand_over(lines[road.name], delivery, road)
    except (Temporary, Permanent, Uncertain) as failure:
        return failure


def _held_back(delivery: Delivery, at: datetime) -> limits.Hold | None:
    """Why it is not even begun; None where it is, or was, or somebody wants it sent all the same."""
    if delivery.state == State.SENDING or delivery.mime or channels.why_no_address(delivery):
        return None
    held = limits.why_held_back(delivery, at)
    return held if held and not _wanted_by_hand(delivery) else None


def _hold_back(delivery: Delivery, held: limits.Hold, at: datetime, paused: Paused) -> None:
    """Not sent, and to be seen: a limit stood in the way."""
    with transaction.atomic():
        Attempt.objects.create(delivery=delivery, at=at, answer=held.why, outcome="held back")
        claims.finish(delivery, state=State.FAILED, due_at=None, ended_at=at)
        if held.limit:
            paused(delivery, held.limit, at)
    _log.warning("delivery held back", delivery=delivery.pk, kind=delivery.kind)


def _settle(
    delivery: Delivery,
    attempt: Attempt,
    outcome: str | Failure,
    at: datetime,
    alarm: Alarm,
    road: roads.Road | None = None,
) -> None:
    """Writes down the answer and what follows from it, in one transaction. `road`: the one that was tried."""
    answer = mime.plain_line(outcome.answer if isinstance(outcome, Failure) else outcome)
    attempt.answer, attempt.outcome = answer, type(outcome).__name__.lower() if isinstance(outcome, Failure) else "sent"
    with transaction.atomic():
        if attempt._state.adding:
            one_row.add(attempt)
        else:
            one_row.change(attempt, ("answer", "outcome"))
        changes = _consequence(delivery, outcome, at)
        claims.finish(delivery, **changes)
        channels.of(delivery).settled(delivery, outcome, at)
        if isinstance(outcome, Failure) and changes["state"] in {State.FAILED, State.DEAD}:
            alarm(delivery, answer, at)
        if road is not None:
            setting_out.remember(road, outcome, at)
    _log.info("delivery", delivery=delivery.pk, kind=delivery.kind, state=delivery.state, outcome=attempt.outcome)


def _consequence(delivery: Delivery, outcome: str | Failure, at: datetime) -> dict[str, object]:
    if not isinstance(outcome, Failure):
        return {"state": State.SENT, "sent_at": at, "due_at": None, "ended_at": None, "receipt": delivery.receipt}
    if isinstance(outcome, Permanent):
        return {"state": State.FAILED, "due_at": None, "ended_at": at}
    tries = _tries_since_by_hand(delivery)
    if isinstance(outcome, Uncertain):
        if delivery.at_most_once:
            return {"state": State.UNCERTAIN, "due_at": None, "ended_at": at}
        if sum(one.outcome == "uncertain" for one in tries) > 1:
            return {"state": State.DEAD, "due_at": None, "ended_at": at}
        return {"state": State.UNCERTAIN, "due_at": at + SECOND_COPY_AFTER}
    if tries and at - tries[0].at >= PATIENCE:
        return {"state": State.DEAD, "due_at": None, "ended_at": at}
    return {"state": State.WAITING, "due_at": at + PAUSES[min(len(tries), len(PAUSES)) - 1]}


def _wanted_by_hand(delivery: Delivery) -> bool:
    return delivery.tries.filter(outcome="again").exists()


def _tries_since_by_hand(delivery: Delivery) -> list[Attempt]:
    """The attempts that count: after somebody sent it again, patience begins anew."""
    tries: list[Attempt] = []
    for one in delivery.tries.order_by("id"):
        tries = [] if one.outcome == "again" else [*tries, one]
    return tries
