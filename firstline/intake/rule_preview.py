"""What a rule would have hit: tried on the newest letters of the last 30 days, from what the journal keeps of them.

The cost is the same at any size: the newest letters only, and fewer of them where a header is asked for, because then
their heads are read. What was not looked at is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BinaryField
from django.db.models.functions import Substr

from firstline.blobs import store
from firstline.intake import rules
from firstline.intake.models import Inbound
from firstline.intake.reading import letters
from firstline.intake.rules import Broken, Condition, Facts, Rule

BACK = timedelta(days=30)
NEWEST, NEWEST_HEADS, SHOWN = 2_000, 300, 20
HEAD = 16_384
_COLUMNS = (
    "id", "sender", "subject", "size", "facts", "received_at", "outcome", "ticket_id", "account__address", "blob_id",
    "trust",
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A letter that the rule would have caught, and by which conditions."""

    row: dict[str, Any]
    why: list[Condition]


@dataclass
class Preview:
    """`looked_at` letters since `since`; `is_limited`: older ones of these 30 days were not looked at."""

    since: datetime
    looked_at: int = 0
    hits: int = 0
    is_limited: bool = False
    shown: list[Hit] = field(default_factory=list)


def of(rule: Rule, at: datetime) -> Preview:
    """What this one rule would have hit. Raises rules.Broken."""
    made = Preview(since=at - BACK)
    for row, facts in _letters([rule], made):
        if why := rules.why(rule, facts):
            made.hits += 1
            if len(made.shown) < SHOWN:
                made.shown.append(Hit(row, why))
    return made


def of_all(asked: Sequence[Rule], at: datetime) -> tuple[Preview, dict[int, int]]:
    """A dry run of the whole list in its order: how many letters each rule would have acted on, by its number."""
    made, counts = Preview(since=at - BACK), dict.fromkeys((rule.number for rule in asked), 0)
    for _row, facts in _letters(asked, made):
        applied = rules.decide(asked, facts).applied
        made.hits += bool(applied)
        for rule, _new in applied:
            counts[rule.number] += 1
    return made, counts


def _letters(asked: Sequence[Rule], made: Preview) -> Iterator[tuple[dict[str, Any], Facts]]:
    heads = any(condition.field == "header" for rule in asked for condition in rule.conditions)
    most = NEWEST_HEADS if heads else NEWEST
    rows = Inbound.objects.filter(kind="email").order_by("-id").values(*_COLUMNS)
    if heads:
        rows = rows.annotate(head=Substr("raw", 1, HEAD, output_field=BinaryField()))
    for row in rows[: most + 1]:
        if row["received_at"] < made.since:
            break
        if made.looked_at == most:
            made.is_limited = True
            break
        if row["facts"] is None:  # not understood yet, or not readable
            continue
        made.looked_at += 1
        facts = _facts(row)
        yield row, replace(facts, headers=_headers(row)) if heads else facts


def _facts(row: dict[str, Any]) -> Facts:
    kept = row["facts"]
    return Facts(
        sender=row["sender"], name=kept.get("name", ""), to=tuple(kept.get("to", ())), subject=row["subject"],
        size=row["size"], spam=kept.get("spam"), files=kept.get("files", 0), auto=kept.get("auto", ""),
        mailbox=row["account__address"] or "", language=kept.get("language", ""),
        proofs=rules.proofs_of(row["trust"].get("said", ""), row["trust"].get("result", "")),
    )  # fmt: skip


def _headers(row: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    head = bytes(row["head"] or b"")
    if row["blob_id"]:
        try:
            with store.path_of(row["blob_id"]).open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            return {}
    for gap in (b"\r\n\r\n", b"\n\n"):
        head = head.partition(gap)[0] if gap in head else head
    return rules.headers_of(letters.read(head + b"\r\n\r\n").headers_text)


__all__ = ["NEWEST", "NEWEST_HEADS", "Broken", "Hit", "Preview", "of", "of_all"]
