"""What a provider that calls one of our hooks has, whatever it brings: a name in the hook's address and a secret that
proves what comes.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_noop

from firstline.lib.wrong_field import WrongField
from firstline.post.models import Gateway, Trunk
from firstline.post.transports import sms

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Account = TypeVar("Account", Gateway, Trunk)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LEAST_SECRET, LONGEST_NAME = 16, 100
NO_SLUG = gettext_noop("is small Latin letters, digits and hyphens")
TAKEN = gettext_noop("is the name of another one")
SHORT_SECRET = gettext_noop("has at least 16 characters, or is empty")
TOO_LONG = gettext_noop("is too long")
NO_NAME = gettext_noop("is empty")


class WrongAccount(WrongField):
    """It cannot be set up like that."""


def is_from(account: Gateway | Trunk, body: bytes, signature: str) -> bool:
    """Whether the body carries the account's signature. One without a secret proves nothing."""
    if not account.secret:
        return False
    return hmac.compare_digest(signature.strip().lower().encode(), sms.signed(account.secret, body).encode())


def checked(wanted: DataclassInstance, *, reserved: str = "") -> dict[str, object]:
    """What is wanted, trimmed; None is left out. Looks at slug, name and secret. Raises WrongAccount."""
    said = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    values: dict[str, object] = {
        name: value.strip() if isinstance(value, str) else value for name, value in said.items() if value is not None
    }
    slug = values["slug"] = str(values["slug"]).lower()
    if not _SLUG.fullmatch(str(slug)) or slug == reserved:
        raise WrongAccount("slug", NO_SLUG)
    if "name" in values and not values["name"]:
        raise WrongAccount("name", NO_NAME)
    if len(str(values.get("name", ""))) > LONGEST_NAME:
        raise WrongAccount("name", TOO_LONG)
    if values.get("secret") and len(str(values["secret"])) < LEAST_SECRET:
        raise WrongAccount("secret", SHORT_SECRET)
    return values


def found(model: type[Account], slug: object, row: Account | None, *, must_be_new: bool) -> Account:
    """The row that is to be changed, locked: `row`, else the one of this name, else a new one. Within a transaction.
    Raises WrongAccount where the name is another's."""
    other = model.objects.select_for_update().filter(slug=slug).first()
    if other is not None and (must_be_new if row is None else other.pk != row.pk):
        raise WrongAccount("slug", TAKEN)
    return row or other or model()


def fill(row: Gateway | Trunk, values: dict[str, object]) -> list[str]:
    """Sets the values and returns the names of those that changed; a new one is called by its slug at first."""
    is_new = row.pk is None
    if is_new and not values.get("name"):
        values["name"] = values["slug"]
    changed = sorted(name for name, value in values.items() if is_new or getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    return changed
