"""What a glance at the head of a letter tells before anybody understands it: whose it seems to be, and which
conversation it seems to belong to.

It only puts what waits in order (`whose_turn`); nothing is decided by it. So it may be wrong, must be quick (the door
does it for every letter) and never fails: one walk over the lines of the first kilobytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

LOOKED_AT = 16 * 1024
LONGEST = 2 * 1024  # of one header
_FIELDS = frozenset({b"from", b"message-id", b"in-reply-to", b"references"})
_INITIALS = frozenset(one[:1] for name in _FIELDS for one in (name, name.upper()))
_ADDRESS = re.compile(rb"[^\s<>\"(),:;@]{1,128}@[^\s<>\"(),:;@]{1,255}")
_ID = re.compile(rb"<[^<>\s]{1,998}>")
_OURS = re.compile(rb"<fl\.[0-9a-f]{32}\.(\d{1,15})\.[0-9a-f]{32}@")


@dataclass(frozen=True)
class Glance:
    """`lane`: the same for all letters of one sender. `thread`: the same for a letter and its answers, as far as one
    can see."""

    lane: str
    thread: str


def at(raw: bytes, *, source: str) -> Glance:
    """Where nobody is named, the road it came by (`source`) stands for the sender."""
    found = _fields(raw[:LOOKED_AT])
    senders = _ADDRESS.findall(found.get(b"from", b""))
    return Glance(lane=_short(senders[-1].lower() if senders else source.encode()), thread=_thread(found))


def lane_of(source: str) -> str:
    """Of what is no letter: forms and calls come by the name of whoever sent them."""
    return _short(source.encode())


def _fields(start: bytes) -> dict[bytes, bytes]:
    """The first of each header that is of interest, with its folded lines."""
    found: dict[bytes, bytes] = {}
    name = b""
    for line in start.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if name and len(found[name]) < LONGEST:
                found[name] += line
            continue
        if not line or line == b"\r":
            break
        name = b""
        if line[:1] in _INITIALS:
            written, _, value = line.partition(b":")
            if (field := written.lower()) in _FIELDS and field not in found:
                name = field
                found[name] = value[:LONGEST]
    return found


def _thread(found: dict[bytes, bytes]) -> str:
    """Our ticket where a letter of ours is named, else the first letter of the conversation."""
    answered = found.get(b"references", b"") + found.get(b"in-reply-to", b"")
    ours = _OURS.search(answered)
    if ours is not None and int(ours[1]):
        return f"ticket:{int(ours[1])}"
    ids = _ID.findall(answered) or _ID.findall(found.get(b"message-id", b""))
    return _short(ids[0]) if ids else ""


def _short(name: bytes) -> str:
    return hashlib.blake2b(name, digest_size=8).hexdigest()
