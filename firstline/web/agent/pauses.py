"""The waits worth a look: bought just before a deadline, without end, or one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from firstline.lib import clock
from firstline.people.models import Person
from firstline.people.permissions import demand
from firstline.sla import standstills
from firstline.sla.models import Standstill
from firstline.web import durations
from firstline.web.agent.door import desk

PAGE = 50
WHOSE: dict[str, str | Promise] = {
    "provider": pgettext_lazy("whose time", "our own time"),
    "client": pgettext_lazy("whose time", "the client's time"),
    "vendor": pgettext_lazy("whose time", "the vendor's time"),
    "force_majeure": pgettext_lazy("whose time", "nobody's time"),
}


@dataclass(frozen=True)
class Row:
    standstill: Standstill
    whose: str
    lasted: str
    why: list[str] = field(default_factory=list)


@require_safe
@desk
def sample(request: HttpRequest, person: Person) -> HttpResponse:
    """GET /desk/pauses/[?before=ID]"""
    demand(person, "pauses")
    now, before = clock.now(), request.GET.get("before", "")
    rows = standstills.sample_for(person, at=now)
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    got = list(rows.order_by("-pk")[: PAGE + 1])
    context: dict[str, Any] = {
        "rows": [_row(one, now) for one in got[:PAGE]],
        "next": f"/desk/pauses/?before={got[PAGE - 1].pk}" if len(got) > PAGE else "",
    }
    return render(request, "web/agent/pauses.html", context)


def _row(one: Standstill, now: datetime) -> Row:
    why = []
    if one.seconds_left is not None and one.seconds_left <= standstills.JUST_BEFORE_SECONDS:
        left = one.seconds_left / 60
        why.append(
            _("begun with %(left)s left") % {"left": durations.words(left)}
            if left > 0
            else _("begun after the deadline")
        )
    if one.ordinal >= standstills.OFTEN:
        why.append(
            ngettext("%(n)d time on this ticket", "%(n)d times on this ticket", one.ordinal) % {"n": one.ordinal}
        )
    lasted = (one.ended_at or now) - one.began_at
    if lasted >= standstills.LONG:
        why.append(_("long"))
    return Row(one, str(WHOSE.get(one.party, one.party)), durations.words(lasted), why)
