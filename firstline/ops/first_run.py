"""What a new desk still needs, computed from what is there: nobody ticks anything off."""

from __future__ import annotations

from typing import NamedTuple

from firstline.calendars.models import CalendarVersion
from firstline.contracts.models import ContractVersion
from firstline.people.models import Client, Person
from firstline.people.roles import SOLVERS
from firstline.post.models import Account, Probe


class Step(NamedTuple):
    name: str
    is_done: bool


def steps() -> list[Step]:
    """In the order in which they are done best; each costs one small statement."""
    return [
        Step("team", Person.objects.filter(is_active=True, role__in=SOLVERS, team__isnull=False).exists()),
        Step("colleague", Person.objects.filter(role__in=SOLVERS, last_login__isnull=False).exists()),
        Step("mailbox", Account.objects.filter(is_active=True).exists()),
        Step("probe", Probe.objects.filter(state=Probe.State.ARRIVED).exists()),
        Step("client", Client.objects.filter(closed_at=None).exists()),
        Step("calendar", CalendarVersion.objects.exists()),
        Step("contract", ContractVersion.objects.filter(frozen_at__isnull=False).exists()),
    ]


def left() -> list[Step]:
    """All the steps while one is missing, else none."""
    found = steps()
    return [] if all(one.is_done for one in found) else found
