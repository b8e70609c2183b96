"""What a client's people are told: outages, planned work, notices; and who wants to hear of the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from firstline.contracts import following, outages
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets.queries import NotThere
from firstline.web.asked import go
from firstline.web.portal.door import portal


def told(person: Person, at: datetime) -> dict[str, Any]:
    """What stands above the fold."""
    found = list(outages.announced_for(person.client, at))
    return {"outages": found, "followed": following.followed_by(person, found) if found else set()}


@require_POST
@portal
def follow(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """POST /portal/announcements/7/following/ follow=on, or empty: he need not be told."""
    now = clock.now()
    found = outages.announced_for(person.client, now).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise NotThere
    if request.POST.get("follow"):
        following.follow(found, person, at=now)
        messages.success(request, _("You get a letter when it is over."))
    else:
        following.leave(found, person)
    return go(request, "/portal/")
