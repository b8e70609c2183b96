"""Whatever an apply file may say of a version can be typed on the page of its draft, and comes back as it was typed."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from firstline.contracts import penalty_terms, versions, written
from firstline.contracts.models import ContractVersion, PenaltyRule, Service
from firstline.contracts.terms_shape import LISTS
from firstline.imports.apply_tables import OF_A_VERSION, TABLES
from firstline.lib import clock
from firstline.web.manager.list_fields import LISTED
from firstline.web.manager.terms_form import TYPED
from tests import cast
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import PAGE, begun, form_of, signed_in

pytestmark = pytest.mark.django_db
# Typed as lines of a text, or in the matrix of targets.
STEPS = {"bands", "tiers"}
OF_THE_CONTRACT = {"slug", "client", "number", "name", "valid_from", "valid_to", "draft"}
CHOSEN = {"services", "billable", "excluded", "equipment"}
WHOLE: dict[str, Any] = {
    "kind": "bands", "metric": "resolution", "priorities": [1, 2], "types": ["incident", "fault"],
    "services": ["printing"], "grace": 15, "exclude": ["client"], "cap": "5 %", "cap_period": "900",
    "accumulate": True, "bands": [{"after": 60, "costs": "500"}, {"after": 240, "costs": "1 %"}],
    "rounding": "half_even",
}  # fmt: skip


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def test_no_key_of_the_apply_file_is_without_a_field() -> None:
    missing = {
        f"{table}.{key}"
        for table in LISTS
        if table != "target"
        for key in {*TABLES[table], *(penalty_terms.known_keys() if table == "penalty" else ())}
        if key not in OF_A_VERSION and key not in STEPS and key not in {kind.key for kind in LISTED[table]}
    }
    missing |= {f"contract.{key}" for key in {*TABLES["contract"]} - OF_THE_CONTRACT - CHOSEN - {*TYPED}}
    assert missing == set()


def test_all_that_a_penalty_says_comes_back_from_its_form(s: SimpleNamespace) -> None:
    draft = begun(s)
    said = written.terms_of(draft) | {"currency": "EUR", "monthly_fee": "100", "penalty": [WHOLE]}
    versions.edit(draft, said, valid_from=draft.valid_from, valid_to=None, by=s.anna, at=clock.now())
    before = written.terms_of(ContractVersion.objects.get(pk=draft.pk))
    browser = signed_in(s.anna, "bg")
    sent = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    assert (sent["penalty-0-priorities"], sent["penalty-0-services"]) == (["1", "2"], ["printing"])
    assert browser.post(f"{PAGE}2/edit/", sent).status_code == 302
    assert written.terms_of(ContractVersion.objects.get(pk=draft.pk)) == before
    assert before["penalty"] == [WHOLE]
    sent = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    for key in ("priorities", "types", "services", "accumulate"):
        del sent[f"penalty-0-{key}"]
    assert browser.post(f"{PAGE}2/edit/", sent).status_code == 302
    left = written.terms_of(ContractVersion.objects.get(pk=draft.pk))["penalty"][0]
    assert {"priorities", "types", "services", "accumulate"}.isdisjoint(left)


def test_a_row_gets_a_short_name_that_no_other_has_and_its_own_where_one_is_typed(s: SimpleNamespace) -> None:
    begun(s)
    browser = signed_in(s.anna)
    page = f"{PAGE}2/edit/"
    for name, slug in (("First", ""), ("Second", ""), ("Access", "no-answer")):
        sent = form_of(browser.get(page).content.decode())
        row = int(sent["pause_reason-count"]) - 1
        sent |= {
            f"pause_reason-{row}-name": name, f"pause_reason-{row}-slug": slug,
            f"pause_reason-{row}-status": "waiting_for_client", f"pause_reason-{row}-whose": "client",
        }  # fmt: skip
        assert browser.post(page, sent).status_code == 302
    sent = form_of(browser.get(page).content.decode())
    sent |= {"pause_reason-0-name": "", "pause_reason-3-name": "Fourth"}
    sent |= {"pause_reason-3-status": "waiting_for_client", "pause_reason-3-whose": "client"}
    assert browser.post(page, sent).status_code == 302
    kept = written.terms_of(ContractVersion.objects.get(number=2))["pause_reason"]
    assert [(row["name"], row["slug"]) for row in kept] == [
        ("Second", "pause-reason-2"), ("Access", "no-answer"), ("Fourth", "pause-reason-1"),
    ]  # fmt: skip
    refused = browser.post(page, {**form_of(browser.get(page).content.decode()), "pause_reason-0-slug": "ой"})
    assert (refused.status_code, "Latin letters, digits and dashes" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"penalty_cap": "a lot"}, "a sum such as 500 or a share such as 1.5 % is needed"),
        ({"penalty_cap": "20 %"}, "a share needs a fee a month"),
        ({"penalty_cap": "500", "currency": ""}, "a fee needs a currency"),
    ],
)
def test_a_cap_that_caps_nothing_is_refused(s: SimpleNamespace, typed: dict[str, str], words: str) -> None:
    begun(s)
    browser = signed_in(s.anna)
    sent = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    refused = browser.post(f"{PAGE}2/edit/", {**sent, **typed})
    assert (refused.status_code, words in refused.content.decode()) == (422, True)


def test_the_cap_of_the_contract_stands_on_the_page_and_among_the_differences(s: SimpleNamespace) -> None:
    begun(s)
    browser = signed_in(s.anna)
    sent = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    sent |= {"currency": "EUR", "monthly_fee": "1000", "penalty_cap": "20%"}
    assert browser.post(f"{PAGE}2/edit/", sent).status_code == 302
    assert written.terms_of(ContractVersion.objects.get(number=2))["penalty_cap"] == "20 %"
    page = browser.get(f"{PAGE}2/").content.decode().replace("\xa0", " ")
    assert "<dt>All penalties of a month, at most</dt><dd>20 % of the fee</dd>" in page
    page = browser.get(f"{PAGE}differences/?from=1&to=2").content.decode().replace("\xa0", " ")
    assert "All penalties of a month, at most: nothing → 20 % of the fee" in page


def test_a_service_that_is_gone_is_refused_in_a_penalty_with_its_place(s: SimpleNamespace) -> None:
    draft = begun(s)
    rule = {"kind": "availability", "service": "ghost", "tiers": [{"at_least": "99", "costs": "0"}, {"costs": "5"}]}
    late = {"kind": "started", "costs": "5", "services": ["printing", "gone"]}
    with pytest.raises(versions.WrongTerms) as refusal:
        versions.edit(
            draft, {"calendar": "weekdays", "penalty": [rule, late]}, valid_from=date(2027, 1, 1), valid_to=None,
            by=s.anna, at=clock.now(),
        )  # fmt: skip
    assert refusal.value.problems == [
        "penalty[0].service: there is no service 'ghost'", "penalty[1].services: there is no service 'gone'",
    ]  # fmt: skip
    assert Service.objects.filter(slug="printing").exists()


def test_what_was_in_force_before_names_were_checked_is_shown_all_the_same(s: SimpleNamespace) -> None:
    PenaltyRule.objects.create(
        version=s.version, kind="started", terms={"costs": "5", "types": ["wish"], "metric": "speed"}
    )
    page = signed_in(s.anna).get(f"{PAGE}1/")
    assert (page.status_code, "wish" in page.content.decode(), "speed" in page.content.decode()) == (200, True, True)
