"""A clock explained: what ran when, in words that a client can check with a calendar in his hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from firstline.calendars.timetables import timetable_of
from firstline.contracts.models import Metric
from firstline.lib.durations import in_hours
from firstline.sla import clocks
from firstline.sla.attribution import Attribution, attribute
from firstline.sla.reading import Reading, Segment
from firstline.tickets.models import Kind, Ticket

MINUTE = timedelta(minutes=1)
LEAST_MINUTES = 1  # shorter stretches are not worth a word: they would be 0 min
SATURDAY = 5
MOST_PIECES = 14  # a longer story is told with the nights folded into the days


@dataclass(frozen=True)
class Explained:
    """A clock and its story, piece by piece; `is_newest` of a clock that comes again and again."""

    reading: Reading
    pieces: list[str]
    is_newest: bool

    @property
    def words(self) -> str:
        return " · ".join(self.pieces)


def readings(ticket: Ticket, at: datetime) -> list[Explained]:
    """Every clock of the ticket with its story in the active language."""
    zone, contract = zone_of(ticket), _contract(ticket)
    found = clocks.standing(ticket, list(ticket.clocks.all()), clocks.read(ticket, at=at), at=at)
    newest = {reading.metric: reading.opened_by for reading in found}
    return [
        Explained(one, [*_story(one, zone), *contract], one.opened_by == newest[one.metric])
        for one in sorted(found, key=lambda one: (clocks.ORDER[one.metric], one.started_at))
    ]


def explain(ticket: Ticket, at: datetime) -> list[dict[str, Any]]:
    """Every clock of the ticket with its segments, and the same in words of the active language."""
    return [_shape(ticket, one) for one in readings(ticket, at)]


def whose_time(ticket: Ticket, at: datetime) -> Attribution | None:
    """Who used the client's minutes, by the calendar of the contract; None where there is none."""
    if ticket.contract is None:
        return None
    kinds = [*clocks.READ, Kind.ASSIGNED]
    facts = clocks.facts_of(ticket, ticket.events.filter(kind__in=kinds))
    return attribute(facts, timetable_of(ticket.contract.calendar), at)


def zone_of(ticket: Ticket) -> ZoneInfo:
    """The zone of the contract's calendar: by its wall clock the hours are promised."""
    calendar = ticket.contract.calendar if ticket.contract else None
    return ZoneInfo(calendar.time_zone if calendar else settings.TIME_ZONE)


def _shape(ticket: Ticket, one: Explained) -> dict[str, Any]:
    reading = one.reading
    return {
        "ticket": ticket.number,
        "metric": reading.metric,
        "state": reading.state,
        "target_minutes": round(reading.target_minutes),
        "consumed_minutes": round(reading.consumed_minutes, 2),
        "calendar": reading.promise.calendar,
        "started_at": reading.started_at.isoformat(),
        "due_at": reading.due_at.isoformat() if reading.due_at else None,
        "verdict_at": reading.verdict_at.isoformat() if reading.verdict_at else None,
        "segments": [
            {
                "from": segment.start.isoformat(),
                "to": segment.end.isoformat(),
                "kind": segment.kind,
                "reason": segment.reason,
                "party": segment.party,
                "minutes": round(segment.minutes, 2),
            }
            for segment in reading.segments
        ],
        "words": one.words,
    }


def _contract(ticket: Ticket) -> list[str]:
    if ticket.contract is None:
        return []
    named = {"contract": str(ticket.contract.contract), "version": ticket.contract.number}
    return [_("contract %(contract)s, version %(version)s") % named]


def _story(reading: Reading, zone: ZoneInfo) -> list[str]:
    begun = _("Since %(moment)s") if reading.opened_by else _("Created %(moment)s")
    told = [begun % {"moment": _moment(reading.started_at, zone)}]
    segments = [segment for segment in reading.segments if segment.minutes >= LEAST_MINUTES]
    told += _told(segments, zone)
    if reading.state == "running" and reading.due_at:
        told.append(_("due %(moment)s") % {"moment": _moment(reading.due_at, zone)})
    elif reading.state == "running":
        told.append(_("no deadline: the calendar has no hours left"))
    elif reading.state == "paused":
        left = max(reading.promise.target - reading.consumed, timedelta())
        told.append(_("the clock stands with %(left)s left") % {"left": in_hours(left)})
    elif reading.state == "breached" and reading.verdict_at:
        told.append(_("broken since %(moment)s") % {"moment": _moment(reading.verdict_at, zone)})
    elif reading.state != "met":
        told.append(_("not counted any more"))
    return [*told, *_end(reading, zone)]


def _end(reading: Reading, zone: ZoneInfo) -> list[str]:
    """When it was done, and how long before or after its deadline, in the time of the calendar."""
    if reading.stopped_at is None or reading.state not in ("met", "breached"):
        return []
    solved = reading.metric == Metric.RESOLUTION
    done = pgettext("clock", "solved %(moment)s") if solved else pgettext("clock", "done %(moment)s")
    words = done % {"moment": _moment(reading.stopped_at, zone)}
    left = reading.promise.target - reading.consumed
    if abs(left) < MINUTE:
        return [words]
    length = in_hours(left)
    if reading.due_at is not None and abs(reading.due_at - reading.stopped_at - left) >= MINUTE:
        length = _("%(length)s of working time") % {"length": length}  # the wall's clock would say something else
    apart = _("%(what)s, %(time)s before due") if left > timedelta() else _("%(what)s, %(time)s late")
    return [apart % {"what": words, "time": length}]


def _told(segments: Sequence[Segment], zone: ZoneInfo) -> list[str]:
    """Each stretch in words; of a long story the nights and weekends are folded into the days between."""
    if len(segments) <= MOST_PIECES:
        return [_words(segment, zone) for segment in segments]
    told: list[str] = []
    for hours, those in groupby(segments, key=lambda one: one.kind in ("ran", "closed")):
        some = list(those)
        if not hours or len(some) <= 2:
            told += [_words(segment, zone) for segment in some]
            continue
        ran = sum((one.end - one.start for one in some if one.kind == "ran"), timedelta())
        told.append(
            _("ran for %(length)s until %(moment)s, without nights and closed days")
            % {"length": in_hours(ran), "moment": _moment(some[-1].end, zone)}
        )
    return told


def _words(segment: Segment, zone: ZoneInfo) -> str:
    length = {"length": in_hours(segment.end - segment.start)}
    if segment.kind == "ran":
        return _("ran for %(length)s") % length
    if segment.kind == "closed":
        return _closed(segment, zone) % length
    if segment.kind == "solved":
        return _("was solved for %(length)s") % length
    by_party = {
        "client": _("waited for the client for %(length)s"),
        "vendor": _("waited for the vendor for %(length)s"),
        "force_majeure": _("stood still for %(length)s, through nobody's fault"),
    }
    if segment.reason == "hold" and segment.party == "client":
        return _("on hold for %(length)s") % length
    return by_party.get(segment.party, _("paused for %(length)s")) % length


def _closed(segment: Segment, zone: ZoneInfo) -> str:
    """A break, a night, a weekend, a holiday: by the whole days that lie in it."""
    first, last = (moment.astimezone(zone).date() for moment in (segment.start, segment.end))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days)]
    if first == last:
        return _("closed for %(length)s")
    if not days:
        return _("closed overnight")
    free = sum(day.weekday() < SATURDAY for day in days)
    if not free:
        return _("closed for the weekend")
    if free == len(days):
        return ngettext("closed for a holiday", "closed for holidays", free)
    return ngettext("closed for the weekend and a holiday", "closed for the weekend and holidays", free)


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "D d.m.Y H:i")
