"""SPF (RFC 7208): may this host send for that domain? Names are asked of a resolver that is given.

Bounded as §4.6.4 demands: ten look-ups, two of them without an answer, ten names of an MX. What goes beyond, and what
cannot be read, is a permanent error of the domain's owner, never ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Protocol
from urllib.parse import quote

PASS, FAIL, SOFTFAIL, NEUTRAL, NONE = "pass", "fail", "softfail", "neutral", "none"
TEMPERROR, PERMERROR = "temperror", "permerror"
MOST_LOOKUPS, MOST_VOID, MOST_NAMES = 10, 2, 10
LONGEST_RECORD = 8_192
MOST_TERMS = 100
_QUALIFIERS = {"+": PASS, "-": FAIL, "~": SOFTFAIL, "?": NEUTRAL}
Address = IPv4Address | IPv6Address


class Names(Protocol):
    """What is asked of the DNS. An empty list: the name is not there. Each raises TimeoutError."""

    def txt(self, name: str) -> list[str]: ...
    def addresses(self, name: str, version: int) -> list[str]: ...
    def mx(self, name: str) -> list[str]: ...
    def ptr(self, address: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Result:
    """`domain` is the one that was asked: of MAIL FROM, or of HELO where that is empty."""

    result: str
    domain: str = ""


class _Wrong(Exception):
    """The domain's record cannot be followed."""


def check(ip: str, sender: str, helo: str, names: Names) -> Result:
    """May the host with this address send as `sender` (MAIL FROM, "" for bounces), calling itself `helo`?"""
    local, _at, domain = sender.rpartition("@")
    domain = (domain or helo).strip("[]").rstrip(".").lower()
    try:
        address = _plain(ip_address(ip))
    except ValueError:
        return Result(NONE, domain)
    question = _Question(names, address, local or "postmaster", domain, helo or domain)
    try:
        return Result(question.of(domain), domain)
    except _Wrong:
        return Result(PERMERROR, domain)
    except TimeoutError:
        return Result(TEMPERROR, domain)


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@dataclass(frozen=True, slots=True)
class _Term:
    """A mechanism with its qualifier, or a modifier (`result` empty)."""

    result: str
    name: str
    value: str


_MECHANISM = re.compile(r"([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)((?:[:/].*)?)", re.I)
_MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(.*)", re.I)
_CIDR = re.compile(r"(.*?)(?:/(\d{1,3}))?(?://(\d{1,3}))?")


class _Question:
    """One check: what is asked, and how much has been looked up for it."""

    def __init__(self, names: Names, address: Address, local: str, domain: str, helo: str) -> None:
        self.names, self.address, self.local, self.domain, self.helo = names, address, local, domain, helo
        self.lookups = self.voids = 0

    def of(self, domain: str) -> str:
        """The result for a domain's record."""
        if not _is_domain(domain):
            return NONE
        records = [text for text in self.names.txt(domain) if text[:7].lower().rstrip() == "v=spf1"]
        if not records:
            return NONE
        if len(records) > 1 or len(records[0]) > LONGEST_RECORD:
            raise _Wrong("several records")
        terms = _terms(records[0][6:])
        for term in terms:
            if term.result and self._matches(term, domain):
                return term.result
        redirect = next((term for term in terms if term.name == "redirect"), None)
        if redirect is None:
            return NEUTRAL
        self._count()
        result = self.of(self._expanded(redirect.value, domain))
        if result == NONE:
            raise _Wrong("redirected to nothing")
        return result

    def _matches(self, term: _Term, domain: str) -> bool:
        if term.name == "all":
            return True
        if term.name in ("ip4", "ip6"):
            return self._is_in_network(term)
        self._count()
        if term.name == "include":
            return self._is_included(term, domain)
        if term.name == "exists":
            return bool(self._asked(self._expanded(term.value, domain), 4))
        if term.name == "ptr":
            return self._has_name(self._expanded(term.value, domain) if term.value else domain)
        spec, four, six = _split_cidr(term.value)
        target = self._expanded(spec, domain) if spec else domain
        hosts = [target] if term.name == "a" else self._exchangers(target)
        length = four if self.address.version == 4 else six
        return any(self._is_one_of(host, length) for host in hosts)

    def _is_included(self, term: _Term, domain: str) -> bool:
        result = self.of(self._expanded(term.value, domain))
        if result == NONE:
            raise _Wrong("includes nothing")
        return result == PASS

    def _is_in_network(self, term: _Term) -> bool:
        network = ip_network(term.value, strict=False)  # checked when it was read
        return network.version == self.address.version and self.address in network

    def _exchangers(self, domain: str) -> list[str]:
        hosts = self._void_counted(self.names.mx(domain) if _is_domain(domain) else [])
        if len(hosts) > MOST_NAMES:
            raise _Wrong("too many exchangers")
        return hosts

    def _is_one_of(self, host: str, length: int) -> bool:
        for found in self._asked(host, self.address.version):
            try:
                if self.address in ip_network(f"{found}/{length}", strict=False):
                    return True
            except ValueError:
                continue
        return False

    def _has_name(self, domain: str) -> bool:
        """`ptr`: one of the host's names that lead back to it is the domain's."""
        names = self._void_counted(self.names.ptr(str(self.address)))[:MOST_NAMES]
        for name in (one.rstrip(".").lower() for one in names):
            is_below = name == domain.lower() or name.endswith(f".{domain.lower()}")
            if is_below and str(self.address) in self.names.addresses(name, self.address.version):
                return True
        return False

    def _asked(self, name: str, version: int) -> list[str]:
        return self._void_counted(self.names.addresses(name, version) if _is_domain(name) else [])

    def _void_counted(self, found: list[str]) -> list[str]:
        if not found:
            self.voids += 1
            if self.voids > MOST_VOID:
                raise _Wrong("too many names that are not there")
        return found

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _Wrong("too many look-ups")

    def _expanded(self, spec: str, domain: str) -> str:
        values = {
            "s": f"{self.local}@{self.domain}", "l": self.local, "o": self.domain, "d": domain, "h": self.helo,
            "i": _dotted(self.address), "p": "unknown", "v": "in-addr" if self.address.version == 4 else "ip6",
        }  # fmt: skip
        return _shortened(_MACRO.sub(lambda found: _macro(found, values), spec))


# ---- reading a record ------------------------------------------------------------------------------


def _terms(text: str) -> list[_Term]:
    """All terms, checked before any of them is followed. Raises _Wrong."""
    words = text.split(" ")
    if len(words) > MOST_TERMS or not text.isascii():
        raise _Wrong("too long")
    terms = [_term(word) for word in words if word]
    for once in ("redirect", "exp"):
        if sum(term.name == once for term in terms) > 1:
            raise _Wrong(f"{once} twice")
    return terms


def _term(word: str) -> _Term:
    modifier = _MODIFIER.fullmatch(word)
    if modifier is not None:
        name = modifier[1].lower()
        if name in ("redirect", "exp"):
            _check_spec(modifier[2], in_exp=name == "exp")
        return _Term("", name, modifier[2])
    found = _MECHANISM.fullmatch(word)
    if found is None:
        raise _Wrong("unknown")
    name, rest = found[2].lower(), found[3]
    value = rest[1:] if rest.startswith(":") else rest
    if rest == ":" or (name == "all" and rest) or (name in ("include", "exists") and not rest.startswith(":")):
        raise _Wrong(name)
    if name in ("ip4", "ip6"):
        _check_network(name, value if rest.startswith(":") else "")
    elif name in ("a", "mx"):
        spec, _four, _six = _split_cidr(value)
        _check_spec(spec or "x.y")
    elif name != "all":
        _check_spec(value or "x.y")
    return _Term(_QUALIFIERS[found[1] or "+"], name, value)


def _check_network(name: str, value: str) -> None:
    try:
        network = ip_network(value, strict=False)
    except ValueError as wrong:
        raise _Wrong(name) from wrong
    if network.version != int(name[2]):
        raise _Wrong(name)


def _split_cidr(value: str) -> tuple[str, int, int]:
    found = _CIDR.fullmatch(value)
    if found is None:
        raise _Wrong("length")
    four, six = int(found[2] or 32), int(found[3] or 128)
    if four > 32 or six > 128:
        raise _Wrong("length")
    return found[1], four, six


_MACRO = re.compile(r"%(?:\{([slodiphvcrt])(\d{0,3})(r?)([.\-+,/_=]{0,7})\}|([%_\-]))", re.I)
_LITERAL = re.compile(r"[!-$&-~]*")


def _check_spec(spec: str, *, in_exp: bool = False) -> None:
    plain = _MACRO.sub("", spec)
    if not spec or _LITERAL.fullmatch(plain) is None:
        raise _Wrong("macro")
    if not in_exp and any((found[1] or "").lower() in {"c", "r", "t"} for found in _MACRO.finditer(spec)):
        raise _Wrong("macro")
    if any(found[2] and int(found[2]) == 0 for found in _MACRO.finditer(spec)):
        raise _Wrong("macro")


def _macro(found: re.Match[str], values: dict[str, str]) -> str:
    if found[5]:
        return {"%": "%", "_": " ", "-": "%20"}[found[5]]
    value = values.get(found[1].lower(), "")
    parts = re.split(f"[{re.escape(found[4] or '.')}]", value)
    if found[3]:
        parts.reverse()
    if found[2]:
        parts = parts[-int(found[2]) :]
    text = ".".join(parts)
    return quote(text, safe="-._~") if found[1].isupper() else text


def _shortened(name: str) -> str:
    """At most 253 characters: labels go from the left (§7.3)."""
    while len(name) > 253 and "." in name:
        name = name.partition(".")[2]
    return name.rstrip(".")


def _dotted(address: Address) -> str:
    return str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))


def _is_domain(name: str) -> bool:
    labels = name.rstrip(".").split(".")
    return len(labels) > 1 and len(name) <= 253 and name.isascii() and all(0 < len(one) <= 63 for one in labels)
