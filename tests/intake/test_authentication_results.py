"""Authentication-Results as real servers write them, and as nobody should: read, never raising."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstline.intake.sender_checks import authentication_results as results


def methods(value: str) -> list[tuple[str, str]]:
    return [(claim.method, claim.result) for claim in results.parse(value).claims]


def test_the_results_of_a_large_provider_are_read_with_their_properties() -> None:
    report = results.parse(
        "mx.firm.example; dkim=pass header.i=@north.example header.s=20230601 header.b=AbC/d+e; "
        "spf=pass (mx.firm.example: domain of ivan@north.example designates 192.0.2.1 as permitted sender) "
        "smtp.mailfrom=ivan@north.example; dmarc=fail (p=REJECT sp=REJECT dis=NONE) header.from=north.example"
    )
    assert report.authserv_id == "mx.firm.example"
    assert [(claim.method, claim.result) for claim in report.claims] == [
        ("dkim", "pass"), ("spf", "pass"), ("dmarc", "fail"),
    ]  # fmt: skip
    dkim, spf, dmarc = report.claims
    assert dkim.properties["header.i"] == "@north.example"
    assert spf.properties == {"smtp.mailfrom": "ivan@north.example"}
    assert dmarc.comment == "p=REJECT sp=REJECT dis=NONE"
    assert report.first("spf") == spf
    assert report.first("arc") is None


def test_a_server_that_names_nobody_is_told_from_one_that_does() -> None:
    report = results.parse(
        "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=north.example; dkim=none (message not signed)\n"
        " header.d=none;dmarc=pass action=none\n header.from=north.example;compauth=pass reason=100"
    )
    assert report.authserv_id == ""
    assert [(claim.method, claim.result) for claim in report.claims] == [
        ("spf", "pass"), ("dkim", "none"), ("dmarc", "pass"), ("compauth", "pass"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("mx.firm.example 1; none", []),
        ("mx.firm.example", []),
        ("mx.firm.example;", []),
        ("", []),
        (";;;;", []),
        ("MX.Firm.Example. ; DKIM = Pass ; spf=fail", [("dkim", "pass"), ("spf", "fail")]),
        ("mx.firm.example; dkim/1=pass header.d=a.example", [("dkim", "pass")]),
        # What a comment or a quotation says is nobody's result.
        ("mx.firm.example (; dmarc=pass); spf=fail", [("spf", "fail")]),
        ("mx.firm.example; spf=fail (a (nested; dmarc=pass) one) smtp.mailfrom=x", [("spf", "fail")]),
        ('mx.firm.example; spf=fail reason="; dmarc=pass"', [("spf", "fail")]),
        ("mx.firm.example; spf=fail (never closed; dmarc=pass", [("spf", "fail")]),
        ("mx.firm.example; dkim=pass(ok) header.d=x", [("dkim", "pass")]),
        ("mx.firm.example; =pass; dkim=; dkim", []),
        ("mx.firm.example; dmarc=pass!important", []),
        ("(" * 5000, []),
    ],
)
def test_odd_values_say_what_they_say_and_nothing_more(value: str, found: list[tuple[str, str]]) -> None:
    assert methods(value) == found


def test_an_endless_header_is_read_up_to_a_limit() -> None:
    assert len(methods("mx.firm.example;" + " dkim=pass;" * 5_000)) <= results.MOST_CLAIMS


@given(st.one_of(st.text(max_size=400), st.text(alphabet='()";=. \\dkimpass\n\t', max_size=400)))
def test_nothing_that_stands_there_makes_it_fail(value: str) -> None:
    report = results.parse(value)
    assert all(claim.method and claim.result for claim in report.claims)
