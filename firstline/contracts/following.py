"""Who is hit by an outage, too, and is told when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from firstline.contracts.models import Outage, OutageFollower
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.post import outbox

OVER = "outage_over"
BATCH = 200


def follow(outage: Outage, person: Person, *, at: datetime) -> None:
    """It hits him, too: he gets a letter when it is over. Once is enough. Raises NotAllowed for who is of the desk."""
    if person.client_id is None or person.is_agent:
        raise NotAllowed("follow")
    with transaction.atomic():
        OutageFollower.objects.get_or_create(outage=outage, person=person, defaults={"since": at})


def leave(outage: Outage, person: Person) -> None:
    """He need not be told after all."""
    OutageFollower.objects.filter(outage=outage, person=person, told_at__isnull=True).delete()


def followed_by(person: Person, outages: Sequence[Outage]) -> set[int]:
    """Those that he follows, by their numbers."""
    rows = OutageFollower.objects.filter(person=person, outage__in=outages)
    return set(rows.values_list("outage_id", flat=True))


def counted(outages: Sequence[Outage]) -> dict[int, int]:
    """How many people follow each: one statement."""
    rows = OutageFollower.objects.filter(outage__in=outages).values("outage").annotate(n=Count("id")).order_by()
    return {row["outage"]: row["n"] for row in rows}


def settle(outage: Outage, *, at: datetime) -> int:
    """Its end was moved: who waits is told if it is over, and waits again if it is not. In the verb's transaction."""
    if not outage.is_over(at):
        outage.followers.filter(told_at__isnull=False).update(told_at=None)
        return 0
    return _tell(list(outage.followers.filter(told_at__isnull=True).select_related("person", "outage")), at)


def tell_due(at: datetime) -> int:
    """What ended by itself, at the time that was said before: planned work, notices."""
    with transaction.atomic():
        waiting = OutageFollower.objects.filter(told_at__isnull=True, outage__ends_at__lte=at)
        return _tell(list(waiting.select_related("person", "outage").order_by("id")[:BATCH]), at)


def _tell(followers: Sequence[OutageFollower], at: datetime) -> int:
    for one in followers:
        ended = one.outage.ends_at
        if one.person.is_active and ended is not None:
            outbox.put(
                kind=OVER, to=one.person.email, language=one.person.language, person=one.person.pk, at=at,
                data={"outage": one.outage_id, "words": one.outage.said(one.person.language),
                      "ended": ended.isoformat()},
                unique_key=f"{OVER}:{one.outage_id}:{one.person_id}:{ended.isoformat()}",
            )  # fmt: skip
    OutageFollower.objects.filter(pk__in=[one.pk for one in followers]).update(told_at=at)
    return len(followers)
