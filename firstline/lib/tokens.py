"""Secrets that travel: random tokens kept as hashes, and signatures over what must not be forged."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import dataclass

SIGNATURE_BYTES = 16  # 128 bits: research/reliability_security.md B10, E1


def new_token() -> str:
    """A fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is stored of a token: enough to recognise it, useless to whoever reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(key: str, purpose: str, *parts: str) -> str:
    """A 128-bit HMAC in hex over `parts`, bound to a purpose so that one kind never passes for another."""
    text = "\x1f".join((purpose, *parts))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[: SIGNATURE_BYTES * 2]


def is_signature(key: str, given: str, purpose: str, *parts: str) -> bool:
    """Constant time, fixed length: a shortened or lengthened signature is no signature (E2)."""
    expected = signature(key, purpose, *parts)
    return len(given) == len(expected) and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


@dataclass(frozen=True)
class OwnMessageId:
    """What one of our own Message-IDs says."""

    delivery: str
    ticket: int


_OURS = re.compile(r"<?fl\.([0-9a-f]{32})\.(\d{1,15})\.([0-9a-f]{32})@[^<>\s@]{1,255}>?")


def message_id(key: str, *, delivery: uuid.UUID, ticket: int, domain: str) -> str:
    """The Message-ID of a mail out: names its delivery and ticket (0 for none) and carries an HMAC over both."""
    signed = signature(key, "message-id", delivery.hex, str(ticket))
    return f"<fl.{delivery.hex}.{ticket}.{signed}@{domain}>"


def read_message_id(key: str, given: str) -> OwnMessageId | None:
    """The delivery and ticket of a Message-ID that we made, or None for all others and for forgeries."""
    match = _OURS.fullmatch(given.strip())
    if match is None or not is_signature(key, match[3], "message-id", match[1], match[2]):
        return None
    return OwnMessageId(match[1], int(match[2]))
