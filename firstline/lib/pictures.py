"""What may be shown in place as a picture: only what the bytes really are. A name and a type are the sender's words."""

from __future__ import annotations

PICTURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
)
KINDS = frozenset(kind for _magic, _at, kind in PICTURES)


def kind_of(content: bytes) -> str | None:
    """The type by the magic bytes, if it is one of the pictures that may be shown."""
    return next((kind for magic, at, kind in PICTURES if content[at : at + len(magic)] == magic), None)
