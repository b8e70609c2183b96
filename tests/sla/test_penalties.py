"""What broken promises cost, to the last coin."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.contracts.penalty_terms import Price, Rule, WrongPenalty, read
from firstline.sla.penalties import Charge, Judged, Purse, Share, charge, compliance

FEE = Purse(fee=Fraction(3000))
TIERS = {
    "tiers": [
        {"at_least": "95", "costs": "0 %"}, {"at_least": "90", "costs": "5 %"}, {"at_least": "85", "costs": "10 %"},
        {"costs": "20 %"},
    ]
}  # fmt: skip


def late(ticket: int, minutes: int, **more: Any) -> Judged:
    return Judged(ticket, "resolution", met=False, late=Fraction(minutes), **more)


def kept(ticket: int, **more: Any) -> Judged:
    return Judged(ticket, "resolution", met=True, **more)


def of(*kept_and_broken: int) -> list[Judged]:
    good, all_of_them = kept_and_broken
    return [kept(n) if n < good else late(n, 30) for n in range(all_of_them)]


def amounts(found: Charge) -> list[str]:
    return [str(line.amount) for line in found.lines]


@pytest.mark.parametrize(
    ("good", "expected"),
    [(57, "0.00"), (56, "150.00"), (54, "150.00"), (53, "300.00"), (51, "300.00"), (48, "600.00"), (0, "600.00")],
)
def test_the_share_of_kept_promises_picks_the_tier_exactly_at_its_bound(good: int, expected: str) -> None:
    rule = read("compliance", {**TIERS, "cap_period": "20 %"})

    found = charge([rule], of(good, 60), FEE)

    assert str(found.total) == expected
    assert found.lines[0].share == Share(good, 60)


def test_an_excused_breach_is_neither_kept_nor_broken() -> None:
    clocks = [*of(18, 20), late(100, 5, excused=True)]

    assert compliance(clocks) == Share(18, 20)
    assert charge([read("started", {"costs": "10"})], clocks, FEE).total == Decimal("20.00")


def test_nothing_judged_costs_nothing() -> None:
    assert charge([read("compliance", TIERS), read("availability", TIERS)], [], FEE) == Charge(())


@pytest.mark.parametrize(("minutes", "expected"), [(0, []), (1, ["30.00"]), (60, ["30.00"]), (61, ["60.00"])])
def test_a_started_hour_costs_a_whole_one(minutes: int, expected: list[str]) -> None:
    assert amounts(charge([read("started", {"costs": "1 %"})], [late(7, minutes)], FEE)) == expected


def test_the_band_that_was_reached_costs_or_all_of_them_add_up() -> None:
    bands = {
        "bands": [{"after": 0, "costs": "500"}, {"after": 120, "costs": "1000"}, {"after": 360, "costs": "2000"}],
    }
    clocks = [late(1, 120), late(2, 121), late(3, 600)]

    assert amounts(charge([read("bands", bands)], clocks, FEE)) == ["500.00", "1000.00", "2000.00"]
    assert amounts(charge([read("bands", {**bands, "accumulate": True})], clocks, FEE)) == [
        "500.00", "1500.00", "3500.00",
    ]  # fmt: skip


def test_grace_and_whose_time_it_was_are_taken_off_before_anything_is_counted() -> None:
    rule = read("started", {"costs": "100", "grace": 15, "exclude": ["client", "force_majeure"]})
    clocks = [
        late(1, 15), late(2, 16), late(3, 100, late_by={"client": Fraction(80), "vendor": Fraction(20)}),
        late(4, 100, late_by={"client": Fraction(90), "force_majeure": Fraction(10)}),
    ]  # fmt: skip

    found = charge([rule], clocks, FEE)

    assert [(line.ticket, line.late) for line in found.lines] == [(2, 1), (3, 5), (4, 0)]
    assert [line.forgiven for line in found.lines] == [
        {"grace": 15}, {"client": 80, "grace": 15}, {"client": 90, "force_majeure": 10},
    ]  # fmt: skip
    assert found.total == 200  # the fourth stays on the paper, for nothing: its minutes were others'


def test_caps_cut_a_ticket_a_rule_and_the_whole_contract_and_say_what_it_was() -> None:
    rule = read("started", {"costs": "100", "cap": "300", "cap_period": "700"})
    clocks = [late(1, 600), late(2, 300), late(3, 300)]

    by_rule = charge([rule], clocks, FEE)
    by_contract = charge([rule], clocks, replace(FEE, cap=Price(share=Fraction(1, 6))))

    assert [(line.amount, line.before_cap, line.cap) for line in by_rule.lines] == [
        (300, 1000, "ticket"), (300, 500, "ticket"), (100, 500, "rule"),
    ]  # fmt: skip
    assert [(line.amount, line.cap) for line in by_contract.lines] == [
        (300, "ticket"),
        (200, "contract"),
        (0, "contract"),
    ]
    assert by_contract.total == 500


def test_a_rule_concerns_the_tickets_it_names_and_no_others() -> None:
    rule = read("started", {"costs": "1", "metric": "resolution", "priorities": [1, 2], "services": ["pos"]})
    clocks = [
        late(1, 5, priority=1, service="pos"), late(2, 5, priority=3, service="pos"), late(3, 5, priority=1),
        Judged(4, "first_response", met=False, late=Fraction(5), priority=1, service="pos"),
    ]  # fmt: skip

    assert [line.ticket for line in charge([rule], clocks, FEE).lines] == [1]


def test_an_indicator_of_which_less_is_better_is_measured_from_the_other_side() -> None:
    rule = read(
        "indicator",
        {
            "indicator": "reopen_share",
            "tiers": [{"at_most": "5", "costs": "0"}, {"at_most": "10", "costs": "50"}, {"costs": "90"}],
        },
    )  # fmt: skip

    def cost(part: int) -> Decimal:
        return charge([rule], [], FEE, indicators={"reopen_share": Share(part, 100)}).total

    assert [cost(5), cost(6), cost(10), cost(11)] == [0, 50, 50, 90]


def test_availability_is_counted_in_exact_minutes() -> None:
    rule = read("availability", {"tiers": [{"at_least": "99.5", "costs": "0"}, {"costs": "2.5 %"}], "service": "pos"})
    month = 30 * 24 * 60

    def cost(down: int) -> Decimal:
        return charge([rule], [], FEE, availability={"pos": Share(month - down, month)}).total

    assert (cost(216), cost(217)) == (0, 75)


@pytest.mark.parametrize(
    ("exact", "rounding", "expected"),
    [
        (Fraction(1, 200), "half_up", "0.01"), (Fraction(1, 200), "half_even", "0.00"),
        (Fraction(3, 200), "half_even", "0.02"), (Fraction(1, 1000), "up", "0.01"), (Fraction(9, 1000), "down", "0.00"),
        (Fraction(10, 3), "half_up", "3.33"), (Fraction(20, 3), "half_up", "6.67"),
    ],
)  # fmt: skip
def test_money_is_rounded_from_the_exact_value(exact: Fraction, rounding: str, expected: str) -> None:
    assert str(replace(FEE, rounding=rounding).rounded(exact)) == expected


def test_whole_roubles_where_the_contract_says_so() -> None:
    assert replace(FEE, quantum=Decimal(1)).rounded(Fraction(5, 2)) == Decimal(3)


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.booleans(), st.booleans()), max_size=30),
    st.integers(0, 10_000), st.integers(1, 200),
)  # fmt: skip
def test_no_cap_is_ever_passed_and_more_lateness_never_costs_less(
    lives: list[tuple[int, bool, bool]], cap: int, percent: int
) -> None:
    rules = [
        read(
            "bands", {"bands": [{"after": 0, "costs": "10"}, {"after": 99, "costs": "77.77"}], "cap_period": str(cap)}
        ),
        read("started", {"costs": f"{percent}.{percent} %", "every": 45}),
    ]
    clocks = [Judged(n, "resolution", met=met, late=Fraction(m), excused=ex) for n, (m, met, ex) in enumerate(lives)]
    later = [replace(one, late=one.late + 60) if not one.met else one for one in clocks]
    purse = replace(FEE, cap=Price(amount=Decimal(5000)))

    found, more = charge(rules, clocks, purse), charge(rules, later, purse)

    assert found.total <= more.total <= 5000
    assert sum((line.amount for line in found.lines if line.rule == 0), Decimal(0)) <= cap


@pytest.mark.parametrize(
    ("kind", "terms", "place"),
    [
        ("fine", {}, "kind"),
        ("started", {}, "costs: is missing"),
        ("started", {"costs": "a lot"}, "costs:"),
        ("started", {"costs": 1.5}, "costs:"),
        ("started", {"costs": "5", "every": 0}, "every:"),
        ("started", {"costs": "5", "grace": -1}, "grace:"),
        ("started", {"costs": "5", "priorities": [5]}, "priorities: 5"),
        ("started", {"costs": "5", "exclude": ["weather"]}, "exclude: 'weather'"),
        ("started", {"costs": "5", "tiers": []}, "tiers: is not known"),
        ("bands", {"bands": []}, "bands: at least one"),
        ("bands", {"bands": [{"after": 60, "costs": "1"}, {"after": 30, "costs": "2"}]}, "bands: each begins later"),
        ("bands", {"bands": [{"after": 60}]}, "bands[0].costs: is missing"),
        ("compliance", {"tiers": [{"costs": "1"}, {"at_least": "90", "costs": "2"}]}, "tiers[0].at_least"),
        ("compliance", {"tiers": [{"at_least": "101", "costs": "1"}]}, "tiers[0].at_least"),
        ("compliance", {"tiers": [{"at_least": 80, "costs": "1"}, {"at_least": 90, "costs": "2"}]}, "tiers: the best"),
        ("indicator", {"tiers": [{"costs": "1"}]}, "indicator: a text"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_used_names_the_place(kind: str, terms: dict[str, Any], place: str) -> None:
    with pytest.raises(WrongPenalty) as wrong:
        read(kind, terms)
    assert any(problem.startswith(place) for problem in wrong.value.problems), wrong.value.problems


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(WrongPenalty) as wrong:
        read("started", {"costs": "x", "every": "y", "colour": 1})
    assert len(wrong.value.problems) == 3


def test_prices_are_written_with_a_comma_too() -> None:
    assert read("started", {"costs": "1,5 %"}).costs == Price(share=Fraction(3, 200))
    assert str(Rule("started", costs=Price(share=Fraction(3, 200))).costs) == "1.5 %"
    assert str(Price(amount=Decimal("500.00"))) == "500"


def test_a_month_after_the_last_day_of_the_terms_costs_single_tickets_alone() -> None:
    rules = [read("compliance", TIERS), read("started", {"metric": "resolution", "costs": "10"})]
    assert {line.kind for line in charge(rules, of(0, 2), FEE).lines} == {"compliance", "started"}
    assert {line.kind for line in charge(rules, of(0, 2), FEE, periods=False).lines} == {"started"}
