"""Who could be told of a ticket at a moment: asked of the database once for all tickets of a look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from firstline.calendars.timetables import timetable_of
from firstline.lines.ladder import People
from firstline.lines.ladder_models import Ladder
from firstline.people.models import Person, Team
from firstline.people.roles import Role
from firstline.roster import duty
from firstline.tickets.models import Ticket
from firstline.tickets.who_sees import Desk


class Everybody:
    """Who is on call, here and away at `at`; looked up at the first question."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._open: dict[int, bool] = {}

    @cached_property
    def desk(self) -> Desk:
        return Desk()

    @cached_property
    def absent(self) -> frozenset[int]:
        return frozenset(duty.absent(self.at))

    @cached_property
    def here(self) -> frozenset[int]:
        return duty.on_duty(self.at)

    @cached_property
    def on_call(self) -> dict[int, list[int]]:
        return duty.all_on_call(self.at)

    @cached_property
    def teams(self) -> dict[int, int]:
        return dict(Team.objects.order_by("id").values_list("id", "line"))

    def is_inside(self, ladder: Ladder) -> bool:
        """Whether it is day for this ladder."""
        if ladder.hours is None:
            return True
        if ladder.hours.pk not in self._open:
            self._open[ladder.hours.pk] = timetable_of(ladder.hours).is_open(self.at)
        return self._open[ladder.hours.pk]

    def of(self, ticket: Ticket, tell: Sequence[str] = ()) -> People:
        """Only those who may see the ticket. On call: of its team; where it has none, of the teams of its line."""
        seen = {person.pk: person for person in self.desk.who_see(ticket)}
        line = ticket.line
        return People(
            assignee=ticket.assignee_id if ticket.assignee_id in seen else None,
            leads=tuple(p.pk for p in seen.values() if p.role == Role.LEAD and p.team and p.team.line >= line),
            managers=tuple(p.pk for p in seen.values() if p.role == Role.MANAGER),
            on_call=tuple(one for one in self._called(ticket) if one in seen),
            named={who: self._named(who, list(seen.values())) for who in tell if ":" in who},
            absent=self.absent,
            here=self.here,
        )

    def _called(self, ticket: Ticket) -> list[int]:
        if ticket.team_id in self.on_call:
            return self.on_call[ticket.team_id]
        teams = [team for team, line in self.teams.items() if line == ticket.line]
        return list(dict.fromkeys(person for team in teams for person in self.on_call.get(team, ())))

    def _named(self, who: str, seen: Sequence[Person]) -> tuple[int, ...]:
        kind, _colon, name = who.partition(":")
        if kind == "team":
            return tuple(person.pk for person in seen if person.team is not None and person.team.slug == name)
        return tuple(person.pk for person in seen if person.login == name)
