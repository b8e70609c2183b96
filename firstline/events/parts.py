"""The processes of a web node: the front on the public port, the web processes, the event process.

They meet at sockets in a private folder. A web process has one thread and gets one request at a time from the front, so
that a slow page holds up one process and nobody waits in line behind it (docs/decisions/0003-front.md).

    python -m firstline.events.parts wsgi|asgi SOCKET      runs granian there, in this process
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from granian.cli import entrypoint

from firstline.lib.processes import Part

APPLICATIONS = {"wsgi": "firstline.wsgi:application", "asgi": "firstline.events.app:application"}
OPTIONS = {
    "wsgi": ("--blocking-threads", "1", "--workers-kill-timeout", "20"),
    # A stream has no end of its own: the front hangs up first, and what is left is not waited for.
    "asgi": ("--loop", "asyncio", "--workers-kill-timeout", "2"),
}


def of_node(*, host: str, port: int, workers: int, folder: Path) -> list[Part]:
    """`folder` is private (0700), and short: a socket's path has at most 107 bytes.

    Give all of them the same random FIRSTLINE_FRONT_KEY in the environment, and wrap the WSGI application in
    `behind.behind_front`: only then does a page learn the client's address.
    """
    web = [folder / f"web-{number}" for number in range(workers)]
    events = folder / "events"
    front = [sys.executable, "-m", "firstline.events.front", "--host", host, "--port", str(port)]
    for socket in web:
        front += ["--web", f"unix:{socket}"]
    return [
        *(_granian(socket.name, "wsgi", socket) for socket in web),
        _granian("events", "asgi", events),
        Part("front", [*front, "--events", f"unix:{events}"]),  # small by itself: it has nothing to share
    ]


def _granian(name: str, interface: str, socket: Path) -> Part:
    command = [sys.executable, "-m", "firstline.events.parts", interface, str(socket)]
    return Part(name, command, partial(run, interface, str(socket)))


def run(interface: str, socket: str) -> int:
    """Serves until SIGTERM. A socket that a killed process left behind would be in the way."""
    Path(socket).unlink(missing_ok=True)
    sys.argv = [
        "granian", "--interface", interface, "--uds", socket, "--uds-permissions", "600",
        "--no-ws", "--workers", "1", "--no-access-log", "--log-level", "warning", "--respawn-failed-workers",
        "--respawn-interval", "0.5", *OPTIONS[interface], APPLICATIONS[interface],
    ]  # fmt: skip
    entrypoint()  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2]))
