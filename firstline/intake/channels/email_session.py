"""One signed-in IMAP session: UIDs only, bodies by PEEK, letters moved and never deleted.

Flags mean nothing here: other programs set and clear them. Sequence numbers are never used (they shift while we work).
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

PROCESSED = "Processed"
CONNECT_SECONDS, READ_SECONDS = 20.0, 60.0
PATIENCE_SECONDS, SLOWEST = 90.0, 1024  # for one letter: so long, and a second for so many bytes
LARGEST_LETTER = 150 * 1024 * 1024


class Unsteady(Exception):
    """The server gives a letter differently each time: it stays there until it is given whole."""


class WrongAddress(Exception):
    """The mailbox's IMAP address cannot be used."""


class Folder:
    """The folder of a mailbox from which letters are taken."""

    def __init__(self, server: IMAPClient, name: str) -> None:
        self.server = server
        self.name = name
        self.validity = numbering(server, name)
        self._processed = ""

    def uids_from(self, first: int) -> list[int]:
        """All UIDs from `first` on, in order. ("n:*" names the last letter even where its UID is smaller.)"""
        return sorted(uid for uid in self.server.search(["UID", f"{first}:*"]) if uid >= first)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """What the server says about sizes; some servers only guess."""
        found = self.server.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return {uid: int(found[uid].get(b"RFC822.SIZE", 0)) for uid in uids if uid in found}

    def content(self, uid: int, size: int = 0) -> bytes | None:
        """The letter's bytes, or None where the server gave none.

        Where their number is not the `size` that the server told, it is asked again: some servers only guess sizes,
        and give the same bytes; one that cut a letter off or ran two into one does not. Raises Unsteady.
        """
        with self._hung_up_after(PATIENCE_SECONDS + size / SLOWEST):
            body = self._part(uid, "BODY.PEEK[]", b"BODY[]")
            if body is not None and size and len(body) != size and self._part(uid, "BODY.PEEK[]", b"BODY[]") != body:
                raise Unsteady("the server gave other bytes each time")
        return body

    def head(self, uid: int) -> bytes | None:
        """The letter's header lines, byte for byte."""
        return self._part(uid, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def _part(self, uid: int, asked: str, given: bytes) -> bytes | None:
        body = self.server.fetch([uid], [asked]).get(uid, {}).get(given)
        return bytes(body) if isinstance(body, bytes) and body else None

    @contextmanager
    def _hung_up_after(self, seconds: float) -> Iterator[None]:
        """Ends a conversation in which a server drips for ever: whoever waits in it gets an error at once."""
        watch = threading.Timer(seconds, self._hang_up)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _hang_up(self) -> None:
        with suppress(OSError):  # it ended by itself a moment ago
            self.server.socket().shutdown(socket.SHUT_RDWR)

    @property
    def is_emptied(self) -> bool:
        """Whether what was taken is moved away, so that everything in the folder is still to be taken."""
        return bool(self.server.has_capability("MOVE") or self.server.has_capability("UIDPLUS"))

    def still_has(self, uid: int) -> bool:
        """Whether the letter is (still) in the folder."""
        return uid in self.server.search(["UID", str(uid)])

    def move(self, uid: int) -> None:
        """Out of the way, by UID. A server that can neither MOVE nor expunge by UID keeps it where it is: the
        watermark knows.
        """
        if self.server.has_capability("MOVE"):
            self.server.move([uid], self.destination())
        elif self.server.has_capability("UIDPLUS"):
            self.server.copy([uid], self.destination())
            self.server.add_flags([uid], [b"\\Deleted"], silent=True)
            self.server.uid_expunge([uid])

    def destination(self) -> str:
        """The folder for what was taken, made where it is not there."""
        if not self._processed:
            prefix = ""
            if self.server.has_capability("NAMESPACE"):
                personal = self.server.namespace().personal
                prefix = str(personal[0][0]) if personal else ""
            name = f"{prefix}{PROCESSED}"
            if not self.server.folder_exists(name):
                self.server.create_folder(name)
                self.server.subscribe_folder(name)
            self._processed = name
        return self._processed


def numbering(server: IMAPClient, name: str, *, readonly: bool = False) -> int:
    """Selects a folder; its UIDVALIDITY. Raises IMAPClientError where the server tells of none."""
    told = server.select_folder(name, readonly=readonly).get(b"UIDVALIDITY")
    if told is None:
        raise IMAPClientError(f"the server tells no UIDVALIDITY of {name}")
    return int(told)


@contextmanager
def opened(address: str, token: str = "") -> Iterator[Folder]:
    """The folder named by `imap[s]://user:password@host[:port][/folder][?ca=FILE]`, signed in
    (with a `token`: by XOAUTH2).

    Encryption is never silently given up: `imaps` is TLS from the first byte; with `imap`, a server that offers
    STARTTLS must
    complete it. Raises WrongAddress, OSError, imapclient's errors.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or parts.username is None:
        raise WrongAddress("imap[s]://user:password@host:port/folder was expected")
    trust = _trust(parts.query)
    server = IMAPClient(
        parts.hostname,
        port=parts.port,
        ssl=parts.scheme == "imaps",
        ssl_context=trust if parts.scheme == "imaps" else None,
        timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
        use_uid=True,
    )
    with server:
        if parts.scheme == "imap" and server.has_capability("STARTTLS"):
            server.starttls(trust)
        if token:
            server.oauth2_login(unquote(parts.username), token)
        else:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield Folder(server, unquote(parts.path.lstrip("/")) or "INBOX")


def _trust(query: str) -> Any:
    given = parse_qs(query).get("ca")
    return ssl.create_default_context(cafile=given[0]) if given else ssl.create_default_context()
