"""What an invitation says, for people: the first events of an iCalendar part (RFC 5545). Bounded, never raises."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from firstline.intake.reading import charsets

LARGEST = 500_000
_MOST_LINES = 20_000
_MOST_EVENTS = 20
_MOST_PEOPLE = 50


@dataclass(slots=True)
class Appointment:
    """``begins`` as written, in ``zone``; ``ends`` in ``ends_zone``: ``UTC``, an Olson name, Outlook's, or empty."""

    method: str = ""
    summary: str = ""
    place: str = ""
    organiser: str = ""
    begins: datetime | date | None = None
    ends: datetime | date | None = None
    zone: str = ""
    ends_zone: str = ""
    repeats: bool = False
    cancelled: bool = False
    invited: tuple[str, ...] = ()
    description: str = ""

    @property
    def period(self) -> str:
        """When, in words that need no language."""
        begins, ends = self.begins, self.ends
        if begins is None:
            return ""
        if not isinstance(begins, datetime):
            return begins.isoformat()
        until = ""
        if isinstance(ends, datetime):
            same = ends.date() == begins.date()
            until = f" – {ends:%H:%M}" if same else f" – {ends:%Y-%m-%d %H:%M}"
        return f"{begins:%Y-%m-%d %H:%M}{until} {self.zone}".rstrip()


_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Za-z0-9-]{1,60})((?:;[^:\"]{0,500}(?:\"[^\"]{0,500}\"[^:\"]{0,500})*)?):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([A-Za-z0-9-]{1,40})=(?:\"([^\"]{0,500})\"|([^;:\"]{0,500}))")
_ESCAPE = re.compile(r"\\([nN,;\\])")


def read(text: str) -> list[Appointment]:
    """The appointments in an iCalendar text, in order; none where it is no such text."""
    out: list[Appointment] = []
    method, inside, current = "", 0, Appointment()
    for line in _FOLD.sub("", text[:LARGEST].replace("\r\n", "\n")).split("\n")[:_MOST_LINES]:
        found = _LINE.match(line[:5_000])
        if found is None:
            continue
        name, value = found.group(1).upper(), found.group(3).strip()
        if name == "BEGIN" and value.upper() in ("VEVENT", "VTODO") and not inside:
            current, inside = Appointment(method=method), 1
        elif name == "BEGIN" and inside:
            inside += 1
        elif name == "END" and inside:
            inside -= 1
            if not inside:
                out.append(current)
                if len(out) >= _MOST_EVENTS:
                    break
        elif name == "METHOD" and not inside:
            method = value.upper()[:20]
        elif inside == 1:
            _take(current, name, _parameters(found.group(2)), value)
    return out


def _parameters(written: str) -> dict[str, str]:
    return {name.upper(): quoted or plain for name, quoted, plain in _PARAMETER.findall(written)}


def _take(event: Appointment, name: str, parameters: dict[str, str], value: str) -> None:
    if name == "SUMMARY":
        event.summary = _words(value)[:500]
    elif name == "LOCATION":
        event.place = _words(value)[:500]
    elif name == "DESCRIPTION":
        event.description = _words(value)[:20_000]
    elif name == "ORGANIZER":
        event.organiser = _person(parameters, value)
    elif name == "ATTENDEE" and len(event.invited) < _MOST_PEOPLE:
        event.invited = (*event.invited, _person(parameters, value))
    elif name in ("DTSTART", "DTEND", "DUE"):
        zone = "UTC" if value.upper().endswith("Z") else parameters.get("TZID", "")[:80]
        if name == "DTSTART":
            event.begins, event.zone = _moment(value), zone
        else:
            event.ends, event.ends_zone = _moment(value), zone
    elif name == "RRULE":
        event.repeats = True
    elif name == "STATUS":
        event.cancelled = value.upper() == "CANCELLED"


def _words(value: str) -> str:
    text = _ESCAPE.sub(lambda sign: "\n" if sign.group(1) in "nN" else sign.group(1), value)
    return charsets.clean(text).strip()


def _person(parameters: dict[str, str], value: str) -> str:
    """ "Name <address>"."""
    address = re.sub(r"(?i)^mailto:", "", value.strip())[:200]
    name = charsets.clean(parameters.get("CN", "")).strip()[:200]
    return f"{name} <{address}>" if name and name.lower() != address.lower() else address


def _moment(value: str) -> datetime | date | None:
    try:
        if "T" not in value.upper():
            return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
        # Its zone stands beside it.
        return datetime.strptime(f"{value[:8]}{value[9:13]}", "%Y%m%d%H%M")  # noqa: DTZ007
    except ValueError:
        return None


def as_text(events: list[Appointment]) -> str:
    """The appointments in words that need no language: what, when, where, who."""
    return "\n\n".join(filter(None, map(_as_text, events)))


def _as_text(event: Appointment) -> str:
    lines = [event.summary, event.period, event.place, event.organiser]
    if event.description and event.description != event.summary:
        lines += ["", event.description]
    return "\n".join(lines).strip() if event.description else "\n".join(line for line in lines if line)
