"""The plan as a calendar that programs fetch (RFC 5545): of a person or a team, behind a signed address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from firstline.lib import tokens
from firstline.lib.periods import Period
from firstline.people.models import Person, Team
from firstline.roster.models import Turn
from firstline.roster.shifts import zone_of
from firstline.roster.week import turns

PURPOSE = "roster calendar"
BACK, AHEAD = timedelta(days=30), timedelta(days=90)
_SHAPE = re.compile(r"([pt])([1-9][0-9]{0,14})\.([0-9a-f]+)")


@dataclass(frozen=True)
class Words:
    """What the kinds of turns are called in the reader's language; `name` is the calendar's."""

    name: str
    of_kind: dict[str, str]


def url(whose: Person | Team) -> str:
    """The secret address, in full."""
    kind = "p" if isinstance(whose, Person) else "t"
    signed = tokens.signature(settings.SECRET_KEY, PURPOSE, kind, str(whose.pk))
    return f"{settings.FIRSTLINE_BASE_URL}/roster/{kind}{whose.pk}.{signed}.ics"


def whose(token: str) -> Person | Team | None:
    """Whose calendar it is; None for anything that we did not sign, and for who does not work here any more."""
    match = _SHAPE.fullmatch(token)
    if match is None or not tokens.is_signature(settings.SECRET_KEY, match[3], PURPOSE, match[1], match[2]):
        return None
    if match[1] == "t":
        return Team.objects.filter(pk=int(match[2])).first()
    return Person.objects.filter(pk=int(match[2]), is_active=True).first()


def written(owner: Person | Team, words: Words, at: datetime) -> tuple[bytes, str]:
    """The calendar and what tells this version from others (an ETag)."""
    within = Period(at - BACK, at + AHEAD)
    rows = turns(within).select_related("person")
    rows = rows.filter(person=owner) if isinstance(owner, Person) else rows.filter(
        pk__in=[*_of_team(owner, within)]
    )  # fmt: skip
    zone = zone_of(owner if isinstance(owner, Person) else None)
    made = Calendar()
    made.add("prodid", "-//Firstline//Roster//EN")
    made.add("version", "2.0")
    made.add("name", words.name)
    made.add("x-wr-calname", words.name)
    made.add("x-wr-timezone", zone.key)
    for turn in rows:
        made.add_component(_event(turn, words, zone, with_name=isinstance(owner, Team)))
    made.add_missing_timezones()
    content = made.to_ical()
    return content, hashlib.sha256(content).hexdigest()[:32]


def _of_team(team: Team, within: Period) -> Iterable[int]:
    own = turns(within).filter(person__team=team).exclude(kind=Turn.Kind.ON_CALL)
    called = turns(within).filter(team=team)
    return {*own.values_list("pk", flat=True), *called.values_list("pk", flat=True)}


def _event(turn: Turn, words: Words, zone: ZoneInfo, *, with_name: bool) -> Event:
    event = Event()
    host = urlsplit(settings.FIRSTLINE_BASE_URL).hostname or "firstline"
    event.add("uid", f"{turn.kind}-{turn.person_id}-{turn.position}-{turn.starts_at:%Y%m%dT%H%M}@{host}")
    event.add("dtstamp", turn.starts_at)
    event.add("dtstart", turn.starts_at.astimezone(zone))
    event.add("dtend", turn.ends_at.astimezone(zone))
    title = words.of_kind[turn.kind]
    event.add("summary", f"{turn.person.name}: {title}" if with_name else title)
    event.add("transp", "TRANSPARENT" if turn.kind == Turn.Kind.ON_CALL else "OPAQUE")
    return event
