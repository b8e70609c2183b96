"""The DNS is asked with a patience that ends, remembered for its time, and left alone when it is silent."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from firstline.lib import clock, server_address
from firstline.lib.environment import WrongSetting
from firstline.lib.name_servers import NameServers, NoAnswer, Questions
from tests.real.names import NameServer


@pytest.fixture
def dns() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.stop()


def asking(dns: NameServer, seconds: float = 5.0) -> Questions:
    return Questions(NameServers(dns.address), clock.elapsed() + seconds)


def test_each_kind_of_question_has_plain_answers(dns: NameServer) -> None:
    dns.records = {
        "TXT north.example": ['"v=spf1 " "-all"'], "A mx.north.example": ["192.0.2.1"],
        "AAAA mx.north.example": ["2001:db8::1"], "MX north.example": ["10 mx.north.example."],
        "PTR 1.2.0.192.in-addr.arpa": ["mx.north.example."],
    }  # fmt: skip
    names = asking(dns)
    assert names.txt("north.example") == ["v=spf1 -all"]
    assert names.addresses("mx.north.example", 4) == ["192.0.2.1"]
    assert names.addresses("mx.north.example", 6) == ["2001:db8::1"]
    assert names.mx("north.example") == ["mx.north.example"]
    assert names.ptr("192.0.2.1") == ["mx.north.example"]


@pytest.mark.parametrize(
    "name", ["nothing.example", "a..b", "x" * 64 + ".example", "a" * 300, "-", "*.\\300.example", ""]
)
def test_what_is_not_there_and_what_is_no_name_is_nothing(dns: NameServer, name: str) -> None:
    assert asking(dns).txt(name) == []


def test_the_same_question_is_asked_once(dns: NameServer) -> None:
    dns.records = {"TXT north.example": ['"one"']}
    names = asking(dns)
    asked = ("North.example.", "north.example", "gone.example", "gone.example")
    assert [names.txt(one) for one in asked] == [["one"], ["one"], [], []]
    assert dns.asked == ["TXT north.example", "TXT gone.example"]


def test_silence_ends_in_time_and_a_silent_server_is_left_alone(dns: NameServer) -> None:
    dns.silent = {"silent.example"}
    servers = NameServers(dns.address)
    began = time.monotonic()
    for _attempt in range(3):
        with pytest.raises(NoAnswer):
            Questions(servers, clock.elapsed() + 0.3).txt("silent.example")
    assert time.monotonic() - began < 20
    asked = len(dns.asked)
    with pytest.raises(NoAnswer, match="left alone"):
        Questions(servers, clock.elapsed() + 5).txt("other.example")
    assert len(dns.asked) == asked


def test_a_server_that_cannot_say_is_no_answer_and_is_asked_again(dns: NameServer) -> None:
    dns.broken = {"north.example"}
    names = asking(dns)
    with pytest.raises(NoAnswer):
        names.txt("north.example")
    dns.broken, dns.records = set(), {"TXT north.example": ['"one"']}
    assert names.txt("north.example") == ["one"]


def test_no_question_begins_when_the_time_is_over(dns: NameServer) -> None:
    with pytest.raises(NoAnswer):
        asking(dns, -1).txt("north.example")
    assert dns.asked == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("127.0.0.1", ("127.0.0.1", 53)), ("127.0.0.1:5353", ("127.0.0.1", 5353)), ("::1", ("::1", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)  # fmt: skip
def test_where_a_server_listens(where: str, expected: tuple[str, int]) -> None:
    assert server_address.read(where, port=53) == expected


@pytest.mark.parametrize("where", ["dns.example", "127.0.0.1:x", "1.2.3", ":53"])
def test_what_is_no_address_is_refused_at_the_start(where: str) -> None:
    with pytest.raises(WrongSetting):
        server_address.read(where, port=53)
