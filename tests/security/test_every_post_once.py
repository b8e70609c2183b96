"""A POST of the API with an Idempotency-Key is answered once: asked again it gives the first answer again, to the byte
(interfaces.md). Which addresses there are, and who may ask them what, comes from the table of doors."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.api import answers
from tests.security.test_every_door import DOORS, knock, path_of, scene, taken_back

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
# Only asked, nothing is done: what rules would do.
ASKED_ONLY = {"api/v1/routing/dry-run", "api/v1/ladders/preview"}
POSTS = [
    (route, number)
    for route in DOORS
    for number, door in enumerate(DOORS[route])
    if route.startswith("api/v1/") and door.method == "POST" and route not in ASKED_ONLY
]


@pytest.mark.parametrize(("route", "number"), POSTS, ids=[f"{route}-{number}" for route, number in POSTS])
def test_the_same_key_gives_the_first_answer_again(
    route: str, number: int, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can do it to what stands behind the doors, the key was at least read before it was refused."""
    door, read, key_of = DOORS[route][number], list[str](), answers.key_of
    monkeypatch.setattr(answers, "key_of", lambda request: read.append(route) or key_of(request))
    for who in ("olga", "nadia", "lev", "maria", "adam", "anna", "ivan"):
        with taken_back():
            first = knock(door, path_of(route, scene, "north"), getattr(scene, who), scene, "north", key="once")
            if first.status_code not in {200, 201, 202}:
                continue
            again = knock(door, path_of(route, scene, "north"), getattr(scene, who), scene, "north", key="once")
        assert again.headers.get("Idempotency-Replayed") == "true"
        assert (again.status_code, again.content) == (first.status_code, first.content)
        return
    assert read, "refused without a look at the key"
