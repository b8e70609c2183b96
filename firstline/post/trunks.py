"""Which telephone exchange a call is told by, whether it was that one, and how an administrator sets one up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from firstline.audit import trail
from firstline.lib import phones
from firstline.post import gateways
from firstline.post.gateways import WrongGateway
from firstline.post.models import Trunk

PHONE = "phone"  # the word of its hook's address
NO_COUNTRY = gettext_noop("is a country in two letters, such as RU or BG, or empty")
SEEN_EVERY = timedelta(minutes=1)  # a busy exchange does not write its row with each call
REFUSED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """What an exchange is to be. None: as it is, or as a new one begins."""

    slug: str
    name: str | None = None
    secret: str | None = None
    country: str | None = None
    is_active: bool | None = None


def by_slug(slug: str) -> Trunk | None:
    """The one that calls our hook; switched off it is nobody."""
    return Trunk.objects.filter(slug=slug, is_active=True).first()


def in_use() -> QuerySet[Trunk]:
    """Those that tell of calls: where there is none, no page asks for them."""
    return Trunk.objects.filter(is_active=True)


def heard(trunk: Trunk, at: datetime) -> None:
    """It said something that was proven."""
    _seen(trunk, "heard_at", at)


def refused(trunk: Trunk, at: datetime) -> None:
    """Something came in its name that was not proven: most likely the secret is another one there."""
    _seen(trunk, "refused_at", at)


def _seen(trunk: Trunk, field: str, at: datetime) -> None:
    fresh = Q(**{f"{field}__gt": at - SEEN_EVERY})
    Trunk.objects.filter(pk=trunk.pk).exclude(fresh & Q(**{f"{field}__isnull": False})).update(**{field: at})


def in_trouble(at: datetime) -> Iterator[Trunk]:
    """Those whose last word was refused, within the hour: calls are lost there until the secrets are the same."""
    lately = Trunk.objects.filter(is_active=True, refused_at__gt=at - REFUSED_FOR)
    yield from lately.filter(Q(heard_at__isnull=True) | Q(heard_at__lt=F("refused_at"))).order_by("slug")[:20]


def set_up(
    wanted: Wanted, *, by: str, at: datetime, trunk: Trunk | None = None, must_be_new: bool = False
) -> tuple[Trunk, list[str], bool]:
    """Makes an exchange, or changes `trunk` (else the one of this name, unless it `must_be_new`): the row, what
    changed, whether it is new. `by` is an actor ("person:7", "apply"). Raises WrongGateway."""
    values = _checked(wanted)
    with transaction.atomic():
        other = Trunk.objects.select_for_update().filter(slug=values["slug"]).first()
        if other is not None and (must_be_new if trunk is None else other.pk != trunk.pk):
            raise WrongGateway("slug", gateways.TAKEN)
        kept = trunk or other or Trunk()
        is_new = kept.pk is None
        if is_new and not values.get("name"):
            values["name"] = values["slug"]
        changed = sorted(name for name, value in values.items() if is_new or getattr(kept, name) != value)
        for name, value in values.items():
            setattr(kept, name, value)
        if "secret" in changed:
            kept.refused_at = None  # what was refused before says nothing of the new one
        if changed:
            kept.save()
            trail.note(at=at, actor=by, action="telephony set up", target=f"trunk:{kept.pk}", changed=changed)
    return kept, changed, is_new


def _checked(wanted: Wanted) -> dict[str, object]:
    given = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    values: dict[str, object] = {
        name: value.strip() if isinstance(value, str) else value for name, value in given.items() if value is not None
    }
    values["slug"] = gateways.checked_slug(wanted.slug)
    if len(str(values.get("name") or "")) > 100:
        raise WrongGateway("name", gateways.TOO_LONG)
    if "name" in values and not values["name"]:
        raise WrongGateway("name", gateways.NO_NAME)
    if "secret" in values:
        gateways.check_secret(str(values["secret"]))
    if "country" in values:
        values["country"] = str(values["country"]).upper()
        if values["country"] and not phones.is_country(str(values["country"])):
            raise WrongGateway("country", NO_COUNTRY)
    return values
