"""The address of a mail server, taken apart for a form and put together again.

A mailbox keeps each of its servers as one URL, as the apply file writes it: `imaps://user:password@host:993/Folder?…`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

IMAP_SCHEMES = ("imaps", "imap")
SMTP_SCHEMES = ("smtps", "starttls", "smtp")
AUTH = ("auth", "xoauth2")  # in the query: the password is a token that is fetched
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "starttls": 587, "smtp": 25}


class NoServer(ValueError):
    """It cannot be the address of a server: the message says why, and quotes nothing of it."""


@dataclass(frozen=True)
class ServerUrl:
    """`port` is None for the usual one; `query` is what the URL asks beside (`ca=FILE`, `timeout=20`)."""

    scheme: str
    host: str
    port: int | None = None
    user: str = ""
    password: str = ""
    folder: str = ""
    query: str = ""

    def __repr__(self) -> str:
        return f"ServerUrl({self.shown()!r})"

    def url(self) -> str:
        """As it is kept, password and all."""
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        return self._joined(f"{who}@" if who else "")

    def shown(self) -> str:
        """As people may see it."""
        return self._joined(f"{quote(self.user, safe='@')}@" if self.user else "")

    @property
    def by_token(self) -> bool:
        """Whether one signs in there with a token (XOAUTH2) and not with a password."""
        return AUTH in parse_qsl(self.query)

    def with_token(self) -> ServerUrl:
        """The same place, signed in to with a token."""
        rest = [pair for pair in parse_qsl(self.query) if pair[0] != AUTH[0]]
        return replace(self, password="", query=urlencode([*rest, AUTH]))

    def without_token(self) -> ServerUrl:
        return replace(self, query=urlencode([pair for pair in parse_qsl(self.query) if pair[0] != AUTH[0]]))

    def same_place(self, other: ServerUrl) -> bool:
        """Whether a password for the one may be sent to the other."""
        return (self.scheme, self.host, self.number, self.user) == (other.scheme, other.host, other.number, other.user)

    @property
    def number(self) -> int:
        """The port, said or usual."""
        return self.port or PORTS[self.scheme]

    def _joined(self, who: str) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        place = f"{who}{host}" + (f":{self.port}" if self.port else "")
        return urlunsplit((self.scheme, place, f"/{quote(self.folder)}" if self.folder else "", self.query, ""))


def by_token(url: str) -> bool:
    """The same of a URL that may be none."""
    return AUTH in parse_qsl(urlsplit(url).query) if url else False


def read(url: str, schemes: tuple[str, ...]) -> ServerUrl:
    """Raises NoServer."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise NoServer("the address of the server cannot be read") from wrong
    if parts.scheme not in schemes or not parts.hostname:
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise NoServer(f"an address that begins with {wanted} is needed")
    return ServerUrl(
        parts.scheme,
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        unquote(parts.path.lstrip("/")),
        parts.query,
    )
