"""Writing the audit trail, and reading it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from firstline.audit.models import Row
from firstline.lib import left


def note(*, at: datetime, actor: str, action: str, target: str, **data: Any) -> None:
    """One row. Call it inside the transaction of the deed, so that neither exists without the other."""
    left.leave_now(Row, at=at, actor=actor, action=action, target=target, data=data)


def found(
    *, actor: str = "", target: str = "", action: str = "", since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Row]:
    """The newest first: of one actor, about one thing ("ticket:1042") or one kind of thing ("ticket:"), whose action
    begins so, from `since` until before `until`."""
    rows = Row.objects.order_by("-id")
    if actor:
        rows = rows.filter(actor=actor)
    if target.endswith(":"):
        rows = rows.filter(target__startswith=target)
    elif target:
        rows = rows.filter(target=target)
    if action:
        rows = rows.filter(action__startswith=action)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows.filter(at__lt=until) if until is not None else rows
