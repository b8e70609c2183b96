"""Queues in which work waits while nobody who could take it is here, whether it is dealt out or pulled.

It counts from when somebody should be here and nobody is (a shift of theirs covers the moment, and all are absent; or
no shifts are kept, and all are), and outside all shifts where something is due before the next of them comes. A night
without a shift, and with nothing that cannot wait, is no trouble.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet

from firstline.lines import choose
from firstline.lines.dealing import OURS
from firstline.lines.routing_models import Unstaffed
from firstline.people import grants
from firstline.people.models import Person, Team
from firstline.people.roles import SOLVERS
from firstline.roster import duty, planning
from firstline.roster.models import Turn
from firstline.tickets.models import Ticket

LINES = (1, 2, 3)
COUNTED = 1_000


@dataclass(frozen=True)
class Queue:
    """One line's work that is no team's in particular, or one team's, with the people who take from it."""

    line: int
    team: int | None
    crew: frozenset[int]

    @property
    def key(self) -> str:
        return f"{self.line}:{self.team}" if self.team else str(self.line)


@dataclass(frozen=True)
class Alone:
    """Nobody is here: how much waits, and when somebody comes, as far as it is planned."""

    queue: Queue
    waiting: int
    until: datetime | None


@dataclass(frozen=True)
class Looked:
    """What is to be told: where it began, and where it is over."""

    began: list[Unstaffed]
    over: list[Unstaffed]


def look(at: datetime) -> Looked:
    """Asked each minute, in the transaction in which it is told: a queue is told of when it begins and when it is
    over."""
    now = {one.queue.key: one for one in alone(at)}
    known = {row.queue: row for row in Unstaffed.objects.select_related("team")}
    began = []
    for key, one in now.items():
        values = {"waiting": one.waiting, "until": one.until}
        row, is_new = Unstaffed.objects.update_or_create(
            queue=key, defaults=values,
            create_defaults={**values, "line": one.queue.line, "team_id": one.queue.team, "since": at},
        )  # fmt: skip
        if is_new:
            began.append(row)
    over = [row for key, row in known.items() if key not in now]
    Unstaffed.objects.filter(pk__in=[row.pk for row in over]).delete()
    return Looked(began, over)


def alone(at: datetime) -> Iterator[Alone]:
    """The queues without anybody; those where somebody is here cost no statement."""
    here, is_kept = choose.who_is_here(at), duty.is_kept()
    for queue in _queues(at):
        if any(person in here for person in queue.crew):
            continue
        due = list(_waiting(queue).values_list("queue_at", flat=True)[:COUNTED])
        if not due:
            continue
        until = _comes(queue.crew, at) if is_kept else None
        first = min((moment for moment in due if moment is not None), default=None)
        should = is_kept and bool(planning.meant_to_be_here(queue.crew, at))
        if should or until is None or (first is not None and first < until):
            yield Alone(queue, len(due), until)


def _queues(at: datetime) -> Iterator[Queue]:
    of_team: dict[int, set[int]] = defaultdict(set)
    for person, team in Person.objects.filter(is_active=True, role__in=SOLVERS, team__isnull=False).values_list(
        "pk", "team_id"
    ):
        of_team[team or 0].add(person)
    came: dict[int, set[int]] = defaultdict(set)
    for person, lines in grants.in_force(at).values_list("person_id", "lines"):
        for one in lines:
            came[int(one)].add(person)
    teams = list(Team.objects.order_by("pk").values_list("pk", "line"))
    for line in LINES:
        ours = [team for team, stands_on in teams if stands_on == line]
        yield Queue(line, None, frozenset(came[line].union(*(of_team[team] for team in ours))))
        for team in ours:
            yield Queue(line, team, frozenset(of_team[team] | came[line]))


def _waiting(queue: Queue) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(is_open__in=[True], line=queue.line, assignee__isnull=True, status__in=OURS)
    return rows.filter(team=queue.team).order_by("queue_at", "id")


def _comes(crew: Iterable[int], at: datetime) -> datetime | None:
    turns = Turn.objects.filter(person__in=list(crew), position=0, starts_at__gt=at)
    first: datetime | None = turns.aggregate(first=Min("starts_at"))["first"]
    return first
