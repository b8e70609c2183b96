"""SPF as RFC 7208 has it: mechanisms, macros, redirects, and the bounds that keep a record from costing us."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake.sender_checks import spf

IP, SIX = "192.0.2.10", "2001:db8::10"
PTR = "10.2.0.192.in-addr.arpa"


class Zone:
    """A DNS of a few names: {"TXT north.example": ["v=spf1 …"], "A mx.north.example": […]}; "!" is silence."""

    def __init__(self, records: Mapping[str, list[str]]) -> None:
        self.records, self.asked = {key.lower(): value for key, value in records.items()}, 0

    def _found(self, kind: str, name: str) -> list[str]:
        self.asked += 1
        found = self.records.get(f"{kind} {name}".lower(), [])
        if found == ["!"]:
            raise TimeoutError(name)
        return found

    def txt(self, name: str) -> list[str]:
        return self._found("TXT", name)

    def addresses(self, name: str, version: int) -> list[str]:
        return self._found("A" if version == 4 else "AAAA", name)

    def mx(self, name: str) -> list[str]:
        return self._found("MX", name)

    def ptr(self, address: str) -> list[str]:
        return self._found("PTR", address)


def result(record: str, more: Mapping[str, list[str]] | None = None, *, ip: str = IP) -> str:
    zone = Zone({"TXT north.example": [record], **(more or {})})
    return spf.check(ip, "ivan@north.example", "mail.north.example", zone).result


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
        ("v=spf1 ip4:192.0.2.11 -all", "fail"),
        ("v=spf1 ip4:192.0.2.11 ~all", "softfail"),
        ("v=spf1 ip4:192.0.2.11 ?all", "neutral"),
        ("v=spf1 ip4:192.0.2.11", "neutral"),
        ("v=spf1 +all", "pass"),
        ("V=SPF1 IP4:192.0.2.10 -ALL", "pass"),
        ("v=spf1 -ip4:192.0.2.10 +all", "fail"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
        ("v=spf1", "neutral"),
        ("v=spf1  ip4:192.0.2.10  -all ", "pass"),
        ("v=spf1 unknown=modifier ip4:192.0.2.10 -all", "pass"),
        ("v=spf10 +all", "none"),
        # What cannot be read is an error before anything matches.
        ("v=spf1 +all ip4:999.1.1.1", "permerror"),
        ("v=spf1 +all ip4:2001:db8::1", "permerror"),
        ("v=spf1 +all ip4", "permerror"),
        ("v=spf1 +all a/33", "permerror"),
        ("v=spf1 +all all:x", "permerror"),
        ("v=spf1 +all include", "permerror"),
        ("v=spf1 +all nonsense", "permerror"),
        ("v=spf1 +all a:", "permerror"),
        ("v=spf1 +all exists:%{x}.example", "permerror"),
        ("v=spf1 +all exists:%{c}.example", "permerror"),
        ("v=spf1 +all exists:%{d0}.example", "permerror"),
        ("v=spf1 +all redirect=a.example redirect=b.example", "permerror"),
    ],
)
def test_mechanisms_that_ask_nothing(record: str, expected: str) -> None:
    assert result(record) == expected


@pytest.mark.parametrize(
    ("record", "more", "expected"),
    [
        ("v=spf1 a -all", {"A north.example": ["192.0.2.10"]}, "pass"),
        ("v=spf1 a:mail.north.example/24 -all", {"A mail.north.example": ["192.0.2.99"]}, "pass"),
        ("v=spf1 a -all", {"A north.example": ["192.0.2.11"]}, "fail"),
        ("v=spf1 mx -all", {"MX north.example": ["mx.north.example"], "A mx.north.example": ["192.0.2.10"]}, "pass"),
        ("v=spf1 mx -all", {"MX north.example": [""]}, "fail"),
        ("v=spf1 include:b.example -all", {"TXT b.example": ["v=spf1 ip4:192.0.2.10 -all"]}, "pass"),
        # A failure of what is included is only no match.
        ("v=spf1 include:b.example ~all", {"TXT b.example": ["v=spf1 -all"]}, "softfail"),
        ("v=spf1 include:b.example -all", {}, "permerror"),
        ("v=spf1 include:b.example -all", {"TXT b.example": ["!"]}, "temperror"),
        ("v=spf1 redirect=b.example", {"TXT b.example": ["v=spf1 ip4:192.0.2.10 -all"]}, "pass"),
        ("v=spf1 redirect=b.example", {"TXT b.example": ["v=spf1 -all"]}, "fail"),
        ("v=spf1 redirect=b.example", {}, "permerror"),
        ("v=spf1 -all redirect=b.example", {"TXT b.example": ["v=spf1 +all"]}, "fail"),
        ("v=spf1 exists:%{ir}.%{v}._spf.%{d} -all", {"A 10.2.0.192.in-addr._spf.north.example": ["127.0.0.2"]}, "pass"),
        ("v=spf1 exists:%{l1r-}.%{o2}.x -all", {"A ivan.north.example.x": ["127.0.0.2"]}, "pass"),
        ("v=spf1 exists:%{S}.x -all", {"A ivan%40north.example.x": ["127.0.0.2"]}, "pass"),
        ("v=spf1 exists:%{h}%_x.%%.x -all", {}, "fail"),
        ("v=spf1 ptr -all", {f"PTR {IP}": ["out.north.example"], "A out.north.example": [IP]}, "pass"),
        ("v=spf1 ptr -all", {f"PTR {IP}": ["out.north.example"], "A out.north.example": ["192.0.2.1"]}, "fail"),
        ("v=spf1 ptr:other.example -all", {f"PTR {IP}": ["evilother.example"], "A evilother.example": [IP]}, "fail"),
    ],
)
def test_mechanisms_that_ask_the_dns(record: str, more: dict[str, list[str]], expected: str) -> None:
    assert result(record, more) == expected


def test_ipv6_and_its_macros() -> None:
    assert result("v=spf1 ip6:2001:db8::/32 -all", ip=SIX) == "pass"
    assert result("v=spf1 a//64 -all", {"AAAA north.example": ["2001:db8::ffff"]}, ip=SIX) == "pass"
    name = ".".join("20010db8000000000000000000000010")
    assert result("v=spf1 exists:%{i}.x -all", {f"A {name}.x": ["127.0.0.2"]}, ip=SIX) == "pass"
    assert result("v=spf1 ip4:192.0.2.10 -all", ip=f"::ffff:{IP}") == "pass"


def test_a_bounce_is_asked_by_its_hello_and_several_records_are_none() -> None:
    zone = Zone(
        {"TXT mail.north.example": ["v=spf1 ip4:192.0.2.10 -all"], "TXT two.example": ["v=spf1 +all", "v=spf1 -all"]}
    )
    assert spf.check(IP, "", "mail.north.example", zone) == spf.Result("pass", "mail.north.example")
    assert spf.check(IP, "a@two.example", "x", zone).result == "permerror"
    assert spf.check(IP, "a@nothing.example", "x", zone).result == "none"
    assert spf.check(IP, "a@localhost", "x", zone).result == "none"
    assert spf.check("no address", "a@north.example", "x", zone).result == "none"


def test_ten_look_ups_and_not_one_more() -> None:
    def chain(length: int) -> dict[str, list[str]]:
        names = [f"n{number}.example" for number in range(length)]
        records = {f"TXT {one}": [f"v=spf1 include:{two} -all"] for one, two in pairwise(names)}
        return {**records, f"TXT {names[-1]}": ["v=spf1 +all"]}

    assert result("v=spf1 include:n0.example -all", chain(10)) == "pass"
    assert result("v=spf1 include:n0.example -all", chain(11)) == "permerror"
    round_and_round = {"TXT b.example": ["v=spf1 include:north.example -all"]}
    assert result("v=spf1 include:b.example -all", round_and_round) == "permerror"
    zone = Zone({"TXT north.example": ["v=spf1 redirect=north.example"]})
    assert spf.check(IP, "a@north.example", "x", zone).result == "permerror"
    assert zone.asked <= spf.MOST_LOOKUPS + 1


def test_two_names_that_are_not_there_and_ten_exchangers() -> None:
    assert result("v=spf1 a:x1.example a:x2.example ~all") == "softfail"
    assert result("v=spf1 a:x1.example a:x2.example a:x3.example +all") == "permerror"
    exchangers = [f"mx{number}.example" for number in range(11)]
    there = {f"A {one}": ["192.0.2.99"] for one in exchangers}
    assert result("v=spf1 mx +all", {"MX north.example": exchangers, **there}) == "permerror"
    assert result("v=spf1 mx -all", {"MX north.example": exchangers[:10], **there}) == "fail"


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_no_record_and_no_name_makes_it_fail(record: str, sender: str, helo: str) -> None:
    zone = Zone({"TXT north.example": [f"v=spf1 {record}"]})
    domain = sender if "@" in sender else f"{sender}@north.example"
    assert spf.check(IP, domain, helo, zone).result in {
        "pass", "fail", "softfail", "neutral", "none", "temperror", "permerror",
    }  # fmt: skip
