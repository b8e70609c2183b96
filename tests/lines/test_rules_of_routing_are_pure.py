"""Rules of routing: the first that holds decides; what is said of a rule before it is saved is true of every ticket."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstline.lines import rules
from firstline.lines.rules import Condition, Facts, Rule


def rule(*conditions: Condition, number: int = 1) -> Rule:
    return Rule(number, f"rule {number}", conditions)


ONE_C = Condition("service", ("1c",))
GORIZONT = Condition("client", ("gorizont",))


def test_the_first_rule_that_holds_decides() -> None:
    asked = [rule(ONE_C, GORIZONT, number=1), rule(ONE_C, number=2), rule(number=3)]
    assert rules.decide(asked, Facts(service="1c", client="gorizont")).rule == asked[0]
    assert rules.decide(asked, Facts(service="1c", client="orbita")).rule == asked[1]
    assert rules.decide(asked, Facts()).rule == asked[2]


def test_a_rule_that_cannot_be_asked_is_named_and_passed_over() -> None:
    asked = [rule(Condition("moon", ("full",))), rule(ONE_C, number=2)]
    decision = rules.decide(asked, Facts(service="1c"))
    assert decision.rule == asked[1]
    assert [(one.number, why) for one, why in decision.broken] == [(1, "no such condition: moon")]


@pytest.mark.parametrize(
    ("span", "minute", "holds"),
    [
        ("22:00-06:00", 23 * 60, True),
        ("22:00-06:00", 5 * 60 + 59, True),
        ("22:00-06:00", 6 * 60, False),
        ("09:00-18:00", 9 * 60, True),
        ("09:00-18:00", 18 * 60, False),
        ("18:00-24:00", 1439, True),
    ],
)
def test_a_time_of_day_may_run_over_midnight(span: str, minute: int, holds: bool) -> None:
    assert rules.holds(rule(Condition("time", (span,))), Facts(minute=minute)) is holds


def test_a_missing_fact_has_a_name() -> None:
    without = rule(Condition("category", (rules.NONE,)))
    assert rules.holds(without, Facts())
    assert not rules.holds(without, Facts(category="toner"))


def test_a_ticket_that_needs_two_skills_is_caught_by_either() -> None:
    needs = Facts(skill=frozenset({"pos", "1c"}))
    assert rules.holds(rule(Condition("skill", ("1c", "linux"))), needs)
    assert not rules.holds(rule(Condition("skill", ("1c",), negated=True)), needs)
    assert rules.holds(rule(Condition("skill", (rules.NONE,))), Facts())


@pytest.mark.parametrize(
    ("conditions", "fact"),
    [
        ((ONE_C, Condition("service", ("mail",))), "service"),
        ((ONE_C, Condition("service", ("1c",), negated=True)), "service"),
        ((Condition("time", ("09:00-12:00",)), Condition("time", ("13:00-18:00",))), "time"),
        ((Condition("vip", ("yes", "no"), negated=True),), "vip"),
        ((Condition("skill", ("1c",)), Condition("skill", ("1c", "pos"), negated=True)), "skill"),
        ((ONE_C, GORIZONT), ""),
        ((Condition("skill", ("1c",)), Condition("skill", ("pos",))), ""),
    ],
)
def test_what_contradicts_itself_is_said(conditions: tuple[Condition, ...], fact: str) -> None:
    assert rules.never(rule(*conditions)) == fact


def test_what_is_taken_wholly_by_one_above_is_said() -> None:
    wide, narrow, other = rule(ONE_C), rule(ONE_C, GORIZONT, number=2), rule(GORIZONT, number=3)
    assert rules.shadowed_by(narrow, [other, wide]) == other
    assert rules.shadowed_by(narrow, [wide]) == wide
    assert rules.shadowed_by(wide, [narrow]) is None
    assert rules.shadowed_by(wide, [rule()]) == rule(), "one that holds for everything leaves nothing below it"
    never = rule(ONE_C, Condition("service", ("mail",)))
    assert rules.shadowed_by(narrow, [never]) is None, "one that never holds takes nothing"


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Condition("client", ()), "values"),
        (Condition("moon", ("full",)), "field"),
        (Condition("priority", ("5",)), "values"),
        (Condition("time", ("9-18",)), "values"),
        (Condition("time", ("10:00-10:00",)), "values"),
        (Condition("service", ("a b",)), "values"),
    ],
)
def test_what_is_no_condition_is_refused(condition: Condition, field: str) -> None:
    assert [(place, name) for place, name, _problem in rules.problems([condition])] == [(0, field)]


# ---- against brute force ---------------------------------------------------------------------------

VALUES = {
    "service": ("1c", "mail", rules.NONE),
    "vip": ("yes", "no"),
    "day": rules.DAYS,
    "time": ("08:00-12:00", "12:00-20:00", "20:00-08:00"),
    "skill": ("a", "b", rules.NONE),
}
SKILLS = [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
EVERY_TICKET = [
    Facts(service=service, vip=vip, day=day, minute=hour * 60, skill=skill)
    for service, vip, day, hour, skill in product(
        (*VALUES["service"], "other"), VALUES["vip"], rules.DAYS, (9, 13, 21, 3), SKILLS
    )
]


@st.composite
def made_rules(draw: st.DrawFn) -> Rule:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(sorted(VALUES)))
        values = tuple(sorted(draw(st.sets(st.sampled_from(VALUES[name]), min_size=1, max_size=3))))
        found.append(Condition(name, values, draw(st.booleans())))
    return Rule(draw(st.integers(1, 99)), "made", tuple(found))


@settings(max_examples=200, deadline=None)
@given(made_rules(), made_rules())
def test_what_is_said_of_a_rule_is_true_of_every_ticket(one: Rule, above: Rule) -> None:
    held = [ticket for ticket in EVERY_TICKET if rules.holds(one, ticket)]
    if rules.never(one):
        assert not held
    elif rules.shadowed_by(one, [above]) is not None:
        assert all(rules.holds(above, ticket) for ticket in held)
