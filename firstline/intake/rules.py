"""Rules before registration: what a letter is, what an administrator asks of it, what follows. Pure.

A rule has conditions (all, or any of them) and what it sets. Rules are asked in their order; the first that holds
decides, unless it says that the next ones are asked too. What an earlier rule has set a later one does not change.
Texts are compared without case; `*` and `?` are the only signs with a meaning, so that no pattern costs more than its
length times the text's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_CONDITIONS, LONGEST_VALUE, LONGEST_TEXT, MOST_STARS = 12, 200, 2_000, 20
TEXTS = ("from", "to", "subject", "header", "mailbox")
CHECKED = ("spf", "dkim", "dmarc")
CHOICES = ("auto", "language", *CHECKED)
NUMBERS = ("size", "spam", "files")
TESTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TEXTS, ("contains", "is", "matches")),
    **dict.fromkeys(CHOICES, ("is",)),
    **dict.fromkeys(NUMBERS, ("above", "below")),
}
AUTOMATIC = ("any", "auto-reply", "auto-generated", "list", "feedback-report", "read-receipt")
LANGUAGES = ("ru", "bg", "uk", "en", "de")
PROOFS = ("pass", "fail", "softfail", "none", "unknown")
ASIDE = ("quarantine", "ignore")
OUTCOMES = (*ASIDE, "ticket")
SETS = ("client", "service", "category", "priority", "team", "type", "tag")
_SPAM_NUMBER = re.compile(r"-?\d{1,4}(?:\.\d{1,4})?")


class Broken(Exception):
    """A rule that cannot be asked: it was written by another version, or by hand."""


@dataclass(frozen=True)
class Facts:
    """What can be asked of a letter. `proofs`: what SPF, DKIM and DMARC say of its sender, in the words of PROOFS."""

    sender: str = ""
    name: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    size: int = 0
    spam: float | None = None
    files: int = 0
    auto: str = ""
    mailbox: str = ""
    language: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proofs: Mapping[str, str] = field(default_factory=dict)


class Condition(NamedTuple):
    field: str
    test: str
    value: str
    header: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Rule:
    """`then`: what it sets, by the names of SETS, and `outcome`. `goes_on`: the next rules are asked too."""

    number: int
    name: str
    conditions: tuple[Condition, ...]
    then: Mapping[str, Any]
    any_of: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Decision:
    """`values`: what is set. `outcome`: where the letter goes, or empty. `applied`: each rule that held with what it
    set. `broken`: rules that could not be asked, with why."""

    values: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = ""
    applied: tuple[tuple[Rule, Mapping[str, Any]], ...] = ()
    broken: tuple[tuple[Rule, str], ...] = ()


def decide(rules: Iterable[Rule], facts: Facts) -> Decision:
    """What follows for this letter. A rule that cannot be asked is named and passed over."""
    values: dict[str, Any] = {}
    outcome = ""
    applied: list[tuple[Rule, Mapping[str, Any]]] = []
    broken: list[tuple[Rule, str]] = []
    for rule in rules:
        try:
            held = holds(rule, facts)
        except (Broken, TypeError, ValueError) as problem:
            broken.append((rule, str(problem)[:200]))
            continue
        if not held:
            continue
        new = {name: value for name, value in rule.then.items() if name in SETS and name not in values}
        values |= new
        if not outcome and rule.then.get("outcome"):
            outcome = rule.then["outcome"]
            new = {**new, "outcome": outcome}
        applied.append((rule, new))
        if outcome in ASIDE or not rule.goes_on:
            break
    return Decision(values, outcome, tuple(applied), tuple(broken))


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether the rule's conditions hold. One without conditions holds for nothing. Raises Broken."""
    return bool(why(rule, facts))


def why(rule: Rule, facts: Facts) -> list[Condition]:
    """The conditions that make the rule hold; none where it does not. Raises Broken."""
    if not rule.conditions or len(rule.conditions) > MOST_CONDITIONS:
        raise Broken("no conditions, or too many")
    met = [condition for condition in rule.conditions if _is_met(condition, facts) is not condition.negated]
    return met if rule.any_of or len(met) == len(rule.conditions) else []


def _is_met(condition: Condition, facts: Facts) -> bool:
    name, test = condition.field, condition.test
    if test not in TESTS.get(name, ()):
        raise Broken(f"no such condition: {name} {test}")
    if len(condition.value) > LONGEST_VALUE:
        raise Broken("a value is too long")
    if name in NUMBERS:
        number = {"size": facts.size / 1024, "spam": facts.spam, "files": facts.files}[name]
        wanted = float(condition.value)
        return number is not None and (number > wanted if test == "above" else number < wanted)
    if name == "auto":
        return bool(facts.auto) if condition.value == "any" else facts.auto == condition.value
    if name == "language":
        return facts.language == condition.value
    if name in CHECKED:
        return facts.proofs.get(name, "unknown") == condition.value
    return any(_fits(test, condition.value, text) for text in _texts(condition, facts))


def _texts(condition: Condition, facts: Facts) -> Sequence[str]:
    if condition.field == "from":
        return (facts.sender, facts.name)
    if condition.field == "to":
        return facts.to
    if condition.field == "subject":
        return (facts.subject,)
    if condition.field == "mailbox":
        return (facts.mailbox,)
    return facts.headers.get(condition.header.lower(), ())


def _fits(test: str, value: str, text: str) -> bool:
    wanted, given = " ".join(value.casefold().split()), " ".join(text[:LONGEST_TEXT].casefold().split())
    if test == "contains":
        return wanted in given
    if test == "is":
        # "@bank.example" is everybody of that domain.
        return given.endswith(wanted) if wanted.startswith("@") and "@" in given[1:] else given == wanted
    return matches(wanted, given)


def matches(pattern: str, text: str) -> bool:
    """Whether `text` as a whole fits `pattern`: `*` is any text, `?` any one sign. Each piece between stars is looked
    for once, from where the one before ended: never more steps than pattern times text."""
    if pattern.count("*") > MOST_STARS:
        raise Broken("too many stars")
    pieces = pattern.split("*")
    if len(pieces) == 1:
        return len(text) == len(pattern) and _at(pattern, text, 0)
    first, *middle, last = pieces
    if not _at(first, text, 0) or len(text) < len(first) + len(last):
        return False
    position, end = len(first), len(text) - len(last)
    for piece in middle:
        position = _find(piece, text, position, end)
        if position < 0:
            return False
        position += len(piece)
    return position <= end and _at(last, text, end)


def _at(piece: str, text: str, start: int) -> bool:
    part = text[start : start + len(piece)]
    return len(part) == len(piece) and all(wanted in ("?", sign) for wanted, sign in zip(piece, part, strict=True))


def _find(piece: str, text: str, start: int, end: int) -> int:
    if "?" not in piece:
        return text.find(piece, start, end)
    return next((at for at in range(start, end - len(piece) + 1) if _at(piece, text, at)), -1)


# ---- facts -----------------------------------------------------------------------------------------


def headers_of(lines: str) -> dict[str, tuple[str, ...]]:
    """`Name: value` lines by the lower-case name; a line without a name belongs to the one before."""
    found: dict[str, list[str]] = {}
    last: list[str] | None = None
    for line in lines.split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip() and " " not in name.strip():
            last = found.setdefault(name.strip().lower(), [])
            last.append(value.strip())
        elif last is not None and line.strip():
            last[-1] = f"{last[-1]} {line.strip()}"
    return {name: tuple(values) for name, values in found.items()}


def spam_of(headers: Mapping[str, Sequence[str]]) -> float | None:
    """The score that a filter before us wrote: X-Spam-Score, X-Rspamd-Score, X-Spam-Status, X-Spamd-Result."""
    for name, mark in (
        ("x-spam-score", ""), ("x-rspamd-score", ""), ("x-spam-status", "score="), ("x-spamd-result", "["),
    ):  # fmt: skip
        for value in headers.get(name, ()):
            text = value[:LONGEST_TEXT]
            _before, found, rest = text.partition(mark) if mark else ("", True, text)
            number = _SPAM_NUMBER.match(rest.strip()) if found else None
            if number:
                return float(number[0])
    return None


def proofs_of(said: str, sender: str) -> dict[str, str]:
    """The results of a verdict ("spf=pass dkim=fail dmarc=pass"), the best of each; `sender` is what all come to
    for the domain in From."""
    found: dict[str, str] = {}
    for word in said.split():
        method, equals, result = word.partition("=")
        told = _RESULTS.get(result, "unknown")
        if equals and method in CHECKED and PROOFS.index(told) < PROOFS.index(found.get(method, "unknown")):
            found[method] = told
    return {**found, "dmarc": sender if sender in PROOFS else "unknown"}


_RESULTS = {
    "pass": "pass", "fail": "fail", "hardfail": "fail", "softfail": "softfail", "none": "none", "neutral": "none",
    "policy": "fail",
}  # fmt: skip


# ---- what an administrator writes ------------------------------------------------------------------


def problems(conditions: Sequence[Condition]) -> list[tuple[int, str, str]]:
    """What is wrong with these conditions, as (place, field, problem); nothing where a rule can be made of them."""
    found: list[tuple[int, str, str]] = []
    if not conditions:
        found.append((0, "field", "empty"))
    if len(conditions) > MOST_CONDITIONS:
        found.append((MOST_CONDITIONS, "field", f"at most {MOST_CONDITIONS} conditions"))
    for place, condition in enumerate(conditions[:MOST_CONDITIONS]):
        if condition.field not in TESTS:
            found.append((place, "field", f"one of {', '.join(TESTS)}"))
        elif condition.test not in TESTS[condition.field]:
            found.append((place, "test", f"one of {', '.join(TESTS[condition.field])}"))
        elif problem := _value_problem(condition):
            found.append((place, "value", problem))
        elif condition.field == "header" and not re.fullmatch(r"[!-9;-~]{1,80}", condition.header):
            found.append((place, "header", "the name of a header"))
    return found


def _value_problem(condition: Condition) -> str:
    value = condition.value.strip()
    if not value:
        return "empty"
    if len(value) > LONGEST_VALUE:
        return f"longer than {LONGEST_VALUE} characters"
    if condition.field in NUMBERS:
        return "" if re.fullmatch(r"-?\d{1,7}(\.\d{1,3})?", value) else "a number"
    if condition.field == "auto":
        return "" if value in AUTOMATIC else f"one of {', '.join(AUTOMATIC)}"
    if condition.field == "language":
        return "" if value in LANGUAGES else f"one of {', '.join(LANGUAGES)}"
    if condition.field in CHECKED:
        return "" if value in PROOFS else f"one of {', '.join(PROOFS)}"
    if condition.test == "matches" and value.count("*") > MOST_STARS:
        return "too many stars"
    return ""
