"""Which telephone exchange a call is told by, whether it was that one, and how an administrator sets one up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from firstline.audit import trail
from firstline.lib import phones
from firstline.post import hook_accounts
from firstline.post.hook_accounts import WrongAccount
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
    changed, whether it is new. `by` is an actor ("person:7", "apply"). Raises WrongAccount."""
    values = _checked(wanted)
    with transaction.atomic():
        kept = hook_accounts.found(Trunk, values["slug"], trunk, must_be_new=must_be_new)
        is_new = kept.pk is None
        changed = hook_accounts.fill(kept, values)
        if "secret" in changed:
            kept.refused_at = None  # what was refused before says nothing of the new one
        if changed:
            kept.save()
            trail.note(at=at, actor=by, action="telephony set up", target=f"trunk:{kept.pk}", changed=changed)
    return kept, changed, is_new


def _checked(wanted: Wanted) -> dict[str, object]:
    values = hook_accounts.checked(wanted)
    if "country" in values:
        values["country"] = str(values["country"]).upper()
        if values["country"] and not phones.is_country(str(values["country"])):
            raise WrongAccount("country", NO_COUNTRY)
    return values
