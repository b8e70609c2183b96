"""Templates of terms have pages: made, edited, begun with, retired; no contract ever changes by one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.assets.models import Equipment
from firstline.audit.models import Row
from firstline.contracts import templates, versions, written
from firstline.contracts.models import ContractVersion, TermsTemplate
from firstline.contracts.refusals import NotReady, WrongTerms
from firstline.lib import clock
from tests import cast
from tests.web.manager.test_contracts_are_kept_by_the_account_manager import form_of, signed_in

pytestmark = pytest.mark.django_db
ROOT = "/desk/contract-templates/"
TERMS = {"calendar": "weekdays", "target": [{"metric": "resolution", "minutes": 540}]}


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def silver(s: SimpleNamespace) -> TermsTemplate:
    return templates.add("silver", {"en": "Silver 8×5", "bg": "Сребро"}, TERMS, by=s.anna, at=clock.now())


def test_a_template_is_made_edited_and_begun_with(s: SimpleNamespace) -> None:
    browser = signed_in(s.anna)
    assert "No template yet" in browser.get(ROOT).content.decode()
    sent = {"slug": "gold", "names-ru": "Золото 24×7", "names-en": "Gold 24×7", "source": "nothing:"}
    assert browser.post(f"{ROOT}new/", sent).headers["Location"] == f"{ROOT}gold/edit/"
    form = form_of(browser.get(f"{ROOT}gold/edit/").content.decode())
    assert (form["names-ru"], "since" in form) == ("Золото 24×7", False)
    form |= {"line-0-metric": "resolution", "line-0-p1": "4 h", "line-0-p1-goal": "95", "cover-network": "excluded"}
    form |= {"names-bg": "Злато 24×7", "currency": "EUR", "monthly_fee": "900", "penalty_cap": "10 %"}
    assert browser.post(f"{ROOT}gold/edit/", form).headers["Location"] == f"{ROOT}gold/"
    gold = TermsTemplate.objects.get(slug="gold")
    assert gold.label("bg") == "Злато 24×7"
    assert gold.terms == {
        "calendar": "weekdays", "currency": "EUR", "monthly_fee": "900", "penalty_cap": "10 %", "excluded": ["network"],
        "target": [{"metric": "resolution", "minutes": 240, "priority": 1, "goal": "95"}],
    }  # fmt: skip
    page = browser.get(f"{ROOT}gold/").content.decode().replace("\xa0", " ")
    assert ("10 % of the fee" in page, "Север-Логистик, 118-24" in page) == (True, True)
    assert browser.get(f"{ROOT}gold/use/", {"contract": "118-24"}).headers["Location"] == (
        "/desk/contracts/118-24/versions/?source=template:gold"
    )
    begun = browser.get("/desk/contracts/118-24/versions/?source=template:gold").content.decode()
    assert '<option value="template:gold" selected>' in begun
    assert [row.action for row in Row.objects.filter(target="template:gold")] == ["template added", "template edited"]


def test_an_edited_template_changes_no_version_that_began_as_it(s: SimpleNamespace) -> None:
    made = silver(s)
    draft = versions.begin(s.contract, made.terms, valid_from=s.version.valid_from, by=s.anna, at=clock.now())
    templates.edit(made, made.names, {"calendar": "weekdays"}, by=s.anna, at=clock.now())
    assert written.terms_of(ContractVersion.objects.get(pk=draft.pk))["target"] == TERMS["target"]


def test_a_retired_template_is_kept_and_offered_no_more(s: SimpleNamespace) -> None:
    silver(s)
    browser = signed_in(s.anna)
    page = browser.post(f"{ROOT}silver/retirement/", {"retired": "yes"}, follow=True).content.decode()
    assert ("No version begins with it any more." in page, "Begin a version with it" in page) == (True, False)
    assert "Silver" not in browser.get("/desk/contracts/118-24/versions/").content.decode()
    assert browser.post(
        "/desk/contracts/118-24/versions/", {"since": "2027-01-01", "source": "template:silver"}
    ).status_code == 422  # fmt: skip
    browser.post(f"{ROOT}silver/retirement/", {"retired": "no"})
    assert "Silver" in browser.get("/desk/contracts/118-24/versions/").content.decode()


def test_a_version_is_kept_as_a_template_without_the_equipment_of_its_client(s: SimpleNamespace) -> None:
    s.version.equipment.add(Equipment.objects.create(slug="till", name="Касса", client=s.north))
    browser = signed_in(s.anna)
    source = f"version:{s.version.pk}"
    assert "version 1" in browser.get(f"{ROOT}new/", {"source": source}).content.decode()
    browser.post(f"{ROOT}new/", {"slug": "as-118", "names-en": "As 118", "source": source})
    kept = TermsTemplate.objects.get(slug="as-118").terms
    assert kept == {k: v for k, v in written.terms_of(s.version).items() if k != "equipment"}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"slug": "", "names-en": "X"}, "A short name of Latin letters is needed."),
        ({"slug": "x"}, "Give it a name in one language at least"),
        ({"slug": "x", "names-en": "X", "source": "template:ghost"}, "Choose what it begins from."),
        ({"slug": "x", "names-en": "X", "source": "version:999"}, "Choose what it begins from."),
        ({"slug": "silver", "names-en": "X"}, "There is a template of this name already."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(s: SimpleNamespace, sent: dict[str, str], words: str) -> None:
    silver(s)
    refused = signed_in(s.anna).post(f"{ROOT}new/", {"source": "nothing:", **sent})
    assert (refused.status_code, words in refused.content.decode()) == (422, True)
    assert TermsTemplate.objects.count() == 1


def test_terms_of_a_template_are_checked_like_those_of_a_contract(s: SimpleNamespace) -> None:
    made = silver(s)
    for terms, problem in (
        ({}, "calendar: is missing"),
        ({"calendar": "ghost"}, "calendar: there is no calendar 'ghost'"),
        ({**TERMS, "equipment": ["till"]}, "equipment: is of one client, not of a template"),
        ({**TERMS, "monthly_fee": "5"}, "currency: a fee needs one"),
    ):
        with pytest.raises(WrongTerms) as refusal:
            templates.edit(made, made.names, terms, by=s.anna, at=clock.now())
        assert problem in refusal.value.problems
    browser = signed_in(s.anna)
    form = form_of(browser.get(f"{ROOT}silver/edit/").content.decode()) | {"monthly_fee": "5", "line-0-p0": "soon"}
    page = browser.post(f"{ROOT}silver/edit/", form)
    assert (page.status_code, "Write it as 15 min, 2 h or 3 days." in page.content.decode()) == (422, True)


def test_the_second_of_two_who_edit_a_template_overwrites_nothing(s: SimpleNamespace) -> None:
    made = silver(s)
    seen = templates.fingerprint(made)
    templates.edit(made, {"en": "Other"}, TERMS, by=s.adam, at=clock.now())
    with pytest.raises(NotReady):
        templates.edit(made, {"en": "Mine"}, TERMS, by=s.anna, at=clock.now(), seen=seen)
    page = signed_in(s.anna).post(f"{ROOT}silver/edit/", {"seen": seen, "calendar": "weekdays", "lines": "0"})
    assert (page.status_code, "Nothing was overwritten." in page.content.decode()) == (422, True)


def test_a_lead_reads_templates_and_is_offered_no_change(s: SimpleNamespace) -> None:
    silver(s)
    page = signed_in(s.lev).get(f"{ROOT}silver/").content.decode()
    assert ("Silver 8×5" in page, "/edit/" in page, "retirement" in page) == (True, False, False)
