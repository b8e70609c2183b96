"""DKIM signatures of a letter (RFC 6376), checked with keys that were fetched before: no name server is asked here.

It runs in a confined child: the letter is a stranger's, and reading it costs what he wants it to cost.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

MOST_SIGNATURES = 5
ALGORITHMS = (b"rsa-sha256", b"ed25519-sha256")
PASS, FAIL, NEUTRAL, TEMPERROR, PERMERROR = "pass", "fail", "neutral", "temperror", "permerror"
_SIZE = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature says of itself: which domain signs, with the key at `key_name`."""

    domain: str
    key_name: str


def signatures(trace: Sequence[tuple[str, str]]) -> list[Signature]:
    """The first signatures of a letter, in their order; what cannot be read has no key."""
    found: list[Signature] = []
    for name, value in trace:
        if name == "dkim-signature" and len(found) < MOST_SIGNATURES:
            tags = _tags(value.encode("latin-1", "replace"))
            domain, selector = _text(tags.get(b"d")), _text(tags.get(b"s"))
            found.append(Signature(domain, f"{selector}._domainkey.{domain}" if domain and selector else ""))
    return found


def pack(raw: bytes, keys: Mapping[str, str | None]) -> bytes:
    """The letter and the records of its keys, for the child: None where no server answered."""
    head = json.dumps(keys).encode()
    return _SIZE.pack(len(head)) + head + raw


def check_packed(data: bytes) -> list[str]:
    """What the child runs: the result of each signature."""
    (size,) = _SIZE.unpack_from(data)
    keys = json.loads(data[_SIZE.size : _SIZE.size + size])
    return check(data[_SIZE.size + size :], keys)


def check(raw: bytes, keys: Mapping[str, str | None]) -> list[str]:
    """The results of the first signatures, in their order. Never raises."""
    try:
        letter = dkim.DKIM(raw)
        written = [value for name, value in letter.headers if name.lower() == b"dkim-signature"]
    except (dkim.DKIMException, IndexError, ValueError):
        return []
    return [_one(letter, number, _tags(value), keys) for number, value in enumerate(written[:MOST_SIGNATURES])]


def _one(letter: Any, number: int, tags: dict[bytes, bytes], keys: Mapping[str, str | None]) -> str:
    domain, selector = _text(tags.get(b"d")), _text(tags.get(b"s"))
    signed = [name.strip().lower() for name in tags.get(b"h", b"").split(b":")]
    if not domain or not selector or tags.get(b"a", b"").lower() not in ALGORITHMS or b"from" not in signed:
        return PERMERROR
    if b"l" in tags:
        return NEUTRAL  # whatever somebody adds below the length that was signed would be proven too
    record = keys.get(f"{selector}._domainkey.{domain}", "")
    if record is None:
        return TEMPERROR
    of_key = _tags(record.encode("latin-1", "replace"))
    flags = of_key.get(b"t", b"").lower().replace(b" ", b"").split(b":")
    if b"y" in flags:
        return NEUTRAL  # its owner is only trying it out
    if not of_key.get(b"p") or not {b"*", b"email"} & set(of_key.get(b"s", b"*").replace(b" ", b"").split(b":")):
        return PERMERROR
    if b"s" in flags and b"i" in tags and tags[b"i"].lower().rpartition(b"@")[2] != tags[b"d"].lower():
        return PERMERROR
    try:
        is_good = letter.verify(idx=number, dnsfunc=lambda _name, timeout=0: record.encode("latin-1", "replace"))
    except dkim.ValidationError:
        return FAIL
    except dkim.DKIMException:
        return PERMERROR
    except Exception:  # noqa: BLE001 - the library meets a stranger's letter: whatever it stumbles over is no proof
        return PERMERROR
    return PASS if is_good else FAIL


def _tags(value: bytes) -> dict[bytes, bytes]:
    try:
        found: dict[bytes, bytes] = parse_tag_value(value)
    except (InvalidTagValueList, ValueError):
        return {}
    return found


def _text(value: bytes | None) -> str:
    text = (value or b"").decode("ascii", "replace").strip().rstrip(".").lower()
    return text if text and all(sign.isalnum() or sign in "-_." for sign in text) and text.isascii() else ""
