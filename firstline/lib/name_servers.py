"""The DNS, asked with patience that ends: what was answered is remembered for its time, what does not answer is left
alone for a while.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename

from firstline.lib import clock, server_address

SYSTEM = "system"
ONE_ANSWER = 2.0  # seconds that one question may take
KEPT_AT_LEAST, KEPT_AT_MOST, NOTHING_KEPT = 60.0, 3600.0, 300.0
MOST_KEPT = 5_000
MOST_ANSWERS, LONGEST_TEXT = 50, 8_192
SILENCES, LEFT_ALONE = 3, 60.0


class NoAnswer(TimeoutError):
    """No name server answered in time, or it could not say."""


@dataclass
class _Kept:
    until: float
    answers: list[str]


class NameServers:
    """The name servers of this machine ("system"), or one by its address ("127.0.0.1", "[::1]:5353"). For threads."""

    def __init__(self, where: str) -> None:
        self._resolver = _resolver(where)
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._silences = 0
        self._closed_until = 0.0

    def ask(self, name: str, kind: str, until: float) -> list[str]:
        """What stands under a name ([]: nothing), asked at the latest `until` (clock.elapsed). Raises NoAnswer."""
        key, now = (name.lower().rstrip("."), kind), clock.elapsed()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.until > now:
                return kept.answers
            if now < self._closed_until:
                raise NoAnswer("the name server is left alone for a while")
        if now >= until:
            raise NoAnswer("no time is left")
        answers, seconds = self._asked(key[0], kind, min(ONE_ANSWER, until - now))
        with self._lock:
            self._silences = 0
            self._kept[key] = _Kept(clock.elapsed() + seconds, answers)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return answers

    def _asked(self, name: str, kind: str, seconds: float) -> tuple[list[str], float]:
        try:
            wanted = dns.name.from_text(f"{name}.")
            found = self._resolver.resolve(wanted, kind, lifetime=seconds, raise_on_no_answer=False, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN, dns.name.LabelTooLong, dns.name.EmptyLabel,
                dns.name.NameTooLong, dns.name.BadEscape, UnicodeError):  # fmt: skip
            return [], NOTHING_KEPT
        except (dns.exception.DNSException, OSError) as silence:
            with self._lock:
                self._silences += 1
                if self._silences >= SILENCES:
                    self._silences, self._closed_until = 0, clock.elapsed() + LEFT_ALONE
            raise NoAnswer(f"{name} {kind}: {type(silence).__name__}") from silence
        if found.rrset is None:
            return [], NOTHING_KEPT
        answers = [_text(record) for record in list(found.rrset)[:MOST_ANSWERS]]
        return answers, min(max(float(found.rrset.ttl), KEPT_AT_LEAST), KEPT_AT_MOST)


@dataclass(frozen=True)
class Questions:
    """The questions of one piece of work, which must be over by `until`. Each raises NoAnswer."""

    servers: NameServers
    until: float

    def txt(self, name: str) -> list[str]:
        return self.servers.ask(name, "TXT", self.until)

    def addresses(self, name: str, version: int) -> list[str]:
        return self.servers.ask(name, "A" if version == 4 else "AAAA", self.until)

    def mx(self, name: str) -> list[str]:
        return self.servers.ask(name, "MX", self.until)

    def ptr(self, address: str) -> list[str]:
        return self.servers.ask(dns.reversename.from_address(address).to_text(), "PTR", self.until)


def _resolver(where: str) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=where == SYSTEM)
    if where != SYSTEM:
        address, port = server_address.read(where, port=53)
        resolver.nameservers, resolver.port = [address], port
    resolver.cache = None
    return resolver


def _text(record: Any) -> str:
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("latin-1")[:LONGEST_TEXT]
    if record.rdtype == dns.rdatatype.MX:
        return str(record.exchange.to_text()).rstrip(".")
    return str(record.to_text()).rstrip(".")
