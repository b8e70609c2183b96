"""What a rung changes on its ticket, and acknowledging: the verbs of the ladder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from firstline.lib import tokens
from firstline.lines import card
from firstline.lines.box import State
from firstline.lines.ladder import Rung
from firstline.lines.ladder_models import Escalation, Through, Told
from firstline.people.models import Person
from firstline.tickets import handover, queries
from firstline.tickets.handover import Reason
from firstline.tickets.history import locked, record
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.permissions import demand
from firstline.tickets.refusals import WrongValue
from firstline.tickets.swarm_models import Invitation

PURPOSE = "escalation"
_SHAPE = re.compile(r"([1-9][0-9]{0,14})\.([1-9][0-9]{0,14})\.([0-9a-f]+)")


def change(held: Ticket, rung: Rung, told: Sequence[int], *, at: datetime) -> None:
    """Priority is only raised, the line only goes up; whoever is told hears of the ticket from now on."""
    if rung.priority and rung.priority < held.priority:
        before, held.priority = held.priority, rung.priority
        record(
            held, Kind.CHANGED, by=None, at=at, changed={"priority": {"from": before, "to": rung.priority}},
            by_ladder=True,
        )  # fmt: skip
    if rung.watch:
        _watch(held, told, at)
    if rung.line > held.line:
        language = held.assignee.language if held.assignee else settings.LANGUAGE_CODE
        with translation.override(language):
            filled = card.of(held.assignee, held, state=State.CALM, at=at)
        handover.hand_over(
            held, to_line=rung.line, symptom=filled.symptom, tried=filled.tried, impact=filled.impact,
            reason=Reason.WOULD_BE_LATE, by=None, at=at,
        )  # fmt: skip
        held.refresh_from_db()  # the verb has read the row again


def _watch(held: Ticket, told: Sequence[int], at: datetime) -> None:
    """As if he had come by himself: he is told already, so no second letter."""
    there = set(held.invitations.filter(left_at__isnull=True).values_list("person_id", flat=True))
    people = Person.objects.filter(pk__in=[one for one in told if one not in there and one != held.assignee_id])
    for person in people.order_by("pk"):
        if person.solves and queries.sees(person, held):
            Invitation.objects.create(ticket=held, person=person, by=person, since=at)
            record(
                held, Kind.INVITED, by=None, at=at, person=person.pk, login=person.login, name=person.name, why="",
                told=True,
            )  # fmt: skip


def acknowledge(row: Escalation, *, by: Person, at: datetime, through: str = Through.PAGE) -> Escalation:
    """He has heard it and sees to it: the rest of this escalation is not said any more. A second time changes nothing.

    Whoever was told may, and whoever works on tickets that he sees."""
    with transaction.atomic():
        held = locked(Ticket(pk=row.ticket_id))
        fresh = Escalation.objects.select_related("acknowledged_by").get(pk=row.pk)
        if not by.is_active or not queries.sees(by, held):
            raise queries.NotThere(str(row.pk))
        if not Told.objects.filter(escalation=fresh, person=by).exists():
            demand(by, "acknowledge", held)
        if fresh.acknowledged_at is not None:
            return fresh
        if through not in Through.values:
            raise WrongValue("through", f"one of {', '.join(Through.values)}")
        fresh.acknowledged_at, fresh.acknowledged_by, fresh.through, fresh.call_at = at, by, through, None
        fresh.save(update_fields=["acknowledged_at", "acknowledged_by", "through", "call_at"])
        record(
            held, Kind.ACKNOWLEDGED, by=by, at=at, escalation=fresh.pk, ladder=fresh.name, what=fresh.what,
            metric=fresh.metric, number=fresh.number, mark=max(fresh.marks, default=0), through=through,
        )  # fmt: skip
        return fresh


# ---- the link of a letter --------------------------------------------------------------------------


def token_of(row: Escalation, person: Person) -> str:
    """`17.5.3f…`: which escalation, who was told, and what nobody else can write behind it."""
    signed = tokens.signature(settings.SECRET_KEY, PURPOSE, str(row.pk), str(person.pk))
    return f"{row.pk}.{person.pk}.{signed}"


def url(row: Escalation, person: Person) -> str:
    """The full address of the page that asks him."""
    return f"{settings.FIRSTLINE_BASE_URL}/told/{token_of(row, person)}/"


def by_token(token: str) -> tuple[Escalation, Person] | None:
    """Of what he was told, and who; None for anything that we did not sign, or who works here no more."""
    match = _SHAPE.fullmatch(token)
    if match is None or not tokens.is_signature(settings.SECRET_KEY, match[3], PURPOSE, match[1], match[2]):
        return None
    told = Told.objects.select_related("escalation__ticket__client", "escalation__acknowledged_by", "person").filter(
        escalation=int(match[1]), person=int(match[2]), person__is_active=True
    ).first()  # fmt: skip
    return (told.escalation, told.person) if told is not None else None
