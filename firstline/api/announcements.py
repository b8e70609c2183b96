"""What the caller's own client is told: outages, planned work, notices; and who wants to hear of the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from firstline.api import answers as answering
from firstline.api import terms_bodies, terms_schemas
from firstline.api.auth import caller
from firstline.api.outcomes import FOR_READING, FOR_WRITING
from firstline.contracts import following, outages
from firstline.contracts.models import Outage
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets.queries import NotThere

router = Router(tags=["Announcements"])


@router.get("", response={200: terms_schemas.AnnouncedList, **FOR_READING}, summary="List what you are told")
def index(request: HttpRequest) -> HttpResponse:
    """What is not over, the soonest first. Somebody of the desk reads what everybody is told."""
    person = caller(request).person
    found = list(outages.announced_for(person.client, clock.now()))
    followed = following.followed_by(person, found)
    return answering.plain({"items": [_announced(one, one.pk in followed) for one in found]})


@router.post(
    "/{int:number}/following",
    response={200: terms_schemas.Announced, **FOR_WRITING},
    summary="Be told when it is over",
)
def follow(request: HttpRequest, number: int, asked: terms_bodies.Following) -> HttpResponse:
    """It hits the caller, too: a letter tells when it is over. `follow` false: no letter after all."""

    def deed(by: Person, at: datetime) -> tuple[int, Any]:
        found = outages.announced_for(by.client, at).filter(pk=number).first() if number < 2**63 else None
        if found is None:
            raise NotThere(str(number))
        if asked.follow:
            following.follow(found, by, at=at)
        else:
            following.leave(found, by)
        return 200, _announced(found, asked.follow)

    return answering.done(request, deed)


def _announced(one: Outage, is_followed: bool) -> dict[str, Any]:
    return {
        "id": one.pk, "kind": one.kind, "services": [each.slug for each in one.services.all()],
        "starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat() if one.ends_at else None,
        "words": one.words, "following": is_followed,
        "updates": [{"at": each.at.isoformat(), "words": each.words} for each in one.updates.all()],
    }  # fmt: skip
