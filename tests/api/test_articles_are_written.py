"""Articles by API: written, revised without overwriting anybody, published by who may, and helpful."""

from __future__ import annotations

import json

import pytest

from firstline.knowledge.models import Helped
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
TEXT = {"title": "Касса не печатает чек", "body": "Перезапустите службу.", "language": "ru"}


def put(caller: Caller, slug: str, **body: object) -> object:
    return caller.raw("PUT", f"/articles/{slug}", json.dumps({**TEXT, **body}).encode())


def test_a_draft_goes_its_way_to_what_clients_read() -> None:
    s = cast.stage()
    made = Caller(s.olga).post("/articles", {**TEXT, "audience": "all", "services": [s.printing.slug]})
    assert (made.status_code, made.json()["state"], made.json()["revision"]) == (201, "wip", 1)
    slug = made.json()["slug"]
    assert Caller(s.ivan).get(f"/articles/{slug}").status_code == 404
    assert Caller(s.olga).post(f"/articles/{slug}/handing-in").json()["state"] == "not_validated"
    assert Caller(s.olga).post(f"/articles/{slug}/publication").status_code == 403
    assert Caller(s.lev).post(f"/articles/{slug}/publication").json()["state"] == "validated"
    assert Caller(s.ivan).get(f"/articles/{slug}").status_code == 200
    assert Caller(s.ivan).post(f"/articles/{slug}/helped", {"question": "чек"}).status_code == 200
    assert Helped.objects.get().person == s.ivan
    assert Caller(s.lev).post(f"/articles/{slug}/archiving").json()["state"] == "archived"


def test_what_somebody_wrote_meanwhile_is_not_overwritten() -> None:
    s = cast.stage()
    slug = Caller(s.nadia).post("/articles", TEXT).json()["slug"]
    assert put(Caller(s.nadia), slug, summary="яснее", seen=1).status_code == 200  # type: ignore[attr-defined]
    late = put(Caller(s.lev), slug, summary="иначе", seen=1)
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert fields(late) == ["seen"]  # type: ignore[arg-type]
    assert fields(put(Caller(s.lev), slug, summary="", seen=2)) == ["summary"]  # type: ignore[arg-type]
