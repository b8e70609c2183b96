"""Who proves a sender: our own server's topmost results, and nobody else's."""

from __future__ import annotations

import pytest

from firstline.intake.reading import letters
from firstline.intake.sender_checks import dmarc, trust
from firstline.intake.sender_checks.trust import Border, Verdict

OURS = trust.border("mx.desk.example", "")
KNOWN = trust.border("mx.desk.example", "mx.desk.example, store.desk.example")
PROVEN = "mx.desk.example; dkim=pass header.d=north.example; dmarc=pass (p=reject) header.from=north.example"
DISOWNED = (
    "mx.desk.example; spf=fail smtp.mailfrom=x@evil.example; dmarc=fail (p=reject dis=none2) header.from=north.example"
)


def verdict(head: str, ours: Border = OURS, sender: str = "Ivan <ivan@north.example>") -> Verdict:
    letter = letters.read(f"{head}From: {sender}\nTo: desk@desk.example\nSubject: x\n\nbody\n".encode())
    return trust.by_own_server(letter.trace, letter.from_email, ours)


def results(*values: str) -> str:
    return "".join(f"Authentication-Results: {value}\n" for value in values)


def received(by: str) -> str:
    return f"Received: from somewhere (rdns [192.0.2.1]) by {by} with ESMTP id 1; Mon, 2 Mar 2026 09:00:00 +0300\n"


def test_our_own_servers_pass_proves_the_domain() -> None:
    found = verdict(results(PROVEN))
    assert found == Verdict("pass", "north.example", by="server", means=("dkim",), said="dkim=pass dmarc=pass")


def test_results_of_another_server_are_nobodys_word() -> None:
    assert verdict(results(PROVEN.replace("mx.desk", "mx.evil"))).result == "unknown"
    assert verdict(results(PROVEN), trust.border("")).result == "unknown"


def test_only_the_topmost_results_of_ours_count() -> None:
    failed = "mx.desk.example; dmarc=fail (p=none) header.from=north.example"
    assert verdict(results(failed, PROVEN)).result == "fail"
    assert verdict(results("mx.other.example; dmarc=fail", PROVEN, failed)).result == "pass"
    # A topmost one that says nothing of DMARC does not open the door to one below it.
    assert verdict(results("mx.desk.example; dkim=none", PROVEN)).result == "unknown"


def test_results_below_a_line_of_a_foreign_server_came_with_the_letter() -> None:
    forged = received("mx.desk.example") + received("relay.evil.example") + results(PROVEN)
    assert verdict(forged, KNOWN).result == "unknown"
    honest = received("store.desk.example") + received("mx.desk.example") + results(PROVEN)
    assert verdict(honest + received("relay.evil.example"), KNOWN).result == "pass"
    # A host in a comment is the sender's word.
    lying = "Received: from x (by mx.desk.example) by relay.evil.example; Mon, 2 Mar 2026 09:00:00 +0300\n"
    assert verdict(lying + results(PROVEN), KNOWN).result == "unknown"
    assert (
        verdict(
            received("evilmx.desk.example") + results(PROVEN), trust.border("mx.desk.example", "mx.desk.example")
        ).result
        == "unknown"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("dmarc=pass header.from=north.example", ("pass", "", False)),
        ("dmarc=fail (p=reject) header.from=north.example", ("fail", "reject", False)),
        ("dmarc=fail (p=REJECT sp=NONE dis=NONE) header.from=north.example", ("fail", "reject", True)),
        ("dmarc=fail (p=none dis=none) header.from=north.example", ("fail", "none", False)),
        ("dmarc=fail action=oreject header.from=north.example", ("fail", "reject", False)),
        ("dmarc=fail action=quarantine header.from=north.example", ("fail", "quarantine", False)),
        ("dmarc=fail header.from=north.example (policy=quarantine)", ("fail", "quarantine", False)),
        ("dmarc=fail policy.p=reject header.from=north.example", ("fail", "reject", False)),
        ("dmarc=fail", ("fail", "", False)),
        ("dmarc=none header.from=north.example", ("none", "", False)),
        ("dmarc=temperror", ("unknown", "", False)),
        # No word about DMARC: an aligned proof is one all the same.
        ("dkim=pass header.d=mail.north.example", ("pass", "", False)),
        ("dkim=pass header.i=@north.example", ("pass", "", False)),
        ("spf=pass smtp.mailfrom=bounces@mail.north.example", ("pass", "", False)),
        ("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example", ("unknown", "", False)),
        ("spf=pass smtp.helo=north.example", ("unknown", "", False)),
        ("dkim=fail header.d=north.example", ("unknown", "", False)),
        # The server looked at another From than the one we read.
        ("dmarc=pass header.from=evil.example", ("unknown", "", False)),
    ],
)
def test_what_is_written_of_dmarc_is_understood(value: str, expected: tuple[str, str, bool]) -> None:
    found = verdict(results(f"mx.desk.example; {value}"))
    assert (found.result, found.policy, found.overruled) == expected


def test_a_server_without_a_name_counts_only_where_that_was_said() -> None:
    value = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=north.example; dmarc=pass action=none"
    assert verdict(results(value)).result == "unknown"
    assert verdict(results(value), trust.border("(none)")).result == "pass"


@pytest.mark.parametrize(
    "sender",
    [
        "ivan@north.example, evil@evil.example",
        "evil@evil.example, ivan@north.example",
        "Ivan <ivan@north.example> <evil@evil.example>",
        "=?utf-8?q?ivan=40north=2Eexample?=",
        "(evil@evil.example) ivan@north.example (x)",
        "group: ivan@north.example;",
        '"ivan@north.example" <evil@evil.example>, x',
    ],
)
def test_a_from_that_two_programs_read_in_two_ways_is_never_proven(sender: str) -> None:
    value = results(PROVEN.replace(" header.from=north.example", ""))
    assert verdict(value, sender=sender).result != "pass"


def test_two_from_headers_are_never_proven_but_a_failure_stays_one() -> None:
    assert verdict(results(PROVEN) + "From: evil@evil.example\n").result == "unknown"
    assert verdict(results(DISOWNED), sender="ivan@north.example, evil@evil.example").result == "fail"


def test_only_a_failure_that_the_domain_disowns_is_refused() -> None:
    assert Verdict("fail", policy="reject").is_refused
    assert Verdict("fail", policy="quarantine").is_refused
    assert not Verdict("fail", policy="reject", overruled=True).is_refused
    assert not Verdict("fail", policy="none").is_refused
    assert not Verdict("none", policy="reject").is_refused


def test_a_verdict_survives_its_row() -> None:
    found = Verdict("fail", "north.example", "reject", True, "own", ("spf",), "dmarc=fail")
    assert trust.from_plain(found.to_plain()) == found
    assert trust.from_plain({}) == Verdict()
    assert trust.from_plain({"signs": [], "name": "x"}) == Verdict()


def test_what_an_agents_mail_needs() -> None:
    by_spf, by_dkim = Verdict("pass", means=("spf",)), Verdict("pass", means=("dkim", "spf"))
    assert trust.may_act(by_spf, "dmarc")
    assert not trust.may_act(by_spf, "dkim")
    assert trust.may_act(by_dkim, "dkim")
    assert not trust.may_act(by_dkim, "no")
    assert not trust.may_act(Verdict("unknown", means=("dkim",)), "dmarc")
    assert not trust.may_act(Verdict("none"), "dmarc")


def test_the_child_that_reads_a_letter_has_no_word_in_the_verdict() -> None:
    plain = letters.to_plain(letters.read(b"From: a@b.example\n\nx"))
    plain["verdict"] = {"result": "pass"}
    plain["signs"] = [1]
    assert letters.from_plain(plain).verdict == Verdict()
    assert letters.from_plain(plain).signs == ()


@pytest.mark.parametrize(
    ("proven", "named", "strict", "expected"),
    [
        ("north.example", "north.example", True, True),
        ("mail.north.example", "north.example", False, True),
        ("mail.north.example", "north.example", True, False),
        ("north.example", "mail.north.example", False, True),
        ("north.example", "south.example", False, False),
        ("one.co.uk", "two.co.uk", False, False),
        ("a.firm.co.uk", "b.firm.co.uk", False, True),
        ("one.github.io", "two.github.io", False, False),
        ("NORTH.example.", "north.EXAMPLE", True, True),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai", True, True),
        ("", "", False, False),
        ("co.uk", "firm.co.uk", False, False),
        ("a..b", "a..b", True, False),
    ],
)
def test_alignment(proven: str, named: str, strict: bool, expected: bool) -> None:
    assert dmarc.is_aligned(proven, named, strict=strict) is expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["v=DMARC1; p=reject"], ("reject", "reject", False, False)),
        (["v=DMARC1;p=quarantine;sp=none;adkim=s;aspf=s"], ("quarantine", "none", True, True)),
        (["v=spf1 -all", "v=DMARC1; p=none; rua=mailto:a@b.example"], ("none", "none", False, False)),
        (["v=DMARC1; p=oops; rua=mailto:a@b.example"], ("none", "none", False, False)),
        (["v=DMARC1; p=oops"], None),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], None),
        (["v=DMARC2; p=reject"], None),
        (["p=reject; v=DMARC1"], None),
        ([], None),
        (["v=DMARC1"], None),
    ],
)
def test_a_domains_policy_is_read(texts: list[str], expected: tuple[str, str, bool, bool] | None) -> None:
    found = dmarc.record_in(texts)
    read = (found.policy, found.of_subdomains, found.strict_dkim, found.strict_spf) if found else None
    assert read == expected
