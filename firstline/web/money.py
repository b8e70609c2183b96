"""Sums and shares as people read them: "1 180,00 ₽", "98,2 %". Decimals and fractions only."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils import formats, numberformat
from django.utils.translation import get_language

from firstline.contracts.penalty_terms import Price
from firstline.sla.penalties import Share

SIGNS = {"RUB": "₽", "EUR": "€", "USD": "$", "GBP": "£", "UAH": "₴", "KZT": "₸"}
BULGARIAN_LEV = "лв."
SPACE = "\u00a0"


def words(amount: Decimal, currency: str) -> str:
    """A sum with its sign, or its code where the sign is not known everywhere. No currency: the bare number."""
    number = grouped(amount, 2).replace("-", "−")
    sign = BULGARIAN_LEV if currency == "BGN" and get_language() == "bg" else SIGNS.get(currency, currency)
    return f"{number}{SPACE}{sign}" if sign else number


def grouped(amount: Decimal, places: int) -> str:
    """A number with its thousands apart, in Bulgarian too, for which Django joins them."""
    thousands = "," if get_language() == "en" else SPACE
    return numberformat.format(
        amount, formats.get_format("DECIMAL_SEPARATOR"), places, 3, thousands, force_grouping=True
    )


def price(written: str, currency: str, exact: Price | None) -> str:
    """What a rule says it costs: a share of the fee stays a share, a sum gets its currency."""
    if exact is None or exact.amount is None:
        return written.replace(" %", f"{SPACE}%").replace(".", formats.get_format("DECIMAL_SEPARATOR"))
    return words(exact.amount, currency)


def percent(share: Share, *, places: int = 1) -> str:
    """One digit after the comma, or as many as the goal beside it has, never rounded up: what missed something is not
    100 %, and what kept a goal of 99,95 % is not shown as 99,9 %."""
    if share.value is None:
        return "–"
    shown = Decimal(floor(share.value * 100 * 10**places)).scaleb(-places)
    return f"{formats.number_format(shown, places, use_l10n=True)}{SPACE}%"


def places_of(goal: Fraction | None) -> int:
    """How many digits after the comma a share needs beside this goal: one, or as many as the goal has."""
    if goal is None:
        return 1
    return max(1, len(_plain_percent(goal).partition(".")[2]))


def exact_percent(value: Fraction) -> str:
    """A goal: as many digits as it has."""
    shown = _plain_percent(value)
    places = len(shown.partition(".")[2])
    return f"{formats.number_format(Decimal(shown), places, use_l10n=True)}{SPACE}%"


def _plain_percent(value: Fraction) -> str:
    hundred = Decimal((value * 100).numerator) / Decimal((value * 100).denominator)
    return f"{hundred:.3f}".rstrip("0").rstrip(".")
