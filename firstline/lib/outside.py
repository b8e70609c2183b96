"""Addresses that a stranger names and we call: https, and a host of the open internet, never one of our own network.

The name is looked up once and the connection goes to the very address that was looked at, so that a name cannot change
its mind in between (DNS rebinding).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LONGEST = 1_000


class NotOutside(ValueError):
    """It is not to be called: the message says why and quotes nothing."""


class NotFound(OSError):
    """The name has no address now."""


@dataclass(frozen=True)
class Place:
    """A URL taken apart."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        usual = 443 if self.secure else 80
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.secure else ''}://{host}{'' if self.port == usual else f':{self.port}'}"


def read(url: str, *, loopback: bool = False) -> Place:
    """`loopback`: this machine may be named, without TLS (tests). Raises NotOutside."""
    if len(url) > LONGEST or not url.isascii() or any(sign <= " " for sign in url):
        raise NotOutside("not an address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise NotOutside("not an address") from wrong
    host, secure = (parts.hostname or "").rstrip("."), parts.scheme == "https"
    local = loopback and host in {"127.0.0.1", "::1"}
    if not host or parts.username or parts.password or not (secure or (local and parts.scheme == "http")):
        raise NotOutside("only https, without a name or password in it")
    if not local:
        _demand_outside(host) if _is_number(host) else _demand_name_outside(host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(secure, host, port or (443 if secure else 80), path)


def address_of(place: Place, *, loopback: bool = False) -> str:
    """Where to connect. Raises NotOutside where any address of the name is of our own network, NotFound."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError as unknown:
        raise NotFound(f"no address of {place.host}") from unknown
    addresses = [str(row[4][0]) for row in found]
    for one in addresses:
        if not (loopback and ip_address(one).is_loopback):
            _demand_outside(one)
    return addresses[0]


def _demand_name_outside(host: str) -> None:
    """A name without a dot is of our own network, as are these endings."""
    if "." not in host or host.endswith((".localhost", ".local", ".internal")):
        raise NotOutside("a name of our own network")


def _demand_outside(address: str) -> None:
    number = ip_address(address.split("%")[0])
    inner = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    if not number.is_global or number.is_multicast or (inner is not None and not inner.is_global):
        raise NotOutside("an address of our own network")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
