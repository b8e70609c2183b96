"""The steps of a macro as they are kept: one deed each, with the words that it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firstline.tickets import template_words

MOST, LONGEST_TEXT, LONGEST_WORD, LONGEST_TAG, LONGEST_HOLD = 20, 20_000, 200, 40, 24 * 366
LONG = frozenset({"reason", "tried", "text", "how", "why"})
# What each deed needs; a field after `?` may be left empty.
FIELDS: dict[str, tuple[str, ...]] = {
    "take": (),
    "assign": ("to",),
    "hand_over": ("line", "because", "?tried"),
    "wait": ("for", "reason"),
    "hold": ("hours", "reason"),
    "resume": (),
    "priority": ("priority",),
    "tag": ("tag",),
    "service": ("service",),
    "category": ("category",),
    "note": ("text",),
    "reply": ("text",),
    "resolve": ("how",),
    "cancel": ("why",),
}
# Of these a client hears, or the ticket is over: what was said is answered, not undone.
FINAL = frozenset({"reply", "resolve", "cancel"})
AMONG: dict[str, frozenset[str]] = {
    "line": frozenset({"1", "2", "3"}),
    "priority": frozenset({"1", "2", "3", "4"}),
    "for": frozenset({"client", "vendor"}),
}
Step = dict[str, str]


class WrongStep(ValueError):
    """A step cannot be kept; `field` is its place, such as `steps.2.text` (counted from 0)."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


def read(given: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The steps in the form in which they are kept. Raises WrongStep."""
    if not given:
        raise WrongStep("steps", "empty")
    if len(given) > MOST:
        raise WrongStep("steps", f"at most {MOST} steps")
    return [_step(number, one) for number, one in enumerate(given)]


def may_be_undone(steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a run can be taken back: no client heard of it, and it left more than notes, which stay."""
    deeds = {step["deed"] for step in steps}
    return not deeds & FINAL and bool(deeds - {"note"})


def fields_of(deed: str) -> list[str]:
    """The names of what a deed needs."""
    return [name.removeprefix("?") for name in FIELDS.get(deed, ())]


def _step(number: int, given: Mapping[str, Any]) -> Step:
    place, deed = f"steps.{number}", given.get("deed", "")
    if deed not in FIELDS:
        raise WrongStep(f"{place}.deed", "unknown")
    if strange := sorted(set(given) - {"deed", *fields_of(deed)}):
        raise WrongStep(f"{place}.{strange[0]}", "not a field of this step")
    made: Step = {"deed": deed}
    for wanted in FIELDS[deed]:
        name = wanted.removeprefix("?")
        value = _value(f"{place}.{name}", name, given.get(name, ""))
        if value:
            made[name] = value
        elif name == wanted:
            raise WrongStep(f"{place}.{name}", "empty")
    return made


def _value(place: str, name: str, given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, (str, int)):
        raise WrongStep(place, "a text is needed")
    value = str(given).replace("\x00", "").replace("\r\n", "\n").strip()
    if name not in LONG:
        value = " ".join(value.split())
    most = LONGEST_TEXT if name in LONG else LONGEST_TAG if name == "tag" else LONGEST_WORD
    if len(value) > most:
        raise WrongStep(place, f"at most {most} characters")
    if value and value not in AMONG.get(name, {value}):
        raise WrongStep(place, "unknown")
    if name == "hours" and value and not (value.isascii() and value.isdigit() and 1 <= int(value) <= LONGEST_HOLD):
        raise WrongStep(place, f"1 to {LONGEST_HOLD}")
    if name in LONG and (strange := template_words.unknown(value)):
        raise WrongStep(place, f"unknown variable {strange[0]}")
    return value
