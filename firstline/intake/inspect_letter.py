"""The inspect line of interfaces.md: one letter as one JSON-able dict, whatever its bytes are."""

import threading
from pathlib import Path
from typing import Any

from firstline.intake.reading import enclosed, headers, letters, mime
from firstline.intake.reading.addresses import Address
from firstline.intake.reading.letters import Letter
from firstline.lib import confined


def line(path: str, raw: bytes) -> dict[str, Any]:
    """The inspect line for the letter ``raw`` that lies at ``path``."""
    return of_letter(path, letters.read(raw))


def of_letter(path: str, letter: Letter) -> dict[str, Any]:
    """The inspect line of a letter that has been read."""
    shown = enclosed.visible(letter)
    return {
        "file": path,
        "message_id": letter.message_id,
        "date": letter.date.isoformat() if letter.date else None,
        "from_email": letter.from_email,
        "from_name": letter.from_name,
        "reply_to": _emails(letter.reply_to),
        "to": _emails(letter.to),
        "cc": _emails(letter.cc),
        "subject": letter.subject,
        "text": shown.text,
        "html": shown.html,
        "reply_text": shown.reply_text,
        "attachments": [
            {
                "name": part.name,
                "content_type": part.content_type,
                "size": part.size,
                "sha256": part.sha256,
                "inline": part.inline,
            }
            for part in letter.attachments
        ],
        "in_reply_to": list(letter.in_reply_to),
        "references": list(letter.references),
        "auto": letter.auto,
        "bounce": letter.bounce._asdict() if letter.bounce else None,
        "defects": list(letter.defects),
    }


def _emails(people: tuple[Address, ...]) -> list[str]:
    return [person.email for person in people]


def plain_line(raw: bytes) -> dict[str, Any]:
    """What the confined child runs: the line without its file."""
    return line("", raw)


def plain_letter(raw: bytes) -> dict[str, Any]:
    """What the confined child of the intake runs: the whole letter, attachments as bytes."""
    return letters.to_plain(letters.read(raw))


_pool_lock = threading.Lock()
_pools: list[confined.Pool] = []


def _pool() -> confined.Pool:
    with _pool_lock:
        if not _pools:
            _pools.append(confined.Pool("firstline.intake.inspect_letter.plain_line", 1))
        return _pools[0]


def inspect_confined(path: str | Path, pool: confined.Pool | None = None) -> dict[str, Any]:
    """The inspect line of the file at ``path``, made in a limited child. A letter that goes over a limit gives what
    its headers say.

    Raises ``OSError`` where the file cannot be read.
    """
    raw = Path(path).read_bytes()
    try:
        return {**(pool or _pool()).call(raw), "file": str(path)}
    except (confined.Killed, confined.Failed) as problem:
        return {**of_letter(str(path), headers_only(raw)), "file": str(path), "defects": [f"not-read: {problem}"]}


def headers_only(raw: bytes) -> Letter:
    """What the first header lines of an unreadable letter say; nothing behind them is looked at. ``readable`` is
    False.
    """
    start = mime.beginning(raw[:65_536])
    head = headers.split(raw[:131_072], start)
    kept = b"".join(
        name.encode("ascii") + b": " + value[:2_000] + b"\n" for name, value in head.fields[:100] if name in _SHOWN
    )
    letter = letters.read(kept + b"\n")
    return letters.unreadable(letter, "not-read")


_SHOWN = frozenset(
    {"from", "sender", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"}
)
