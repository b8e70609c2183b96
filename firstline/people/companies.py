"""Keeping clients: what a company is called, how it is reached, whose mail is its own, and that it is none any more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from firstline.audit import trail
from firstline.lib.language import CODES, filled, named
from firstline.lib.zones import is_zone
from firstline.people import findable
from firstline.people.models import Client, EmailDomain, Person
from firstline.people.permissions import demand

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.IGNORECASE)
DOMAIN = re.compile(r"(?=.{1,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W_]{2,63}")
LONGEST = {"phone": 60, "email": 254, "address": 300, "note": 5_000}
CARD = ("phone", "email", "address", "note")
MOST_DOMAINS = 100


class WrongClient(ValueError):
    """It cannot be so: (field, problem) of each; `taken_by` is the client who has the domain."""

    def __init__(self, problems: list[tuple[str, str]], taken_by: str = "") -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems, self.taken_by = problems, taken_by


@dataclass(frozen=True)
class Firm:
    """What is said of a client. `card`: phone, email, address, note; None is as it is."""

    slug: str
    names: Mapping[str, str]
    language: str = ""
    time_zone: str = ""
    domains: tuple[str, ...] = ()
    is_vip: bool = False
    card: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Kept:
    client: Client
    is_new: bool
    changed: tuple[str, ...]


@transaction.atomic
def keep(firm: Firm, *, found: Client | None, by: Person | None, at: datetime, actor: str = "") -> Kept:
    """A new client, or the one that was `found`, is so from now on; its short name stays. `by` None: the program.

    Raises NotAllowed, WrongClient.
    """
    if by is not None:
        demand(by, "edit clients")
    held = Client.objects.select_for_update().get(pk=found.pk) if found is not None else None
    domains = sorted({one.strip().lower().lstrip("@") for one in firm.domains if one.strip()})
    _refuse(firm, held, domains)
    client = held or Client(slug=firm.slug)
    before = _said(client) if held is not None else {}
    client.name, client.names = called(firm.names)
    client.language = firm.language or settings.LANGUAGE_CODE
    client.time_zone = firm.time_zone or settings.TIME_ZONE
    client.is_vip = firm.is_vip
    for name, value in (firm.card or {}).items():
        setattr(client, name, value.strip())
    if held is None:
        client.save()
    elif any(before[name] != getattr(client, name) for name in FIELDS):
        client.save(update_fields=FIELDS)  # that he was closed meanwhile is no business of this form
    if domains != before.get("domains", []):
        client.email_domains.exclude(domain__in=domains).delete()
        there = set(client.email_domains.values_list("domain", flat=True))
        EmailDomain.objects.bulk_create(EmailDomain(domain=one, client=client) for one in domains if one not in there)
    now = _said(client)
    changed = tuple(name for name, value in now.items() if before.get(name) != value)
    if changed:
        trail.note(
            at=at, actor=by.actor if by else actor, target=f"client:{client.slug}",
            action="client added" if held is None else "client edited",
            changed={name: now[name] for name in changed}, before={name: before.get(name) for name in changed},
        )  # fmt: skip
    if held is not None and {"name", "names"} & set(changed):  # whose name is another now is found by it
        findable.changed(*client.people.all())
    return Kept(client, held is None, changed)


@transaction.atomic
def close(client: Client, *, by: Person | None, at: datetime, actor: str = "") -> bool:
    """No client any more: nobody of it signs in or is chosen for anything new. Open tickets go on, letters still become
    tickets (nothing is lost), and contracts and numbers of the past stay. `by` None: the program. Says whether he was
    one. Raises NotAllowed."""
    if by is not None:
        demand(by, "edit clients")
    if not Client.objects.filter(pk=client.pk, closed_at__isnull=True).update(closed_at=at):
        return False
    trail.note(at=at, actor=by.actor if by else actor, action="client closed", target=f"client:{client.slug}")
    return True


@transaction.atomic
def reopen(client: Client, *, by: Person | None, at: datetime, actor: str = "") -> bool:
    """A client again, as he was; `by` and the answer as of `close`. Raises NotAllowed."""
    if by is not None:
        demand(by, "edit clients")
    if not Client.objects.filter(pk=client.pk, closed_at__isnull=False).update(closed_at=None):
        return False
    trail.note(at=at, actor=by.actor if by else actor, action="client reopened", target=f"client:{client.slug}")
    return True


def called(names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """`name` and `names` of a thing: what is said in the desk's own language alone is the name of all."""
    name, by_language = named(filled(names), settings.LANGUAGE_CODE)
    return name, {} if list(by_language) == [settings.LANGUAGE_CODE] else by_language


FIELDS = ("name", "names", "language", "time_zone", "is_vip", *CARD)


def _said(client: Client) -> dict[str, Any]:
    said = {name: getattr(client, name) for name in FIELDS}
    return said | {"domains": sorted(client.email_domains.values_list("domain", flat=True))}


def _refuse(firm: Firm, held: Client | None, domains: list[str]) -> None:
    problems = [] if filled(firm.names) else [("names", "empty")]
    if any(len(one.strip()) > 200 for one in firm.names.values()):
        problems.append(("names", "too long"))
    if held is None and not SLUG.fullmatch(firm.slug):
        problems.append(("slug", "no short name"))
    elif held is None and Client.objects.filter(slug__iexact=firm.slug).exists():
        problems.append(("slug", "taken"))
    card = firm.card or {}
    problems += [(name, "too long") for name, value in card.items() if len(value.strip()) > LONGEST[name]]
    if firm.language and firm.language not in CODES:
        problems.append(("language", "unknown"))
    if firm.time_zone and not is_zone(firm.time_zone):
        problems.append(("time_zone", "unknown"))
    if any(not DOMAIN.fullmatch(one) for one in domains) or len(domains) > MOST_DOMAINS:
        problems.append(("domains", "no domain"))
    taken = EmailDomain.objects.filter(domain__in=domains).exclude(client=held).select_related("client").first()
    if taken is not None:
        raise WrongClient([*problems, ("domains", f"{taken.domain} is {taken.client.slug}'s")], taken.client.name)
    if problems:
        raise WrongClient(problems)
