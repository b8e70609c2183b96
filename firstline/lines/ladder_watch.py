"""Telling superiors: each ticket is looked at when something could have come to pass, and what is due is said once.

Truth is the history; `LadderWatch.check_at` only finds the ticket. Every change happens with the ticket's row held, so
that two workers, a page and a letter never say the same twice (docs/decisions/0040-the-ladder.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from firstline.lib import claims, log, prepared
from firstline.lib.alone import alone
from firstline.lines import ladder, ladder_deeds, ladder_look
from firstline.lines.ladder import Speech, Telling
from firstline.lines.ladder_look import Seen
from firstline.lines.ladder_models import Escalation, Ladder, LadderRound, LadderWatch, Told
from firstline.lines.ladder_people import Everybody
from firstline.sla.clocks import MOVING
from firstline.tickets import history
from firstline.tickets.history import locked_together, record
from firstline.tickets.models import Event, Kind, Ticket

FOLLOWED = MOVING | {Kind.SLA_BREACH, Kind.SLA_EXCUSED}
TOGETHER = 10  # tickets of one transaction
AT_ONCE, A_ROUND = 50, 500
LATE = timedelta(minutes=20)
_log = log.get(__name__)

# One statement, which writes nothing where no ladder is on.
_LOOK_AT = """
INSERT INTO lines_ladderwatch (ticket_id, check_at, attempts, lease_until, lease_owner)
SELECT %s, %s, 0, NULL, '' WHERE EXISTS (SELECT 1 FROM lines_ladder WHERE is_on)
ON CONFLICT (ticket_id) DO UPDATE SET check_at = excluded.check_at
"""

# One for all that were looked at: a CASE for each column and row takes longer to word than the database to run.
_LOOKED = """
UPDATE lines_ladderwatch SET check_at = seen.check_at, looked_at = %s, lease_until = NULL, lease_owner = ''
FROM {seen} WHERE lines_ladderwatch.ticket_id = seen.ticket_id
"""
_ON_POSTGRESQL = _LOOKED.format(seen="unnest(%s::bigint[], %s::timestamptz[]) AS seen (ticket_id, check_at)")
_ON_SQLITE = _LOOKED.format(
    seen="(SELECT json_extract(value, '$[0]') AS ticket_id, json_extract(value, '$[1]') AS check_at FROM json_each(%s))"
    " AS seen"
)


def follow(event: Event) -> None:
    """A reaction: something happened by which a mark may be reached, moved or gone."""
    if event.kind in FOLLOWED and not history.is_quiet():
        moment = connection.ops.adapt_datetimefield_value(event.learnt_at)
        with prepared.cursor(connection) as cursor:
            cursor.execute(_LOOK_AT, [event.ticket_id, moment])


# ---- the job ---------------------------------------------------------------------------------------


def is_due(at: datetime) -> bool:
    return LadderWatch.objects.filter(check_at__lte=at).exists() or LadderRound.objects.exists()


def climb(at: datetime) -> int:
    """Looks at the tickets whose time has come; returns how many. One that fails is logged and found again when its
    lease ends: it holds up no other."""
    looked = go_round(at)
    due = LadderWatch.objects.filter(check_at__lte=at).order_by("check_at", "pk")
    claimed = claims.claim(due, limit=AT_ONCE)
    if not claimed:
        return looked
    ladders, everybody = ladder_look.in_force(), Everybody(at)
    for first in range(0, len(claimed), TOGETHER):
        some = claimed[first : first + TOGETHER]
        try:
            _settle(some, ladders, everybody, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # noqa: BLE001 - one of them; which one is found below, and said there
            for one in some:
                _settle_alone(one, ladders, everybody, at)
    return looked + len(claimed)


def go_round(at: datetime) -> int:
    """After a ladder was changed every open ticket is looked at, some at a time, the tickets held in their order."""
    if not LadderRound.objects.exists():
        return 0
    with transaction.atomic():
        rounds, tickets = LadderRound.objects.all(), Ticket.objects.filter(is_open=True)
        if connection.vendor == "postgresql":
            rounds, tickets = rounds.select_for_update(), tickets.select_for_update(of=("self",))
        row = rounds.first()
        if row is None:
            return 0
        numbers = list(tickets.filter(pk__gt=row.reached).order_by("pk").values_list("pk", flat=True)[:A_ROUND])
        LadderWatch.objects.bulk_create(
            [LadderWatch(ticket_id=number, check_at=at) for number in numbers],
            update_conflicts=True, unique_fields=["ticket"], update_fields=["check_at"],
        )  # fmt: skip
        if len(numbers) < A_ROUND:
            row.delete()
        else:
            LadderRound.objects.filter(pk=row.pk).update(reached=numbers[-1])
    return len(numbers)


def _settle_alone(watch: LadderWatch, ladders: Sequence[Ladder], everybody: Everybody, at: datetime) -> None:
    with alone(_log, "a ladder could not be climbed", ticket=watch.ticket_id):
        _settle([watch], ladders, everybody, at)


def _settle(claimed: Sequence[LadderWatch], ladders: Sequence[Ladder], everybody: Everybody, at: datetime) -> None:
    with transaction.atomic():
        tickets = locked_together(watch.ticket_id for watch in claimed)
        fresh = LadderWatch.objects.in_bulk([watch.ticket_id for watch in claimed])
        for watch in claimed:
            row = fresh.get(watch.ticket_id)
            if row is None or row.lease_owner != watch.lease_owner:
                raise claims.LeaseLost(f"ticket {watch.ticket_id}")
        seen = ladder_look.see(list(tickets.values()), ladders, at=at)
        for one in seen:
            _settle_one(one, fresh[one.ticket.pk], everybody, at)
        changed = [fresh[one.ticket.pk] for one in seen]
        over = [row.pk for row, one in zip(changed, seen, strict=True) if not one.ticket.is_open]
        LadderWatch.objects.filter(pk__in=over).delete()
        _looked([row for row in changed if row.pk not in over], at)


def _looked(rows: Sequence[LadderWatch], at: datetime) -> None:
    """Keeps when each is to be looked at again, and gives them back."""
    if not rows:
        return
    written = connection.ops.adapt_datetimefield_value
    numbers, checks = [row.ticket_id for row in rows], [written(row.check_at) for row in rows]
    with prepared.cursor(connection) as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ON_POSTGRESQL, [written(at), numbers, checks])
        else:
            cursor.execute(_ON_SQLITE, [written(at), json.dumps(list(zip(numbers, checks, strict=True)))])


def _settle_one(seen: Seen, watch: LadderWatch, everybody: Everybody, at: datetime) -> None:
    looked = seen.at(at)
    for broken, problem in seen.broken:
        say_broken(broken, problem, at)
    for speech in looked.speeches:
        _speak(seen, speech, watch.looked_at, everybody, at)
    for row in seen.rows:
        if row.call_at is not None and seen.ticket.is_open and seen.is_taken_away(row):
            row.call_at = None
            row.save(update_fields=["call_at"])
        elif row.call_at is not None and row.call_at <= at and seen.counts(row):
            _call_next(seen, row, everybody, at)
    # A pause stops the calling, too: what moves the ticket on is an event, after which it is looked at again.
    calls = [row.call_at for row in seen.rows if row.call_at is not None and seen.counts(row)]
    coming = [one.at for one in looked.coming[:1]]
    # What a rung changes may move the clocks: then it is looked at again at once.
    watch.check_at = at if looked.speeches else min([*calls, *coming], default=None)
    watch.looked_at = at
    watch.lease_until, watch.lease_owner = None, ""


# ---- what is said ----------------------------------------------------------------------------------


def _speak(seen: Seen, speech: Speech, looked_at: datetime | None, everybody: Everybody, at: datetime) -> None:
    if seen.ladder is None:
        return
    rung, held = speech.rung, seen.ticket
    told = ladder.who_is_told(
        rung.tell, everybody.of(held, rung.tell), inside=everybody.is_inside(seen.ladder)
    )  # fmt: skip
    row = next((one for one in seen.rows if ladder_look.key_of(one) == speech.key), None)
    if row is None:
        row = Escalation(ticket=held, what=speech.key.what, metric=speech.key.metric, number=speech.key.number)
        seen.rows.append(row)
    row.ladder, row.name, row.said_at, row.channels = seen.ladder, seen.ladder.name, at, list(rung.channels)
    row.marks = sorted({*row.marks, *speech.marks})
    row.called = [told.called] if told.called is not None else []
    row.call_at = ladder.next_call(at, seen.ladder.wait) if told.called is not None else None
    row.save()
    late = at - max(speech.at, looked_at or speech.at) > LATE
    _say(row, held, told, everybody, at=at, mark=rung.mark, reached_at=speech.at, late=late)
    try:
        with transaction.atomic():
            ladder_deeds.change(held, rung, told.people, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:  # noqa: BLE001 - what an administrator wrote; it is said on the ticket and /readyz
        _log.error("a rung could not change its ticket", exc_info=problem, ticket=held.pk)
        held.refresh_from_db()
        words = f"ladder ‘{seen.ladder.name}’: {type(problem).__name__}: {problem}"
        history.trouble(held, at=at, what="ladder", error=words)
        say_broken(seen.ladder, words, at)


def _call_next(seen: Seen, row: Escalation, everybody: Everybody, at: datetime) -> None:
    """Nobody acknowledged in time: the next layer, at last the managers."""
    told = ladder.who_is_next(everybody.of(seen.ticket), called=[*row.called, *_heard(row)])
    wait = seen.ladder.wait if seen.ladder is not None else ladder.WAIT
    row.called = [*row.called, *([told.called] if told.called is not None else [])]
    row.call_at = ladder.next_call(at, wait) if told.called is not None else None
    row.said_at = at
    row.save(update_fields=["called", "call_at", "said_at"])
    if told.people:
        _say(row, seen.ticket, told, everybody, at=at, mark=max(row.marks), again=True)


def _heard(row: Escalation) -> list[int]:
    return list(row.told.values_list("person_id", flat=True))


def _say(
    row: Escalation, held: Ticket, told: Telling, everybody: Everybody, *, at: datetime, mark: int,
    reached_at: datetime | None = None, late: bool = False, again: bool = False,
) -> None:  # fmt: skip
    """One event with everybody who is told; notices make words of it."""
    names = {person.pk: person.name for person in everybody.desk.who_see(held)}
    more: dict[str, Any] = {"again": True} if again else {}
    if late:
        more["late"] = True
    if reached_at is not None:
        more["reached_at"] = reached_at.isoformat()
    event = record(
        held, Kind.ESCALATED, by=None, at=at, ladder=row.name, escalation=row.pk, what=row.what, metric=row.metric,
        number=row.number, mark=mark, told=list(told.people), names=[names.get(one, "") for one in told.people],
        called=told.called, channels=row.channels, notes=list(told.notes), **more,
    )  # fmt: skip
    Told.objects.bulk_create(
        [
            Told(escalation=row, person_id=one, event=event.pk, at=at, in_app=ladder.IN_APP in row.channels)
            for one in told.people
        ],
        update_conflicts=True, unique_fields=["escalation", "person"], update_fields=["event", "at", "in_app"],
    )  # fmt: skip
    if "nobody" in told.notes and row.ladder is not None:
        say_broken(row.ladder, "nobody could be told", at)


def say_broken(row: Ladder, problem: str, at: datetime) -> None:
    """Named on /readyz until the ladder is changed."""
    same = Q(problem=problem[:300])
    Ladder.objects.filter(~same, pk=row.pk).update(problem=problem[:300], problem_since=Coalesce("problem_since", at))
