"""As whom a mailbox sends, and by whose word its letters are believed (docs/decisions/0014)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from firstline.lib.wrong_field import WrongField
from firstline.post import signing
from firstline.post.mime import is_address
from firstline.post.signing import CannotSign

NO_ADDRESS = gettext_noop("is no mail address")
NO_NAME = gettext_noop("is no name of a server")
NO_SELECTOR = gettext_noop("is no selector")
LONGEST = {"authserv_id": 253, "relays": 500, "dkim_selector": 63}
_LABEL = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")


class WrongIdentity(WrongField):
    """A mailbox cannot send as that."""


@dataclass(frozen=True)
class Identity:
    """None: as it is, or as a new mailbox begins."""

    sent_as: str | None = None
    plus_tags: bool | None = None
    dkim_selector: str | None = None
    dkim_key: str | None = None
    authserv_id: str | None = None
    relays: tuple[str, ...] | None = None

    def columns(self) -> dict[str, Any]:
        """The columns of the mailbox. Raises WrongIdentity."""
        found: dict[str, Any] = {}
        if self.sent_as is not None:
            if self.sent_as and not is_address(self.sent_as):
                raise WrongIdentity("sent_as", NO_ADDRESS)
            found["sent_as"] = self.sent_as.strip().lower()
        if self.plus_tags is not None:
            found["plus_tags"] = self.plus_tags
        if self.dkim_selector is not None or self.dkim_key is not None:
            found |= _keys((self.dkim_selector or "").strip(), (self.dkim_key or "").strip())
        if self.authserv_id is not None:
            found["authserv_id"] = _names("authserv_id", self.authserv_id.split(","))
        if self.relays is not None:
            found["relays"] = _names("relays", self.relays)
        return found


def _keys(selector: str, key: str) -> dict[str, Any]:
    """Looked at now: a key that cannot be read would hold up every answer later."""
    if len(selector) > LONGEST["dkim_selector"] or not all(
        _LABEL.fullmatch(one.strip()) for one in selector.split(",")
    ):
        raise WrongIdentity("dkim_selector", NO_SELECTOR)
    try:
        signing.keys(selector, key, settings.FIRSTLINE_HOME)
    except CannotSign as wrong:
        raise WrongIdentity("dkim_key", str(wrong)) from wrong
    return {"dkim_selector": selector, "dkim_key": key}


def _names(field: str, given: list[str] | tuple[str, ...]) -> str:
    names = [name.strip().lower() for name in given if name.strip()]
    text = ", ".join(names)
    if len(text) > LONGEST[field] or any(not name.isascii() or " " in name for name in names):
        raise WrongIdentity(field, NO_NAME)
    return text
