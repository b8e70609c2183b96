"""Rules before registration: what holds, in which order, what a later rule may still set, and what they cost."""

from __future__ import annotations

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake import rules
from firstline.intake.reading import tongues
from firstline.intake.rules import Broken, Condition, Facts, Rule
from tests.bounded import linear

BANK = Facts(
    sender="ivan@bank.example", name="Иван Петров", to=("desk@firm.example", "boss@bank.example"),
    subject="СРОЧНО: не работает банкомат", size=300 * 1024, spam=5.5, files=2, auto="", mailbox="desk@firm.example",
    language="ru", headers={"x-priority": ("1 (Highest)",), "list-id": ("<news.bank.example>",)},
)  # fmt: skip


def rule(*conditions: Condition, number: int = 1, any_of: bool = False, goes_on: bool = False, **then: object) -> Rule:
    return Rule(number, f"rule {number}", conditions, then, any_of, goes_on)


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        (Condition("from", "is", "IVAN@bank.example"), True),
        (Condition("from", "is", "@bank.example"), True),
        (Condition("from", "is", "@ank.example"), False),
        (Condition("from", "is", "bank.example"), False),
        (Condition("from", "contains", "петров"), True),
        (Condition("from", "matches", "*@bank.*"), True),
        (Condition("from", "matches", "ivan@*.org"), False),
        (Condition("to", "is", "boss@bank.example"), True),
        (Condition("to", "is", "nobody@bank.example"), False),
        (Condition("subject", "contains", "срочно"), True),
        (Condition("subject", "matches", "срочно: * банком?т"), True),
        (Condition("subject", "matches", "банкомат"), False),
        (Condition("subject", "contains", "срочно", negated=True), False),
        (Condition("header", "contains", "highest", "X-Priority"), True),
        (Condition("header", "contains", "x", "X-Absent"), False),
        (Condition("header", "contains", "x", "X-Absent", negated=True), True),
        (Condition("mailbox", "is", "desk@firm.example"), True),
        (Condition("size", "above", "299"), True),
        (Condition("size", "below", "300"), False),
        (Condition("spam", "above", "5"), True),
        (Condition("spam", "above", "5.5"), False),
        (Condition("files", "above", "0"), True),
        (Condition("files", "below", "1"), False),
        (Condition("auto", "is", "any"), False),
        (Condition("auto", "is", "any", negated=True), True),
        (Condition("language", "is", "ru"), True),
        (Condition("language", "is", "bg"), False),
    ],
)
def test_a_condition_holds_for_what_it_says(condition: Condition, held: bool) -> None:
    assert rules.holds(rule(condition), BANK) is held


def test_without_a_score_neither_above_nor_below_holds() -> None:
    nothing = Facts()
    assert not rules.holds(rule(Condition("spam", "above", "-100")), nothing)
    assert not rules.holds(rule(Condition("spam", "below", "100")), nothing)


def test_all_conditions_or_any_of_them() -> None:
    yes, no = Condition("language", "is", "ru"), Condition("language", "is", "bg")
    assert not rules.holds(rule(yes, no), BANK)
    assert rules.holds(rule(yes, no, any_of=True), BANK)
    assert rules.why(rule(yes, no, any_of=True), BANK) == [yes]


def test_the_first_that_holds_decides_and_a_later_one_only_adds_where_it_goes_on() -> None:
    yes, no = Condition("language", "is", "ru"), Condition("language", "is", "bg")
    made = rules.decide(
        [
            rule(no, number=1, priority=1),
            rule(yes, number=2, goes_on=True, priority=2, client="bank"),
            rule(yes, number=3, priority=3, team="vip"),
            rule(yes, number=4, tag="never"),
        ],
        BANK,
    )
    assert made.values == {"priority": 2, "client": "bank", "team": "vip"}
    assert [(one.number, dict(new)) for one, new in made.applied] == [
        (2, {"priority": 2, "client": "bank"}),
        (3, {"team": "vip"}),
    ]


def test_what_puts_a_letter_aside_ends_the_list() -> None:
    yes = Condition("language", "is", "ru")
    made = rules.decide([rule(yes, number=1, goes_on=True, outcome="ignore"), rule(yes, number=2, priority=1)], BANK)
    assert (made.outcome, made.values) == ("ignore", {})


@pytest.mark.parametrize(
    "broken",
    [
        Condition("colour", "is", "red"),
        Condition("from", "regex", "(a+)+$"),
        Condition("size", "above", "much"),
        Condition("from", "contains", "x" * 201),
        Condition("subject", "matches", "*" * 21),
    ],
)
def test_a_broken_rule_is_named_and_passed_over(broken: Condition) -> None:
    made = rules.decide([rule(broken, number=7, priority=1), rule(Condition("language", "is", "ru"), priority=2)], BANK)
    assert made.values == {"priority": 2}
    assert [one.number for one, _why in made.broken] == [7]
    assert rules.problems([broken])


def test_a_rule_without_conditions_holds_for_nothing() -> None:
    with pytest.raises(Broken):
        rules.holds(rule(), BANK)


def test_what_was_found_out_about_a_sender_can_be_asked() -> None:
    facts = Facts(proofs=rules.proofs_of("spf=softfail dkim=fail dkim=pass dmarc=pass", "pass"))
    for name, value in (("spf", "softfail"), ("dkim", "pass"), ("dmarc", "pass")):
        assert rules.holds(rule(Condition(name, "is", value)), facts)
        assert not rules.holds(rule(Condition(name, "is", "unknown")), facts)
        assert rules.holds(rule(Condition(name, "is", "unknown")), Facts())
    assert rules.problems([Condition("dkim", "is", "maybe")]) == [
        (0, "value", "one of pass, fail, softfail, none, unknown")
    ]


@pytest.mark.parametrize(
    ("said", "sender", "proofs"),
    [
        ("", "", {"dmarc": "unknown"}),
        ("spf=neutral dkim=temperror", "unknown", {"spf": "none", "dmarc": "unknown"}),
        ("spf=hardfail dkim=policy dmarc=none", "none", {"spf": "fail", "dkim": "fail", "dmarc": "none"}),
        ("spf= =pass arc=pass spf", "fail", {"dmarc": "fail"}),
    ],
)
def test_the_words_of_servers_come_to_five(said: str, sender: str, proofs: dict[str, str]) -> None:
    assert rules.proofs_of(said, sender) == proofs


@given(st.text("ab*?", max_size=12), st.text("abc", max_size=20))
def test_wildcards_mean_what_they_mean_in_a_shell(pattern: str, text: str) -> None:
    translated = re.compile(fnmatch.translate(pattern.replace("[", "[[]")), re.S)
    assert rules.matches(pattern, text) is bool(translated.match(text))


def test_no_pattern_costs_more_than_its_length_times_the_texts() -> None:
    with linear():
        rules.matches("*a?a?a?a?a" * 18 + "*b", "a" * 2_000)
        rules.matches("?" * 100 + "*" + "a" * 98 + "?", "a" * 2_000)


@pytest.mark.parametrize(
    ("lines", "score"),
    [
        ("X-Spam-Score: 7.3\nSubject: x", 7.3),
        ("X-Spam-Status: Yes, score=12.1 required=5.0 tests=A,\n\tB", 12.1),
        ("X-Spamd-Result: default: False [-0.5 / 15.00]", -0.5),
        ("X-Rspamd-Score: 4", 4.0),
        ("X-Spam-Score: much", None),
        ("Subject: X-Spam-Score: 7", None),
    ],
)
def test_the_score_of_the_filter_before_us_is_read(lines: str, score: float | None) -> None:
    assert rules.spam_of(rules.headers_of(lines)) == score


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Добрый день! Принтер не печатает, посмотрите пожалуйста, мы ждём.", "ru"),
        ("Здравейте, принтерът не печата от сутринта, моля да го погледнете.", "bg"),
        ("Добрий день, принтер не працює вже від ранку, допоможіть будь ласка.", "uk"),
        ("Hello, the printer is not working since this morning, can you help?", "en"),
        ("Hallo, der Drucker druckt nicht und wir können nicht arbeiten.", "de"),
        ("Ok", ""),
        ("12345 67890 12345", ""),
    ],
)
def test_the_language_of_a_letter_is_guessed_or_left_open(text: str, language: str) -> None:
    assert tongues.guessed(text) == language


@pytest.mark.parametrize(
    ("text", "usual", "language"),
    [
        ("Касата тръгна, но бележките излизат празни.", "ru", "ru"),  # one sign alone may be a slip of the finger
        ("Здравейте, касата тръгна, но бележките излизат празни.", "ru", "bg"),
        ("Моля за смяна, клавиатурата не пише.", "bg", "bg"),
        ("Hello, the scanner does not answer since this morning.", "ru", "en"),
        ("Не печатает принтер", "ru", "ru"),
        ("Не печатает принтер", "bg", "bg"),  # says too little
        ("Здравствуйте, мы не можем печатать уже второй час.", "bg", "ru"),
        ("Объект сдан, подъезд открыт, объявление висит", "ru", "ru"),  # ъ as only Russian has it
        ("Не печатает HP LaserJet 4000 in the office, error with the tray", "ru", "en"),
        ("ПОМОГИТЕ", "bg", "bg"),
        ("", "en", "en"),
        ("Hallo, der Drucker druckt nicht und wir können nicht arbeiten.", "ru", "de"),
    ],
)
def test_a_language_that_is_not_the_usual_one_must_be_clear(text: str, usual: str, language: str) -> None:
    assert tongues.written_in(text, usual) == language
