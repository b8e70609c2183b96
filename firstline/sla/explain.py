"""A clock explained: what ran when, in words that a client can check with a calendar in his hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstline.sla import clocks
from firstline.sla.reading import Reading, Segment
from firstline.tickets.models import Ticket

LEAST_MINUTES = 1 / 60  # shorter stretches are not worth a word


def explain(ticket: Ticket, at: datetime) -> list[dict[str, Any]]:
    """Every clock of the ticket with its segments, and the same in words of the active language."""
    calendar = ticket.contract.calendar if ticket.contract else None
    zone = ZoneInfo(calendar.time_zone if calendar else settings.TIME_ZONE)
    return [_explained(ticket, reading, zone) for reading in clocks.read(ticket, at=at)]


def _explained(ticket: Ticket, reading: Reading, zone: ZoneInfo) -> dict[str, Any]:
    segments = [segment for segment in reading.segments if segment.minutes >= LEAST_MINUTES]
    words = [_("Created %(moment)s") % {"moment": _moment(reading.started_at, zone)}, *map(_words, segments)]
    if reading.state == "running" and reading.due_at:
        words.append(_("Due %(moment)s") % {"moment": _moment(reading.due_at, zone)})
    elif reading.state == "met" and reading.verdict_at:
        words.append(_("Kept on %(moment)s") % {"moment": _moment(reading.verdict_at, zone)})
    elif reading.state == "breached" and reading.verdict_at:
        words.append(_("Broken since %(moment)s") % {"moment": _moment(reading.verdict_at, zone)})
    if ticket.contract:
        words.append(
            _("Contract %(contract)s, version %(version)s")
            % {"contract": ticket.contract.contract.slug, "version": ticket.contract.number}
        )
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
                "reason": segment.reason or None,
                "minutes": round(segment.minutes, 2),
            }
            for segment in segments
        ],
        "words": " · ".join(words),
    }


def _words(segment: Segment) -> str:
    minutes = round(segment.minutes)
    if segment.kind == "ran":
        return ngettext("ran for %(minutes)d minute", "ran for %(minutes)d minutes", minutes) % {"minutes": minutes}
    if segment.kind == "closed":
        return ngettext("closed for %(minutes)d minute", "closed for %(minutes)d minutes", minutes) % {
            "minutes": minutes
        }
    if segment.kind == "solved":
        return ngettext("solved for %(minutes)d minute", "solved for %(minutes)d minutes", minutes) % {
            "minutes": minutes
        }
    waited = {
        "client": ngettext(
            "waited for the client for %(minutes)d minute", "waited for the client for %(minutes)d minutes", minutes
        ),
        "vendor": ngettext(
            "waited for the vendor for %(minutes)d minute", "waited for the vendor for %(minutes)d minutes", minutes
        ),
    }
    on_hold = ngettext("on hold for %(minutes)d minute", "on hold for %(minutes)d minutes", minutes)
    return waited.get(segment.reason, on_hold) % {"minutes": minutes}


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "D d.m.Y H:i")
