"""Argon2 within this machine's means: Django's default takes 100 MB a sign-in (spec, stack.md "sign-in")."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE = threading.BoundedSemaphore(2)  # per process; two hashes at once, the rest wait


class Argon2Modest(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (the first choice of the OWASP password sheet)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _AT_ONCE:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _AT_ONCE:
            return bool(super().verify(password, encoded))
