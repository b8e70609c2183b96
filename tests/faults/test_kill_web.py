"""kill -9 of the web process at each named point: who asks again with the same key has his ticket exactly once.

The process dies at its third request and is started again, again and again; the client repeats until somebody
answers. The control
is a client without keys, whose tickets the oracle must find doubled.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.faults.rig import SOAK, Rig, numbered
from tests.faults.served import give_token, web
from tests.real.site import Site, new_site

POINTS = ("intake.before_bytes", "web.before_commit", "intake.before_commit", "intake.after_commit", "web.after_commit")
REQUESTS, PATIENCE = 40 if SOAK else 4, 90.0

pytestmark = pytest.mark.timeout(900 if SOAK else 300)


@pytest.fixture(scope="module")
def desk() -> Iterator[Rig]:
    rig = Rig(new_site("web", FIRSTLINE_DISK_FLOOR_MB="1")).quick()
    give_token(rig)
    yield rig
    rig.close()


def dying_web(rig: Rig, point: str) -> contextlib.AbstractContextManager[None]:
    """The web part, whose only process dies at its third request, and so does the next one."""
    return web(rig, FIRSTLINE_FAILPOINT=f"{point}:kill:3")


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
def test_a_ticket_asked_for_with_a_key_is_there_once_however_often_the_web_dies(desk: Rig, point: str) -> None:
    sent, deaths = [], 0
    with dying_web(desk, point):
        for _ in range(REQUESTS):
            number, _letter = numbered()
            asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
            answer, unanswered = insist(desk.site, "/tickets", f"key-{number}", json=asked)
            assert answer.status_code == 201, answer.text
            sent.append(number)
            deaths += unanswered
    assert deaths >= 1, "the point was not reached"
    assert desk.violations(sent, acknowledged=sent) == []


@pytest.mark.parametrize("point", ["intake.before_commit", "intake.after_commit"])
def test_a_letter_posted_with_a_key_is_there_once(desk: Rig, point: str) -> None:
    sent, deaths = [], 0
    with dying_web(desk, point):
        for _ in range(REQUESTS):
            number, letter = numbered()
            answer, unanswered = insist(desk.site, "/intake/email", f"key-{number}", content=letter)
            assert answer.status_code == 202, answer.text
            sent.append(number)
            deaths += unanswered
    assert deaths >= 1, "the point was not reached"
    desk.settle()
    assert desk.violations(sent, acknowledged=sent) == []


def test_control_without_a_key_the_same_kill_doubles_a_ticket(desk: Rig) -> None:
    sent, deaths = [], 0
    with dying_web(desk, "intake.after_commit"):
        for _ in range(REQUESTS):
            number, _letter = numbered()
            asked = {"subject": f"N-{number:06d}-", "body": "x", "requester": {"email": f"p{number}@north.example"}}
            _answer, unanswered = insist(desk.site, "/tickets", "", json=asked)
            sent.append(number)
            deaths += unanswered
    assert deaths >= 1
    assert desk.violations(sent, acknowledged=sent)
