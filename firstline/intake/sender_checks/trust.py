"""How much a letter's sender is proven: a verdict from what servers wrote into its head (product.md, always-true 6).

Only Authentication-Results of our own receiving server count, and of those only the topmost: it was added last. Where
the names of our servers' hosts are known (`relays`), nothing counts that stands below a Received line of another host.
Everything else in a head is the sender's own word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from firstline.intake.sender_checks import authentication_results, dmarc
from firstline.intake.sender_checks.authentication_results import Claim, Report

PASS, FAIL, NONE, UNKNOWN = "pass", "fail", "none", "unknown"
# The word by which a mailbox says: our server writes no name of its own (Microsoft 365).
WITHOUT_A_NAME = "(none)"
LONGEST_SAID = 300
INNER = [ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`result`: the From domain is proven (pass), was tried and is not (fail), asks for nothing and proves nothing
    (none), or nobody could say (unknown).

    `policy` is what the domain asks for where it fails; `overruled`: our server knew it and let the letter pass all the
    same. `means` proved it (dkim, spf, or dmarc where a server does not say which), `by` a server or ourselves.
    """

    result: str = UNKNOWN
    domain: str = ""
    policy: str = ""
    overruled: bool = False
    by: str = ""
    means: tuple[str, ...] = ()
    said: str = ""

    @property
    def is_proven(self) -> bool:
        return self.result == PASS

    @property
    def is_refused(self) -> bool:
        """It failed, and its domain asks not to take such letters."""
        return self.result == FAIL and self.policy in ("quarantine", "reject") and not self.overruled

    def to_plain(self) -> dict[str, Any]:
        """For a JSON column; only what was said where that proves nothing either way."""
        if self.result == UNKNOWN:
            return {"said": self.said} if self.said else {}
        return {name: value for name, value in asdict(self).items() if value}


def from_plain(plain: Mapping[str, Any]) -> Verdict:
    """The verdict that :meth:`Verdict.to_plain` wrote."""
    known = {name: plain[name] for name in Verdict.__slots__ if name in plain}
    return Verdict(**{**known, "means": tuple(plain.get("means", ()))})


def may_act(verdict: Verdict, demanded: str) -> bool:
    """Whether the verdict is what an agent's mail needs. `demanded`: dmarc (any aligned proof), dkim (a signature of
    his domain), no (never)."""
    return verdict.is_proven and (demanded == "dmarc" or (demanded == "dkim" and "dkim" in verdict.means))


@dataclass(frozen=True, slots=True)
class Border:
    """Our receiving server: the names under which it writes results, and those of its hosts in Received lines."""

    authserv_ids: tuple[str, ...] = ()
    relays: tuple[str, ...] = ()


def border(authserv_id: str, relays: str = "") -> Border:
    """From two settings with commas between the names."""
    return Border(_names(authserv_id), _names(relays))


Trace = Sequence[tuple[str, str]]


def by_own_server(trace: Trace, from_email: str | None, ours: Border) -> Verdict:
    """What our own server found out; unknown where it wrote nothing."""
    report = own_report(trace, ours)
    domain = dmarc.domain_of(from_email or "")
    if report is None or not domain:
        return Verdict()
    said = _said(report.claims)
    claim = report.first("dmarc")
    if claim is not None and claim.result == "fail":
        policy, overruled = _policy(claim)
        return Verdict(FAIL, domain, policy, overruled, "server", (), said)
    named = dmarc.ascii_domain(claim.properties.get("header.from", "")) if claim else ""
    if (named and named != domain) or not is_plain_sender(trace, from_email or ""):
        # Another program may read another From than we do: what is built so is proven by nobody's reading.
        return Verdict(UNKNOWN, domain, by="server", said=said)
    means = proven_by(report.claims, domain)
    if means or (claim is not None and claim.result == "pass"):
        return Verdict(PASS, domain, by="server", means=means or ("dmarc",), said=said)
    is_sure = claim is not None and claim.result == "none"
    return Verdict(NONE if is_sure else UNKNOWN, domain, by="server", said=said)


def own_report(trace: Trace, ours: Border) -> Report | None:
    """The topmost report of our own server; None where it is not at its place."""
    if not ours.authserv_ids:
        return None
    for name, value in trace:
        if name == "received" and ours.relays and not is_by(value, ours.relays):
            return None
        if name == "authentication-results":
            report = authentication_results.parse(value)
            if (report.authserv_id or WITHOUT_A_NAME) in ours.authserv_ids:
                return report
    return None


def proven_by(claims: Iterable[Claim], domain: str) -> tuple[str, ...]:
    """Which of DKIM and SPF passed for a domain that speaks for this one."""
    found = []
    for claim in claims:
        if claim.result != "pass":
            continue
        properties = claim.properties
        if claim.method == "dkim":
            proven = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
        elif claim.method == "spf":
            # What SPF says of a HELO name alone proves no sender (RFC 7489 §3.1.2 looks at MAIL FROM).
            proven = properties.get("smtp.mailfrom", "") or properties.get("smtp.mail", "")
            proven = proven.rpartition("@")[2]
        else:
            continue
        if proven and dmarc.is_aligned(proven, domain):
            found.append(claim.method)
    return tuple(dict.fromkeys(found))


_PLAIN = re.compile(
    r'\s*(?:(?:"(?:[^"\\]|\\.){0,500}"|[^"<>@(),;:\\]{0,500})\s*<\s*([^\s<>@"(),;:\\]{1,64}@[A-Za-z0-9.-]{1,253})\s*>|'
    r'([^\s<>@"(),;:\\]{1,64}@[A-Za-z0-9.-]{1,253}))\s*'
)


def is_plain_sender(trace: Trace, from_email: str) -> bool:
    """Whether there is one From with one address, written so that every program reads the same one."""
    written = [value for name, value in trace if name == "from"]
    found = _PLAIN.fullmatch(written[0]) if len(written) == 1 else None
    return found is not None and (found[1] or found[2]).lower() == from_email.lower()


_BY = re.compile(r"\bby\s+([^\s;()]{1,253})", re.I)


def is_by(received: str, hosts: Iterable[str]) -> bool:
    """Whether a Received line was written by one of these hosts (or one below them)."""
    found = _BY.search(_without_comments(received))
    host = found[1].strip("[]").rstrip(".").lower() if found else ""
    return bool(host) and any(host == one or host.endswith(f".{one}") for one in hosts)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What our server's Received line says of who handed the letter over."""

    ip: str
    helo: str
    sender: str  # MAIL FROM, "" for bounces


_FROM = re.compile(r"\s*from\s+([^\s;()]{1,253})(.*?)\sby\s", re.I | re.S)
_IN_BRACKETS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]")


def envelope(trace: Trace, relays: Sequence[str]) -> Envelope | None:
    """The envelope as our border saw it; None where its line is not found, or no Return-Path stands above it.

    Lines of our own hosts about our own hosts (by address, never by the name a client gives) are passed over.
    """
    sender: str | None = None
    for name, value in trace:
        if name == "return-path" and sender is None:
            sender = value.strip().strip("<>").strip()
        if name != "received":
            continue
        if not relays or not is_by(value, relays):
            return None
        found = _FROM.match(value)
        address = _IN_BRACKETS.search(found[2]) or _IN_BRACKETS.match(found[1]) if found else None
        if found is None or address is None or _is_inside(address[1], relays):
            continue
        return None if sender is None else Envelope(address[1], found[1].strip("[]"), sender)
    return None


def _is_inside(ip: str, relays: Iterable[str]) -> bool:
    """Whether the address is one of our own machines: of an inner network, or named among the relays."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    inner = address.is_loopback or address.is_link_local or any(address in network for network in INNER)
    return inner or any(address in network for network in _networks(relays))


def _networks(relays: Iterable[str]) -> list[IPv4Network | IPv6Network]:
    found = []
    for one in relays:
        try:
            found.append(ip_network(one, strict=False))
        except ValueError:
            continue
    return found


def _without_comments(text: str) -> str:
    kept, depth = [], 0
    for sign in text:
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(sign)
    return "".join(kept)


_POLICY = re.compile(r"(?:^|[\s(;,])(?:p|policy)\s*=\s*(none|quarantine|reject)\b", re.I)
_DISPOSITION = re.compile(r"(?:^|[\s(;,])dis\s*=\s*(none|quarantine|reject)\b", re.I)
# Microsoft's "action": what the domain asks for; with an "o" before it was overruled by the receiver's own settings.
_ACTIONS = {"quarantine": "quarantine", "reject": "reject", "oreject": "reject", "none": "none",
            "pct.quarantine": "quarantine", "pct.reject": "reject"}  # fmt: skip


def _policy(claim: Claim) -> tuple[str, bool]:
    """What the domain asks for, and whether our server let the letter pass all the same."""
    properties = claim.properties
    stated = properties.get("policy.p") or properties.get("policy.dmarc") or properties.get("policy") or ""
    if stated.lower() not in dmarc.POLICIES:
        in_comment = _POLICY.search(claim.comment)
        stated = in_comment[1] if in_comment else _ACTIONS.get(properties.get("action", "").lower(), "")
    disposition = _DISPOSITION.search(claim.comment)
    overruled = disposition is not None and disposition[1].lower() == "none" and stated.lower() != "none"
    return stated.lower(), overruled


def _said(claims: Iterable[Claim]) -> str:
    """The results in one line, for people who look closer."""
    wanted = [f"{one.method}={one.result}" for one in claims if one.method in ("spf", "dkim", "dmarc")]
    return " ".join(wanted)[:LONGEST_SAID]


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip().rstrip(".").lower() for name in given.split(",") if name.strip())
