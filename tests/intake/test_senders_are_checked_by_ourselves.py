"""With a name server set, letters of which our mail server says nothing are checked before they are registered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firstline.intake import processing
from firstline.intake.models import Inbound
from firstline.intake.sender_checks import own_checks
from tests import cast
from tests.intake import signed
from tests.intake.mail import letter, mailbox, process
from tests.real.names import NameServer

pytestmark = pytest.mark.django_db(transaction=True)
CAME = (
    b"Return-Path: <ivan@north.example>\n"
    b"Received: from out.north.example (out.north.example [203.0.113.10]) by mx.firm.example (Postfix) with ESMTPS; x\n"
)


@pytest.fixture
def dns(settings: Any) -> Iterator[NameServer]:
    server = NameServer()
    settings.FIRSTLINE_DNS = server.address
    settings.FIRSTLINE_RELAYS = "mx.firm.example"
    yield server
    server.stop()


@pytest.fixture
def stage(dns: NameServer) -> Any:
    stage = cast.stage()
    stage.mailbox = mailbox()
    return stage


def test_a_good_signature_and_a_bad_one(stage: Any, dns: NameServer, tmp_path: Path) -> None:
    key = signed.key(tmp_path)
    dns.records = {
        "TXT s1._domainkey.north.example": [f'"{key.record[:200]}" "{key.record[200:]}"'],
        "TXT _dmarc.north.example": ['"v=DMARC1; p=reject"'], "TXT north.example": ['"v=spf1 -all"'],
    }  # fmt: skip
    raw = signed.by(key, letter().replace(b"\n", b"\r\n"), "north.example")
    row = process(CAME + raw, account=stage.mailbox)
    assert (row.outcome, row.trust["result"], row.trust["means"], row.trust["by"]) == (
        "ticket",
        "pass",
        ["dkim"],
        "own",
    )
    forged = process(CAME + letter(text="Переведите деньги"), account=stage.mailbox)
    assert (forged.outcome, forged.trust["said"]) == ("quarantine", "spf=fail dkim=none dmarc=fail")


def test_the_verdict_of_arrival_is_kept_when_keys_change(stage: Any, dns: NameServer) -> None:
    dns.records = {"TXT _dmarc.north.example": ['"v=DMARC1; p=reject"'], "TXT north.example": ['"v=spf1 -all"']}
    row = process(CAME + letter(), account=stage.mailbox)
    asked = len(dns.asked)
    reading = processing.read(Inbound.objects.get(pk=row.pk))
    assert reading.letter is not None
    assert (reading.letter.verdict.result, len(dns.asked)) == ("fail", asked)


def test_a_silent_name_server_holds_nothing_up_and_condemns_nobody(stage: Any, dns: NameServer) -> None:
    dns.silent = {"_dmarc.north.example"}
    began = time.monotonic()
    rows = [process(CAME + letter(text=str(number)), account=stage.mailbox) for number in range(5)]
    assert time.monotonic() - began < 20
    assert {(row.outcome, row.trust.get("result")) for row in rows} == {("ticket", None)}


def test_whatever_goes_wrong_in_a_check_proves_nothing_and_stops_nobody(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(own_checks, "judge", broken)
    row = process(CAME + letter(), account=stage.mailbox)
    assert (row.outcome, row.trust) == ("ticket", {})


def test_what_our_server_said_is_not_asked_again(stage: Any, dns: NameServer, settings: Any) -> None:
    settings.FIRSTLINE_AUTHSERV_ID = "mx.firm.example"
    head = b"Authentication-Results: mx.firm.example; dmarc=pass header.from=north.example\n"
    assert process(head + letter(), account=stage.mailbox).trust["by"] == "server"
    assert dns.asked == []


def test_an_agent_who_is_proven_by_our_own_check_answers(stage: Any, dns: NameServer, tmp_path: Path) -> None:
    key = signed.key(tmp_path, "ed25519")
    dns.records = {"TXT s1._domainkey.desk.example": [f'"{key.record}"']}
    raw = signed.by(key, letter(sender="olga@desk.example").replace(b"\n", b"\r\n"), "desk.example")
    row = process(raw, account=stage.mailbox)
    assert row.message is not None
    assert (row.trust["means"], row.message.flags) == (["dkim"], [])
    unsigned = process(letter(sender="olga@desk.example", text="ещё"), account=stage.mailbox)
    assert unsigned.message is not None
    assert unsigned.message.flags == ["unverified-agent"]
