"""Outages and planned work: recorded, announced to whom they touch, ended, excused; availability counts them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from firstline.audit import trail
from firstline.contracts.models import Outage, Service
from firstline.people.models import Client, Person
from firstline.people.permissions import demand, may

LONGEST_WORDS = 500


class WrongOutage(ValueError):
    """No outage can be so; `field` is what is wrong, `problem` a code: ends before it begins, planned without end."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field, self.problem = field, problem


def record(
    *,
    client: Client | None,
    service: Service | None,
    starts_at: datetime,
    ends_at: datetime | None,
    planned: bool,
    words: Mapping[str, str],
    announced: bool,
    by: Person,
    at: datetime,
) -> Outage:
    """No client: everybody's; no service: all of them. Raises NotAllowed, WrongOutage."""
    demand(by, "record outages")
    _check(starts_at, ends_at, planned)
    with transaction.atomic():
        made = Outage.objects.create(
            slug=_free_slug(starts_at), client=client, service=service, starts_at=starts_at, ends_at=ends_at,
            planned=planned, words=_kept(words), announced_at=at if announced else None,
        )  # fmt: skip
        _note(made, "outage recorded", by, at)
    return made


def end(outage: Outage, *, ends_at: datetime, by: Person, at: datetime) -> Outage:
    """It works again since then. Raises NotAllowed, WrongOutage."""
    demand(by, "record outages")
    with transaction.atomic():
        held = _held(outage)
        _check(held.starts_at, ends_at, held.planned)
        held.ends_at = ends_at
        held.save(update_fields=["ends_at"])
        _note(held, "outage ended", by, at)
    return held


def announce(outage: Outage, *, shown: bool, by: Person, at: datetime) -> Outage:
    """Shown to the clients it touches, or no longer. Raises NotAllowed."""
    demand(by, "record outages")
    with transaction.atomic():
        held = _held(outage)
        held.announced_at = (held.announced_at or at) if shown else None
        held.save(update_fields=["announced_at"])
        _note(held, "outage announced" if shown else "outage withdrawn", by, at)
    return held


def excuse(outage: Outage, *, excused: bool, by: Person, at: datetime) -> Outage:
    """Does not count against availability, or does again. Raises NotAllowed."""
    demand(by, "excuse breaches")
    with transaction.atomic():
        held = _held(outage)
        held.excused = excused
        held.save(update_fields=["excused"])
        _note(held, "outage excused" if excused else "outage counts", by, at)
    return held


def visible_to(person: Person) -> QuerySet[Outage]:
    """Everybody's, and those of the clients in his scope. Raises NotAllowed."""
    demand(person, "record outages")
    rows = Outage.objects.select_related("client", "service")
    return rows if _sees_all(person) else rows.filter(Q(client__isnull=True) | Q(client__in=person.clients_in_scope))


def over(rows: QuerySet[Outage], *, at: datetime) -> QuerySet[Outage]:
    """Those that have ended."""
    return rows.filter(ends_at__isnull=False, ends_at__lte=at)


def not_over(rows: QuerySet[Outage], *, at: datetime) -> QuerySet[Outage]:
    """What goes on, and what is to come."""
    return rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def clients_for(person: Person) -> QuerySet[Client]:
    """Whose outages he may record."""
    rows = Client.objects.order_by("name")
    return rows if _sees_all(person) else rows.filter(pk__in=person.clients_in_scope.values("pk"))


def _sees_all(person: Person) -> bool:
    return person.sees_all_clients or may(person, "excuse breaches") or may(person, "audit")


def announced_for(client: Client | None, at: datetime) -> QuerySet[Outage]:
    """What a client's people are told now: what is not over, everybody's and his own, the soonest first."""
    rows = Outage.objects.select_related("service").filter(announced_at__lte=at)
    rows = not_over(rows, at=at)
    own = Q(client__isnull=True) if client is None else Q(client__isnull=True) | Q(client=client)
    return rows.filter(own).order_by("starts_at", "id")


def _check(starts_at: datetime, ends_at: datetime | None, planned: bool) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise WrongOutage("ends_at", "ends before it begins")
    if planned and ends_at is None:
        raise WrongOutage("ends_at", "planned without end")


def _kept(words: Mapping[str, str]) -> dict[str, str]:
    return {code: said for code, text in words.items() if (said := " ".join(text.split())[:LONGEST_WORDS])}


def _free_slug(starts_at: datetime) -> str:
    begin = f"outage-{starts_at:%Y%m%d}"
    taken = set(Outage.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := f"{begin}-{n}") not in taken)


def _held(outage: Outage) -> Outage:
    rows = Outage.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Outage.objects
    return rows.get(pk=outage.pk)


def _note(outage: Outage, action: str, by: Person, at: datetime) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"outage:{outage.slug}")
