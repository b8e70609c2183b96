"""The line that tries a version: a sample moment, and the deadlines that a ticket would really have."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from firstline.contracts import matrix, written
from firstline.contracts.models import ContractVersion, Service
from firstline.lib import clock
from firstline.people.models import Person
from firstline.sla.reading import Segment
from firstline.sla.trial import WAITS, Sample, Tried, tried
from firstline.web.clock_faces import METRICS
from firstline.web.manager import shown
from firstline.web.manager.choices import PRIORITIES, TYPES
from firstline.web.manager.door import door, version_for
from firstline.web.manager.words import Speaker

LEAST = timedelta(seconds=30)  # a shorter stretch is not worth a word
MOST_SAID = 14  # stretches in words; a longer life is told by its beginning and its end


@require_safe
@door("see contracts")
def fragment(request: HttpRequest, person: Person, slug: str, number: int) -> HttpResponse:
    """GET …/trial/?at=2026-11-27T23:40&priority=1: the answer alone, for the page to swap in."""
    found = version_for(person, slug, number)
    return render(request, "web/manager/_tried.html", context(request, found, clock.now()))


def context(request: HttpRequest, version: ContractVersion, now: datetime) -> dict[str, Any]:
    """The form as it was filled in (else: now), and what it gives."""
    zone = ZoneInfo(version.calendar.time_zone)
    given = request.GET
    at = _moment(given.get("at"), zone) or now.astimezone(zone).replace(second=0, microsecond=0)
    since, until = _moment(given.get("since"), zone), _moment(given.get("until"), zone)
    what = given.get("wait", "")
    problem = ""
    pauses: tuple[tuple[str, datetime, datetime], ...] = ()
    if given.get("at") and _moment(given.get("at"), zone) is None:
        problem = _("This is not a date with a time.")
    if what in WAITS:
        if since is None or until is None or not at <= since < until:
            problem = problem or _("The wait begins after the ticket and ends after it began.")
        else:
            pauses = ((what, since, until),)
    priority = int(given["priority"]) if given.get("priority") in {"1", "2", "3", "4"} else 3
    kind = given["type"] if given.get("type") in TYPES else "incident"
    service = Service.objects.filter(slug=given.get("service", "")).first()
    sample = Sample(at, priority, kind, service.slug if service else "", pauses)
    return {
        "sample": sample, "sample_at": f"{at:%Y-%m-%dT%H:%M}", "sample_zone": version.calendar.time_zone,
        "sample_wait": what, "sample_problem": problem,
        "sample_since": f"{since:%Y-%m-%dT%H:%M}" if since else "",
        "sample_until": f"{until:%Y-%m-%dT%H:%M}" if until else "",
        "sample_types": TYPES.items(), "sample_priorities": PRIORITIES.items(),
        "sample_services": Service.objects.all(),
        "tried": [] if problem else _answers(version, sample, zone, now),
    }  # fmt: skip


def _answers(version: ContractVersion, sample: Sample, zone: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    terms = written.terms_of(version)
    said = shown.speaker(terms)
    return [_answer(one, sample, zone, terms, said) for one in tried(version, sample, known_at=now)]


def _answer(one: Tried, sample: Sample, zone: ZoneInfo, terms: dict[str, Any], said: Speaker) -> dict[str, Any]:
    row = matrix.winner(
        terms.get("target", ()), metric=one.metric, priority=sample.priority, type=sample.type, service=sample.service
    )
    own = said.length(one.minutes, one.calendar)
    return {
        "metric": METRICS[one.metric],
        "length": own,
        "minutes": one.minutes,
        "due": "" if one.due_at is None else moment(one.due_at, zone),
        "winner": _wins(row, said),
        "calendar": said.name(one.calendar),
        "segments": _told(one.segments, zone),
        "bar": _bar(one.segments),
    }


def _wins(row: Any, said: Speaker) -> str:
    """Which row gave the answer."""
    if row is None:
        return ""
    about = [said.scope(row)] if said.scope(row) else []
    if row.get("priority"):
        about.insert(0, _("priority %(number)d") % {"number": row["priority"]})
    if not about:
        return _("by the row for every ticket")
    return _("by the row for: %(what)s") % {"what": ", ".join(about)}


def _told(segments: list[Segment], zone: ZoneInfo) -> list[dict[str, str]]:
    told = [
        {
            "kind": one.kind,
            "from": moment(one.start, zone),
            "to": moment(one.end, zone),
            "words": _stretch(one),
        }
        for one in segments
        if one.end - one.start >= LEAST
    ]
    if len(told) > MOST_SAID:
        left_out = {"kind": "gap", "from": "", "to": "", "words": "…"}
        told = [*told[: MOST_SAID - 3], left_out, *told[-2:]]
    return told


def _stretch(one: Segment) -> str:
    time = Speaker(shown.language()).length(max(1, round(one.minutes)))  # of the wall: nothing of a calendar
    patterns = {
        "ran": pgettext("stretch of time", "ran %(time)s"),
        "closed": pgettext("stretch of time", "closed %(time)s"),
        "paused": {
            "client": pgettext("stretch of time", "waited for the client %(time)s"),
            "vendor": pgettext("stretch of time", "waited for the vendor %(time)s"),
        }.get(one.reason, pgettext("stretch of time", "on hold %(time)s")),
    }
    return patterns.get(one.kind, pgettext("stretch of time", "solved %(time)s")) % {"time": time}


def _bar(segments: list[Segment]) -> list[dict[str, Any]]:
    """The stretches as shares of the whole, in percent, for a drawing; the words beside it say the same."""
    if not segments:
        return []
    whole = (segments[-1].end - segments[0].start).total_seconds() or 1.0
    bars, left = [], 0.0
    for one in segments:
        width = 100 * (one.end - one.start).total_seconds() / whole
        bars.append({"kind": one.kind, "x": f"{left:.3f}", "width": f"{width:.3f}"})
        left += width
    return bars


def moment(at: datetime, zone: ZoneInfo) -> str:
    """ "Fri 27.11.2026 23:40", in the calendar's zone."""
    local = at.astimezone(zone)
    return f"{formats.date_format(local, 'D')} {local:%d.%m.%Y %H:%M}"


def _moment(given: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(given or "")
    except ValueError:
        return None
    return found.replace(tzinfo=zone) if found.tzinfo is None and 1990 < found.year < 2200 else None
