"""*I am leaving*: away until the next shift, and what cannot wait goes back into its queue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from firstline.lib import clock
from firstline.lines import dealing
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.web.agent.door import desk


@require_POST
@desk
def leave(request: HttpRequest, person: Person) -> HttpResponse:
    """POST /desk/leaving/"""
    if not person.solves:
        raise NotAllowed("take")
    count, back = dealing.leave(person, at=clock.now())
    moment = formats.date_format(timezone.localtime(back), "DATETIME_FORMAT")
    gone = ngettext("{n} ticket went back into the queue.", "{n} tickets went back into the queue.", count)
    away = _("You count as away until {moment}.").replace("{moment}", moment)
    messages.success(request, f"{away} {gone.replace('{n}', str(count))}")
    return HttpResponseRedirect("/desk/queue/?mine=1")
