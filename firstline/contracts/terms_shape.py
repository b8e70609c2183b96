"""The terms of a version as one table, the way an apply file has them: checked, and brought into one form. Pure.

Contracts of an apply file, templates, drafts on a page, differences and the API all speak this table:

    {"calendar": "ru-8x5", "currency": "RUB", "monthly_fee": "120000", "penalty_cap": "20 %", "services": [slugs],
     "billable": [slugs], "excluded": [slugs], "equipment": [slugs], "vendor_pauses": true,
     "warnings": [{"share": "0.8", "tell": [who]}], "quality": {language: text}, "advice": {language: text},
     "target": [row, …], "pause_reason": …, "inner_term": …, "duty": …, "indicator": …, "penalty": …, "hours": …}

`canonical` leaves out what is empty or as usual, writes decimals in one way and sorts what has no order: two terms are
the same exactly if their canonical tables are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from firstline.contracts import penalty_terms
from firstline.contracts.currencies import CURRENCIES

Row = dict[str, Any]
Terms = dict[str, Any]

NAMED = ("services", "billable", "excluded", "equipment")
LISTS = ("target", "pause_reason", "inner_term", "duty", "indicator", "penalty", "hours")
METRICS = ("acknowledge", "first_response", "next_response", "update", "on_site", "workaround", "resolution")
TYPES = ("incident", "service_request", "order", "change", "fault", "question", "complaint")
INDICATORS = ("sla_share", "first_line_share", "remote_share", "reopen_share", "satisfaction", "availability")
STAGES = ("intake", "line1", "line2", "line3")
TOLD = ("assignee", "line_lead", "manager", "account_manager")
USUAL: Mapping[str, Any] = {"warnings": [{"share": "0.8", "tell": ["assignee"]}], "vendor_pauses": False}
# Of each list: what a row says when it says nothing.
USUAL_IN: Mapping[str, Mapping[str, Any]] = {
    "pause_reason": {"pauses": True},
    "indicator": {"comparison": "at_least", "period": "month", "weight": "1"},
    "penalty": {"rounding": "half_up", "accumulate": False},
    "hours": {"period": "month", "carry_over": 0},
}
DECIMALS = frozenset({"monthly_fee", "goal", "share", "weight", "price", "overage_rate"})
# Rows that stand in no order of their own.
UNORDERED = ("target", "inner_term", "hours")
# What the tables can hold.
LONGEST: Mapping[str, int] = {"slug": 60, "name": 200, "source": 200}
LONGEST_DUTY = 300
LARGEST: Mapping[str, int] = {
    "minutes": 2**31 - 1, "warn_minutes": 2**31 - 1, "close_minutes": 2**31 - 1, "carry_over": 2**15 - 1,
}  # fmt: skip
OUTSIDE_PENALTY = ("kind", "rounding")  # the other keys of a penalty are its terms


def decimal(value: object) -> Decimal | None:
    """A decimal of a text or a whole number, with comma or point; None where it is none. Floats are none."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(str(value).replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def plain(value: Decimal) -> str:
    """A decimal as a text without zeros at its end."""
    return f"{value.normalize():f}" if value else "0"


def canonical(terms: Mapping[str, Any]) -> Terms:
    """The one form of these terms, which must have been checked."""
    found: Terms = {}
    for key, value in terms.items():
        if key in NAMED:
            found[key] = sorted(set(value))
        elif key in LISTS:
            rows = [_row(key, row) for row in value]
            found[key] = sorted(rows, key=_order) if key in UNORDERED else rows
        else:
            found[key] = _value(key, value)
    return {key: value for key, value in found.items() if not _says_nothing(value) and value != USUAL.get(key)}


def penalty_of(row: Mapping[str, Any]) -> tuple[str, Row]:
    """Kind and terms of a penalty's row."""
    return str(row.get("kind", "")), {key: value for key, value in row.items() if key not in OUTSIDE_PENALTY}


def version_problems(terms: Mapping[str, Any]) -> list[str]:
    """What is wrong with the table apart from its lists, "key: words"."""
    problems = []
    fee = terms.get("monthly_fee")
    if fee is not None:
        problems += _amount_problem("monthly_fee", fee)
        if not terms.get("currency"):
            problems.append("currency: a fee needs one")
    problems += _cap_problems(terms)
    if terms.get("currency") and terms["currency"] not in CURRENCIES:
        problems.append(f"currency: {terms['currency']!r} is no code of ISO 4217")
    problems += warning_problems(terms.get("warnings", []))
    for one, other in (("services", "billable"), ("services", "excluded"), ("billable", "excluded")):
        twice = set(terms.get(one) or ()) & set(terms.get(other) or ())
        problems += [f"{other}: {slug} stands in {one} too" for slug in sorted(twice)]
    return problems


def _cap_problems(terms: Mapping[str, Any]) -> list[str]:
    """The cap is a price, and what it is a share of or is counted in is there: else it would come to nothing."""
    if not terms.get("penalty_cap"):
        return []
    cap = penalty_terms.price(terms["penalty_cap"])
    if cap is None:
        return ['penalty_cap: a sum such as "500" or a share of the monthly fee such as "1.5 %" is needed']
    if cap.share is not None and not decimal(terms.get("monthly_fee")):
        return ["penalty_cap: a share needs a monthly fee"]
    return [] if cap.share is not None or terms.get("currency") else ["currency: a fee needs one"]


def row_problems(table: str, row: Mapping[str, Any]) -> list[str]:
    """What is wrong with one row of a list, "key: words"."""
    problems = _limit_problems(table, row)
    if table == "target":
        problems += _share_problem("goal", row.get("goal")) + warning_problems(row.get("warnings", []))
    elif table == "inner_term":
        problems += _share_problem("share", row.get("share"))
    elif table == "indicator":
        problems += _share_problem("goal", row.get("goal"), least=Decimal(0))
        weight = decimal(row.get("weight", 1))
        if weight is None or not 0 < weight < 1000:
            problems.append("weight: more than 0 is needed")
    elif table == "hours":
        for key in ("price", "overage_rate"):
            problems += _amount_problem(key, row.get(key, 0))
    elif table == "pause_reason":
        problems += _pause_problems(row)
    elif table == "penalty":
        try:
            penalty_terms.read(*penalty_of(row))
        except penalty_terms.WrongPenalty as wrong:
            problems += wrong.problems
        else:
            problems += _word_problems(row)
    return problems


def _limit_problems(table: str, row: Mapping[str, Any]) -> list[str]:
    """What no column could keep."""
    problems = []
    for key, longest in LONGEST.items():
        most = LONGEST_DUTY if (table, key) == ("duty", "name") else longest
        value = row.get(key, "")
        texts = value.values() if isinstance(value, Mapping) else [value]
        if any(isinstance(text, str) and len(text) > most for text in texts):
            problems.append(f"{key}: longer than {most} characters")
    if isinstance(row.get("carry_over"), int) and row["carry_over"] < 0:
        problems.append("carry_over: 0 or more is needed")
    for key, largest in LARGEST.items():
        if isinstance(row.get(key), int) and not -largest <= row[key] <= largest:
            problems.append(f"{key}: at most {largest}")
    return problems


def _word_problems(row: Mapping[str, Any]) -> list[str]:
    """What a penalty names is known; its metric may be left out."""
    asked = (
        ("metric", [row["metric"]] if row.get("metric") else [], METRICS),
        ("types", row.get("types", ()), TYPES),
        ("indicator", [row["indicator"]] if row.get("indicator") else [], INDICATORS),
    )
    return [
        f"{key}: {word!r} is not one of {', '.join(known)}"
        for key, words, known in asked
        for word in words
        if word not in known
    ]


def list_problems(terms: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """What rows of a list do to one another: (list, number of the row, words)."""
    problems: list[tuple[str, int, str]] = []
    keys = {
        "target": ("metric", "priority", "type", "service"),
        "pause_reason": ("slug",),
        "duty": ("slug",),
        "inner_term": ("stage",),
    }
    for table, names in keys.items():
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(terms.get(table, ())):
            key = tuple(row.get(name) or None for name in names)
            if key in seen:
                problems.append((table, number, "the same stands here a second time"))
            seen.add(key)
    shares = [decimal(row.get("share")) or Decimal(0) for row in terms.get("inner_term", ())]
    if sum(shares) > 100:
        problems.append(("inner_term", len(shares) - 1, "the shares are more than 100 % together"))
    return problems


def warning_problems(warnings: object) -> list[str]:
    """What is wrong with [{"share": "0.8", "tell": ["assignee"]}]."""
    if not isinstance(warnings, list):
        return ["warnings: a list is needed"]
    problems, shares = [], []
    for number, one in enumerate(warnings):
        share = decimal(one.get("share")) if isinstance(one, Mapping) else None
        if share is None or not 0 < share < 1:
            problems.append(f'warnings[{number}].share: a share between 0 and 1 is needed, such as "0.8"')
            continue
        shares.append(share)
        tell = one.get("tell", [])
        if not isinstance(tell, list) or not all(isinstance(who, str) and who in TOLD for who in tell):
            problems.append(f"warnings[{number}].tell: a list of {', '.join(TOLD)} is needed")
    if len(set(shares)) != len(shares):
        problems.append("warnings: the same share stands here a second time")
    return problems


def _pause_problems(row: Mapping[str, Any]) -> list[str]:
    problems = []
    reminders = row.get("reminders", [])
    if not all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in reminders):
        problems.append("reminders: whole minutes are needed")
    elif any(one > LARGEST["minutes"] for one in reminders):
        problems.append(f"reminders: at most {LARGEST['minutes']}")
    elif list(reminders) != sorted(set(reminders)):
        problems.append("reminders: each is later than the one before it")
    warn, close = row.get("warn_minutes"), row.get("close_minutes")
    for key, value in (("warn_minutes", warn), ("close_minutes", close)):
        if isinstance(value, int) and value <= 0:
            problems.append(f"{key}: more than 0 is needed")
    if isinstance(warn, int) and isinstance(close, int) and close <= warn:
        problems.append("close_minutes: later than warn_minutes is needed")
    if close is not None and row.get("whose") != "client":
        problems.append("close_minutes: only what waits for the client closes by itself")
    return problems


def _share_problem(key: str, value: object, least: Decimal | None = None) -> list[str]:
    if value is None:
        return []
    found = decimal(value)
    if found is None or found > 100 or (found <= 0 if least is None else found < least):
        return [f"{key}: a percentage up to 100 is needed"]
    return []


def _amount_problem(key: str, value: object) -> list[str]:
    found = decimal(value)
    if found is None or not 0 <= found < 10**12 or found != round(found, 2):
        return [f'{key}: an amount with at most two decimals is needed, such as "1200.50"']
    return []


def _row(table: str, row: Mapping[str, Any]) -> Row:
    usual = USUAL_IN.get(table, {})
    found = {key: _value(key, value, in_penalty=table == "penalty") for key, value in row.items()}
    return {key: value for key, value in found.items() if not _says_nothing(value) and value != usual.get(key)}


def _value(key: str, value: Any, in_penalty: bool = False) -> Any:
    if key in DECIMALS and not in_penalty:
        number = decimal(value)
        return value if number is None else plain(number)
    if key == "penalty_cap" and not in_penalty:
        cap = penalty_terms.price(value)
        return value if cap is None else str(cap)
    if in_penalty:
        return _without_decimals(value)
    if key == "warnings":
        rows = [{"share": _value("share", one["share"]), "tell": sorted(one.get("tell", []))} for one in value]
        return sorted(rows, key=lambda one: Decimal(str(one["share"])))
    return value


def _without_decimals(value: Any) -> Any:
    """What JSON can hold, exactly."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _without_decimals(one) for key, one in value.items()}
    return [_without_decimals(one) for one in value] if isinstance(value, list) else value


def _says_nothing(value: Any) -> bool:
    return value is None or (value != 0 and value is not False and not value)


def _order(row: Mapping[str, Any]) -> tuple[int, str, str, int, str]:
    metric = row.get("metric")
    order = METRICS if "metric" in row else STAGES
    key = metric or row.get("stage")
    place = order.index(key) if key in order else 0
    return place, row.get("service") or "", row.get("type") or "", row.get("priority") or 0, repr(sorted(row.items()))
