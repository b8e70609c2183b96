"""The processes of a web node, as command lines: the front on the public port, the web processes, the event process.

They meet at sockets in a private folder. A web process has one thread and gets one request at a time from the front, so
that a slow page holds up one process and nobody waits in line behind it (docs/decisions/0003-front.md).

    python -m firstline.events.parts wsgi|asgi SOCKET      starts granian there, in place of this process
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

APPLICATIONS = {"wsgi": "firstline.wsgi:application", "asgi": "firstline.events.app:application"}
OPTIONS = {
    "wsgi": ("--blocking-threads", "1", "--workers-kill-timeout", "20"),
    # A stream has no end of its own: the front hangs up first, and what is left is not waited for.
    "asgi": ("--loop", "asyncio", "--workers-kill-timeout", "2"),
}


def commands(*, host: str, port: int, workers: int, folder: Path) -> list[tuple[str, list[str]]]:
    """(name, command line) of each process. `folder` is private (0700), and short: a socket's path has at most 107
    bytes.

    Give all of them the same random FIRSTLINE_FRONT_KEY in the environment, and wrap the WSGI application in
    `behind.behind_front`: only then does a page learn the client's address.
    """
    web = [folder / f"web-{number}" for number in range(workers)]
    events = folder / "events"
    parts = [(f"web-{number}", _start("wsgi", socket)) for number, socket in enumerate(web)]
    parts.append(("events", _start("asgi", events)))
    front = [sys.executable, "-m", "firstline.events.front", "--host", host, "--port", str(port)]
    for socket in web:
        front += ["--web", f"unix:{socket}"]
    parts.append(("front", [*front, "--events", f"unix:{events}"]))
    return parts


def _start(interface: str, socket: Path) -> list[str]:
    return [sys.executable, "-m", "firstline.events.parts", interface, str(socket)]


def become(interface: str, socket: str) -> None:
    """Never returns. A socket that a killed process left behind would be in the way."""
    Path(socket).unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "granian", "--interface", interface, "--uds", socket, "--uds-permissions", "600",
        "--no-ws", "--workers", "1", "--no-access-log", "--log-level", "warning", "--respawn-failed-workers",
        "--respawn-interval", "0.5", *OPTIONS[interface], APPLICATIONS[interface],
    ]  # fmt: skip
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    become(sys.argv[1], sys.argv[2])
