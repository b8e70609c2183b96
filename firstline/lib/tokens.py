"""Secrets that travel: random tokens kept as hashes, and signatures over what must not be forged."""

from __future__ import annotations

import base64
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


# ---- addresses of ours that carry a token behind a plus --------------------------------------------


@dataclass(frozen=True)
class OwnAddress:
    """What one of our own tagged addresses says. `ticket` is 0 for a return address, which names its delivery only."""

    delivery: int
    ticket: int = 0
    is_return: bool = False


LONGEST_LOCAL = 64  # RFC 5321 §4.5.3.1.1
_TAG = re.compile(r"t(\d{1,15})\.(\d{1,15})\.([a-z2-7]{26})|b(\d{1,15})\.([a-z2-7]{26})")


def reply_address(key: str, mailbox: str, *, ticket: int, delivery: int) -> str:
    """Where answers to a delivery about a ticket go: `desk+t1042.88.SIGNATURE@…`; the mailbox itself where a server
    would not take so long a name."""
    return _tagged(mailbox, f"t{ticket}.{delivery}.{_short(key, 'reply-to', str(ticket), str(delivery))}")


def return_address(key: str, mailbox: str, *, delivery: int) -> str:
    """Where a delivery that cannot be handed over comes back to: `desk+b88.SIGNATURE@…` (VERP)."""
    return _tagged(mailbox, f"b{delivery}.{_short(key, 'return-path', str(delivery))}")


def read_address(key: str, given: str) -> OwnAddress | None:
    """What a tagged address of ours says, or None for all others and for forgeries."""
    local, _at, domain = given.strip().lower().rpartition("@")
    match = _TAG.fullmatch(local.partition("+")[2]) if domain else None
    if match is None:
        return None
    if match[1] is not None:
        if not _same(match[3], _short(key, "reply-to", match[1], match[2])):
            return None
        return OwnAddress(int(match[2]), int(match[1]))
    return OwnAddress(int(match[4]), is_return=True) if _same(match[5], _short(key, "return-path", match[4])) else None


def untagged(address: str) -> str:
    """A tagged address of ours as its mailbox; any other address as it is."""
    local, _at, domain = address.strip().rpartition("@")
    name, _plus, tag = local.partition("+")
    return f"{name}@{domain}" if name and _TAG.fullmatch(tag.lower()) else address.strip()


def _tagged(mailbox: str, tag: str) -> str:
    local, _at, domain = mailbox.rpartition("@")
    tagged = f"{local}+{tag}"
    return f"{tagged}@{domain}" if len(tagged) <= LONGEST_LOCAL and "+" not in local else mailbox


def _short(key: str, purpose: str, *parts: str) -> str:
    """The signature in 26 letters that survive servers which change their case."""
    return base64.b32encode(bytes.fromhex(signature(key, purpose, *parts))).decode().rstrip("=").lower()


def _same(given: str, expected: str) -> bool:
    return len(given) == len(expected) and hmac.compare_digest(given.encode(), expected.encode())
