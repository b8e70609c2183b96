"""What is kept as it is because nobody here could read it: encrypted parts, and pieces of a letter sent in several."""

from __future__ import annotations

_ENVELOPED = (
    bytes.fromhex("06092a864886f70d010703"),  # EnvelopedData, RFC 5652 §6
    bytes.fromhex("060b2a864886f70d0109100117"),  # AuthEnvelopedData, RFC 5083
)
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


def why(kind: str, content: bytes) -> str | None:
    """The defect of a part of this MIME type, or None: encrypted for a recipient's key (RFC 8551 §3.3, RFC 3156 §4),
    or one of several letters that are one (RFC 2046 §5.2.2)."""
    if kind in _SMIME and any(mark in content[:40] for mark in _ENVELOPED):
        return "encrypted-smime"
    if kind == "application/pgp-encrypted":
        return "encrypted-pgp"
    return "one-piece-of-several" if kind == "message/partial" else None
