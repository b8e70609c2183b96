"""Announcements: outages, planned work and plain notices are recorded, told to whom they touch, followed up, ended.

Availability counts the outages among them, unless they are excused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from firstline.assets.models import Site
from firstline.audit import trail
from firstline.contracts import following
from firstline.contracts.models import Outage, OutageUpdate, Service
from firstline.lib.asked_often import Given
from firstline.lib.language import CODES
from firstline.people.models import Client, Person
from firstline.people.permissions import demand, may

LONGEST_WORDS = 500
KINDS = ("outage", "planned", "notice")
# Asked without joins: a row with several clients must come once.
EVERYBODYS = Q(~Exists(Outage.clients.through.objects.filter(outage=OuterRef("pk")))) & Q(
    ~Exists(Outage.sites.through.objects.filter(outage=OuterRef("pk")))
)


class WrongOutage(ValueError):
    """No announcement can be so; `field` is what is wrong, `problem` a code: ends before it begins, planned without
    end, a notice without words, public though it is not everybody's."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field, self.problem = field, problem


@dataclass(frozen=True)
class Announcement:
    """What is said of it. No clients and no sites: everybody's; no services: all of them."""

    starts_at: datetime
    ends_at: datetime | None = None
    kind: str = "outage"
    clients: tuple[Client, ...] = ()
    sites: tuple[Site, ...] = ()
    services: tuple[Service, ...] = ()
    words: Mapping[str, str] | None = None
    is_public: bool = False

    @property
    def is_everybodys(self) -> bool:
        return not self.clients and not self.sites


def record(said: Announcement, *, announced: bool, by: Person, at: datetime) -> Outage:
    """Raises NotAllowed, WrongOutage."""
    demand(by, "record outages")
    _check(said)
    with transaction.atomic():
        made = Outage(slug=_free_slug(said.starts_at), announced_at=at if announced else None)
        _write(made, said)
        _note(made, "outage recorded", by, at)
    return made


def revise(outage: Outage, said: Announcement, *, by: Person, at: datetime) -> Outage:
    """It is so from now on; clients and sites that he does not see stay as they are. Raises NotAllowed, WrongOutage."""
    demand(by, "record outages")
    with transaction.atomic():
        held = _held(outage)
        before = shape(held)
        whole = _beyond(held, said, by)
        _check(whole)
        _write(held, whole)
        changed = {name: value for name, value in shape(held).items() if before[name] != value}
        if changed:
            _note(held, "outage edited", by, at, changed=changed, before={name: before[name] for name in changed})
        following.settle(held, at=at)
    return held


def say(outage: Outage, words: Mapping[str, str], *, by: Person, at: datetime) -> OutageUpdate:
    """How it goes: the newest stands beside the announcement. Raises NotAllowed, WrongOutage (nothing is said)."""
    demand(by, "record outages")
    kept = _kept(words)
    if not kept:
        raise WrongOutage("words", "empty")
    with transaction.atomic():
        held = _held(outage)
        made = OutageUpdate.objects.create(outage=held, at=at, by=by, words=kept)
        _note(held, "outage update", by, at, words=kept)
    return made


def end(outage: Outage, *, ends_at: datetime, by: Person, at: datetime) -> Outage:
    """It works again since then; who waits for that is told. Raises NotAllowed, WrongOutage."""
    demand(by, "record outages")
    with transaction.atomic():
        held = _held(outage)
        if ends_at <= held.starts_at:
            raise WrongOutage("ends_at", "ends before it begins")
        held.ends_at = ends_at
        held.save(update_fields=["ends_at"])
        _note(held, "outage ended", by, at)
        following.settle(held, at=at)
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
    rows = Outage.objects.prefetch_related("clients", "sites__client", "services", "updates")
    if _sees_all(person):
        return rows
    scope = person.clients_in_scope.values("pk")
    own = Outage.objects.filter(Q(clients__in=scope) | Q(sites__client__in=scope))
    return rows.filter(EVERYBODYS | Q(pk__in=own.values("pk")))


def over(rows: QuerySet[Outage], *, at: datetime) -> QuerySet[Outage]:
    """Those that have ended."""
    return rows.filter(ends_at__isnull=False, ends_at__lte=at)


def not_over(rows: QuerySet[Outage], *, at: datetime | Given) -> QuerySet[Outage]:
    """What goes on, and what is to come."""
    return rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def clients_for(person: Person) -> QuerySet[Client]:
    """Whom he may tell something of their own."""
    rows = Client.objects.order_by("name")
    return rows if _sees_all(person) else rows.filter(pk__in=person.clients_in_scope.values("pk"))


def sites_for(person: Person) -> QuerySet[Site]:
    """Whose places he may name."""
    return Site.objects.filter(client__in=clients_for(person).values("pk")).select_related("client")


def _sees_all(person: Person) -> bool:
    return person.sees_all_clients or may(person, "excuse breaches") or may(person, "audit")


def touching(client: Client | int | None) -> Q:
    """Everybody's, and what is this client's."""
    if client is None:
        return EVERYBODYS
    own = Outage.objects.filter(Q(clients=client) | Q(sites__client=client))
    return EVERYBODYS | Q(pk__in=own.values("pk"))


def of_service(rows: QuerySet[Outage], service: Service | int | None) -> QuerySet[Outage]:
    """Of them what may be about this service: what names it, or none. All of them where no service is known."""
    if service is None:
        return rows
    named = Outage.services.through.objects.filter(outage=OuterRef("pk"))
    return rows.filter(Exists(named.filter(service=service)) | Q(~Exists(named)))


def announced_for(client: Client | None, at: datetime) -> QuerySet[Outage]:
    """What a client's people are told now: what is not over, everybody's and his own, the soonest first."""
    rows = Outage.objects.filter(touching(client), announced_at__lte=at)
    rows = not_over(rows, at=at).order_by("starts_at", "id")
    return rows.prefetch_related("sites", "services", "updates")


def public(at: datetime) -> QuerySet[Outage]:
    """What everybody is told who is not signed in."""
    return announced_for(None, at).filter(is_public=True)


def audience(said: Announcement) -> QuerySet[Person]:
    """Who would see it at the portal: people of the clients' side who can come in."""
    rows = Person.objects.filter(is_active=True, client__isnull=False, client__closed_at=None)
    rows = rows.select_related("client").order_by("client__name", "name", "id")
    if said.is_everybodys:
        return rows
    whose = {client.pk for client in said.clients} | {site.client_id for site in said.sites}
    return rows.filter(client__in=whose)


def shape(outage: Outage) -> dict[str, Any]:
    """As it is kept, in plain values."""
    return {
        "kind": outage.kind, "starts_at": outage.starts_at.isoformat(),
        "ends_at": outage.ends_at.isoformat() if outage.ends_at else None, "words": outage.words,
        "is_public": outage.is_public, "clients": _slugs(outage.clients.all()), "sites": _slugs(outage.sites.all()),
        "services": _slugs(outage.services.all()),
    }  # fmt: skip


def _slugs(rows: QuerySet[Any]) -> list[str]:
    return sorted(row.slug for row in rows)


def _check(said: Announcement) -> None:
    if said.kind not in KINDS:
        raise WrongOutage("kind", "unknown")
    if said.ends_at is not None and said.ends_at <= said.starts_at:
        raise WrongOutage("ends_at", "ends before it begins")
    if said.kind == "planned" and said.ends_at is None:
        raise WrongOutage("ends_at", "planned without end")
    if said.kind == "notice" and not _kept(said.words or {}):
        raise WrongOutage("words", "empty")
    if said.is_public and not said.is_everybodys:
        raise WrongOutage("is_public", "not everybody's")


def _write(row: Outage, said: Announcement) -> None:
    row.starts_at, row.ends_at = said.starts_at, said.ends_at
    row.planned, row.is_notice = said.kind == "planned", said.kind == "notice"
    row.is_public, row.words = said.is_public, _kept(said.words or {})
    row.save()
    row.clients.set(said.clients)
    row.sites.set(said.sites)
    row.services.set(said.services)


def _beyond(held: Outage, said: Announcement, by: Person) -> Announcement:
    """With the clients and sites that are not in his scope, which he can neither see nor take out."""
    if _sees_all(by):
        return said
    seen = clients_for(by).values("pk")
    return replace(
        said,
        clients=(*said.clients, *held.clients.exclude(pk__in=seen)),
        sites=(*said.sites, *held.sites.exclude(client__in=seen)),
    )


def _kept(words: Mapping[str, str]) -> dict[str, str]:
    tidy = {code: " ".join(text.split())[:LONGEST_WORDS] for code, text in words.items()}
    return {code: tidy[code] for code in (*CODES, *tidy) if tidy.get(code)}


def _free_slug(starts_at: datetime) -> str:
    begin = f"outage-{starts_at:%Y%m%d}"
    taken = set(Outage.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := f"{begin}-{n}") not in taken)


def _held(outage: Outage) -> Outage:
    rows = Outage.objects.select_for_update(of=("self",)) if connection.vendor == "postgresql" else Outage.objects
    return rows.get(pk=outage.pk)


def _note(outage: Outage, action: str, by: Person, at: datetime, **data: Any) -> None:
    trail.note(at=at, actor=by.actor, action=action, target=f"outage:{outage.slug}", **data)
