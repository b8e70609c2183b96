"""Keeping teams: a name, a line, and who is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from firstline.audit import trail
from firstline.lib.language import filled
from firstline.people.companies import SLUG, called
from firstline.people.models import Person, Team
from firstline.people.permissions import demand
from firstline.people.roles import DESK_SIDE

LINES = (1, 2, 3)


class WrongTeam(ValueError):
    """It cannot be so: (field, problem) of each."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Kept:
    team: Team
    is_new: bool
    changed: tuple[str, ...]


@transaction.atomic
def keep(
    slug: str,
    names: Mapping[str, str],
    line: int,
    *,
    found: Team | None,
    by: Person | None,
    at: datetime,
    actor: str = "",
) -> Kept:
    """A new team, or the one that was `found`. Its short name stays; on a page its line stays too, because its tickets
    lie there. Raises NotAllowed, WrongTeam."""
    if by is not None:
        demand(by, "roles")
    problems = [] if filled(names) else [("names", "empty")]
    if any(len(one.strip()) > 200 for one in names.values()):
        problems.append(("names", "too long"))
    if line not in LINES:
        problems.append(("line", "unknown"))
    if found is None and not SLUG.fullmatch(slug):
        problems.append(("slug", "no short name"))
    elif found is None and Team.objects.filter(slug__iexact=slug).exists():
        problems.append(("slug", "taken"))
    if problems:
        raise WrongTeam(problems)
    team = Team.objects.select_for_update().get(pk=found.pk) if found else Team(slug=slug)
    before = {"name": team.name, "names": team.names, "line": team.line} if found else {}
    team.name, team.names = called(names)
    team.line = line
    now = {"name": team.name, "names": team.names, "line": team.line}
    changed = tuple(name for name, value in now.items() if before.get(name) != value)
    if changed:
        team.save(update_fields=list(now) if found else None)
        trail.note(
            at=at, actor=by.actor if by else actor, target=f"team:{team.slug}",
            action="team added" if found is None else "team edited",
            changed={name: now[name] for name in changed}, before={name: before.get(name) for name in changed},
        )  # fmt: skip
    return Kept(team, found is None, changed)


@transaction.atomic
def set_members(team: Team, people: list[Person], *, by: Person, at: datetime) -> None:
    """These people of the desk are in the team, and no others; who leaves it is in none.

    Raises NotAllowed, WrongTeam.
    """
    demand(by, "roles")
    if any(one.role not in DESK_SIDE for one in people):
        raise WrongTeam([("members", "not of the desk")])
    was = set(Person.objects.filter(team=team).values_list("login", flat=True))
    now = {one.login for one in people}
    Person.objects.filter(team=team).exclude(login__in=now).update(team=None)
    Person.objects.filter(login__in=now).update(team=team)
    if was != now:
        trail.note(
            at=at, actor=by.actor, action="team members", target=f"team:{team.slug}",
            came=sorted(now - was), left=sorted(was - now),
        )  # fmt: skip
