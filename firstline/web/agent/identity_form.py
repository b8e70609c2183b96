"""The part of a mailbox's form that says as whom it sends and whom it believes. No key is ever shown."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict

from firstline.intake.identity import NO_SELECTOR, Identity
from firstline.intake.mailboxes import WrongMailbox
from firstline.post import signing
from firstline.post.identity import of_mailbox
from firstline.post.models import Account
from firstline.post.signing import CannotSign

NONE, KEEP, NEW, GIVEN = "none", "keep", "new", "given"
TEXTS = ("sent_as", "authserv_id", "relays", "dkim_selector", "dkim_way")


def shown(account: Account | None) -> dict[str, Any]:
    """The fields of a kept mailbox, or of a new one."""
    has_key = bool(account and account.dkim_key)
    return {
        "sent_as": account.sent_as if account else "",
        "plus_tags": account.plus_tags if account else False,
        "authserv_id": account.authserv_id if account else "",
        "relays": account.relays if account else "",
        "dkim_selector": account.dkim_selector if account else "",
        "dkim_way": KEEP if has_key else NONE,
        "dkim_has_key": has_key,
    }


def typed(given: QueryDict) -> dict[str, Any]:
    """The same fields as they were typed, without the key: it is entered again."""
    way = given.get("dkim_way", NONE)
    return {
        **{name: given.get(name, "") for name in TEXTS},
        "plus_tags": given.get("plus_tags") == "1",
        "dkim_has_key": way == KEEP or given.get("dkim_has_key") == "1",
    }


def wanted(given: QueryDict, account: Account | None) -> Identity | None:
    """What was typed; None where the form does not have these fields. Raises WrongMailbox."""
    if "dkim_way" not in given:
        return None
    way, selector = given.get("dkim_way", NONE), given.get("dkim_selector", "").strip()
    keys = {
        KEEP: account.dkim_key if account else "",
        GIVEN: given.get("dkim_key", "").replace("\r\n", "\n").strip(),
    }
    if way != NONE and not selector:
        raise WrongMailbox("dkim_selector", NO_SELECTOR)
    key = signing.new_key() if way == NEW else keys.get(way, "")
    if (way == GIVEN and signing.PEM not in key) or (way == KEEP and not key):
        # A file is named by the apply file only: a page must not tell which files there are.
        raise WrongMailbox("dkim_key", "is no key")
    return Identity(
        sent_as=given.get("sent_as", ""),
        plus_tags=given.get("plus_tags") == "1",
        dkim_selector=selector if key else "",
        dkim_key=key,
        authserv_id=given.get("authserv_id", ""),
        relays=tuple(re.split(r"[,\s]+", given.get("relays", ""))),
    )


def records(account: Account) -> list[tuple[str, str]]:
    """What is to be published so that others can check its signatures; nothing where it cannot sign (the doctor and
    the outbox say why)."""
    try:
        return of_mailbox(account).records()
    except CannotSign:
        return []
