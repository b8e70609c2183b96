"""kill -9 of the web process at each named point: who asks again with the same key has his ticket exactly once.

The process dies at its third request and is started again, again and again; the client repeats until somebody
answers. The control
is a client without keys, whose tickets the oracle must find doubled.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.rig import Rig, numbered
from tests.real.programs import answers, start, stop
from tests.real.site import COMMAND, ROOT, Site, new_site

POINTS = ("intake.before_bytes", "web.before_commit", "intake.before_commit", "intake.after_commit", "web.after_commit")
REQUESTS, PATIENCE = 4, 90.0
OPERATOR = (
    "import django; django.setup()\n"
    "from firstline.people.models import Person\n"
    "Person.objects.create_user('olga', name='Olga', role='operator', scope_all=True, email='olga@desk.example')\n"
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def desk() -> Iterator[Site]:
    site = new_site("web", FIRSTLINE_DISK_FLOOR_MB="1")
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "firstline.settings"}
    subprocess.run([sys.executable, "-c", OPERATOR], env=environment, cwd=ROOT, check=True)
    (made,) = site.must("token", "create", "--user", "olga")
    site.environment["TEST_TOKEN"] = made["token"]
    yield site
    site.close()


@contextlib.contextmanager
def dying_web(site: Site, point: str) -> Iterator[None]:
    """The web part, whose only process dies at its third request."""
    process = start(
        [COMMAND, "web", "--port", str(site.port), "--workers", "1"],
        log=site.log,
        cwd=ROOT,
        env={**site.environment, "FIRSTLINE_FAILPOINT": f"{point}:kill:3"},
    )
    try:
        end = time.monotonic() + 60
        while not answers(site.port) and time.monotonic() < end:
            time.sleep(0.2)
        yield
    finally:
        stop(process)


def insist(site: Site, path: str, key: str, **body: object) -> tuple[httpx.Response, int]:
    """Asks until somebody answers; returns the answer, and how often nobody did."""
    headers = {"Authorization": f"Bearer {site.environment['TEST_TOKEN']}", **({"Idempotency-Key": key} if key else {})}
    end, unanswered = time.monotonic() + PATIENCE, 0
    while True:
        try:
            answer = httpx.post(f"{site.url}/api/v1{path}", headers=headers, timeout=10, **body)  # type: ignore[arg-type]
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code < 500:
            return answer, unanswered
        unanswered += 1
        assert time.monotonic() < end, "nobody answers any more"
        time.sleep(0.2)


@pytest.mark.parametrize("point", POINTS)
def test_a_ticket_asked_for_with_a_key_is_there_once_however_often_the_web_dies(desk: Site, point: str) -> None:
    sent, deaths = [], 0
    with dying_web(desk, point):
        for _ in range(REQUESTS):
            number, _letter = numbered()
            asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
            answer, unanswered = insist(desk, "/tickets", f"key-{number}", json=asked)
            assert answer.status_code == 201, answer.text
            sent.append(number)
            deaths += unanswered
    assert deaths >= 1, "the point was not reached"
    assert Rig(desk).violations(sent, acknowledged=sent) == []


@pytest.mark.parametrize("point", ["intake.before_commit", "intake.after_commit"])
def test_a_letter_posted_with_a_key_is_there_once(desk: Site, point: str) -> None:
    sent, deaths = [], 0
    with dying_web(desk, point):
        for _ in range(REQUESTS):
            number, letter = numbered()
            answer, unanswered = insist(desk, "/intake/email", f"key-{number}", content=letter)
            assert answer.status_code == 202, answer.text
            sent.append(number)
            deaths += unanswered
    assert deaths >= 1, "the point was not reached"
    Rig(desk).settle()
    assert Rig(desk).violations(sent, acknowledged=sent) == []


def test_control_without_a_key_the_same_kill_doubles_a_ticket(desk: Site) -> None:
    sent, deaths = [], 0
    with dying_web(desk, "intake.after_commit"):
        for _ in range(REQUESTS):
            number, _letter = numbered()
            asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
            _answer, unanswered = insist(desk, "/tickets", "", json=asked)
            sent.append(number)
            deaths += unanswered
    assert deaths >= 1
    assert Rig(desk).violations(sent, acknowledged=sent)
