"""What the contract promises, in words for who asks: how soon an answer comes, how soon it is solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.contracts import terms
from firstline.contracts.models import ContractVersion, Metric, Service
from firstline.people.models import Client
from firstline.sla.terms_of_contract import ContractTerms
from firstline.tickets.models import Level, Type
from firstline.tickets.priority import priority_of


@dataclass(frozen=True)
class Promised:
    """Words for the two times; empty where the contract says nothing."""

    response: str = ""
    resolution: str = ""


class Promises:
    """The promises to one client at a moment: a handful of statements, however many services are asked about."""

    def __init__(self, client: Client | None, at: datetime) -> None:
        self.named = terms.coverages(client, at) if client else []
        # For whoever names no service the first contract in force holds (terms.in_force).
        self._version: ContractVersion | None = self.named[0][0] if self.named else None
        self._terms = ContractTerms()

    @property
    def contract(self) -> str:
        """The contract's number, or nothing."""
        return str(self._version.contract) if self._version else ""

    def to(self, service: Service | None = None, urgency: str = Level.MEDIUM) -> Promised:
        """What is promised for a request of middling impact about this service."""
        if self._version is None:
            return Promised()
        properties: dict[str, object] = {
            "contract": self._version.pk,
            "priority": priority_of(Level.MEDIUM, Level(urgency)),
            "type": Type.INCIDENT.value,
            "service": service.slug if service else None,
        }
        found = {
            metric: self._terms.promise(metric, properties) for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
        }
        response, resolution = found[Metric.FIRST_RESPONSE], found[Metric.RESOLUTION]
        return Promised(
            within(response.target) if response else "",
            within(resolution.target) if resolution else "",
        )


def within(length: timedelta) -> str:
    """A length of working time: minutes up to two hours, then hours. Never days: a working day is no 24 hours."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60 or (minutes < 120 and minutes % 60):
        return ngettext("within %(n)d minute", "within %(n)d minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("within %(n)d working hour", "within %(n)d working hours", hours) % {"n": hours}


def hindrances(promises: Promises) -> list[tuple[str, str, str]]:
    """The three plain choices: urgency, what it means, and what happens then."""
    words = (
        (Level.LOW, _("I can work"), _("a small thing")),
        (Level.MEDIUM, _("It hinders my work"), _("I get by with difficulty")),
        (Level.HIGH, _("Work has stopped"), _("nothing goes on without it")),
    )
    rows = []
    for urgency, title, meaning in words:
        promised = promises.to(None, urgency).response
        rows.append((str(urgency), title, _("we answer %(within)s") % {"within": promised} if promised else meaning))
    return rows
