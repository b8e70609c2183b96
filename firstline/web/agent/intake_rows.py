"""An item of the journal as the lists of the desk draw it, and the way on to older ones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from firstline.intake import decisions
from firstline.intake.models import Inbound
from firstline.web import intake_words

PAGE = 50
OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    Inbound.Outcome.PENDING: (pgettext_lazy("intake", "being understood"), "blue"),
    Inbound.Outcome.TICKET: (pgettext_lazy("intake", "became a ticket"), "green"),
    Inbound.Outcome.REPLY: (pgettext_lazy("intake", "joined a ticket"), "green"),
    Inbound.Outcome.BOUNCE: (pgettext_lazy("intake", "report of failed delivery"), "orange"),
    Inbound.Outcome.AUTO: (pgettext_lazy("intake", "automatic letter"), ""),
    Inbound.Outcome.DUPLICATE: (pgettext_lazy("intake", "duplicate"), ""),
    Inbound.Outcome.IGNORED: (pgettext_lazy("intake", "ignored"), ""),
    Inbound.Outcome.QUARANTINE: (pgettext_lazy("intake", "in quarantine"), "amber"),
}


def row(inbound: Inbound) -> dict[str, Any]:
    """What became of it and why, in words, and what may still be done."""
    words, tone = OUTCOMES[inbound.outcome]
    return {
        "inbound": inbound, "words": words, "tone": tone, "reason": intake_words.reason(inbound.reason),
        "warnings": intake_words.warnings_of(inbound.trust, inbound.sender, said=inbound.reason),
        "open": decisions.is_open(inbound), "back": decisions.may_be_taken_back(inbound),
    }  # fmt: skip


def number(given: str) -> int | None:
    """A number of an address, or None where it is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


def page(rows: QuerySet[Inbound], address: str, before: int | None) -> dict[str, Any]:
    """A page of rows, newest first, with the addresses of the next one and of the beginning."""
    got = list((rows if before is None else rows.filter(id__lt=before))[: PAGE + 1])
    more = f"{address}{'&' if '?' in address else '?'}before={got[PAGE - 1].pk}" if len(got) > PAGE else ""
    return {"rows": [row(one) for one in got[:PAGE]], "next": more, "first": address if before else ""}
