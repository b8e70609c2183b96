"""The groups of the queue: how each is called, where it begins, how many tickets it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from firstline.contracts.terms import FAR_AHEAD
from firstline.lib.language import picked
from firstline.tickets import arranged
from firstline.tickets.arranged import Arrangement, Borders
from firstline.tickets.models import Status, Ticket
from firstline.web.templatetags.ui import PRIORITIES

Face = tuple[str, str, str]  # title, icon, tone
DUE: tuple[tuple[str | Promise, str, str], ...] = (
    (gettext_lazy("Overdue"), "triangle-alert", "breach"),
    (gettext_lazy("Less than an hour"), "timer", "crit"),
    (gettext_lazy("Today"), "calendar", "ok"),
    (gettext_lazy("Later"), "calendar-clock", "ok"),
    (gettext_lazy("Clocks stopped"), "pause", "paused"),
)
GROUPS: dict[str, str | Promise] = {
    "due": gettext_lazy("Due"), "priority": gettext_lazy("Priority"), "status": gettext_lazy("Status"),
    "assignee": gettext_lazy("Assignee"), "client": gettext_lazy("Client"), "line": gettext_lazy("Line"),
    "service": gettext_lazy("Service"), "none": gettext_lazy("No groups"),
}  # fmt: skip
ORDERS: dict[str, str | Promise] = {
    "due": pgettext_lazy("order", "Due first"), "cost": pgettext_lazy("order", "By what waiting costs"),
    "priority": pgettext_lazy("order", "Most pressing first"), "created": pgettext_lazy("order", "Oldest first"),
    "activity": pgettext_lazy("order", "Last changed first"), "number": pgettext_lazy("order", "Newest first"),
    "client": pgettext_lazy("order", "By client"),
}  # fmt: skip


def borders(at: datetime) -> Borders:
    """Now, in an hour, the end of the day where the person is, and where no clock runs."""
    local = timezone.localtime(at)
    tonight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return at, at + timedelta(hours=1), tonight, FAR_AHEAD


def columns(group: str) -> tuple[str, ...]:
    """What a row must bring along so that its group can be named."""
    named: dict[str, tuple[str, ...]] = {
        "client": ("client_id",), "service": ("service_id", "service__name", "service__names"),
    }  # fmt: skip
    return named.get(group, ())


def face(group: str, row: Mapping[str, Any], at: Borders) -> Face:
    """How the group of this row is called and drawn."""
    if group == "due":
        title, icon, tone = DUE[arranged.key_of("due", row, at)]
        return str(title), icon, tone
    if group == "priority":
        return str(PRIORITIES[row["priority"]]), "flag", "breach" if row["priority"] == 1 else "ok"
    if group == "status":
        return str(Status(row["status"]).label), "circle-dot", "ok"
    if group == "line":
        return _("Line {line}").replace("{line}", str(row["line"])), "headset", "ok"
    if group == "assignee":
        return row["assignee__name"] or _("Unassigned"), "user", "ok"
    if group == "client":
        name = picked(row["client__names"] or {}, row["client__name"] or "", get_language())
        return name or _("Without client"), "building-2", "ok"
    if group == "service":
        name = picked(row["service__names"] or {}, row["service__name"] or "", get_language())
        return name or _("Without service"), "layout-grid", "ok"
    return "", "list", "paused"


def parts(
    rows: Sequence[Mapping[str, Any]], group: str, at: Borders, *, is_first: bool, is_last: bool
) -> dict[str, Mapping[str, Any]]:
    """The groups that go on beyond this page, by the side on which they do: at most two, whatever the number of rows.
    All others are whole here, and are counted by being looked at."""
    if not rows or group in {"", "none"}:
        return {}
    return {
        **({} if is_first else {"begun": rows[0]}),
        **({} if is_last else {"going on": rows[-1]}),
    }


def counted(
    found: QuerySet[Ticket], arrangement: Arrangement, at: Borders, open_ends: Mapping[str, Any]
) -> dict[str, Any]:
    """What has to be asked of the database: of everything, and of the groups that go on elsewhere."""
    return {
        "all": found,
        **{side: arranged.in_group(found, arrangement.group, row, at) for side, row in open_ends.items()},
    }


def choices(arrangement: Arrangement) -> dict[str, list[tuple[str, str, bool]]]:
    """The two fields of "how": (value, words, chosen)."""
    group = arrangement.group or ("due" if arrangement.order == "due" else "none")
    return {
        "groups": [(value, str(words), value == group) for value, words in GROUPS.items()],
        "orders": [(value, str(words), value == arrangement.order) for value, words in ORDERS.items()],
    }
