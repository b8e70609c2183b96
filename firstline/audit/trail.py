"""Writing the audit trail, and reading it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstline.audit.models import Row
from firstline.lib import one_row


def note(*, at: datetime, actor: str, action: str, target: str, **data: Any) -> None:
    """One row. Call it inside the transaction of the deed, so that neither exists without the other."""
    one_row.add(Row(at=at, actor=actor, action=action, target=target, data=data))
