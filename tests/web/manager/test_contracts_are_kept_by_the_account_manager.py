"""Contracts on the pages: versions from a day on, drafts that become frozen, differences in words, the try-it line."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.contracts import versions, written
from firstline.contracts.models import Contract, ContractVersion, TermsTemplate
from firstline.lib import clock
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/desk/contracts/118-24/"


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def signed_in(person: Any, language: str = "en") -> Client:
    person.language = language
    person.save()
    browser = Client()
    browser.force_login(person)
    return browser


def begun(s: SimpleNamespace) -> ContractVersion:
    return versions.begin(
        s.contract, written.terms_of(s.version), valid_from=date(2027, 1, 1), by=s.anna, at=clock.now()
    )


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send of the edit form as it stands."""
    sent: dict[str, Any] = {}
    body = page[page.index("data-guard") :]
    for tag in re.findall(r"<select\b.*?</select>|<textarea\b.*?</textarea>|<input\b[^>]*>", body, re.S):
        name = re.search(r'name="([^"]+)"', tag)
        if name is None:
            continue
        if tag.startswith("<select"):
            chosen = re.search(r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)", tag)
            first = re.search(r"<option(?: value=\"([^\"]*)\")?>([^<]*)", tag)
            found = chosen or first
            sent[name[1]] = (found[1] if found and found[1] is not None else found[2]) if found else ""
        elif tag.startswith("<textarea"):
            sent[name[1]] = re.sub(r"<[^>]*>", "", tag)
        elif 'type="checkbox"' in tag:
            if " checked" in tag:
                sent.setdefault(name[1], []).append(re.search(r'value="([^"]*)"', tag)[1])  # type: ignore[index]
        else:
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = value[1] if value else ""
    return sent


def test_clients_stand_with_what_holds_today(s: SimpleNamespace) -> None:
    page = signed_in(s.anna).get("/desk/contracts/").content.decode()
    assert "Север-Логистик" in page
    assert "118-24" in page
    assert page.count("No contract: his tickets come without terms.") == 2
    assert "118-24" not in signed_in(s.anna).get("/desk/contracts/?q=Юг").content.decode()


def test_a_new_version_begins_as_a_copy_and_its_form_changes_nothing_by_itself(s: SimpleNamespace) -> None:
    browser = signed_in(s.anna, "ru")
    made = browser.post(f"{PAGE}versions/", {"since": "2027-01-01", "source": "version:1"})
    assert made.headers["Location"] == f"{PAGE}2/edit/"
    before = written.terms_of(ContractVersion.objects.get(number=2))
    page = browser.get(f"{PAGE}2/edit/").content.decode()
    saved = browser.post(f"{PAGE}2/edit/", form_of(page))
    assert saved.status_code == 302, saved.content.decode()
    assert written.terms_of(ContractVersion.objects.get(number=2)) == before


def test_what_is_typed_becomes_terms(s: SimpleNamespace) -> None:
    draft = begun(s)
    browser = signed_in(s.anna, "ru")
    sent = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    line = int(sent["lines"]) - 1
    sent |= {
        "currency": "EUR", "monthly_fee": "1 200,50", "to": "2027-12-31", "vendor_pauses": "1",
        "warnings": "50 % ответственный; 80 % ответственный, руководитель",
        f"line-{line}-metric": "on_site", f"line-{line}-p1": "2 дня", f"line-{line}-p1-goal": "95",
        f"line-{line}-service": "printing", "cover-network": "billable",
        "duty-0-name": "Доступ в серверную", "duty-0-side": "client", "duty-0-minutes": "1 ч",
        "inner_term-0-stage": "line1", "inner_term-0-share": "40",
        "pause_reason-0-name": "Нет ответа", "pause_reason-0-status": "waiting_for_client",
        "pause_reason-0-whose": "client", "pause_reason-0-reminders": "1 день, 2 дня",
        "pause_reason-0-close_minutes": "5 дней", "pause_reason-0-pauses": "1",
        "indicator-0-kind": "sla_share", "indicator-0-goal": "95", "indicator-0-comparison": "at_least",
        "indicator-0-period": "month", "penalty-0-kind": "bands", "penalty-0-steps": "1 ч: 500\n4 ч: 1 %",
        "penalty-0-cap": "5 %", "penalty-0-exclude": ["client", "force_majeure"], "penalty-0-rounding": "half_up",
        "hours-0-minutes": "20 ч", "hours-0-period": "month", "hours-0-overage_rate": "45",
    }  # fmt: skip
    saved = browser.post(f"{PAGE}2/edit/", sent)
    assert saved.status_code == 302, saved.content.decode()
    draft.refresh_from_db()
    terms = written.terms_of(draft)
    assert draft.valid_to == date(2027, 12, 31)
    assert (terms["currency"], terms["monthly_fee"], terms["vendor_pauses"]) == ("EUR", "1200.5", True)
    assert terms["warnings"] == [
        {"share": "0.5", "tell": ["assignee"]}, {"share": "0.8", "tell": ["assignee", "manager"]},
    ]  # fmt: skip
    assert {"metric": "on_site", "minutes": 1080, "priority": 1, "service": "printing", "goal": "95"} in terms["target"]
    assert terms["billable"] == ["network"]
    assert terms["duty"] == [{"slug": "duty-1", "side": "client", "name": "Доступ в серверную", "minutes": 60}]
    assert terms["inner_term"] == [{"stage": "line1", "share": "40"}]
    assert terms["pause_reason"] == [{
        "slug": "pause-reason-1", "name": "Нет ответа", "status": "waiting_for_client", "whose": "client",
        "reminders": [540, 1080], "close_minutes": 2700,
    }]  # fmt: skip
    assert terms["indicator"] == [{"kind": "sla_share", "goal": "95"}]
    assert terms["penalty"] == [{
        "kind": "bands", "cap": "5 %", "exclude": ["client", "force_majeure"],
        "bands": [{"after": 60, "costs": "500"}, {"after": 240, "costs": "1 %"}],
    }]  # fmt: skip
    assert terms["hours"] == [{"minutes": 1200, "overage_rate": "45"}]
    again = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    assert browser.post(f"{PAGE}2/edit/", again).status_code == 302
    assert written.terms_of(ContractVersion.objects.get(pk=draft.pk)) == terms


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("line-0-p1", "soon", "Write it as 15 min, 2 h or 3 days."),
        ("line-0-p1-goal", "120", "a percentage up to 100 is needed"),
        ("monthly_fee", "100", "a fee needs a currency"),
        ("warnings", "80 % boss", "“boss” is not understood"),
        ("since", "soon", "This is not a date."),
        ("to", "2020-01-01", "it ends before it begins"),
        ("penalty-0-steps", "a lot", "“a lot” is not understood"),
        ("hours-0-minutes", "many", "Write it as 15 min, 2 h or 3 days."),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(s: SimpleNamespace, field: str, value: str, words: str) -> None:
    draft = begun(s)
    before = versions.fingerprint(draft)
    browser = signed_in(s.anna)
    sent = form_of(browser.get(f"{PAGE}2/edit/").content.decode())
    sent |= {"penalty-0-kind": "bands"} if field.startswith("penalty") else {}
    refused = browser.post(f"{PAGE}2/edit/", {**sent, field: value})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert versions.fingerprint(ContractVersion.objects.get(pk=draft.pk)) == before


def test_the_second_of_two_who_edit_at_once_overwrites_nothing(s: SimpleNamespace) -> None:
    draft = begun(s)
    sent = form_of(signed_in(s.anna).get(f"{PAGE}2/edit/").content.decode())
    versions.edit(
        draft, {"calendar": "weekdays"}, valid_from=draft.valid_from, valid_to=None, by=s.adam, at=clock.now()
    )
    refused = signed_in(s.anna).post(f"{PAGE}2/edit/", sent)
    assert (refused.status_code, "Nothing was overwritten." in refused.content.decode()) == (422, True)


def test_in_force_it_is_frozen_and_its_page_offers_no_edit(s: SimpleNamespace) -> None:
    begun(s)
    browser = signed_in(s.anna)
    page = browser.post(f"{PAGE}2/force/", follow=True).content.decode()
    assert "Version 2 is in force from 01.01.2027" in page
    assert "/edit/" not in page
    assert browser.get(f"{PAGE}2/edit/").headers["Location"] == f"{PAGE}2/"
    assert ContractVersion.objects.get(number=2).frozen_at is not None


def test_a_refusal_to_put_in_force_says_what_to_do(s: SimpleNamespace) -> None:
    s.version.valid_to = date(2026, 11, 30)
    s.version.save()
    begun(s)
    page = signed_in(s.anna).post(f"{PAGE}2/force/", follow=True).content.decode()
    assert "No version would hold from 01.12.2026 to 31.12.2026: choose other days." in page


def test_differences_are_whole_sentences(s: SimpleNamespace) -> None:
    draft = begun(s)
    terms = written.terms_of(draft)
    for row in terms["target"]:
        if (row["metric"], row["priority"]) == ("first_response", 1):
            row |= {"minutes": 30, "goal": "98"}
    terms |= {"currency": "EUR", "monthly_fee": "900", "excluded": ["network"]}
    versions.edit(draft, terms, valid_from=draft.valid_from, valid_to=None, by=s.anna, at=clock.now())
    page = signed_in(s.anna).get(f"{PAGE}differences/?from=1&to=2").content.decode().replace("\xa0", " ")
    assert "Response, priority 1: 15 min → 30 min; promised share: nothing → 98 %" in page
    assert "Fee a month: nothing → 900 €" in page
    assert "Excluded services: new: Network" in page
    russian = signed_in(s.anna, "ru").get(f"{PAGE}differences/").content.decode().replace("\xa0", " ")
    assert "Реакция, приоритет 1: 15 мин → 30 мин; обещанная доля: ничего → 98 %" in russian


def test_the_try_it_line_answers_with_and_without_a_script(s: SimpleNamespace) -> None:
    asked = {
        "at": "2026-03-06T17:30", "priority": "2", "wait": "client", "since": "2026-03-09T09:00",
        "until": "2026-03-09T11:00",
    }  # fmt: skip
    browser = signed_in(s.anna)
    part = browser.get(f"{PAGE}1/trial/", asked, headers={"HX-Request": "true"}).content.decode()
    whole = browser.get(f"{PAGE}1/", asked).content.decode()
    assert part.strip() in whole
    said = part.replace("\xa0", " ")
    assert "until <b>Fri 06.03.2026 18:00</b>" in said
    assert "until <b>Tue 10.03.2026 09:30</b>" in said
    assert "waited for the client 2 h" in said
    assert "by the row for: priority 2" in said


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"at": "soon"}, "This is not a date with a time."),
        ({"at": "2026-03-06T17:30", "wait": "client"}, "The wait begins after the ticket"),
        ({"at": "2026-03-06T17:30", "priority": "9", "type": "x", "service": "x"}, "by the row for: priority 3"),
    ],
)
def test_a_sample_that_cannot_be_is_no_error(s: SimpleNamespace, asked: dict[str, str], words: str) -> None:
    answer = signed_in(s.anna).get(f"{PAGE}1/trial/", asked)
    assert (answer.status_code, words in answer.content.decode()) == (200, True)


def test_the_signed_paper_is_a_download_and_never_a_page(s: SimpleNamespace) -> None:
    browser = signed_in(s.anna)
    paper = SimpleUploadedFile("118 24.html", b"<script>alert(1)</script>")
    browser.post(f"{PAGE}1/document/", {"paper": paper})
    answer = browser.get(f"{PAGE}1/document/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    again = browser.post(f"{PAGE}1/document/", {"paper": SimpleUploadedFile("x", b"y")}, follow=True).content.decode()
    assert "The signed document of a version in force stays as it is." in again


def test_a_contract_is_made_and_filled_from_a_template(s: SimpleNamespace) -> None:
    TermsTemplate.objects.create(
        slug="silver", name="Silver 8×5",
        terms={"calendar": "weekdays", "target": [{"metric": "resolution", "minutes": 540}]},
    )  # fmt: skip
    browser = signed_in(s.anna)
    made = browser.post("/desk/contracts/new/", {"client": "south", "number": "7/26", "name": "Care"})
    assert made.headers["Location"] == "/desk/contracts/7-26/versions/"
    assert "Silver 8×5" in browser.get(made.headers["Location"]).content.decode()
    browser.post(made.headers["Location"], {"since": "2026-01-01", "source": "template:silver"})
    contract = Contract.objects.get(slug="7-26")
    assert str(contract) == "7/26"
    assert written.terms_of(contract.versions.get())["target"] == [{"metric": "resolution", "minutes": 540}]
    twice = browser.post("/desk/contracts/new/", {"client": "south", "number": "7/26"})
    assert twice.status_code == 422
    assert "There is a contract with this number already." in twice.content.decode()


def test_a_lead_sees_his_clients_contracts_and_edits_none(s: SimpleNamespace) -> None:
    Contract.objects.create(slug="east-1", client=s.east)
    browser = signed_in(s.lev)
    listed = browser.get("/desk/contracts/").content.decode()
    assert ("Север-Логистик" in listed, "East Foods" in listed) == (True, False)
    assert browser.get("/desk/contracts/east-1/").status_code == 404
    assert f"{PAGE}versions/" not in browser.get(f"{PAGE}1/").content.decode()
