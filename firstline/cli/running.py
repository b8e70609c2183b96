"""`firstline serve`, and its parts as separate processes: `web`, `worker`, `fetch-mail`."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from firstline.cli import first_start
from firstline.cli.lines import whole
from firstline.events import parts
from firstline.intake.channels import email_fetch
from firstline.lib.processes import Part, Supervisor, give_way
from firstline.ops.heartbeats import Pulse
from firstline.web import gathered, loaded
from firstline.worker import loop

OK, UNAVAILABLE, TEMPORARY = 0, 69, 75
WEB_WORKERS = 2
GENTLY = 10  # steps down for what works behind the pages on one machine: whoever waits at a page goes first
GENTLY_HELP = "gives way to whatever else wants the processor"


def add(commands: Any) -> None:
    serve = commands.add_parser("serve", help="web, events, worker and fetcher under one supervisor")
    _address(serve)
    serve.set_defaults(run=run_all)
    web = commands.add_parser("web", help="pages, API and the event stream")
    _address(web)
    web.set_defaults(run=run_web)
    worker = commands.add_parser("worker", help="does what is due")
    worker.add_argument("--drain", action="store_true", help="until nothing is due, then return")
    worker.add_argument("--gently", action="store_true", help=GENTLY_HELP)
    worker.set_defaults(run=run_worker)
    fetch = commands.add_parser("fetch-mail", help="takes letters from the mailboxes")
    fetch.add_argument("--once", action="store_true", help="each mailbox once, then return")
    fetch.add_argument("--gently", action="store_true", help=GENTLY_HELP)
    fetch.set_defaults(run=run_fetcher)


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=whole(1, 65535), default=os.environ.get("PORT") or "8000")
    parser.add_argument(
        "--workers", type=whole(1, 1000), default=WEB_WORKERS, help="web processes (default %(default)s)"
    )


def run_all(arguments: argparse.Namespace) -> int:
    first_start.make_ready()
    worker = _part("worker", partial(run_worker, argparse.Namespace(gently=True, drain=False)), "worker", "--gently")
    fetcher = _part(
        "fetcher", partial(run_fetcher, argparse.Namespace(gently=True, once=False)), "fetch-mail", "--gently"
    )
    return _supervise(arguments, [worker, fetcher])


def run_web(arguments: argparse.Namespace) -> int:
    return _supervise(arguments, [])


def run_worker(arguments: argparse.Namespace) -> int:
    if arguments.gently:
        give_way(GENTLY)
    if arguments.drain:
        return OK if loop.drain() else TEMPORARY
    loop.run_forever(_stop_on_signals())
    return OK


def run_fetcher(arguments: argparse.Namespace) -> int:
    if arguments.gently:
        give_way(GENTLY)
    if arguments.once:
        return OK if email_fetch.fetch_all_once() else UNAVAILABLE
    email_fetch.fetch_forever(_stop_on_signals(), Pulse("fetcher").beat)
    return OK


def _part(name: str, run: Callable[[], int], *command: str) -> Part:
    return Part(name, [sys.executable, "-m", "firstline", *command], run)


def _supervise(arguments: argparse.Namespace, others: list[Part]) -> int:
    gathered.gather()
    # The processes of this node meet at sockets in a folder that is theirs alone; only they know the key by which a
    # page believes the front who asked.
    os.environ["FIRSTLINE_FRONT_KEY"] = secrets.token_urlsafe(32)
    loaded.load()
    with tempfile.TemporaryDirectory(prefix="firstline-") as folder:
        web = parts.of_node(host=arguments.host, port=arguments.port, workers=arguments.workers, folder=Path(folder))
        supervisor = Supervisor([*web, *others], environment=os.environ)
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, supervisor.stop)
        address = f"http://{arguments.host}:{arguments.port}"
        print(f"Firstline: {address}  (data in {_short(settings.FIRSTLINE_HOME)})", file=sys.stderr)
        return supervisor.run()


def _short(folder: Path) -> str:
    return str(folder.relative_to(Path.cwd())) if folder.is_relative_to(Path.cwd()) else str(folder)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stop.set())
    return stop
