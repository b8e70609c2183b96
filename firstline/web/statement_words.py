"""A statement as both sides read it: each line with what it was worked out from, each indicator beside its goal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.contracts.models import Service
from firstline.contracts.penalty_terms import Rule, WrongPenalty, price, read
from firstline.sla import clocks, kpi_standing, statements
from firstline.sla.availability_now import Availability
from firstline.sla.kpi_standing import Standing
from firstline.sla.models import Statement, StatementState
from firstline.sla.penalties import Line, Share
from firstline.web import durations, money
from firstline.web.clock_faces import METRICS

STATES: Mapping[str, tuple[str | Promise, str]] = {
    StatementState.ASKED: (gettext_lazy("Being worked out"), "blue"),
    StatementState.COMPUTED: (gettext_lazy("Worked out"), "blue"),
    StatementState.REVIEWED: (gettext_lazy("Reviewed"), "amber"),
    StatementState.DISPUTED: (gettext_lazy("Disputed"), "red"),
    StatementState.AGREED: (gettext_lazy("Agreed"), "green"),
    StatementState.POSTED: (gettext_lazy("On the invoice"), "green"),
}
INDICATORS: Mapping[str, str | Promise] = {
    "sla_share": gettext_lazy("Promises kept"),
    "first_line_share": gettext_lazy("Solved on the first line"),
    "remote_share": pgettext_lazy("indicator", "Solved remotely"),
    "reopen_share": pgettext_lazy("indicator", "Reopened"),
    "satisfaction": gettext_lazy("Satisfaction (rated 4 or 5)"),
    "availability": gettext_lazy("Availability"),
}
PERIODS: Mapping[str, str | Promise] = {
    "month": pgettext_lazy("goal", "a month"), "quarter": pgettext_lazy("goal", "a quarter"),
    "year": pgettext_lazy("goal", "a year"),
}  # fmt: skip
CAPS: Mapping[str, str | Promise] = {
    "ticket": gettext_lazy("cut from {before}: the most that one ticket may cost"),
    "rule": gettext_lazy("cut from {before}: the most that this rule takes in a period"),
    "contract": gettext_lazy("cut from {before}: the most that the contract takes in a period"),
}
FORGIVEN: Mapping[str, str | Promise] = {
    "client": gettext_lazy("{time} of the client’s do not count"),
    "vendor": gettext_lazy("{time} of the vendor’s do not count"),
    "force_majeure": gettext_lazy("{time} of force majeure do not count"),
    "grace": gettext_lazy("{time} are forgiven"),
}


@dataclass(frozen=True)
class Row:
    """A line of the paper. `ticket` is the number that it opens."""

    what: str
    how: str
    amount: str
    ticket: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Goal:
    """An indicator beside its goal; `tone` is green, red or nothing."""

    label: str
    value: str
    counts: str
    goal: str
    period: str
    source: str
    verdict: str
    tone: str
    provisional: bool = False


@dataclass(frozen=True)
class Uptime:
    """How much of the agreed time of a month it worked, beside what is promised, if anything is."""

    of: str
    value: str
    down: str
    goal: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class Paper:
    """All that a page shows of a statement."""

    statement: Statement
    month: str
    state: str
    tone: str
    fee: str
    total: str
    whole: str = ""
    cut: str = ""
    cap: str = ""
    rows: list[Row] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    metrics: list[tuple[str, int, int, int, str]] = field(default_factory=list)
    excused: Sequence[int] = ()


def paper(row: Statement) -> Paper:
    """The statement in words."""
    currency = row.version.currency
    state, tone = STATES[row.state]
    lines = [statements.line_of(kept) for kept in row.body.get("lines", [])]
    rules = _rules(row) if lines else {}
    counted = row.body.get("metrics", {})
    return Paper(
        statement=row,
        month=month_in_words(row.starts_on),
        state=str(state),
        tone=tone,
        fee=money.words(row.fee, currency),
        total=money.words(row.total, currency),
        **_capped(row, currency),
        rows=[_row(line, rules.get(line.rule), currency) for line in lines],
        goals=goals(kpi_standing.of_body(kept) for kept in row.body.get("indicators", [])),
        metrics=[_metric(one, counted[one]) for one in sorted(counted, key=lambda one: clocks.ORDER.get(one, 99))],
        excused=row.body.get("excused", ()),
    )


def _capped(row: Statement, currency: str) -> dict[str, str]:
    """What the cap of the whole contract took off; nothing where it took nothing."""
    cut = Decimal(row.body.get("cut", "0"))
    if not cut:
        return {}
    cap = str(row.body.get("cap", ""))
    exact = price(cap)
    shown = money.price(cap, currency, exact)
    return {
        "whole": money.words(row.total + cut, currency),
        "cut": money.words(-cut, currency),
        "cap": _of_fee(shown) if exact and exact.share is not None else shown,
    }


def goals(standings: Iterable[Standing]) -> list[Goal]:
    """Indicators in words."""
    rows = list(standings)
    named = Service.objects.filter(slug__in={one.service for one in rows if one.service})
    services = {one.slug: one.label(get_language() or "") for one in named} if any(r.service for r in rows) else {}
    return [_goal(one, services) for one in rows]


def _goal(one: Standing, services: Mapping[str, str]) -> Goal:
    metric = str(METRICS.get(one.metric, one.metric))
    of = ", ".join(part for part in (metric, services.get(one.service, one.service)) if part)
    label = str(INDICATORS.get(one.kind, one.kind))
    label = f"{label}: {of}" if of else label
    wanted = _("at most {goal}") if one.at_most else _("at least {goal}")
    verdict, tone = _verdict(one.met)
    return Goal(
        label=label,
        value=money.percent(one.share, places=money.places_of(one.goal)),
        counts=_counts(one),
        goal=wanted.replace("{goal}", money.exact_percent(one.goal)),
        period=str(PERIODS.get(one.period, one.period)),
        source=one.source,
        verdict=verdict,
        tone=tone,
        provisional=one.provisional,
    )


def uptime(one: Availability) -> Uptime:
    """The availability of a contract in a month, in words."""
    verdict, tone = _verdict(one.met) if one.goal is not None else ("", "")
    return Uptime(
        of=one.service.label(get_language() or "") if one.service else _("everything that it covers"),
        value=money.percent(one.share, places=money.places_of(one.goal)),
        down=_of_order(one.share) if one.share.whole else "",
        goal=_("at least {goal}").replace("{goal}", money.exact_percent(one.goal)) if one.goal is not None else "",
        verdict=verdict,
        tone=tone,
    )


def _verdict(met: bool | None) -> tuple[str, str]:
    """The word and its tone."""
    return {
        None: (_("nothing measured"), ""), True: (_("kept"), "green"), False: (_("missed"), "red"),
    }[met]  # fmt: skip


def month_in_words(day: date) -> str:
    """The month as it stands within a sentence: only English writes it large."""
    words = formats.date_format(day, "F Y")
    return words if (get_language() or "").startswith("en") else words.lower()


def _counts(one: Standing) -> str:
    part, whole = one.share.part, one.share.whole
    if not whole:
        return ""
    if one.kind == "availability":
        return _of_order(one.share)
    return _("{part} of {whole}").format(part=int(part), whole=int(whole))


def _of_order(share: Share) -> str:
    down, whole = durations.in_hours(float(share.whole - share.part)), durations.in_hours(float(share.whole))
    return _("{down} of {whole} out of order").format(down=down, whole=whole)


def _rules(row: Statement) -> dict[int, Rule]:
    found: dict[int, Rule] = {}
    for place, kept in enumerate(row.version.penalties.all()):
        try:
            found[place] = read(kept.kind, kept.terms)
        except WrongPenalty:  # what was worked out once is shown all the same
            continue
    return found


def _row(line: Line, rule: Rule | None, currency: str) -> Row:
    cost = " + ".join(_cost(one, currency) for one in line.price.split(" + "))
    metric = str(METRICS.get(line.metric, INDICATORS.get(line.metric, "")))
    if line.ticket is not None:
        return Row(
            metric or _("Every promise"), _how_late(line, rule, cost), money.words(line.amount, currency), line.ticket,
            " · ".join([*_forgiven(line), *_cut(line, currency)]),
        )  # fmt: skip
    if line.kind == "compliance":
        metric = f"{_('Promises kept')}: {metric}" if metric else _("Promises kept")
    elif line.kind == "availability":
        metric = _("Availability")
    how = _("{share} reached: {price}").format(share=_reached(line, rule), price=cost)
    note = " · ".join(_cut(line, currency))
    return Row(metric or _("Every promise"), how, money.words(line.amount, currency), None, note)


def _reached(line: Line, rule: Rule | None) -> str:
    """The share that picked the tier, with as many digits as the finest bound has: what missed 99,95 % is seen to."""
    bounds = [tier.bound for tier in rule.tiers] if rule else []
    return money.percent(line.share, places=max(map(money.places_of, bounds), default=1)) if line.share else ""


def _cost(written: str, currency: str) -> str:
    """One price of a rule: a sum with its currency, a share with what it is a share of."""
    exact = price(written)
    shown = money.price(written, currency, exact)
    return _of_fee(shown) if exact and exact.share is not None else shown


def _of_fee(share: str) -> str:
    return _("%(share)s of the fee") % {"share": share}


def _how_late(line: Line, rule: Rule | None, cost: str) -> str:
    late = durations.in_hours(float(line.late))
    if not line.late:
        return _("late, but nothing of it counts")
    if line.late < 1:
        late = _("less than a minute")
    if line.kind == "bands":
        return _("late by {late}: {price}").format(late=late, price=cost)
    every = durations.in_hours(float(rule.every)) if rule else ""
    units = ngettext("{n} started period of {every}", "{n} started periods of {every}", line.units)
    return _("late by {late}: {units}, {price} each").format(
        late=late, units=units.format(n=line.units, every=every), price=cost
    )


def _forgiven(line: Line) -> list[str]:
    """What of the whole lateness does not count, and whose time that was."""
    if not line.forgiven:
        return []
    whole = durations.in_hours(float(line.late + sum(line.forgiven.values())))
    said = [
        str(FORGIVEN[whose]).format(time=durations.in_hours(float(minutes))) for whose, minutes in line.forgiven.items()
    ]
    return [_("{whole} past the deadline in all").format(whole=whole), *said]


def _cut(line: Line, currency: str) -> list[str]:
    if not line.cap or line.before_cap is None:
        return []
    return [str(CAPS[line.cap]).replace("{before}", money.words(line.before_cap, currency))]


def _metric(metric: str, counts: Sequence[int]) -> tuple[str, int, int, int, str]:
    kept, missed, excused = counts
    from_all = Share(kept, kept + missed)
    return str(METRICS.get(metric, metric)), kept, missed, excused, money.percent(from_all)


def steps(row: Statement) -> list[dict[str, Any]]:
    """Who took it from state to state, and what he said."""
    return [
        {"at": step.at, "who": step.by.name if step.by else _("Firstline"), "state": str(STATES[step.state][0]),
         "words": step.words}
        for step in row.steps.select_related("by")
    ]  # fmt: skip
