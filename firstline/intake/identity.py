"""As whom a mailbox sends, and by whose word its letters are believed (docs/decisions/0014)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

NO_NAME = gettext_noop("is no name of a server")
LONGEST = {"authserv_id": 253, "relays": 500}


class WrongIdentity(Exception):
    """`field` is a key of the apply file, `why` the reason in plain English."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


@dataclass(frozen=True)
class Identity:
    """None: as it is, or as a new mailbox begins."""

    authserv_id: str | None = None
    relays: tuple[str, ...] | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of the mailbox. Raises WrongIdentity."""
        found: dict[str, Any] = {}
        if self.authserv_id is not None:
            found["authserv_id"] = _names("authserv_id", self.authserv_id.split(","))
        if self.relays is not None:
            found["relays"] = _names("relays", self.relays)
        return found


def _names(field: str, given: list[str] | tuple[str, ...]) -> str:
    names = [name.strip().lower() for name in given if name.strip()]
    text = ", ".join(names)
    if len(text) > LONGEST[field] or any(not name.isascii() or " " in name for name in names):
        raise WrongIdentity(field, NO_NAME)
    return text
