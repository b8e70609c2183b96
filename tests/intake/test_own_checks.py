"""Our own DKIM, SPF and DMARC where the receiving server says nothing: really signed letters, an injected DNS."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstline.intake.reading import letters
from firstline.intake.sender_checks import dkim_check, own_checks, trust
from firstline.intake.sender_checks.trust import Verdict
from firstline.post.signing import Key
from tests.intake import signed
from tests.intake.signed import Zone

LETTER = (
    b"From: Ivan <ivan@north.example>\r\nTo: desk@desk.example\r\nSubject: Printer\r\n"
    b"Date: Mon, 02 Mar 2026 09:00:00 +0300\r\nMessage-ID: <a@north.example>\r\n\r\nIt is dead.\r\n"
)
OURS = trust.border("", "mx.desk.example, 198.51.100.0/24")
CAME = (
    b"Return-Path: <bounce@mail.north.example>\r\n"
    b"Received: from store.desk.example (localhost [127.0.0.1]) by mx.desk.example with LMTP; x\r\n"
    b"Received: from mx.desk.example (mx [198.51.100.7]) by mx.desk.example with ESMTP; x\r\n"
    b"Received: from out.north.example (out.north.example [192.0.2.10]) by mx.desk.example (Postfix) with ESMTPS; x\r\n"
)
REJECT = {"TXT _dmarc.north.example": ["v=DMARC1; p=reject"]}
SPF = {"TXT mail.north.example": ["v=spf1 ip4:192.0.2.10 -all"]}


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return signed.key(tmp_path)


def judged(raw: bytes, records: dict[str, list[str]]) -> Verdict:
    letter = letters.read(raw)
    return own_checks.judge(raw, letter.trace, letter.from_email, OURS, Zone(records), dkim_check.check_packed)


def published(key: Key, domain: str = "north.example") -> dict[str, list[str]]:
    return {f"TXT {key.selector}._domainkey.{domain}": [key.record]}


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_signature_of_the_domain_proves_it(tmp_path: Path, kind: str) -> None:
    key = signed.key(tmp_path, kind)
    found = judged(signed.by(key, LETTER, "north.example"), {**published(key), **REJECT})
    assert (found.result, found.means, found.by) == ("pass", ("dkim",), "own")
    # Line ends of another kind are the mailbox's doing, not the writer's.
    assert judged(signed.by(key, LETTER, "north.example").replace(b"\r\n", b"\n"), published(key)).result == "pass"


@pytest.mark.parametrize(
    ("was", "now"),
    [(b"It is dead.", b"It is fine."), (b"Subject: Printer", b"Subject: Money"), (b"ivan@north", b"kira@north")],
)
def test_what_was_changed_is_not_proven(key: Key, was: bytes, now: bytes) -> None:
    raw = CAME + signed.by(key, LETTER, "north.example").replace(was, now)
    found = judged(raw, {**published(key), **REJECT, "TXT mail.north.example": ["v=spf1 -all"]})
    assert (found.result, found.policy, found.is_refused) == ("fail", "reject", True)
    assert found.said == "spf=fail dkim=fail dmarc=fail"


def test_a_second_from_above_a_signed_one_is_not_proven(key: Key) -> None:
    raw = b"From: olga@desk.example\r\n" + signed.by(key, LETTER, "north.example")
    assert judged(raw, published(key)).result != "pass"
    below = signed.by(key, LETTER, "north.example").replace(b"\r\n\r\n", b"\r\nFrom: olga@desk.example\r\n\r\n", 1)
    assert judged(below, published(key)).result != "pass"


def test_a_signature_of_another_domain_speaks_for_nobody_else(key: Key) -> None:
    raw = CAME + signed.by(key, LETTER, "evil.example")
    records = {**published(key, "evil.example"), **REJECT, "TXT mail.north.example": ["v=spf1 ?all"]}
    assert (judged(raw, records).result, judged(raw, records).said) == ("fail", "spf=neutral dkim=none dmarc=fail")


def test_a_length_that_leaves_room_below_is_no_proof(key: Key) -> None:
    raw = signed.by(key, LETTER, "north.example", length=True)
    assert judged(raw, published(key)).result == "unknown"


@pytest.mark.parametrize(
    "record",
    [
        "",
        "v=DKIM1; p=",
        "v=DKIM1; k=rsa; p=AAAA",
        "v=DKIM1; t=y; {p}",
        "v=DKIM9; {p}",
        "nonsense",
        "v=DKIM1; s=tlsrpt; {p}",
    ],
)
def test_a_key_that_is_none_proves_nothing(key: Key, record: str) -> None:
    published_part = key.record.partition("; ")[2]
    raw = signed.by(key, LETTER, "north.example")
    found = judged(raw, {"TXT s1._domainkey.north.example": [record.replace("{p}", published_part)]})
    assert found.result == "unknown"


def test_an_old_algorithm_and_broken_signatures_prove_nothing(key: Key) -> None:
    raw = signed.by(key, LETTER, "north.example")
    for was, now in (
        (b"a=rsa-sha256", b"a=rsa-sha1"), (b"b=", b"b=!!"), (b"h=", b"x="), (b"d=north.example", b"d=(north.example"),
        (b"v=1", b"v=9"), (b"DKIM-Signature:", b"DKIM-Signature: ;;;"),
    ):  # fmt: skip
        assert judged(raw.replace(was, now, 1), published(key)).result == "unknown", was


def test_many_signatures_cost_little_and_the_first_ones_count(key: Key) -> None:
    forged = b"DKIM-Signature: v=1; a=rsa-sha256; d=north.example; s=s1; h=from; bh=AAAA; b=AAAA\r\n"
    assert judged(forged * 4 + signed.by(key, LETTER, "north.example"), published(key)).result == "pass"
    assert judged(forged * 300 + signed.by(key, LETTER, "north.example"), published(key)).result == "unknown"


def test_spf_of_the_envelope_proves_the_domain_through_our_own_hosts() -> None:
    found = judged(CAME + LETTER, {**SPF, **REJECT})
    assert (found.result, found.means) == ("pass", ("spf",))
    strict = {"TXT _dmarc.north.example": ["v=DMARC1; p=quarantine; aspf=s"]}
    assert (judged(CAME + LETTER, {**SPF, **strict}).result, judged(CAME + LETTER, {**SPF, **strict}).policy) == (
        "fail", "quarantine",
    )  # fmt: skip


def test_an_envelope_that_the_sender_wrote_himself_is_none() -> None:
    forged = (
        b"Received: from x (y [203.0.113.66]) by mx.desk.example (Postfix) with ESMTP; x\r\n"
        b"Return-Path: <bounce@mail.north.example>\r\n" + CAME
    )
    found = judged(forged + LETTER, {**SPF, **REJECT})
    assert (found.result, found.said) == ("unknown", "spf=unknown dkim=none dmarc=unknown")
    # A client that calls itself by our name is no host of ours.
    lying = (
        b"Return-Path: <bounce@mail.north.example>\r\n"
        b"Received: from mx.desk.example (mx.desk.example [203.0.113.66]) by mx.desk.example; x\r\n" + CAME
    )
    assert judged(lying + LETTER, {**SPF, **REJECT}).result == "fail"
    elsewhere = CAME.replace(b"by mx.desk.example", b"by mx.evil.example")
    assert judged(elsewhere + LETTER, {**SPF, **REJECT}).result == "unknown"


def test_what_nobody_can_tell_is_unknown_and_never_a_failure(key: Key) -> None:
    assert judged(LETTER, {}).result == "unknown"
    assert judged(LETTER, REJECT).result == "unknown"  # no envelope: SPF might have passed
    raw = CAME + signed.by(key, LETTER, "north.example")
    assert (
        judged(
            raw, {**REJECT, "TXT s1._domainkey.north.example": ["!"], "TXT mail.north.example": ["v=spf1 -all"]}
        ).result
        == "unknown"
    )
    assert judged(CAME + LETTER, {**REJECT, "TXT mail.north.example": ["!"]}).result == "unknown"
    assert judged(CAME + LETTER, {"TXT _dmarc.north.example": ["!"]}).result == "unknown"
    assert judged(CAME + LETTER, {}).result == "none"


def test_a_subdomain_inherits_what_its_owner_says_of_subdomains(key: Key) -> None:
    records = {"TXT _dmarc.north.example": ["v=DMARC1; p=none; sp=reject"], "TXT mail.north.example": ["v=spf1 -all"]}
    below = CAME + LETTER.replace(b"ivan@north.example", b"ivan@office.north.example")
    assert (judged(below, records).result, judged(below, records).policy) == ("fail", "reject")
    assert (judged(CAME + LETTER, records).result, judged(CAME + LETTER, records).policy) == ("fail", "none")
    own = {**records, "TXT _dmarc.office.north.example": ["v=DMARC1; p=quarantine"]}
    assert judged(below, own).policy == "quarantine"


def test_nothing_in_a_head_makes_it_fail() -> None:
    for head in (
        b"",
        b"DKIM-Signature:\r\n",
        b"DKIM-Signature: d=\xff; s=\x00\r\n",
        b" folded\r\n",
        b"Received: by\r\n",
    ):
        for sender in (b"From: ivan@north.example\r\n", b"From: \xff@\xfe.example\r\n", b""):
            assert judged(head + sender + b"\r\nx", REJECT).result in {"unknown", "fail", "none"}
