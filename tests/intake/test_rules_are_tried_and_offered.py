"""A rule is tried on the letters of the last 30 days before it holds; rules are offered from what people decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.audit.models import Row
from firstline.intake import mail_rules, offers, quarantine, rule_preview
from firstline.intake.mail_rules import Wanted
from firstline.intake.models import Inbound, MailRule
from firstline.intake.rules import Condition, Rule
from firstline.lib import clock
from firstline.tickets import ordered_rules
from firstline.tickets.ordered_rules import WrongRule
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)
BANK = Condition("from", "is", "@bank.example")


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def kept(name: str = "Банк", *conditions: Condition, **then: Any) -> MailRule:
    wanted = Wanted(name, conditions or (BANK,), then or {"priority": 2})
    return mail_rules.keep(wanted, by="person:1", at=clock.now())


def tried(*conditions: Condition) -> rule_preview.Preview:
    return rule_preview.of(Rule(0, "x", conditions, {"priority": 1}), clock.now())


# ---- the preview -----------------------------------------------------------------------------------


def test_it_says_how_many_of_how_many_and_shows_the_newest_with_why(stage: Any) -> None:
    old = process(letter(sender="old@bank.example"))
    Inbound.objects.filter(pk=old.pk).update(received_at=clock.now() - timedelta(days=31))
    for number in range(3):
        process(letter(sender=f"a{number}@bank.example", subject=f"Банк {number}"))
    process(letter())
    found = tried(BANK)
    assert (found.looked_at, found.hits, found.is_limited) == (4, 3, False)
    assert [hit.row["subject"] for hit in found.shown] == ["Банк 2", "Банк 1", "Банк 0"]
    assert found.shown[0].why == [BANK]


def test_every_kind_of_condition_can_be_tried_as_it_would_act(stage: Any) -> None:
    account = mailbox()
    process(
        letter(
            sender="Bank <x@bank.example>", text="Добрый день, посмотрите пожалуйста на договор, мы ждём",
            files=(("a.pdf", b"x"),), X_Spam_Score="7", X_Priority="1",
        ),
        account=account,
    )  # fmt: skip
    for condition in (
        Condition("from", "contains", "bank"), Condition("to", "is", "desk@firm.example"),
        Condition("spam", "above", "6"), Condition("subject", "matches", "не*принтер"),
        Condition("files", "above", "0"), Condition("size", "above", "0.1"),
        Condition("mailbox", "is", "desk@firm.example"), Condition("language", "is", "ru"),
        Condition("header", "is", "1", "x-priority"), Condition("auto", "is", "any", negated=True),
    ):  # fmt: skip
        assert tried(condition).hits == 1, condition
    assert tried(Condition("header", "is", "2", "x-priority")).hits == 0


def test_what_was_found_out_about_the_sender_is_tried_as_it_would_act(stage: Any) -> None:
    account = mailbox(authserv_id="mx.firm.example")
    results = b"Authentication-Results: mx.firm.example; spf=softfail smtp.mailfrom=x@elsewhere.example; dkim=none\n"
    process(results + letter(), account=account)
    for condition, hits in (
        (Condition("spf", "is", "softfail"), 1), (Condition("dkim", "is", "none"), 1),
        (Condition("dmarc", "is", "unknown"), 1), (Condition("dmarc", "is", "pass"), 0),
    ):  # fmt: skip
        assert tried(condition).hits == hits, condition
    wanted = Wanted("Doubtful", [Condition("spf", "is", "softfail")], {"outcome": "quarantine"})
    mail_rules.keep(wanted, by="person:1", at=clock.now())
    assert process(results + letter(subject="Another"), account=account).reason == "rule ‘Doubtful’"
    assert process(letter(subject="A third"), account=account).outcome == "ticket"


def test_it_costs_the_same_at_any_size_and_says_what_was_not_looked_at(stage: Any, monkeypatch: Any) -> None:
    for number in range(5):
        process(letter(sender=f"a{number}@bank.example"))
    monkeypatch.setattr(rule_preview, "NEWEST", 3)
    with CaptureQueriesContext(connection) as asked:
        found = tried(BANK)
    assert (found.looked_at, found.hits, found.is_limited, len(asked)) == (3, 3, True, 1)


def test_a_large_letters_header_is_read_from_its_file(stage: Any) -> None:
    row = process(letter(sender="x@bank.example", text="б" * 300_000, X_Priority="1"))
    assert row.blob_id is not None
    assert tried(Condition("header", "is", "1", "X-Priority")).hits == 1


def test_a_dry_run_of_the_list_counts_what_each_rule_would_act_on(stage: Any) -> None:
    process(letter(sender="a@bank.example"))
    process(letter())
    first = Rule(1, "a", (BANK,), {"priority": 1})
    second = Rule(2, "b", (Condition("language", "is", "xx", negated=True),), {"tag": "t"})
    found, counts = rule_preview.of_all([first, second], clock.now())
    assert (found.hits, counts) == (2, {1: 1, 2: 1})


# ---- what an administrator does --------------------------------------------------------------------


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept() -> None:
    wrong = Wanted(" ", [Condition("size", "above", "much"), Condition("from", "regex", "x")], {"client": "nobody"})
    with pytest.raises(WrongRule) as refused:
        mail_rules.keep(wanted=wrong, by="person:1", at=clock.now())
    assert [one.field for one in refused.value.found] == [
        "conditions[0].value", "conditions[1].test", "name", "client",
    ]  # fmt: skip
    with pytest.raises(WrongRule):
        mail_rules.keep(Wanted("x", [BANK], {}), by="person:1", at=clock.now())
    assert not MailRule.objects.exists()


def test_rules_are_ordered_switched_and_taken_away_and_each_deed_is_audited() -> None:
    first, second, third = kept("Один"), kept("Два"), kept("Три")
    ordered_rules.move(third, up=True, by="person:1", at=clock.now())
    ordered_rules.move(first, up=True, by="person:1", at=clock.now())
    assert list(MailRule.objects.values_list("name", flat=True)) == ["Один", "Три", "Два"]
    ordered_rules.switch(second, on=False, by="person:1", at=clock.now())
    ordered_rules.take_away(first, by="person:1", at=clock.now())
    assert list(MailRule.objects.filter(is_on=True).values_list("name", flat=True)) == ["Три"]
    rows = Row.objects.filter(target__startswith="mail rule:").order_by("id")
    assert list(rows.values_list("action", flat=True)) == [
        "rule made", "rule made", "rule made", "rule moved", "rule off", "rule taken away",
    ]  # fmt: skip


def test_keeping_a_rule_again_clears_what_was_wrong_with_it() -> None:
    row = kept()
    MailRule.objects.filter(pk=row.pk).update(problem="broken", problem_since=clock.now())
    row.refresh_from_db()
    mail_rules.keep(Wanted("Банк", [BANK], {"priority": 1}), by="person:1", at=clock.now(), row=row)
    row.refresh_from_db()
    assert (row.problem, row.problem_since, row.priority) == ("", None, 1)


# ---- offers ----------------------------------------------------------------------------------------


def aside(stage: Any, sender: str, times: int) -> None:
    for _time in range(times):
        row = process(letter(sender=sender, Auto_Submitted="auto-generated"))
        quarantine.spam(row, by=stage.lev, at=clock.now())


def test_who_was_put_aside_three_times_is_offered_until_a_rule_stands(stage: Any) -> None:
    aside(stage, "shop@news.example", 2)
    assert offers.offers() == []
    aside(stage, "shop@news.example", 1)
    assert offers.offers() == [offers.Offer("shop@news.example", 3, "ignore")]
    kept("Рассылка", Condition("from", "is", "@news.example"), outcome="ignore")
    assert offers.offers() == []


def test_three_people_of_a_domain_are_offered_as_their_domain_but_never_everybodys(stage: Any) -> None:
    for name in ("a", "b", "c"):
        aside(stage, f"{name}@spam.example", 1)
        aside(stage, f"{name}@gmail.com", 1)
    assert offers.offers() == [offers.Offer("@spam.example", 3, "ignore")]


def test_a_machine_whose_letters_became_one_clients_tickets_is_offered(stage: Any) -> None:
    for _time in range(3):
        row = process(letter(sender="z@north.example", Auto_Submitted="auto-generated"))
        quarantine.make_ticket(row, by=stage.lev, at=clock.now())
    assert offers.offers() == [offers.Offer("z@north.example", 3, "ticket", "north")]
