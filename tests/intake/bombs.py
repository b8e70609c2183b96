"""What a reading child runs in tests: the real thing, but for letters that say `X-Bomb`. Knows no Django."""

from __future__ import annotations

import os
import signal
from typing import Any

from firstline.intake import inspect_letter


def hang(raw: bytes) -> dict[str, Any]:
    """Never ends."""
    while b"X-Bomb" in raw:
        pass
    return inspect_letter.plain_letter(raw)


def die(raw: bytes) -> dict[str, Any]:
    """Is killed."""
    if b"X-Bomb" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return inspect_letter.plain_letter(raw)


def grow(raw: bytes) -> dict[str, Any]:
    """Takes all memory it may."""
    kept = []
    while b"X-Bomb" in raw:
        kept.append(bytearray(64 * 1024 * 1024))
    return inspect_letter.plain_letter(raw)
