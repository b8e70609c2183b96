"""Contracts written through the API: the same drafts, refusals and frozen terms as on the pages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from firstline.contracts import written
from firstline.contracts.models import Contract, ContractVersion, TermsTemplate
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db
SILVER: dict[str, Any] = {
    "calendar": "weekdays", "currency": "RUB", "monthly_fee": "120000", "quality": "Каждый день",
    "target": [{"metric": "resolution", "minutes": 480, "goal": "95"}, {"metric": "resolution", "minutes": 240,
                                                                       "priority": 1}],
    "penalty": [{"kind": "bands", "bands": [{"after": 0, "costs": "1.5 %"}]}],
}  # fmt: skip


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_a_contract_lives_from_its_number_to_terms_in_force(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    made = anna.post("/contracts", {"client": "south", "number": "7/26", "name": "Касса"})
    assert (made.status_code, made.json()["slug"], made.headers["Location"]) == (201, "7-26", "/api/v1/contracts/7-26")
    begun = anna.post("/contracts/7-26/versions", {"valid_from": "2027-01-01", "terms": SILVER})
    assert (begun.status_code, begun.headers["Location"]) == (201, "/api/v1/contracts/7-26/versions/1")
    assert begun.json()["terms"]["target"][0] == {"metric": "resolution", "minutes": 480, "goal": "95"}
    assert anna.post("/contracts/7-26/versions", {"valid_from": "2027-02-01", "version": 1}).status_code == 409
    edited = anna.patch("/contracts/7-26/versions/1", {"terms": SILVER | {"monthly_fee": "90000.5"}, "valid_to": None})
    assert edited.json()["terms"]["monthly_fee"] == "90000.5"
    assert edited.json()["valid_from"] == "2027-01-01"
    assert anna.post("/contracts/7-26/versions/1/force").json()["in_force_since"]
    frozen = anna.patch("/contracts/7-26/versions/1", {"terms": SILVER})
    assert (frozen.status_code, frozen.json()["type"]) == (409, "urn:firstline:problem:frozen")
    assert anna.raw("DELETE", "/contracts/7-26/versions/1").status_code == 409
    assert written.terms_of(ContractVersion.objects.get(contract__slug="7-26"))["monthly_fee"] == "90000.5"


def test_a_draft_that_somebody_else_has_changed_is_not_overwritten(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    anna.post("/contracts/118-24/versions", {"valid_from": "2027-01-01", "version": 1})
    tag = anna.get("/contracts/118-24/versions/2").headers["ETag"]
    changed = anna.patch("/contracts/118-24/versions/2", {"terms": SILVER}, If_Match=tag)
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)
    stale = anna.patch("/contracts/118-24/versions/2", {"valid_from": "2027-02-01"}, If_Match=tag)
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:firstline:problem:changed-since")
    again = anna.patch("/contracts/118-24/versions/2", {"valid_from": "2027-02-01"}, If_Match=changed.headers["ETag"])
    assert again.json()["valid_from"] == "2027-02-01"
    assert anna.raw("DELETE", "/contracts/118-24/versions/2").status_code == 204
    assert anna.get("/contracts/118-24/versions/2").status_code == 404


def test_the_same_key_makes_one_contract(s: SimpleNamespace) -> None:
    anna, asked = Caller(s.anna), {"client": "north", "number": "9"}
    first = anna.post("/contracts", asked, Idempotency_Key="a")
    again = anna.post("/contracts", asked, Idempotency_Key="a")
    assert (again.content, again.headers["Location"]) == (first.content, "/api/v1/contracts/9")
    assert again.headers["Idempotency-Replayed"] == "true"
    other = anna.post("/contracts", asked)
    assert (other.status_code, fields(other)) == (422, ["number"])
    assert Contract.objects.filter(slug="9").count() == 1


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("target", "all", "terms.target"),
        ("target", [{"metric": "resolution", "minutes": "60"}], "terms.target[0].minutes"),
        ("target", [{"metric": "resolution", "minutes": 2**40}], "terms.target[0].minutes"),
        ("target", [{"metric": "speed", "minutes": 60}], "terms.target[0].metric"),
        ("target", [{"metric": "resolution", "minutes": 60, "goal": 99.5}], "terms.target[0].goal"),
        ("target", [{"metric": "resolution", "minutes": 60, "service": "x"}], "terms.target[0].service"),
        ("target", [{"metric": "resolution", "minutes": 60, "service": {"a": 1}}], "terms.target[0].service"),
        ("services", ["there-is-none"], "terms.services"),
        ("equipment", ["of-another"], "terms.equipment"),
        ("monthly_fee", "a lot", "terms.monthly_fee"),
        ("currency", "XXQ", "terms.currency"),
        ("colour", "red", "terms.colour"),
        ("duty", [{"slug": "x", "side": "client", "name": "н" * 301}], "terms.duty[0].name"),
        ("pause_reason", [{"slug": "x" * 61, "whose": "client", "status": "on_hold", "name": "x"}],
         "terms.pause_reason[0].slug"),
        ("penalty", [{"kind": "bands", "bands": [{"after": {}, "costs": []}]}], "terms.penalty[0].bands[0].after"),
        ("quality", "\x00", "terms"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused_with_their_place(
    s: SimpleNamespace, key: str, value: Any, field: str
) -> None:
    body = {"valid_from": "2027-01-01", "terms": SILVER | {key: value}}
    refused = Caller(s.anna).post("/contracts/118-24/versions", body)
    assert refused.status_code == 422, refused.content
    assert field in fields(refused)
    assert not s.contract.versions.filter(number=2).exists()


def test_one_source_is_named_and_only_one(s: SimpleNamespace) -> None:
    for body in ({}, {"version": 1, "template": "silver"}):
        refused = Caller(s.anna).post("/contracts/118-24/versions", {"valid_from": "2027-01-01", **body})
        assert (refused.status_code, fields(refused)) == (422, ["terms"])
    unknown = Caller(s.anna).post("/contracts/118-24/versions", {"valid_from": "2027-01-01", "template": "x"})
    assert fields(unknown) == ["template"]


def test_days_without_terms_are_not_put_in_force(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    s.version.valid_to = "2025-12-31"
    s.version.save()
    anna.post("/contracts/118-24/versions", {"valid_from": "2026-02-01", "version": 1})
    refused = anna.post("/contracts/118-24/versions/2/force")
    assert (refused.status_code, refused.json()["problem"]) == (409, "a gap")
    assert refused.json()["values"] == {"since": "2026-01-01", "to": "2026-01-31"}


def test_versions_are_compared_and_tried(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    terms = written.terms_of(s.version) | {"vendor_pauses": True}
    anna.post("/contracts/118-24/versions", {"valid_from": "2027-01-01", "terms": terms})
    said = anna.get("/contracts/118-24/differences?from=1&to=2").json()
    assert [(one["key"], one["was"], one["now"]) for one in said["items"]] == [("vendor_pauses", False, True)]
    assert anna.get("/contracts/118-24/differences?from=1&to=3").status_code == 404
    tried = anna.get("/contracts/118-24/versions/1/trial?at=2026-03-02T09:00:00%2B03:00&priority=1").json()["items"]
    by_metric = {one["metric"]: one for one in tried}
    assert by_metric["first_response"]["due_at"].startswith("2026-03-02T")
    assert by_metric["resolution"]["row"]["metric"] == "resolution"
    wrong = anna.get("/contracts/118-24/versions/1/trial?at=2026-03-02T09:00:00%2B03:00&wait=client")
    assert (wrong.status_code, fields(wrong)) == (422, ["since"])


def test_a_paper_is_kept_and_read_and_stays_once_in_force(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    place = "/contracts/118-24/versions/1/document"
    assert anna.get(place).status_code == 404
    kept = anna.raw("PUT", f"{place}?name=118.pdf", b"%PDF", "application/pdf")
    assert (kept.status_code, kept.json()["document"]) == (200, "118.pdf")
    paper = anna.get(place)
    assert (paper.content, paper.headers["Content-Type"]) == (b"%PDF", "application/octet-stream")
    assert anna.raw("PUT", f"{place}?name=other.pdf", b"%PDF2", "application/pdf").status_code == 409


def test_templates_are_made_edited_and_retired(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    made = anna.post("/contract-templates", {"slug": "silver", "names": {"ru": "Серебро"}, "terms": SILVER})
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/contract-templates/silver")
    assert made.json()["terms"]["quality"] == {"ru": "Каждый день"}
    edited = anna.patch("/contract-templates/silver", {"names": {"en": "Silver"}}, If_Match=made.headers["ETag"])
    assert (edited.json()["names"], edited.json()["terms"]) == ({"en": "Silver"}, made.json()["terms"])
    assert anna.patch("/contract-templates/silver", {"names": {"en": "X"}}, If_Match=made.headers["ETag"]).status_code \
        == 409  # fmt: skip
    own = anna.patch("/contract-templates/silver", {"terms": SILVER | {"equipment": ["a"]}})
    assert fields(own) == ["terms.equipment"]
    begun = anna.post("/contracts/118-24/versions", {"valid_from": "2027-01-01", "template": "silver"})
    assert begun.json()["terms"] == made.json()["terms"]
    assert anna.post("/contract-templates/silver/retirement", {"retired": True}).json()["retired_at"]
    assert [one["slug"] for one in anna.get("/contract-templates").json()["items"]] == ["silver"]
    assert TermsTemplate.objects.get().retired_at is not None
    Caller(s.anna).raw("DELETE", "/contracts/118-24/versions/2")
    assert fields(anna.post("/contracts/118-24/versions", {"valid_from": "2027-01-01", "template": "silver"})) == [
        "template"
    ]


def test_what_if_is_asked_by_who_settles_and_read_by_who_sees(s: SimpleNamespace) -> None:
    place = "/contracts/118-24/versions/1/what-if"
    assert Caller(s.adam).get(place).json()["state"] == "none"
    assert Caller(s.adam).post(place).status_code == 403
    assert Caller(s.anna).post(place).json()["state"] == "working"
    assert Caller(s.adam).get(place).json()["state"] == "working"


def test_contracts_are_found_by_words_of_any_case(s: SimpleNamespace) -> None:
    anna = Caller(s.anna)
    s.south.name = "Южный Берег"
    s.south.save()
    Contract.objects.create(slug="7-26", number="7/26", name="Кассы", client=s.south)
    for words in ("южный", "БЕРЕГ касс", "7/26"):
        assert [one["slug"] for one in anna.get(f"/contracts?q={words}").json()["items"]] == ["7-26"]
    assert anna.get("/contracts?q=западный").json()["items"] == []
