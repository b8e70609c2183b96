"""The administrator’s rules for mail: list, order, one rule with its live preview, and what is offered."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.intake import quarantine
from firstline.intake.models import Inbound, MailRule
from firstline.lib import clock
from firstline.people.models import Person

FORM = {
    "name": "VIP bank", "any_of": "0", "is_on": "1", "c0-field": "from", "c0-test": "is", "c0-value": "@bank.example",
    "c1-field": "auto=any", "c1-not": "1", "priority": "1", "client": "north", "do": "keep",
}  # fmt: skip


@pytest.fixture
def adam(stage: SimpleNamespace, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(stage.adam)


def letter(number: int, sender: str = "ivan@bank.example", **fields: object) -> Inbound:
    given = {"state": "done", "outcome": "ignored", "facts": {"to": [], "auto": "", "language": "ru"}, **fields}
    return Inbound.objects.create(
        source="x", source_key=str(number), sha256=f"{number:064d}", size=10, raw=b"From: a@b\r\n\r\nx", sender=sender,
        subject=f"Letter {number}", **given,
    )  # fmt: skip


def test_a_rule_is_made_shown_in_words_changed_and_taken_away(adam: Client, stage: SimpleNamespace) -> None:
    assert adam.post("/desk/rules/new/", FORM).status_code == 302
    rule = MailRule.objects.get()
    assert (rule.priority, rule.client, len(rule.conditions)) == (1, stage.north, 2)
    html = adam.get("/desk/rules/").content.decode()
    for words in ("VIP bank", "Sender is “@bank.example”", "Written by a machine is not “anything”", "Client: "):
        assert words in html
    page = adam.get(f"/desk/rules/{rule.pk}/").content.decode()
    assert 'value="@bank.example"' in page
    assert '<option value="auto=any" selected>' in page
    adam.post(f"/desk/rules/{rule.pk}/", {**FORM, "name": "VIP"})
    rule.refresh_from_db()
    assert rule.name == "VIP"
    adam.post(f"/desk/rules/{rule.pk}/switch/", {"on": "0"})
    rule.refresh_from_db()
    assert not rule.is_on
    adam.post(f"/desk/rules/{rule.pk}/removal/")
    assert not MailRule.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(adam: Client) -> None:
    answer = adam.post("/desk/rules/new/", {**FORM, "c0-field": "size", "c0-value": "much", "name": "Big"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Condition 1: This is not a number." in html
    assert 'value="much"' in html
    assert 'value="Big"' in html
    assert not MailRule.objects.exists()


def test_the_preview_is_a_part_of_the_page_and_nothing_is_kept(adam: Client) -> None:
    letter(1)
    letter(2, sender="x@y.example")
    part = adam.post("/desk/rules/new/", FORM, headers={"HX-Request": "true"}).content.decode()
    assert "Would have hit 1 of 2 letters" in part
    assert "Letter 1" in part
    assert "<html" not in part
    whole = adam.post("/desk/rules/new/", {**FORM, "do": "preview"}).content.decode()
    assert part.strip() in whole
    assert 'value="VIP bank"' in whole
    assert not MailRule.objects.exists()


def test_a_dry_run_of_all_stands_beside_each_rule(adam: Client) -> None:
    letter(1)
    adam.post("/desk/rules/new/", FORM)
    assert "would have acted on 1" in adam.get("/desk/rules/?dry=1").content.decode()


def test_buttons_order_the_list(adam: Client) -> None:
    for name in ("First", "Second"):
        adam.post("/desk/rules/new/", {**FORM, "name": name})
    last = MailRule.objects.order_by("position").last()
    assert last is not None
    adam.post(f"/desk/rules/{last.pk}/position/", {"to": "up"})
    assert list(MailRule.objects.values_list("name", flat=True)) == ["Second", "First"]


def test_an_offer_leads_to_a_rule_that_is_filled_in(
    adam: Client, stage: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    for number in range(3):
        row = letter(number, "shop@news.example", state="quarantine", outcome="quarantine")
        quarantine.spam(row, by=stage.lev, at=clock.now())
    html = adam.get("/desk/quarantine/").content.decode()
    address = "/desk/rules/new/?from=shop%40news.example&amp;outcome=ignore"
    assert "3 letters from shop@news.example were put aside" in html
    assert address in html
    form = adam.get(address.replace("&amp;", "&")).content.decode()
    assert 'value="shop@news.example"' in form
    assert '<option value="ignore" selected>' in form
    assert "Would have hit 3 of 3" in form
    assert "Make a rule of it" not in signed_in(stage.lev).get("/desk/quarantine/").content.decode()
