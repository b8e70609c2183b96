"""DMARC (RFC 7489): does what SPF and DKIM have proven speak for the domain that From names, and what does that domain
ask for where it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

POLICIES = ("none", "quarantine", "reject")
LONGEST_RECORD = 4_096


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain publishes at `_dmarc`. `strict_…`: only the very domain counts, not its subdomains."""

    policy: str = "none"
    of_subdomains: str = "none"
    strict_dkim: bool = False
    strict_spf: bool = False


def record_in(texts: Iterable[str]) -> Policy | None:
    """The policy among the TXT records of a name. None where there is none, several, or one that cannot be read."""
    found = [text for text in texts if text[:9].replace(" ", "").startswith("v=DMARC1")]
    return read(found[0]) if len(found) == 1 else None


def read(text: str) -> Policy | None:
    """The policy that a record states. One with an unknown policy but a place for reports is "none" (§6.6.3)."""
    tags: dict[str, str] = {}
    for number, part in enumerate(text[:LONGEST_RECORD].split(";")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if number == 0 and (name, value) != ("v", "DMARC1"):
            return None
        if equals:
            tags.setdefault(name.lower(), value)
    policy = tags.get("p", "").lower()
    if policy not in POLICIES:
        if not tags.get("rua"):
            return None
        policy = "none"
    of_subdomains = tags.get("sp", "").lower()
    return Policy(
        policy=policy,
        of_subdomains=of_subdomains if of_subdomains in POLICIES else policy,
        strict_dkim=tags.get("adkim", "r").lower() == "s",
        strict_spf=tags.get("aspf", "r").lower() == "s",
    )


def is_aligned(proven: str, named: str, *, strict: bool = False) -> bool:
    """Whether a domain that was proven speaks for the one that From names."""
    one, other = ascii_domain(proven), ascii_domain(named)
    if not one or not other:
        return False
    return one == other or (not strict and organisational(one) == organisational(other))


def organisational(domain: str) -> str:
    """The name that somebody registered: one label below a public suffix; the domain itself where there is none."""
    domain = ascii_domain(domain)
    return _suffixes().privatesuffix(domain) or domain


def ascii_domain(domain: str) -> str:
    """A domain as the DNS has it, in lower case; "" for what can be none."""
    domain = domain.strip().rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    labels = domain.split(".")
    is_name = len(domain) <= 253 and all(0 < len(label) <= 63 for label in labels)
    is_name = is_name and all(sign.isalnum() or sign in "-_." for sign in domain)
    return domain if is_name else ""


def domain_of(address: str) -> str:
    """What stands behind the last @ (all of it where there is none), as the DNS has it."""
    return ascii_domain(address.rpartition("@")[2])


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    # The list lies in the package: nothing is fetched.
    return PublicSuffixList()
