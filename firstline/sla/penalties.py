"""What the broken promises of a period cost, line by line. Pure: no Django, no floats.

`charge(rules, judged, …)` goes through the rules of one contract version in their order and gives a `Charge`: a line
for every ticket (bands, started stretches) and for every rule of the period (compliance, indicator, availability), each
with the numbers it was worked out from, what it was cut down to by a cap, and the whole. A period counts the clocks
whose verdict falls into it (research/features_itsm.md §3.2), those still open past their deadline included; excused
ones count neither as kept nor as broken. Money is exact until a line is rounded; the sum is the sum of rounded lines,
so that whoever adds up the paper finds the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from firstline.contracts.penalty_terms import OF_TICKETS, Price, Rule

ROUNDINGS: Mapping[str, str] = {
    "half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN,
}  # fmt: skip
CENT = Decimal("0.01")
GRACE = "grace"


@dataclass(frozen=True)
class Judged:
    """One judged clock. `late`: working minutes past the deadline; `late_by`: how many of them are whose time (the
    parties of sla.attribution, force majeure apart)."""

    ticket: int
    metric: str
    met: bool
    priority: int | None = None
    type: str = ""
    service: str = ""
    late: Fraction = Fraction(0)
    late_by: Mapping[str, Fraction] = field(default_factory=dict)
    excused: bool = False


class Share(NamedTuple):
    """So many of so many; nothing of nothing is no share."""

    part: int | Fraction
    whole: int | Fraction

    @property
    def value(self) -> Fraction | None:
        """Exactly; None where there was nothing to count."""
        return Fraction(self.part) / Fraction(self.whole) if self.whole else None


@dataclass(frozen=True)
class Line:
    """What one ticket, or one rule for the whole period, costs.

    `rule` is the rule's place in the contract, `late` the minutes that counted, `forgiven` those that did not, by whose
    time they were ("grace": the contract's own), `units` the started stretches, `share` what picked the tier.
    `before_cap` is set where a cap cut the amount down, `cap` says which: "ticket", "rule" or "contract".
    """

    rule: int
    kind: str
    amount: Decimal
    ticket: int | None = None
    metric: str = ""
    late: Fraction = Fraction(0)
    forgiven: Mapping[str, Fraction] = field(default_factory=dict)
    units: int = 0
    share: Share | None = None
    price: str = ""
    before_cap: Decimal | None = None
    cap: str = ""


@dataclass(frozen=True)
class Charge:
    """The lines in the order of the rules, then of the tickets; lines of nothing are left out, but tiers are kept, and
    tickets that cost nothing because the minutes were another's.

    `cut` is what the contract's own cap took off them together.
    """

    lines: tuple[Line, ...]
    cut: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """What is to be paid, in the contract's currency."""
        return _sum(self.lines)


@dataclass(frozen=True)
class Purse:
    """How money is counted: the fee of the period, the smallest coin, the rounding, and what all rules may come to."""

    fee: Fraction
    quantum: Decimal = CENT
    rounding: str = "half_up"
    cap: Price | None = None

    def rounded(self, exact: Fraction) -> Decimal:
        """The amount in whole coins. A fraction is compared with its coins exactly, so halves are halves."""
        coin = Fraction(self.quantum)
        coins, rest = divmod(exact / coin, 1)
        # One more digit says below, at or above the half; the decimal module then rounds as it is told.
        digit = 0 if rest == 0 else 5 if rest == Fraction(1, 2) else 3 if rest < Fraction(1, 2) else 7
        whole = (Decimal(int(coins)) + Decimal(digit) / 10).quantize(Decimal(1), rounding=ROUNDINGS[self.rounding])
        return (whole * self.quantum).quantize(self.quantum)


def charge(
    rules: Sequence[Rule],
    judged: Iterable[Judged],
    purse: Purse,
    *,
    indicators: Mapping[str, Share] | None = None,
    availability: Mapping[str, Share] | None = None,
    periods: bool = True,
) -> Charge:
    """What these clocks, indicators and outages cost by these rules; with `periods` off, only what single tickets cost.

    `indicators` by kind; `availability` by service slug, "" for all that the contract covers.
    """
    clocks = sorted(judged, key=lambda one: (one.ticket, one.metric))
    lines: list[Line] = []
    for place, rule in enumerate(rules):
        if rule.kind not in OF_TICKETS and not periods:
            continue
        own = replace(purse, rounding=rule.rounding) if rule.rounding else purse
        found = (
            [line for one in clocks if (line := _of_ticket(place, rule, one, own))]
            if rule.kind in OF_TICKETS
            else _of_period(place, rule, clocks, own, indicators or {}, availability or {})
        )
        lines += _capped(found, rule.cap_period, own, "rule")
    charged = _capped(lines, purse.cap, purse, "contract")
    return Charge(tuple(charged), _sum(lines) - _sum(charged))


def compliance(judged: Iterable[Judged], rule: Rule | None = None) -> Share:
    """How many promises were kept of those judged, the excused left out."""
    counted = [one for one in judged if not one.excused and (rule is None or _concerns(rule, one))]
    return Share(sum(one.met for one in counted), len(counted))


def _forgiven(rule: Rule, one: Judged) -> dict[str, Fraction]:
    """The late minutes that the rule does not count, by party, then the grace; together never more than there are."""
    left, found = one.late, {}
    asked = [(party, one.late_by.get(party, Fraction(0))) for party in dict.fromkeys(rule.exclude)]
    for whose, minutes in [*asked, (GRACE, rule.grace)]:
        if taken := min(minutes, left):
            found[whose] = taken
            left -= taken
    return found


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _concerns(rule: Rule, one: Judged) -> bool:
    return rule.concerns(metric=one.metric, priority=one.priority, type=one.type, service=one.service)


def _of_ticket(place: int, rule: Rule, one: Judged, purse: Purse) -> Line | None:
    if one.met or one.excused or not _concerns(rule, one):
        return None
    forgiven = _forgiven(rule, one)
    late = one.late - sum(forgiven.values(), Fraction(0))
    if late <= 0:
        by_others = any(whose != GRACE for whose in forgiven)
        nothing = Line(place, rule.kind, purse.rounded(Fraction(0)), one.ticket, one.metric, forgiven=forgiven)
        return nothing if by_others else None
    units = 0
    if rule.kind == "started":
        units = ceil(late / rule.every)
        exact, words = units * rule.costs.of(purse.fee), str(rule.costs)
    else:
        reached = [band for band in rule.bands if late > band.after]
        if not reached:
            return None
        due = reached if rule.accumulate else reached[-1:]
        exact = sum((band.costs.of(purse.fee) for band in due), Fraction(0))
        words = " + ".join(str(band.costs) for band in due)
    line = Line(
        place,
        rule.kind,
        purse.rounded(exact),
        ticket=one.ticket,
        metric=one.metric,
        late=late,
        forgiven=forgiven,
        units=units,
        price=words,
    )
    if rule.cap is not None:
        most = purse.rounded(rule.cap.of(purse.fee))
        if line.amount > most:
            line = replace(line, amount=most, before_cap=line.amount, cap="ticket")
    return line if line.amount else None


def _of_period(
    place: int,
    rule: Rule,
    clocks: Sequence[Judged],
    purse: Purse,
    indicators: Mapping[str, Share],
    availability: Mapping[str, Share],
) -> list[Line]:
    if rule.kind == "compliance":
        share: Share | None = compliance(clocks, rule)
    elif rule.kind == "indicator":
        share = indicators.get(rule.indicator)
    else:
        share = availability.get(rule.service)
    if share is None or share.value is None:
        return []  # nothing was promised or measured in this period: nothing was broken
    reached = share.value
    tier = next((one for one in rule.tiers if one.holds(reached)), None)
    costs = tier.costs if tier is not None else Price(amount=Decimal(0))
    amount = purse.rounded(costs.of(purse.fee))
    return [Line(place, rule.kind, amount, metric=rule.metric or rule.indicator, share=share, price=str(costs))]


def _capped(lines: list[Line], cap: Price | None, purse: Purse, name: str) -> list[Line]:
    """Cut down from the end, so that the first lines stand as they were worked out."""
    if cap is None:
        return lines
    left = purse.rounded(cap.of(purse.fee))
    out = []
    for line in lines:
        if line.amount > left:
            before = line.amount if line.before_cap is None else line.before_cap
            line = replace(line, amount=left, before_cap=before, cap=name)
        left -= line.amount
        out.append(line)
    return out
