"""The web part of a desk as the fault tests want it: with a person who may ask for tickets."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import httpx

from tests.faults.rig import Rig, numbered
from tests.real.programs import start, stop
from tests.real.site import COMMAND, ROOT

OPERATOR = (
    "import django; django.setup()\n"
    "from firstline.people.models import Person\n"
    "Person.objects.create_user('olga', name='Olga', role='operator', scope_all=True, email='olga@desk.example')\n"
)


def give_token(rig: Rig) -> None:
    """An operator and a token of hers."""
    rig.python(OPERATOR)
    (made,) = rig.lines(rig.must("token", "create", "--user", "olga"))
    rig.site.environment["TEST_TOKEN"] = made["token"]


@contextlib.contextmanager
def web(rig: Rig, *command: str | Path, **settings: str) -> Iterator[None]:
    """`firstline web` (or what is given) on the port of the desk, from the moment when a page is answered.

    The port is open before anybody is behind it, and who asks meanwhile is told to come again: a test that asks then
    hears of the start, not of its fault.
    """
    site = rig.site
    given: Sequence[str | Path] = command or [COMMAND, "web", "--port", str(site.port), "--workers", "1"]
    site.with_static_files()
    environment: Mapping[str, str] = {**site.environment, **settings}
    process = start(given, log=site.log, cwd=ROOT, env=environment)
    try:
        end = time.monotonic() + 90
        while not is_answered(f"{site.url}/healthz"):
            assert process.poll() is None, site.log.read_text()[-3000:]
            assert time.monotonic() < end, site.log.read_text()[-3000:]
            time.sleep(0.1)
        yield
    finally:
        stop(process)


def is_answered(address: str) -> bool:
    try:
        return httpx.get(address, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def ask(rig: Rig, number: int, *, key: str = "", timeout: float = 40) -> httpx.Response:
    """One request for a ticket with this number. Raises httpx.TransportError."""
    asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
    headers = {"Authorization": f"Bearer {rig.site.environment['TEST_TOKEN']}"}
    headers |= {"Idempotency-Key": key} if key else {}
    return httpx.post(f"{rig.site.url}/api/v1/tickets", headers=headers, json=asked, timeout=timeout)


def a_number() -> int:
    """One that nobody had before."""
    return numbered()[0]
