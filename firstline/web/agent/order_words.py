"""Why a ticket stands where it stands in the order of cost: one short sentence a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from firstline.lines.order_models import Weighed
from firstline.web import durations, money

LIKELY, POSSIBLE = 0.5, 0.2


def reasons(tickets: Iterable[tuple[int, datetime]], at: datetime) -> dict[int, str]:
    """Of tickets (number, when they are due), in one statement."""
    due = dict(tickets)
    rows = Weighed.objects.filter(pk__in=list(due))
    return {row.ticket_id: reason(row, due[row.ticket_id], at) for row in rows}


def reason(row: Weighed, due: datetime, at: datetime) -> str:
    """ "9 € an hour, breach likely in 40 min, usually 12 min of work"."""
    said = [_("waits for a week or longer")] if row.is_old else []
    if row.penalty:
        said.append(_("{sum} an hour").replace("{sum}", money.words(row.penalty, row.currency)))
    if due <= at:
        said.append(_("overdue by {time}").replace("{time}", durations.words(at - due)))
    elif row.chance >= POSSIBLE:
        pattern = _("breach likely in {time}") if row.chance >= LIKELY else _("breach possible in {time}")
        said.append(pattern.replace("{time}", durations.words(due - at)))
    said.append(_("about {time} of work left").replace("{time}", durations.words(row.left_minutes)))
    return ", ".join(said)
