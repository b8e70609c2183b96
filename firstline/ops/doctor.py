"""`firstline doctor`: every setting, where it came from, and what is wrong with it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection

from firstline.lib.environment import Setting, WrongSetting
from firstline.lib.language import CODES
from firstline.post import identity, signing
from firstline.post.models import Account
from firstline.post.signing import CannotSign
from firstline.post.transports import email

SHORTEST_KEY = 32


def report() -> Iterator[dict[str, Any]]:
    """One row a setting, then one a finding about the machine; `problem` is null where all is well."""
    for setting in settings.ENVIRONMENT.read:
        yield {
            "setting": setting.name,
            "value": _shown(setting),
            "source": setting.source,
            "meaning": setting.meaning,
            "problem": _problem(setting),
        }
    for name, (finding, problem) in _machine().items():
        yield {"check": name, "value": finding, "problem": problem}


def _shown(setting: Setting) -> str:
    if not setting.secret or not setting.value:
        return setting.value
    if "://" in setting.value:
        try:
            parts = urlsplit(setting.value)
        except ValueError:  # no address, and perhaps a password
            return "…"
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if parts.netloc else setting.value
    return "…"


def _problem(setting: Setting) -> str | None:
    value = setting.value
    if setting.name in settings.ENVIRONMENT.wrong:
        return str(settings.ENVIRONMENT.wrong[setting.name])
    if setting.name == "FIRSTLINE_SECRET_KEY" and len(value) < SHORTEST_KEY:
        return f"is shorter than {SHORTEST_KEY} characters: what it signs could be guessed"
    if setting.name == "FIRSTLINE_LANGUAGE" and value not in CODES:
        return f"is not one of {', '.join(CODES)}"
    if setting.name in {"FIRSTLINE_HOME", "FIRSTLINE_BLOBS"}:
        folder = Path(value)
        there = folder if folder.exists() else folder.parent
        return None if os.access(there, os.W_OK) else "cannot be written to"
    if setting.name == "FIRSTLINE_BASE_URL" and urlsplit(value).scheme not in {"http", "https"}:
        return "is no http(s) address"
    if setting.name == "FIRSTLINE_DKIM_KEY":
        return _key_problem(settings.FIRSTLINE_DKIM_SELECTOR, value)
    if setting.name == "EMAIL_URL":
        return _mail_problem(value)
    if setting.name == "FIRSTLINE_DEBUG" and value not in {"0", "false", "no"}:
        return "error pages show details"
    if setting.name == "FIRSTLINE_TESTING" and value not in {"0", "false", "no"}:
        return "the clock can be moved: for tests only"
    return None


def _key_problem(selectors: str, files: str) -> str | None:
    try:
        signing.keys(selectors, files, settings.FIRSTLINE_HOME)
    except CannotSign as wrong:
        return str(wrong)
    return None


def _signers() -> dict[str, tuple[str, str | None]]:
    """For each mailbox that signs: what is to be published, or why it cannot sign."""
    found: dict[str, tuple[str, str | None]] = {}
    try:
        accounts = list(Account.objects.exclude(dkim_key="").order_by("address"))
    except DatabaseError:
        return {}  # said by its own finding
    for account in accounts:
        problem = _key_problem(account.dkim_selector, account.dkim_key)
        records: list[str] = []
        if problem is None:
            records = [f'{name} TXT "{text}"' for name, text in identity.of_mailbox(account).records()]
        found[f"dkim {account.address}"] = ("; ".join(records), problem)
    return found


def _mail_problem(url: str) -> str | None:
    if not url:
        return "no mail leaves this machine: mails are written to the folder outgoing/"
    try:
        email.read_url(url)
    except WrongSetting as wrong:
        return str(wrong)
    return None


def _machine() -> dict[str, tuple[str, str | None]]:
    free = shutil.disk_usage(settings.FIRSTLINE_HOME).free // (1024 * 1024)
    floor = settings.FIRSTLINE_DISK_FLOOR_MB
    return {
        "python": (sys.version.split()[0], None if sys.version_info >= (3, 11) else "3.11 or newer is needed"),
        "sqlite": (
            sqlite3.sqlite_version,
            None if sqlite3.sqlite_version_info >= (3, 35) else "3.35 or newer is needed",
        ),
        "disk": (f"{free} MB free", None if free >= floor else f"below the floor of {floor} MB"),
        "database": _database(),
        **_signers(),
    }


def _database() -> tuple[str, str | None]:
    if "DATABASE_URL" in settings.ENVIRONMENT.wrong:
        return "", "DATABASE_URL names none"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as away:
        return connection.vendor, f"does not answer: {away}"
    if connection.vendor == "postgresql" and connection.pg_version < 150000:  # type: ignore[attr-defined]
        return connection.vendor, "PostgreSQL 15 or newer is needed"
    return connection.vendor, None
