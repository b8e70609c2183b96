"""What a telephone exchange tells of a call: taken, then understood (intake.exchange_calls says what follows).

A number is what it always is: it names whose call it is and never gives an agent's rights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from firstline.intake import acceptance
from firstline.intake.acceptance import NotDurable
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.post.models import Trunk
from firstline.tickets.refusals import WrongValue

__all__ = ["NotDurable", "Told", "accept", "told"]

KIND = "call"
RINGING, ANSWERED, MISSED, ENDED = "ringing", "answered", "missed", "ended"
EVENTS = (RINGING, ANSWERED, MISSED, ENDED)
LONGEST = {"id": 100, "from": 200, "to": 200, "agent": 254, "at": 40, "recording_url": 1000}
LONGEST_CALL = 24 * 60 * 60


@dataclass(frozen=True)
class Told:
    """One event of a call; `at` is the exchange's clock, never ahead of ours."""

    trunk: int
    id: str
    event: str
    number: str
    to: str
    agent: str
    at: datetime
    seconds: int | None
    recording_url: str


def accept(trunk: Trunk, said: Mapping[str, Any], raw: bytes) -> Inbound:
    """The event, durable, still to be understood; its id and its event make a retry harmless. Raises WrongValue,
    NotDurable."""
    checked(said)
    source, key = f"{KIND}:{trunk.pk}", f"{said['id'].strip()}:{said['event']}"
    first = acceptance.first_of(source, key)
    if first is not None:
        return first
    return acceptance.accept(kind=KIND, raw=raw, source=source, source_key=key, at=clock.now())


def told(row: Inbound) -> Told:
    """What a kept row says."""
    said = json.loads(acceptance.bytes_of(row))
    text = {name: (said.get(name) or "").replace("\x00", "").strip() for name in LONGEST}
    at = _moment(text["at"]) or row.received_at
    return Told(
        trunk=int(row.source.partition(":")[2]), id=text["id"], event=said["event"], number=text["from"], to=text["to"],
        agent=text["agent"], at=min(at, row.received_at), seconds=said.get("seconds"),
        recording_url=text["recording_url"],
    )  # fmt: skip


def checked(said: Mapping[str, Any]) -> None:
    """Raises WrongValue, named after the field. Who hides his number may leave `from` out; null is left out. What an
    exchange says beyond our fields is kept and not asked for: no call is lost because it learnt a new one."""
    for name, longest in LONGEST.items():
        given = said.get(name)
        if given is not None and (not isinstance(given, str) or len(given) > longest):
            raise WrongValue(name, f"a text of at most {longest} characters")
    if not (said.get("id") or "").replace("\x00", "").strip():
        raise WrongValue("id", "empty")
    if said.get("event") not in EVENTS:
        raise WrongValue("event", ", ".join(EVENTS))
    if (said.get("at") or "").strip() and _moment(said["at"]) is None:
        raise WrongValue("at", "a time with its offset")
    seconds = said.get("seconds")
    if seconds is not None and (type(seconds) is not int or not 0 <= seconds <= LONGEST_CALL):
        raise WrongValue("seconds", f"0 to {LONGEST_CALL}")
    url = (said.get("recording_url") or "").strip()
    if url and not url.startswith(("https://", "http://")):
        raise WrongValue("recording_url", "an address")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
