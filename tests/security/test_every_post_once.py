"""A POST of the API with an Idempotency-Key is answered once: asked again it gives the first answer again, to the byte
(interfaces.md). Which addresses there are, and who may ask them what, comes from the table of doors."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.api import answers
from tests.security.test_every_door import DOORS, knock, path_of, scene, taken_back

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
# Only asked, nothing is done: what rules would do, who would see an announcement.
ASKED_ONLY = {
    "api/v1/routing/dry-run", "api/v1/outages/audience", "api/v1/ladders/preview", "api/v1/mail-rules/dry-run",
}  # fmt: skip
# Proven by a signature; the message's own id is its key (tests/notices/test_answered_by_text_message.py,
# tests/intake/test_calls_are_told_of.py).
SIGNED = {"api/v1/hooks/sms/<slug:account>", "api/v1/hooks/phone/<slug:account>"}
# What stands behind these doors is not in a state for it: the key is read before they say so.
NOBODY_CAN = {
    "api/v1/intake/<number>/return", "api/v1/tickets/<number>/excuse", "api/v1/tickets/<number>/no-visit",
    "api/v1/tickets/<number>/resume", "api/v1/tickets/<number>/undo", "api/v1/tickets/<number>/confirmation",
    "api/v1/tickets/<number>/reopening", "api/v1/tickets/<number>/rating", "api/v1/tickets/<number>/separation",
    "api/v1/tickets/<number>/claim", "api/v1/contracts/<slug>/versions",
    "api/v1/intake/unaccounted/<int:number>/taking-in",
    "api/v1/statements/<int:number>/computing", "api/v1/statements/<int:number>/steps",
    "api/v1/tickets/<number>/return", "api/v1/reinforcement/<int:number>/answer",
    "api/v1/routing/rules/<slug>/position", "api/v1/mail-rules/<slug>/position",
    "api/v1/people/<login>/merging", "api/v1/people/<login>/tickets",
    "api/v1/answer-templates/<int:number>/return", "api/v1/outgoing/<int:number>/return",
    "api/v1/macros/<int:number>/return",
    "api/v1/outgoing/<int:number>/sending", "api/v1/ladders/<slug>/position",
    "api/v1/tickets/<number>/escalations/<int:escalation>/acknowledgement",
    "api/v1/tickets/<number>/remote-sessions", "api/v1/tickets/<number>/remote-sessions/end",
    "api/v1/tickets/<number>/call-back", "api/v1/tickets/<number>/colleagues",
    "api/v1/tickets/<number>/link-removal", "api/v1/tickets/<number>/checklist",
}  # fmt: skip
POSTS = [
    (route, number)
    for route in DOORS
    for number, door in enumerate(DOORS[route])
    if route.startswith("api/v1/") and door.method == "POST" and route not in ASKED_ONLY | SIGNED
]


@pytest.mark.parametrize(("route", "number"), POSTS, ids=[f"{route}-{number}" for route, number in POSTS])
def test_the_same_key_gives_the_first_answer_again(
    route: str, number: int, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can do it to what stands behind the doors, the key was at least read before it was refused."""
    door, read, key_of = DOORS[route][number], list[str](), answers.key_of
    monkeypatch.setattr(answers, "key_of", lambda request: read.append(route) or key_of(request))
    for who in ("olga", "nadia", "lev", "maria", "adam", "anna", "ivan", "kira"):
        with taken_back():
            first = knock(door, path_of(route, scene, "north"), getattr(scene, who), scene, "north", key="once")
            if first.status_code not in {200, 201, 202}:
                continue
            again = knock(door, path_of(route, scene, "north"), getattr(scene, who), scene, "north", key="once")
        assert again.headers.get("Idempotency-Replayed") == "true"
        assert (again.status_code, again.content) == (first.status_code, first.content)
        return
    assert route in NOBODY_CAN, "nobody could do it"
    assert read, "refused without a look at the key"
