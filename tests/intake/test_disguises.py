"""Display names and domains that pretend are seen, and honest ones are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake.sender_checks import disguise

NAMES = ("Ольга Смирнова", "Емил Петров", "Лев Соколов")
ADDRESSES = ("olga@desk.example", "emil@desk.example")
DOMAINS = ("desk.example", "north.example")


def signs(name: str, email: str) -> list[tuple[str, str]]:
    found = disguise.signs(name, email, names=NAMES, addresses=ADDRESSES, domains=DOMAINS)
    return [(sign.kind, sign.plays) for sign in found]


@pytest.mark.parametrize(
    "name",
    [
        "Ольга Смирнова",
        "ОЛЬГА СМИРНОВА",
        "Смирнова Ольга",
        "Oльгa Cмиpнoвa",  # half of its letters are Latin
        "Ольга  Смирнова, служба поддержки",
        "Olga Smirnova",
        "О\u200bльга Смир\u00adнова",
        "Ольга Смирнова via Support",
    ],
)
def test_a_name_of_the_desk_over_another_address(name: str) -> None:
    assert signs(name, "evil@evil.example") == [("name-of-the-desk", "Ольга Смирнова")]


@pytest.mark.parametrize("name", ["Ольга Иванова", "Ольга", "Смирнова", "", "Support", "Эльга Смирнова"])
def test_other_names_are_nobodys_disguise(name: str) -> None:
    assert signs(name, "somebody@else.example") == []


def test_who_bears_his_own_name_pretends_nothing() -> None:
    assert signs("Ольга Смирнова", "OLGA@desk.example") == []


def test_an_address_inside_a_name_is_only_a_name() -> None:
    assert signs("support@desk.example", "evil@evil.example") == [("address-in-name", "support@desk.example")]
    assert signs("Иван «ivan@north.example» через портал", "evil@evil.example")[0][1] == "ivan@north.example"
    assert signs("ivan@north.example", "Ivan@North.example") == []
    assert signs("5 шт. @ 100 руб.", "ivan@north.example") == []


@pytest.mark.parametrize(
    ("domain", "plays"),
    [
        ("nоrth.example", "north.example"),  # a Cyrillic о
        ("xn--nrth-55d.example", "north.example"),
        ("n0rth.example", "north.example"),
        ("no-rth.example", "north.example"),
        ("north.example", ""),
        ("mail.north.example", ""),
        ("south.example", ""),
        ("xn--\ud800.example", ""),
    ],
)
def test_a_domain_that_looks_like_a_known_one(domain: str, plays: str) -> None:
    assert signs("x", f"ivan@{domain}") == ([("looks-like", plays)] if plays else [])


@given(st.text(max_size=200), st.text(max_size=100))
def test_nothing_makes_it_fail(name: str, email: str) -> None:
    assert isinstance(signs(name, email), list)
