"""Secrets at rest: sealed with a key that is derived from the secret key, opened only where they are used.

Who reads the database, or a copy of it, learns no password; who has the secret key as well learns all of them
(docs/decisions/0010). What was kept before there was sealing is readable as it stands.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

PREFIX = "sealed:1:"
PURPOSE = b"firstline mailbox secrets"


class CannotOpen(Exception):
    """Sealed with another key, or changed since."""


def seal(key: str, text: str) -> str:
    """The text, unreadable without the key; twice the same text is sealed differently."""
    return PREFIX + _lock(key).encrypt(text.encode()).decode("ascii")


def opened(key: str, sealed: str) -> str:
    """What `seal` was given. Raises CannotOpen."""
    try:
        return _lock(key).decrypt(sealed.removeprefix(PREFIX).encode()).decode()
    except (InvalidToken, ValueError) as wrong:
        raise CannotOpen("the secret key is not the one it was sealed with") from wrong


def is_sealed(text: str) -> bool:
    """Whether the text is (still) sealed: what another key sealed is handed on as it is, and kept so."""
    return text.startswith(PREFIX)


class SealedText(models.TextField):  # type: ignore[type-arg]
    """A text that is sealed in the database and plain in the program. It can be compared with "" there, and with
    nothing else. What cannot be opened stays sealed, is never overwritten by accident, and no part can use it."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return text if not text or is_sealed(text) else seal(settings.SECRET_KEY, text)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        if not value or not is_sealed(value):
            return value
        try:
            return opened(settings.SECRET_KEY, value)
        except CannotOpen:
            return value


@cache
def _lock(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
