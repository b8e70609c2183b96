"""The plan as a calendar that programs fetch: /roster/p17.3f….ics"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.roster import calendars_out
from firstline.roster.models import Turn
from firstline.tickets.queries import NotThere


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A wrong signature is the same 404 as nobody. 304 while nothing has changed."""
    owner = calendars_out.whose(token)
    if owner is None:
        raise NotThere(token)
    language = owner.language if isinstance(owner, Person) else translation.get_language()
    with translation.override(language):
        name = owner.name if isinstance(owner, Person) else owner.label(language)
        words = calendars_out.Words(
            _("Duty: %(name)s") % {"name": name},
            {Turn.Kind.SHIFT: _("Shift"), Turn.Kind.REINFORCEMENT: _("Reinforcement"), Turn.Kind.ON_CALL: _("On call")},
        )
        content, version = calendars_out.written(owner, words, clock.now())
    tag = f'"{version}"'
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    response: HttpResponse
    if tag in known:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="duty.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
