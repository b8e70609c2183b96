"""The answers to a service's form, kept with the ticket that they began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstline.contracts import form_answers
from firstline.contracts.models import ServiceForm
from firstline.tickets.answer_models import FormAnswers
from firstline.tickets.models import Ticket

# What a page wants with its ticket: one joined row.
WITH_ANSWERS = ("answers__form__service",)


@dataclass(frozen=True)
class Answered:
    """Answers that were judged, and the version of the form that asked."""

    form: ServiceForm
    values: Mapping[str, Any]


def said(answered: Answered | None) -> dict[str, Any]:
    """What the first event says of it."""
    return {"form": str(answered.form), "answers": dict(answered.values)} if answered else {}


def keep(ticket: Ticket, answered: Answered | None) -> None:
    """With the ticket, in the transaction of its first event."""
    if answered is not None:
        FormAnswers.objects.create(ticket=ticket, form=answered.form, values=dict(answered.values))


def of(ticket: Ticket) -> FormAnswers | None:
    """No statement where the ticket came WITH_ANSWERS."""
    return getattr(ticket, "answers", None)


def words(numbers: Sequence[int]) -> dict[int, list[str]]:
    """What these tickets are found by, of what was answered on them."""
    rows = FormAnswers.objects.filter(ticket__in=numbers).select_related("form")
    return {row.ticket_id: form_answers.words(row.form.asked, row.values) for row in rows}
