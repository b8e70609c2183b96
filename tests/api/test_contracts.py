"""Contracts through the API: their terms as an apply file has them, for who sees contracts and of his clients only."""

from __future__ import annotations

from datetime import date

import pytest

from firstline.contracts import versions, written
from firstline.contracts.models import Contract
from firstline.lib import clock
from tests import cast
from tests.api.callers import Caller

pytestmark = pytest.mark.django_db


def test_a_contract_says_its_versions_and_when_each_holds() -> None:
    s = cast.stage()
    draft = versions.begin(s.contract, {"calendar": "weekdays"}, valid_from=date(2030, 1, 1), by=s.anna, at=clock.now())
    said = Caller(s.anna).get("/contracts/118-24").json()
    assert (said["slug"], said["client"], [one["number"] for one in said["versions"]]) == ("118-24", "north", [1, 2])
    first, second = said["versions"]
    assert first["terms"] == written.terms_of(s.version)
    assert (first["holds_from"], first["holds_to"]) == ("2025-01-01", None)
    assert (second["in_force_since"], second["holds_from"]) == (None, None)
    versions.put_in_force(draft, by=s.anna, at=clock.now())
    assert Caller(s.anna).get("/contracts/118-24").json()["versions"][0]["holds_to"] == "2029-12-31"


def test_a_list_goes_on_from_its_cursor_and_by_client() -> None:
    s = cast.stage()
    Contract.objects.create(slug="7-26", client=s.south)
    page = Caller(s.anna).get("/contracts?limit=1").json()
    rest = Caller(s.anna).get(f"/contracts?limit=1&cursor={page['next_cursor']}").json()
    assert [one["slug"] for one in page["items"] + rest["items"]] == ["7-26", "118-24"]
    assert rest["next_cursor"] is None
    assert [one["slug"] for one in Caller(s.anna).get("/contracts?client=north").json()["items"]] == ["118-24"]


def test_who_sees_no_contracts_is_refused_and_a_foreign_one_is_not_there() -> None:
    s = cast.stage()
    Contract.objects.create(slug="east-1", client=s.east)
    assert Caller(s.olga).get("/contracts").status_code == 403
    assert Caller(s.kira).get("/contracts/118-24").status_code == 403
    assert Caller(s.lev).get("/contracts/east-1").status_code == 404
