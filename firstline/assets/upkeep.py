"""Keeping what is looked after: places and equipment of a client, added and edited by who answers for his contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from firstline.assets.models import Equipment, Site
from firstline.audit import trail
from firstline.lib.language import filled, named
from firstline.people.models import Client, Person
from firstline.people.permissions import demand

LONGEST = {"names": 200, "address": 300, "kind": 60, "inventory": 60, "serial": 100}
LONGEST_REMOTE, MOST_REMOTE = 60, 10


class WrongThing(ValueError):
    """It cannot be so: (field, problem) of each, the problem a code."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Thing:
    """What is said of a piece of equipment. `remote_ids`: {"anydesk": "123 456 789"}."""

    names: Mapping[str, str]
    kind: str = ""
    inventory: str = ""
    serial: str = ""
    site: Site | None = None
    remote_ids: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def add(client: Client, said: Thing, *, by: Person, at: datetime, slug: str = "") -> Equipment:
    """A new thing of a client's; without a slug one is made of its number or name. Raises WrongThing, NotAllowed."""
    demand(by, "edit equipment")
    _refuse_taken(Equipment, slug)
    made = Equipment(client=client, slug=slug or _free_slug(Equipment, *said.names.values(), f"thing-{said.inventory}"))
    return _keep(made, said, by=by, at=at, action="equipment added")


@transaction.atomic
def edit(thing: Equipment, said: Thing, *, by: Person, at: datetime) -> Equipment:
    """Its client stays: a thing that was sold is another one. Raises WrongThing, NotAllowed."""
    demand(by, "edit equipment")
    held = Equipment.objects.select_related("client").get(pk=thing.pk)
    return _keep(held, said, by=by, at=at, action="equipment edited")


@transaction.atomic
def add_site(
    client: Client, names: Mapping[str, str], address: str, *, by: Person, at: datetime, slug: str = ""
) -> Site:
    """A new place of a client's. Raises WrongThing, NotAllowed."""
    demand(by, "edit equipment")
    _refuse_taken(Site, slug)
    made = Site(client=client, slug=slug or _free_slug(Site, f"{client.slug}-site"))
    return _keep_site(made, names, address, by=by, at=at, action="site added")


@transaction.atomic
def edit_site(site: Site, names: Mapping[str, str], address: str, *, by: Person, at: datetime) -> Site:
    """Raises WrongThing, NotAllowed."""
    demand(by, "edit equipment")
    return _keep_site(Site.objects.get(pk=site.pk), names, address, by=by, at=at, action="site edited")


def _keep(thing: Equipment, said: Thing, *, by: Person, at: datetime, action: str) -> Equipment:
    problems = _problems(said.names, kind=said.kind, inventory=said.inventory, serial=said.serial)
    if said.site is not None and said.site.client_id != thing.client_id:
        problems.append(("site", "unknown"))
    remote = {key.strip().lower(): value.strip() for key, value in said.remote_ids.items() if value.strip()}
    if not all(key and len(key) <= LONGEST_REMOTE and len(one) <= LONGEST_REMOTE for key, one in remote.items()):
        problems.append(("remote_ids", f"at most {LONGEST_REMOTE} characters"))
    elif len(remote) > MOST_REMOTE:
        problems.append(("remote_ids", f"at most {MOST_REMOTE} lines"))
    if problems:
        raise WrongThing(problems)
    before = _kept(thing) if thing.pk else {}
    thing.name, thing.names = named(filled(said.names), settings.LANGUAGE_CODE)
    thing.kind, thing.inventory, thing.serial = said.kind.strip(), said.inventory.strip(), said.serial.strip()
    thing.site, thing.remote_ids = said.site, remote
    thing.save()
    _note(f"equipment:{thing.slug}", before, _kept(thing), by, at, action)
    return thing


def _kept(thing: Equipment) -> dict[str, Any]:
    return {
        "client": thing.client_id, "name": thing.name, "names": thing.names, "kind": thing.kind, "site": thing.site_id,
        "inventory": thing.inventory, "serial": thing.serial, "remote_ids": thing.remote_ids,
    }  # fmt: skip


def _keep_site(site: Site, names: Mapping[str, str], address: str, *, by: Person, at: datetime, action: str) -> Site:
    if problems := _problems(names, address=address):
        raise WrongThing(problems)
    before = {"names": site.names, "address": site.address} if site.pk else {}
    site.name, site.names = named(filled(names), settings.LANGUAGE_CODE)
    site.address = address.strip()
    site.save()
    _note(f"site:{site.slug}", before, {"names": site.names, "address": site.address}, by, at, action)
    return site


def _problems(names: Mapping[str, str], **texts: str) -> list[tuple[str, str]]:
    problems = [] if filled(names) else [("names", "empty")]
    if any(len(text) > LONGEST["names"] for text in names.values()):
        problems.append(("names", f"at most {LONGEST['names']} characters"))
    return problems + [
        (key, f"at most {LONGEST[key]} characters") for key, text in texts.items() if len(text.strip()) > LONGEST[key]
    ]


def _refuse_taken(model: type[Equipment] | type[Site], slug: str) -> None:
    if slug and model._default_manager.filter(slug=slug).exists():
        raise WrongThing([("slug", "there already")])


def _free_slug(model: type[Equipment] | type[Site], *words: str) -> str:
    begin = next(slug for text in words if (slug := slugify(text)[:50]))
    taken = set(model._default_manager.filter(slug__startswith=begin).values_list("slug", flat=True))
    if begin not in taken:
        return begin
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{begin}-{n}") not in taken)


def _note(target: str, before: dict[str, Any], now: dict[str, Any], by: Person, at: datetime, action: str) -> None:
    changed = {key: value for key, value in now.items() if before.get(key) != value}
    if changed:
        trail.note(
            at=at, actor=by.actor, action=action, target=target, changed=changed,
            before={key: before.get(key) for key in changed},
        )  # fmt: skip
