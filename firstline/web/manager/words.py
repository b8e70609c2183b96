"""Terms of a contract said in whole sentences: rows, penalties, differences. Values in, words out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from firstline.contracts import lengths, penalty_terms, warning_words
from firstline.contracts.differences import Change
from firstline.contracts.lengths import Day
from firstline.contracts.terms_shape import decimal, penalty_of
from firstline.lib.language import named, picked
from firstline.web import money
from firstline.web.clock_faces import METRICS
from firstline.web.manager.choices import (
    CHOICES,
    COMPARISONS,
    PENALTIES,
    PERIODS,
    SIDES,
    STAGES,
    STATUSES,
    TABLES,
    TYPES,
    WHOSE,
    key_of,
)
from firstline.web.statement_words import INDICATORS

MONEY = frozenset({"monthly_fee", "price", "overage_rate"})
SIGNS = {"RUB": "₽", "EUR": "€", "USD": "$", "BGN": "лв."}
PERCENT = frozenset({"goal", "share"})
LENGTHS = frozenset({"minutes", "warn_minutes", "close_minutes", "grace", "every"})


@dataclass(frozen=True)
class Speaker:
    """Says the terms of one version: the language of the page, the names of what slugs name, the days of calendars."""

    language: str
    calendar: str = ""
    currency: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, Day] = field(default_factory=dict)
    before: Speaker | None = None  # who says what was, where money and days are others now

    def day(self, calendar: str = "") -> Day:
        return self.days.get(calendar or self.calendar, lengths.ROUND_THE_CLOCK_DAY)

    def length(self, minutes: Any, calendar: str = "") -> str:
        return lengths.written(int(minutes), self.language, self.day(calendar))

    def name(self, slug: str) -> str:
        return self.names.get(slug, slug)

    def said(self, value: Any) -> str:
        """A text, or the one of a table of texts by language."""
        if isinstance(value, Mapping):
            return picked(value, named(dict(value), self.language)[0], self.language)
        return str(value or "")

    def money(self, amount: Any) -> str:
        value = decimal(amount) or Decimal(0)
        places = 0 if value == value.to_integral_value() else 2
        return f"{money.grouped(value, places)}\u00a0{SIGNS.get(self.currency, self.currency)}".strip()

    def percent(self, value: Any) -> str:
        shown = formats.number_format(decimal(value) or Decimal(0), use_l10n=True)
        return f"{shown}\u00a0%"

    def warnings(self, points: Iterable[Mapping[str, Any]]) -> str:
        return warning_words.written(points, self.language)

    def scope(self, row: Mapping[str, Any]) -> str:
        """Whom a target is for, without its priority."""
        parts = []
        if row.get("service"):
            parts.append(_("service “%(name)s”") % {"name": self.name(row["service"])})
        if row.get("type"):
            parts.append(str(TYPES.get(row["type"], row["type"])).lower())
        return ", ".join(parts)

    def row(self, table: str, row: Mapping[str, Any]) -> str:
        """What a row is about, for a heading or the beginning of a sentence."""
        if table == "target":
            parts = [str(METRICS[row["metric"]])]
            if row.get("priority"):
                parts.append(_("priority %(number)d") % {"number": row["priority"]})
            return ", ".join([*parts, *filter(None, [self.scope(row)])])
        if table in ("pause_reason", "duty"):
            return self.said(row["name"])
        if table == "inner_term":
            return str(STAGES[row["stage"]])
        if table == "indicator":
            of = [str(METRICS[row["metric"]])] if row.get("metric") else []
            of += [self.name(row["service"])] if row.get("service") else []
            return ": ".join([str(INDICATORS[row["kind"]]), *([", ".join(of)] if of else [])])
        if table == "penalty":
            parts = [str(PENALTIES[row["kind"]])]
            parts += [str(METRICS.get(row["metric"], row["metric"]))] if row.get("metric") else []
            return ", ".join(parts)
        return str(TABLES[table])

    def whole(self, table: str, row: Mapping[str, Any]) -> str:
        """All that a row says."""
        told = {
            "target": self._target, "pause_reason": self._pause, "duty": self._duty, "indicator": self._indicator,
            "penalty": self._penalty, "hours": self._hours,
        }.get(table)  # fmt: skip
        return told(row) if told else self.percent(row["share"])

    def value(self, key: str, value: Any, row: Mapping[str, Any]) -> str:
        """One value of the terms."""
        if value is None or value == "" or value == []:
            return pgettext("term", "nothing")
        if isinstance(value, bool):
            return pgettext("term", "yes") if value else pgettext("term", "no")
        if key in LENGTHS:
            return self.length(value, row.get("calendar") or "")
        if key == "reminders":
            return ", ".join(self.length(one) for one in value)
        if key == "warnings":
            return self.warnings(value)
        if key in MONEY:
            return self.money(value)
        if key == "penalty_cap":
            found = penalty_terms.price(value)
            return str(value) if found is None else self._price(found)
        if key in PERCENT:
            return self.percent(value)
        if key in ("calendar", "service"):
            return self.name(value)
        if key in CHOICES:
            return str(CHOICES[key].get(value, value))
        if key in ("bands", "tiers"):
            return self._steps(key, value)
        if isinstance(value, list):
            return ", ".join(self.name(str(one)) for one in value)
        return self.said(value)

    def changes(self, changes: Iterable[Change]) -> list[tuple[str, list[str]]]:
        """All differences as sentences, under the names of their lists; what changed in one row is one sentence."""
        groups: dict[str, dict[str, str]] = {}
        for change in changes:
            title = str(TABLES[change.table]) if change.table else ""
            group = groups.setdefault(title, {})
            where = self.row(change.table, change.of) if change.table and change.of else ""
            said = self.change(change)
            if where and where in group:
                group[where] += "; " + said.removeprefix(where).lstrip(",: ")
            else:
                group[where or said] = said
        return [(title, list(group.values())) for title, group in groups.items()]

    def change(self, change: Change) -> str:
        """A difference as a sentence: "First response, priority 1: 30 min → 15 min"."""
        if not change.table:
            return self._own_change(change)
        where = self.row(change.table, change.of) if change.of else str(TABLES[change.table])
        if change.is_new:
            return _("%(where)s: new, %(terms)s") % {"where": where, "terms": self.whole(change.table, change.now)}
        if change.is_gone:
            return _("%(where)s: no longer, was %(terms)s") % {
                "where": where, "terms": (self.before or self).whole(change.table, change.was),
            }  # fmt: skip
        if change.key == "order":
            return _("%(where)s: in another order") % {"where": where}
        key = "" if change.key in ("minutes", "share") else f", {key_of(change.table, change.key).lower()}"
        return f"{where}{key}: {self._steps_of(change)}"

    def _own_change(self, change: Change) -> str:
        what = key_of("", change.key)
        if isinstance(change.was, list) and isinstance(change.now, list) and change.key != "warnings":
            gone, come = (", ".join(self.name(slug) for slug in slugs) for slugs in (change.was, change.now))
            if gone and come:
                return _("%(what)s: no longer %(gone)s; new: %(come)s") % {"what": what, "gone": gone, "come": come}
            if gone:
                return _("%(what)s: no longer %(gone)s") % {"what": what, "gone": gone}
            return _("%(what)s: new: %(come)s") % {"what": what, "come": come}
        return f"{what}: {self._steps_of(change)}"

    def _steps_of(self, change: Change) -> str:
        was = (self.before or self).value(change.key, change.was, change.of)
        return f"{was} → {self.value(change.key, change.now, change.of)}"

    def _target(self, row: Mapping[str, Any]) -> str:
        parts = [self.length(row["minutes"], row.get("calendar") or "")]
        if row.get("goal"):
            parts.append(_("in %(share)s of tickets") % {"share": self.percent(row["goal"])})
        if row.get("calendar"):
            parts.append(self.name(row["calendar"]))
        return ", ".join(parts)

    def _pause(self, row: Mapping[str, Any]) -> str:
        parts = [
            _("%(status)s; the time is %(whose)s") % {"status": STATUSES[row["status"]], "whose": WHOSE[row["whose"]]}
        ]
        if row.get("pauses") is False:
            parts.append(_("the clock runs on"))
        if row.get("reminders"):
            parts.append(_("reminders after %(times)s") % {"times": self.value("reminders", row["reminders"], row)})
        if row.get("warn_minutes"):
            parts.append(_("a warning after %(time)s") % {"time": self.length(row["warn_minutes"])})
        if row.get("close_minutes"):
            parts.append(_("closes by itself after %(time)s") % {"time": self.length(row["close_minutes"])})
        return "; ".join(parts)

    def _duty(self, row: Mapping[str, Any]) -> str:
        side = str(SIDES[row["side"]])
        if not row.get("minutes"):
            return side
        within = _("within %(time)s") % {"time": self.length(row["minutes"], row.get("calendar") or "")}
        return f"{side}, {within}"

    def _indicator(self, row: Mapping[str, Any]) -> str:
        parts = [
            f"{COMPARISONS[row.get('comparison', 'at_least')]} {self.percent(row['goal'])}",
            str(PERIODS[row.get("period", "month")]),
        ]
        return ", ".join(parts)

    def _hours(self, row: Mapping[str, Any]) -> str:
        hours = Fraction(row["minutes"], 60)
        shown = formats.number_format(Decimal(hours.numerator) / hours.denominator, decimal_pos=None)
        parts = [_("%(hours)s h %(period)s") % {"hours": shown, "period": PERIODS[row.get("period", "month")]}]
        if row.get("price"):
            parts.append(_("for %(price)s") % {"price": self.money(row["price"])})
        if row.get("overage_rate"):
            parts.append(_("an hour beyond: %(rate)s") % {"rate": self.money(row["overage_rate"])})
        if row.get("carry_over"):
            count = row["carry_over"]
            parts.append(
                ngettext("unused ones live on for %(n)d period", "unused ones live on for %(n)d periods", count)
                % {"n": count}
            )
        return ", ".join(parts)

    def _penalty(self, row: Mapping[str, Any]) -> str:
        kind, terms = penalty_of(row)
        rule = penalty_terms.read(kind, terms)
        parts = []
        if rule.priorities:
            listed = ngettext("priority %(list)s", "priorities %(list)s", len(rule.priorities))
            parts.append(listed % {"list": ", ".join(map(str, rule.priorities))})
        parts += [", ".join(str(TYPES.get(one, one)).lower() for one in rule.types)] if rule.types else []
        named_services = [*rule.services, *([rule.service] if rule.service else [])]
        parts += [", ".join(self.name(one) for one in named_services)] if named_services else []
        if rule.bands:
            parts.append(self._steps("bands", terms["bands"]))
        if rule.accumulate:
            parts.append(_("the bands add up"))
        if kind == "started":
            parts.append(
                _("%(costs)s for each started %(time)s")
                % {"costs": self._price(rule.costs), "time": self.length(rule.every)}
            )
        if rule.tiers:
            parts.append(self._steps("tiers", terms["tiers"]))
        if rule.grace:
            parts.append(_("the first %(time)s are forgiven") % {"time": self.length(rule.grace)})
        if rule.exclude:
            whose = ", ".join(str(WHOSE[one]) for one in rule.exclude)
            parts.append(_("time that is %(whose)s does not count") % {"whose": whose})
        if rule.cap:
            parts.append(_("at most %(price)s for a ticket") % {"price": self._price(rule.cap)})
        if rule.cap_period:
            parts.append(_("at most %(price)s in a period") % {"price": self._price(rule.cap_period)})
        return "; ".join(parts)

    def _steps(self, key: str, rows: Iterable[Mapping[str, Any]]) -> str:
        if key == "bands":
            return ", ".join(
                _("later than %(time)s: %(costs)s") % {"time": self.length(row["after"]), "costs": self._cost(row)}
                if row.get("after")
                else _("late: %(costs)s") % {"costs": self._cost(row)}
                for row in rows
            )
        said = []
        for row in rows:
            bound = row.get("at_least", row.get("at_most"))
            if bound is None:
                said.append(_("else %(costs)s") % {"costs": self._cost(row)})
                continue
            sign = "≥" if "at_least" in row else "≤"
            said.append(f"{sign}\u00a0{self.percent(str(bound).replace('%', '').strip())}: {self._cost(row)}")
        return ", ".join(said)

    def _cost(self, row: Mapping[str, Any]) -> str:
        found = penalty_terms.price(row.get("costs"))
        return str(row.get("costs", "")) if found is None else self._price(found)

    def _price(self, price: penalty_terms.Price) -> str:
        if price.amount is not None:
            return self.money(price.amount)
        share = self.percent(penalty_terms.decimal_of(100 * (price.share or Fraction(0))))
        return _("%(share)s of the fee") % {"share": share}
