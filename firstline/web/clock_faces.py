"""What a clock of the contract shows at a moment: tone, words, share of the time that is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.contracts.models import Metric
from firstline.sla.models import Clock, ClockState
from firstline.web import durations

ALWAYS = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
WARN, CRITICAL = timedelta(minutes=60), timedelta(minutes=15)
METRICS: dict[str, str | Promise] = {
    Metric.ACKNOWLEDGE: pgettext_lazy("clock", "Acknowledgement"),
    Metric.FIRST_RESPONSE: pgettext_lazy("clock", "Response"),
    Metric.NEXT_RESPONSE: pgettext_lazy("clock", "Next response"),
    Metric.UPDATE: pgettext_lazy("clock", "Update"),
    Metric.ON_SITE: pgettext_lazy("clock", "On site"),
    Metric.WORKAROUND: pgettext_lazy("clock", "Workaround"),
    Metric.RESOLUTION: pgettext_lazy("clock", "Resolution"),
}


@dataclass(frozen=True)
class Face:
    """`tone` is ok, warn, crit, breach, paused or met; `percent` 0 to 100; `due` None where time no longer runs."""

    metric: str
    label: str
    tone: str
    text: str
    percent: int
    start: datetime | None = None
    due: datetime | None = None
    warn: datetime | None = None


def face(clock: Clock | dict[str, Any], at: datetime) -> Face:
    """The face of a clock (a row of the model, or its `values()`) at the moment `at`."""
    row = clock if isinstance(clock, dict) else vars(clock)
    state, metric = row["state"], row["metric"]
    target = int(row["target_minutes"]) * 60
    used = int(row["consumed_seconds"])
    label = _label(metric, get_language())
    share = 100 if not target else max(0, min(100, round(100 * used / target)))
    due, start = row["due_at"], row["started_at"]
    if state == ClockState.MET:
        return Face(metric, label, "met", durations.words(used / 60), share)
    if state == ClockState.CANCELLED:
        return Face(metric, label, "paused", _("no visit") if metric == Metric.ON_SITE else _("cancelled"), share)
    if state == ClockState.PAUSED or due is None:
        return Face(metric, label, "paused", durations.words(max(0, target - used) / 60), share)
    if row["is_over"]:
        return Face(metric, label, "breach", "−" + durations.words(max(0, used - target) / 60), 100)
    if at >= due:
        return Face(metric, label, "breach", "−" + durations.words(at - due), 100, start, due)
    gone = round(100 * (at - start) / (due - start)) if due > start else 100
    return Face(
        metric,
        label,
        _tone(at, due, row["warn_at"]),
        durations.words(due - at),
        max(0, min(100, gone)),
        start,
        due,
        row["warn_at"],
    )


@lru_cache(maxsize=64)
def _label(metric: str, language: str | None) -> str:
    """In the language of the page, which is the key."""
    return str(METRICS[metric])


def in_view(rows: Sequence[Clock]) -> list[Clock]:
    """Of a ticket's clocks those that its head has room for: what is due next, the response, the solution."""
    due = [row for row in rows if not row.is_over and row.due_at is not None]
    shown = sorted(due, key=lambda row: row.due_at or row.started_at)[:1]
    shown += [row for row in rows if row.metric in ALWAYS and row not in shown]
    return shown


def _tone(at: datetime, due: datetime, warn: datetime | None) -> str:
    if at >= due - CRITICAL:
        return "crit"
    return "warn" if at >= min(warn or due, due - WARN) else "ok"
