"""Reading escalations: what was said on a ticket and what comes next, and what waits for somebody's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from firstline.lines import ladder, ladder_look
from firstline.lines.ladder import Reached
from firstline.lines.ladder_models import Escalation, Ladder, Told
from firstline.people.models import Person, Team
from firstline.tickets import queries
from firstline.tickets.models import Event, Ticket

TOLD = Prefetch("told", Told.objects.select_related("person"))
SHOWN = 100


@dataclass(frozen=True)
class OfTicket:
    """`ladder`: the one that holds now. `coming`: marks that will be reached if nothing happens until then.
    `too_young`: a mark was reached before the ladder was there, so that nobody was told of it."""

    ladder: Ladder | None
    said: list[Escalation]
    coming: Sequence[Reached]
    too_young: bool = False


def of(ticket: Ticket, at: datetime) -> OfTicket:
    """What was said, the newest first, and what comes next. Nothing is written."""
    seen = ladder_look.see([ticket], ladder_look.in_force(), at=at)[0]
    rows = Escalation.objects.filter(ticket=ticket).select_related("acknowledged_by").prefetch_related(TOLD)
    return OfTicket(seen.ladder, list(rows), seen.at(at).coming, _is_too_young(seen))


def _is_too_young(seen: ladder_look.Seen) -> bool:
    since = seen.ladder.since if seen.ladder is not None else None
    if since is None:
        return False
    known = {one: ladder.known_of(one.key, one.openers, seen.known) for one in seen.reached if one.at < since}
    return any(row is None or one.rung.mark not in row.marks for one, row in known.items())


def notes_of(rows: Sequence[Escalation]) -> dict[int, list[str]]:
    """What the newest event of each says beside whom it told: nobody on call, absent …"""
    newest = {row.pk: max((one.event for one in row.told.all()), default=0) for row in rows}
    events = Event.objects.in_bulk(list(newest.values()))
    return {pk: list(events[number].data.get("notes", ())) for pk, number in newest.items() if number in events}


def names_of(coming: Sequence[Reached], language: str) -> dict[str, str]:
    """How the teams and people are called whom these rungs name; no statement where they name none."""
    named = {who for one in coming for who in one.rung.tell if ":" in who}
    slugs = [who.removeprefix("team:") for who in named if who.startswith("team:")]
    logins = [who.removeprefix("person:") for who in named if who.startswith("person:")]
    names = {f"team:{team.slug}": team.label(language) for team in Team.objects.filter(slug__in=slugs)} if slugs else {}
    people = Person.objects.filter(login__in=logins).values_list("login", "name") if logins else ()
    return names | {f"person:{login}": name for login, name in people}


def found(person: Person, ticket: Ticket, number: int) -> Escalation:
    """One of a ticket that he sees. Raises NotThere."""
    row = Escalation.objects.filter(ticket=ticket, pk=number).select_related("acknowledged_by").first()
    if row is None or not person.is_agent:
        raise queries.NotThere(str(number))
    return row


def waiting(person: Person) -> QuerySet[Escalation]:
    """What nobody has acknowledged on open tickets that he sees; `for_me` says that he was told on his page."""
    mine = Told.objects.filter(escalation=OuterRef("pk"), person=person, in_app=True)
    rows = Escalation.objects.filter(
        queries.on_visible(person), acknowledged_at__isnull=True, ticket__is_open=True
    ).annotate(for_me=Exists(mine))  # fmt: skip
    return rows.select_related("ticket__client").prefetch_related(TOLD).order_by("-for_me", "-said_at", "-id")
