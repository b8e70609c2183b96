"""How each mailbox does: what is wrong with it, since when, and what waits. Read by the channels page, /readyz,
/metrics and the alarms, so that they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from firstline.intake.models import Desk, Inbound
from firstline.post import roads
from firstline.post.models import Account, Consent, Outlet


class Trouble(StrEnum):
    """What can be wrong with a mailbox, the worst first."""

    CONSENT = "consent"
    READING = "reading"
    SENDING = "sending"
    PROBE = "probe"
    SILENT = "silent"


@dataclass(frozen=True)
class Wrong:
    """One trouble. `detail` is what a server said: for the desk only."""

    trouble: Trouble
    since: datetime | None
    detail: str = ""


@dataclass(frozen=True)
class Health:
    """One mailbox now. `waits` are letters that are ours and not yet understood; until `tries_again_at` and
    `sends_again_at` the server that it is fetched from, or sends through, is left alone."""

    account: Account
    desk: Desk | None
    wrong: tuple[Wrong, ...]
    waits: int
    tries_again_at: datetime | None
    sends_again_at: datetime | None
    consent: Consent | None = None

    @property
    def is_paused(self) -> bool:
        return self.account.paused_at is not None


def mailboxes() -> QuerySet[Account]:
    """All of them, those in use first."""
    return Account.objects.filter(kind=Account.Kind.EMAIL).order_by("-is_active", "address")


def in_trouble() -> QuerySet[Account]:
    """The mailboxes with which something is wrong now, to be counted."""
    blocked = Outlet.objects.filter(address=OuterRef("address"), failures__gte=roads.FAILURES_IN_A_ROW)
    reads = Q(paused_at__isnull=True) & (
        Q(problem__gt="") | Q(silent_since__isnull=False) | Q(probe_failed_at__isnull=False)
    )
    consent = Q(consent__withdrawn_at__isnull=False)
    return Account.objects.filter(reads | consent | Exists(blocked), kind=Account.Kind.EMAIL, is_active=True).order_by()


def of_all(at: datetime) -> list[Health]:
    """Every mailbox; five statements, however many there are."""
    return _healths(list(mailboxes()), at)


def of_one(account: Account, at: datetime) -> Health:
    return _healths([account], at)[0]


def _healths(accounts: list[Account], at: datetime) -> list[Health]:
    desks = {
        desk.account_id: desk for desk in Desk.objects.filter(account__in=accounts).select_related("team", "client")
    }
    consents = {one.account_id: one for one in Consent.objects.filter(account__in=accounts)}
    outlets = {outlet.address: outlet for outlet in Outlet.objects.all()}
    new = Inbound.objects.filter(state=Inbound.State.NEW, account__in=accounts).order_by()
    waits = dict(new.values_list("account").annotate(Count("pk")))
    found = []
    for account in accounts:
        outlet = outlets.get(roads.outlet_name(account))
        found.append(
            Health(
                account,
                desks.get(account.pk),
                tuple(_wrong(account, outlet, consents.get(account.pk))) if account.is_active else (),
                waits.get(account.pk, 0),
                _to_come(account.closed_until, at),
                _to_come(outlet.closed_until, at) if outlet else None,
                consents.get(account.pk),
            )
        )
    return found


def _to_come(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment > at else None


def _wrong(account: Account, outlet: Outlet | None, consent: Consent | None) -> list[Wrong]:
    found = []
    if consent is not None and consent.withdrawn_at is not None:
        found.append(Wrong(Trouble.CONSENT, consent.withdrawn_at, consent.problem))
    # Without a consent nothing is fetched: that is said once, as what it is.
    told = bool(found) and account.problem.startswith("NotConnected")
    if account.problem and account.paused_at is None and not told:
        found.append(Wrong(Trouble.READING, account.problem_since, account.problem))
    if outlet is not None and outlet.failures >= roads.FAILURES_IN_A_ROW:
        found.append(Wrong(Trouble.SENDING, outlet.problem_since, outlet.problem))
    if account.probe_failed_at is not None and account.paused_at is None:
        found.append(Wrong(Trouble.PROBE, account.probe_failed_at))
    if account.silent_since is not None and account.paused_at is None:
        found.append(Wrong(Trouble.SILENT, account.silent_since))
    return found
