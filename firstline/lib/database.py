"""DATABASE_URL read into Django's settings: `sqlite:///path[?timeout=S]` or
`postgresql://user:password@host:port/name[?prepare=no]`.

`timeout`: so many seconds a writer waits for another one on SQLite, before he is told to come again. `prepare=no`:
between Firstline and PostgreSQL stands a pooler that knows no prepared statements.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from firstline.lib.environment import WrongSetting

# psycopg prepares what it is told to (lib.prepared), and nothing by itself.
PREPARE = {"yes": 1_000_000_000, "no": None}

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",  # a deferred transaction fails at once with "database is locked"
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
}


def from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry. Raises WrongSetting for a scheme that Firstline does not run on."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise WrongSetting(f"DATABASE_URL: {wrong}") from wrong
    if parts.scheme == "sqlite":
        path = unquote(parts.path[1:] if not parts.netloc else parts.netloc + parts.path)
        if not path:
            raise WrongSetting("DATABASE_URL names no file: sqlite:///path/to/firstline.sqlite3")
        return {
            "ENGINE": "firstline.lib.sqlite",
            "NAME": str(Path(path).expanduser()),
            "OPTIONS": {**SQLITE_OPTIONS, **_waiting(parts.query)},
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": None, "OPTIONS": {}},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query: dict[str, Any] = dict(parse_qsl(parts.query))
        prepare = query.pop("prepare", "yes")
        if prepare not in PREPARE:
            raise WrongSetting(f"DATABASE_URL: prepare={prepare} is neither yes nor no")
        host = unquote(parts.hostname or "") or query.pop("host", "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(port or ""),
            "OPTIONS": {**query, "prepare_threshold": PREPARE[prepare]},
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise WrongSetting(f"DATABASE_URL: {parts.scheme or url!r} is neither sqlite nor postgresql")


def _waiting(query: str) -> dict[str, float]:
    given = dict(parse_qsl(query, keep_blank_values=True))
    if not given:
        return {}
    try:
        seconds = float(given.pop("timeout", "nothing"))
    except ValueError as wrong:
        raise WrongSetting("DATABASE_URL: what sqlite takes is ?timeout=SECONDS") from wrong
    if given or not 0 < seconds <= 60:
        raise WrongSetting("DATABASE_URL: what sqlite takes is ?timeout=SECONDS, more than 0 and at most 60")
    return {"timeout": seconds}
