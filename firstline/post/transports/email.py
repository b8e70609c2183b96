"""E-mail by SMTP, or into files where no server is configured.

The conversation is held here command by command, because what a failure means depends on how far it got: before the
final dot the server owns nothing, after it nobody knows until it answers (RFC 5321 §4.2.5, §6.1).
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from firstline.lib.environment import WrongSetting
from firstline.post import oauth
from firstline.post.transports.failures import Permanent, Temporary, Uncertain

PORTS = {"smtp": 25, "smtps": 465, "starttls": 587}
SILENCE_SECONDS = 30.0  # the longest wait for one answer
LONGEST_SILENCE = 120.0
CONVERSATION_SECONDS = 150.0  # the longest time with one letter, however slowly the server drips
# Refusals of us, not of the letter: sign-in is asked for or failed, no service here. An administrator can mend them.
ABOUT_US = frozenset({421, 454, 502, 504, 521, 530, 534, 535, 538})


@dataclass(frozen=True)
class Server:
    """An outgoing server: `smtp://`, `smtps://` (TLS from the start) or `starttls://` (TLS demanded first)."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    seconds: float = SILENCE_SECONDS
    verified: bool = True
    by_token: bool = False


def read_url(url: str) -> Server:
    """`smtp[s]|starttls://[user:password@]host[:port][?timeout=S&verify=no&auth=xoauth2]`. Raises WrongSetting."""
    try:
        parts = urlsplit(url)
        port, query = parts.port, dict(parse_qsl(parts.query))
        seconds = float(query.get("timeout", SILENCE_SECONDS))
    except ValueError as wrong:
        raise WrongSetting(f"the SMTP address cannot be read: {wrong}") from wrong
    if parts.scheme not in PORTS or not parts.hostname or not 0 < seconds <= LONGEST_SILENCE:
        raise WrongSetting(
            "an SMTP address looks like smtp://host:25, starttls://user:password@host:587 or smtps://host:465"
        )
    return Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        seconds=seconds,
        verified=query.get("verify", "yes") != "no",
        by_token=query.get("auth") == "xoauth2",
    )


class SmtpLine:
    """One connection, opened at the first letter and kept for the next ones."""

    def __init__(self, server: Server, *, hello: str, token: str = "") -> None:
        self.server, self.hello, self.token = server, hello, token
        self.connection: smtplib.SMTP | None = None

    def send(self, sender: str, to: str, raw: bytes) -> str:
        """Hands one letter over; `sender` "" is the empty envelope sender. Returns the server's answer.

        Raises Temporary, Permanent or Uncertain.
        """
        connection = self._connected()
        watch = threading.Timer(CONVERSATION_SECONDS, _hang_up, [connection])
        watch.daemon = True
        watch.start()
        try:
            return self._hand_over(connection, sender, to, raw)
        except (Temporary, Uncertain, Permanent) as failure:
            if isinstance(failure, Permanent) and self._reset(connection):
                raise
            self.close()
            raise
        finally:
            watch.cancel()

    def close(self) -> None:
        """Says good-bye; never fails."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self.connection is not None:
            try:
                if self.connection.noop()[0] == 250:
                    return self.connection
            except (smtplib.SMTPException, OSError):
                self.connection.close()
            self.connection = None
        try:
            self.connection = self._open()
        except smtplib.SMTPResponseException as refused:
            raise Temporary(_said(refused.smtp_code, refused.smtp_error), of_the_road=True) from refused
        except (smtplib.SMTPException, OSError) as trouble:
            raise Temporary(f"no connection to {self.server.host}: {trouble}", of_the_road=True) from trouble
        return self.connection

    def _open(self) -> smtplib.SMTP:
        server = self.server
        connection: smtplib.SMTP
        if server.scheme == "smtps":
            connection = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=self.hello, timeout=server.seconds, context=_tls(server)
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, local_hostname=self.hello, timeout=server.seconds)
        try:
            if connection.sock is not None:
                # The final dot is a write of its own: it must not wait 40 ms for the one before to be received.
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.ehlo_or_helo_if_needed()
            if server.scheme == "starttls":
                connection.starttls(context=_tls(server))
                connection.ehlo_or_helo_if_needed()
            if server.by_token:
                connection.auth("XOAUTH2", self._sign_in)
            elif server.user:
                connection.login(server.user, server.password)
        except (smtplib.SMTPException, OSError):
            connection.close()
            raise
        return connection

    def _sign_in(self, challenge: bytes | None = None) -> str:
        """What XOAUTH2 says first; a challenge is the refusal in JSON, and wants an empty answer."""
        return oauth.sign_in(self.server.user, self.token) if challenge is None else ""

    def _hand_over(self, connection: smtplib.SMTP, sender: str, to: str, raw: bytes) -> str:
        size = [f"SIZE={len(raw)}"] if connection.has_extn("size") else []
        try:
            _demand(connection.mail(sender, size))
            _demand(connection.rcpt(to))
            _demand(connection.docmd("DATA"), wanted=354)
            # The dot goes by itself: where this fails the server has not seen it and owns nothing.
            connection.send(_dotted(raw))
            connection.send(b".\r\n")
        except (smtplib.SMTPException, OSError) as broken:
            raise Temporary(f"the connection broke: {broken}", of_the_road=True) from broken
        try:
            code, words = connection.getreply()
        except (smtplib.SMTPException, OSError) as silence:
            raise Uncertain(f"no answer after the whole letter: {silence}") from silence
        if not 200 <= code < 600 or 300 <= code < 400:
            raise Uncertain(f"an answer that means nothing: {_said(code, words)}")
        _demand((code, words))
        return _said(code, words)

    def _reset(self, connection: smtplib.SMTP) -> bool:
        try:
            return connection.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False


class FolderLine:
    """Where no server is configured, letters become .eml files that a person can open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, sender: str, to: str, raw: bytes) -> str:
        """Writes one file, whole or not at all. Raises Temporary."""
        name = f"{uuid4().hex}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with open(self.folder / f".{name}", "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(self.folder / f".{name}", self.folder / name)
        except OSError as full:
            raise Temporary(f"the file could not be written: {full}", of_the_road=True) from full
        return f"written to outgoing/{name}, because EMAIL_URL is not set"

    def close(self) -> None:
        """Nothing is open."""


Line = SmtpLine | FolderLine


def open_line(url: str, *, hello: str, folder: Path, token: str = "") -> Line:
    """The road out that the URL names; an empty one is the folder. Raises Temporary where the URL is wrong."""
    if not url:
        return FolderLine(folder)
    try:
        return SmtpLine(read_url(url), hello=hello, token=token)
    except WrongSetting as wrong:
        raise Temporary(str(wrong), of_the_road=True) from wrong


def _tls(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.verified:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _demand(reply: tuple[int, bytes], *, wanted: int = 0) -> None:
    code, words = reply
    if code == wanted or (not wanted and 200 <= code < 300):
        return
    said = _said(code, words)
    if code in ABOUT_US:
        raise Temporary(said, of_the_road=True)
    if 500 <= code < 600:
        raise Permanent(said)
    raise Temporary(said)


_LEADING_DOT = re.compile(rb"(?m)^\.")


def _dotted(raw: bytes) -> bytes:
    dotted = _LEADING_DOT.sub(b"..", raw)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


def _said(code: int, words: bytes | str) -> str:
    return f"{code} {words if isinstance(words, str) else words.decode('utf-8', 'replace')}"


def _hang_up(connection: smtplib.SMTP) -> None:
    """Ends a conversation that takes too long: whoever waits in it gets an error at once."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it ended by itself a moment ago
