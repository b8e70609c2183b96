"""What a contract says a broken promise costs, as checked values. Pure: no Django.

A rule is written as a table of texts and numbers (docs/apply.md, `[[penalty]]`), which `read` checks and turns into a
`Rule`. Money and percentages are texts such as "500" or "1.5 %": they become decimals and fractions, never floats
(research/features_itsm.md §4.2: 57 of 60 must be 95 %, to the last digit).

| kind | says | own keys |
| --- | --- | --- |
| bands | a ticket that was late costs what its band says | bands = [{after = minutes, costs}], accumulate |
| started | a ticket that was late costs so much for each started stretch | every = minutes, costs |
| compliance | the share of kept promises picks a tier | tiers = [{at_least, costs}], the last has no bound |
| indicator | the same for an indicator of the contract; at_most where less is better | indicator, tiers |
| availability | the same for the share of agreed time without outages | tiers, service |

Keys of every rule: metric, priorities, types, services (which tickets), grace (minutes that are forgiven), exclude
(whose minutes do not count as late: client, vendor, force_majeure), cap (of one ticket), cap_period (of the rule in one
period). "%" is of the monthly fee.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal, get_args

Kind = Literal["bands", "started", "compliance", "indicator", "availability"]
KINDS: tuple[str, ...] = get_args(Kind)
PARTIES = ("client", "vendor", "force_majeure")
OF_TICKETS = ("bands", "started")
_PERCENT = re.compile(r"^\s*(\d{1,9}(?:[.,]\d{1,9})?)\s*%\s*$")
_AMOUNT = re.compile(r"^\s*(\d{1,12}(?:[.,]\d{1,4})?)\s*$")
_COMMON = frozenset({"metric", "priorities", "types", "services", "grace", "exclude", "cap", "cap_period"})
_OWN: Mapping[str, frozenset[str]] = {
    "bands": frozenset({"bands", "accumulate"}),
    "started": frozenset({"every", "costs"}),
    "compliance": frozenset({"tiers"}),
    "indicator": frozenset({"indicator", "tiers"}),
    "availability": frozenset({"tiers", "service"}),
}


class WrongPenalty(ValueError):
    """A rule that cannot be used; `problems` are "place: what is wrong", all that were found."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Price:
    """A sum of money, or a share of the monthly fee (0.015 for "1.5 %")."""

    amount: Decimal | None = None
    share: Fraction | None = None

    def of(self, fee: Fraction) -> Fraction:
        """What it comes to, exactly; rounding is the statement's business."""
        return Fraction(self.amount) if self.amount is not None else fee * (self.share or 0)

    def __str__(self) -> str:
        if self.amount is not None:
            return f"{self.amount.normalize():f}"
        return f"{decimal_of(100 * (self.share or Fraction(0)))} %"


@dataclass(frozen=True)
class Band:
    """Late by more than `after` minutes."""

    after: Fraction
    costs: Price


@dataclass(frozen=True)
class Tier:
    """Holds where the share reaches the bound: at least this, or at most where less is better. The last one, without
    a bound, holds for all that reached none.
    """

    bound: Fraction | None
    costs: Price
    less_is_better: bool = False

    def holds(self, share: Fraction) -> bool:
        """Say whether this share reaches the bound; the bound itself does."""
        if self.bound is None:
            return True
        return share <= self.bound if self.less_is_better else share >= self.bound


@dataclass(frozen=True)
class Rule:
    """One rule. An empty tuple of priorities, types or services means all; `metric` "" means every metric."""

    kind: Kind
    metric: str = ""
    priorities: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    grace: Fraction = Fraction(0)
    exclude: tuple[str, ...] = ()
    cap: Price | None = None
    cap_period: Price | None = None
    bands: tuple[Band, ...] = ()
    accumulate: bool = False
    every: Fraction = Fraction(60)
    costs: Price = Price(amount=Decimal(0))
    tiers: tuple[Tier, ...] = ()
    indicator: str = ""
    service: str = ""
    rounding: str = ""  # of its sums; "": as the statement rounds

    def concerns(self, *, metric: str, priority: int | None, type: str, service: str) -> bool:
        """Say whether a judged clock of such a ticket is this rule's business."""
        return (
            self.metric in ("", metric)
            and (not self.priorities or priority in self.priorities)
            and (not self.types or type in self.types)
            and (not self.services or service in self.services)
        )


def read(kind: str, terms: Mapping[str, Any]) -> Rule:
    """The rule that these terms say. Raises WrongPenalty with every problem found, each with its place."""
    if kind not in KINDS:
        raise WrongPenalty([f"kind: {kind!r} is not one of {', '.join(KINDS)}"])
    problems: list[str] = []
    known = _COMMON | _OWN[kind]
    problems += [f"{key}: is not known here; known are {', '.join(sorted(known))}" for key in terms if key not in known]
    asked = _Asked(terms, problems)
    rule = Rule(
        kind=kind,  # type: ignore[arg-type]
        metric=asked.text("metric"),
        priorities=tuple(one for one in asked.many("priorities") if _is_priority(one, problems)),
        types=tuple(map(str, asked.many("types"))),
        services=tuple(map(str, asked.many("services"))),
        grace=asked.minutes("grace", Fraction(0)),
        exclude=tuple(str(one) for one in asked.many("exclude") if _is_party(one, problems)),
        cap=asked.price("cap"),
        cap_period=asked.price("cap_period"),
        bands=_bands(asked) if kind == "bands" else (),
        accumulate=bool(terms.get("accumulate", False)),
        every=asked.minutes("every", Fraction(60), least=Fraction(1)) if kind == "started" else Fraction(60),
        costs=asked.must("costs") if kind == "started" else Price(amount=Decimal(0)),
        tiers=_tiers(asked) if kind not in OF_TICKETS else (),
        indicator=asked.text("indicator", needed=kind == "indicator"),
        service=asked.text("service"),
    )
    if problems:
        raise WrongPenalty(problems)
    return rule


def known_keys() -> frozenset[str]:
    """Every key that the terms of some rule may have."""
    return _COMMON.union(*_OWN.values())


def price(written: object) -> Price | None:
    """ "1.5 %" or "500" as a price; None where it is neither. Whole numbers may be written without quotes."""
    text = str(written) if isinstance(written, str | int) and not isinstance(written, bool) else ""
    if found := _PERCENT.match(text):
        return Price(share=Fraction(found[1].replace(",", ".")) / 100)
    if found := _AMOUNT.match(text):
        return Price(amount=Decimal(found[1].replace(",", ".")))
    return None


def decimal_of(value: Fraction, places: int = 6) -> str:
    """A fraction as people write it, without zeros at its end."""
    shown = f"{Decimal(value.numerator) / Decimal(value.denominator):.{places}f}"
    return shown.rstrip("0").rstrip(".")


class _Asked:
    """The terms, asked key by key; what is wrong is noted, not raised, so that all of it can be told at once."""

    def __init__(self, terms: Mapping[str, Any], problems: list[str], place: str = "") -> None:
        self.terms, self.problems, self.place = terms, problems, place

    def wrong(self, key: str, what: str) -> None:
        self.problems.append(f"{self.place}{key}: {what}")

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.terms.get(key, "")
        if not isinstance(value, str) or (needed and not value):
            self.wrong(key, "a text is needed")
            return ""
        return value

    def many(self, key: str) -> Sequence[Any]:
        value = self.terms.get(key, [])
        if not isinstance(value, list | tuple):
            self.wrong(key, "a list is needed")
            return ()
        return value

    def minutes(self, key: str, otherwise: Fraction, *, least: Fraction = Fraction(0)) -> Fraction:
        value = self.terms.get(key)
        if value is None:
            return otherwise
        try:
            found = Fraction(str(value)) if not isinstance(value, bool | float) else None
        except (ValueError, ZeroDivisionError):
            found = None
        if found is None or found < least:
            self.wrong(key, f"minutes are needed, {least} or more")
            return otherwise
        return found

    def price(self, key: str) -> Price | None:
        if key not in self.terms:
            return None
        found = price(self.terms[key])
        if found is None:
            self.wrong(key, 'a sum such as "500" or a share of the monthly fee such as "1.5 %" is needed')
        return found

    def must(self, key: str) -> Price:
        if key not in self.terms:
            self.wrong(key, "is missing")
        return self.price(key) or Price(amount=Decimal(0))

    def rows(self, key: str) -> list[_Asked]:
        rows = self.many(key)
        if not rows:
            self.wrong(key, "at least one is needed")
        found = []
        for number, row in enumerate(rows):
            if isinstance(row, Mapping):
                found.append(_Asked(row, self.problems, f"{self.place}{key}[{number}]."))
            else:
                self.wrong(f"{key}[{number}]", "a table is needed")
        return found


def _bands(asked: _Asked) -> tuple[Band, ...]:
    bands = [Band(row.minutes("after", Fraction(0)), row.must("costs")) for row in asked.rows("bands")]
    if [band.after for band in bands] != sorted({band.after for band in bands}):
        asked.wrong("bands", "each begins later than the one before it")
    return tuple(bands)


def _tiers(asked: _Asked) -> tuple[Tier, ...]:
    rows = asked.rows("tiers")
    less = any("at_most" in row.terms for row in rows)
    tiers = [Tier(_bound(row, less, last=row is rows[-1]), row.must("costs"), less) for row in rows]
    bounds = [tier.bound for tier in tiers if tier.bound is not None]
    if bounds != sorted(set(bounds), reverse=not less):
        asked.wrong("tiers", "the best share stands first, each next one is worse")
    return tuple(tiers)


def _bound(row: _Asked, less: bool, *, last: bool) -> Fraction | None:
    key, other = ("at_most", "at_least") if less else ("at_least", "at_most")
    if other in row.terms:
        row.wrong(other, f"the other tiers say {key}")
    if key not in row.terms:
        if not last:
            row.wrong(key, "only the last tier is without it")
        return None
    try:
        found = Fraction(Decimal(str(row.terms[key]).replace("%", "").replace(",", ".").strip())) / 100
    except (InvalidOperation, ValueError, OverflowError):
        found = Fraction(-1)
    if not 0 <= found <= 1:
        row.wrong(key, "a percentage from 0 to 100 is needed")
        return Fraction(0)
    return found


def _is_priority(value: object, problems: list[str]) -> bool:
    if value in (1, 2, 3, 4) and not isinstance(value, bool):
        return True
    problems.append(f"priorities: {value!r} is not 1, 2, 3 or 4")
    return False


def _is_party(value: object, problems: list[str]) -> bool:
    if value in PARTIES:
        return True
    problems.append(f"exclude: {value!r} is not one of {', '.join(PARTIES)}")
    return False
