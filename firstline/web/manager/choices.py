"""The words for what a contract's terms may say: labels of every choice, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firstline.tickets.models import Priority, Status, Type
from firstline.web.clock_faces import METRICS

Words = Mapping[str, str | Promise]

TYPES: Words = {str(value): label for value, label in Type.choices}
PRIORITIES: Mapping[int, str | Promise] = dict(Priority.choices)
STATUSES: Words = {
    str(value): label
    for value, label in Status.choices
    if value in ("waiting_for_client", "waiting_for_vendor", "on_hold")
}
WHOSE: Words = {
    "provider": pgettext_lazy("whose time", "ours"),
    "client": pgettext_lazy("whose time", "the client’s"),
    "vendor": pgettext_lazy("whose time", "the vendor’s"),
    "force_majeure": pgettext_lazy("whose time", "nobody’s (force majeure)"),
}
STAGES: Words = {"intake": _("Intake"), "line1": _("Line 1"), "line2": _("Line 2"), "line3": _("Line 3")}
SIDES: Words = {
    "provider": pgettext_lazy("side of a contract", "We"),
    "client": pgettext_lazy("side of a contract", "Client"),
}
COMPARISONS: Words = {"at_least": _("at least"), "at_most": _("at most")}
PERIODS: Words = {
    "month": pgettext_lazy("period", "each month"),
    "quarter": pgettext_lazy("period", "each quarter"),
    "year": pgettext_lazy("period", "each year"),
}
PENALTIES: Words = {
    "bands": _("By how late a ticket was"),
    "started": _("For each started stretch of lateness"),
    "compliance": _("By the share of promises kept"),
    "indicator": _("By an indicator"),
    "availability": _("By availability"),
}
ROUNDINGS: Words = {
    "half_up": pgettext_lazy("rounding", "half up"),
    "half_even": pgettext_lazy("rounding", "half to even"),
    "down": pgettext_lazy("rounding", "down"),
    "up": pgettext_lazy("rounding", "up"),
}
# The keys of the terms, as fields and in differences.
KEYS: Words = {
    "calendar": _("Calendar"), "currency": _("Currency"), "monthly_fee": _("Fee a month"),
    "penalty_cap": _("All penalties of a month, at most"),
    "services": _("Included services"), "billable": _("Services for money"), "excluded": _("Excluded services"),
    "equipment": _("Equipment"), "vendor_pauses": _("The clock stands while a vendor is waited for"),
    "warnings": _("Warnings"), "quality": _("Quality"), "advice": _("What to do where it is not covered"),
    "minutes": pgettext_lazy("term", "Time"), "goal": pgettext_lazy("term", "Promised share"),
    "priority": _("Priority"), "type": _("Type"),
    "service": _("Service"), "metric": pgettext_lazy("term", "Clock"), "name": pgettext_lazy("thing", "Name"),
    "names": pgettext_lazy("thing", "Name"),
    "whose": pgettext_lazy("term", "Whose time"), "status": _("Status"),
    "pauses": _("The clock stands"), "reminders": _("Reminders to the client after"),
    "warn_minutes": _("Warning of closing after"), "close_minutes": _("Closes by itself after"),
    "share": pgettext_lazy("term", "Share"), "side": pgettext_lazy("term", "Side"),
    "comparison": pgettext_lazy("term", "Comparison"), "period": _("Period"), "weight": pgettext_lazy("term", "Weight"),
    "source": pgettext_lazy("term", "Source"), "rounding": pgettext_lazy("term", "Rounding"),
    "carry_over": _("Periods that unused hours live on"), "price": pgettext_lazy("term", "Price"),
    "overage_rate": _("An hour beyond"), "kind": _("Kind"), "order": pgettext_lazy("term", "Order"),
    "grace": pgettext_lazy("penalty", "Forgiven"), "cap": pgettext_lazy("penalty", "At most for a ticket"),
    "cap_period": pgettext_lazy("penalty", "At most in a period"), "bands": pgettext_lazy("penalty", "Bands"),
    "tiers": pgettext_lazy("penalty", "Tiers"), "costs": pgettext_lazy("penalty", "Costs"),
    "every": pgettext_lazy("penalty", "Each started"), "exclude": pgettext_lazy("penalty", "Time that does not count"),
    "slug": _("Short name"),
    "accumulate": pgettext_lazy("penalty", "The bands add up"),
    "indicator": pgettext_lazy("penalty", "Indicator"),
}  # fmt: skip
# The same key means something else in some lists.
_KEYS_IN: Mapping[str, Words] = {
    "penalty": {
        "priorities": pgettext_lazy("penalty", "Only for the priorities"),
        "types": pgettext_lazy("penalty", "Only for the types"),
        "services": pgettext_lazy("penalty", "Only for the services"),
        "service": pgettext_lazy("penalty", "Availability of"),
    },
}
TABLES: Words = {
    "target": _("Terms of time"), "pause_reason": _("Reasons for waiting"), "inner_term": _("Inner terms"),
    "duty": _("Duties"), "indicator": _("Indicators"), "penalty": _("Penalties"), "hours": _("Hours paid ahead"),
}  # fmt: skip


def key_of(table: str, key: str) -> str:
    """What a key of a list is called; "" is the version itself."""
    return str(_KEYS_IN.get(table, {}).get(key) or KEYS.get(key, key))


CHOICES: Mapping[str, Words] = {
    "metric": METRICS, "type": TYPES, "whose": WHOSE, "status": STATUSES, "stage": STAGES, "side": SIDES,
    "comparison": COMPARISONS, "period": PERIODS, "rounding": ROUNDINGS,
}  # fmt: skip
