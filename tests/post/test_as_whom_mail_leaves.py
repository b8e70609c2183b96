"""From, Sender, Reply-To, the envelope and our signature: as the server got them, and as others check them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from firstline.intake.reading import letters
from firstline.intake.sender_checks import dkim_check, own_checks, trust
from firstline.lib import tokens
from firstline.post import outbox, signing
from firstline.post.models import Account, Delivery
from firstline.post.words import Words
from tests.intake import signed
from tests.intake.signed import Zone
from tests.post.desk_post import AT, acknowledgement, answers, fresh, put, send
from tests.real.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def mailbox(**fields: object) -> Account:
    return Account.objects.create(address="desk@support.example", **fields)


def test_a_mailbox_that_takes_tags_names_ticket_and_delivery_in_its_addresses(
    sink: SmtpSink, settings: Settings
) -> None:
    delivery = put(account=mailbox(plus_tags=True))
    assert send() == 1
    got = sink.received[0]
    key = settings.SECRET_KEY
    reply_to = str(got.message["Reply-To"])
    assert reply_to.startswith(f"desk+t1042.{delivery.pk}.")
    assert got.sender.startswith(f"desk+b{delivery.pk}.")
    assert tokens.read_address(key, reply_to) == tokens.OwnAddress(delivery.pk, 1042)
    assert tokens.read_address(key, got.sender) == tokens.OwnAddress(delivery.pk, is_return=True)
    assert got.message["From"].addresses[0].addr_spec == "desk@support.example"


def test_without_tags_everything_comes_back_to_the_mailbox(sink: SmtpSink) -> None:
    put(account=mailbox())
    send()
    assert (sink.received[0].sender, sink.letters[0]["Reply-To"]) == ("desk@support.example", "desk@support.example")


def test_the_general_sender_may_take_tags_too(sink: SmtpSink, settings: Settings) -> None:
    settings.FIRSTLINE_MAIL_TAGS = True
    delivery = put()
    about_nothing = put(ticket=None, kind="invitation")
    send()
    assert sink.received[0].sender.startswith(f"desk+b{delivery.pk}.")
    assert sink.received[1].sender.startswith(f"desk+b{about_nothing.pk}.")
    assert sink.letters[1]["Reply-To"] == "desk@support.example"


def test_an_acknowledgement_keeps_the_empty_envelope(sink: SmtpSink) -> None:
    acknowledgement(account=mailbox(plus_tags=True))
    send()
    assert sink.received[0].sender == ""


def test_an_address_of_record_stands_in_from_and_the_mailbox_in_sender(sink: SmtpSink) -> None:
    put(account=mailbox(sent_as="help@firm.example"))
    send()
    letter = sink.letters[0]
    assert letter["From"].addresses[0].addr_spec == "help@firm.example"
    assert (letter["Sender"], letter["Reply-To"]) == ("desk@support.example", "desk@support.example")
    assert sink.received[0].sender == "desk@support.example"


@pytest.mark.parametrize("kinds", [("rsa",), ("ed25519",), ("ed25519", "rsa")])
def test_what_we_sign_others_can_prove(
    sink: SmtpSink, settings: Settings, tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    settings.FIRSTLINE_HOME = tmp_path
    keys = [signed.key(tmp_path, kind, f"s-{kind}") for kind in kinds]
    files, selectors = ", ".join(f"{kind}.pem" for kind in kinds), ", ".join(key.selector for key in keys)
    put(account=mailbox(sent_as="help@firm.example", dkim_selector=selectors, dkim_key=files))
    words = Words(
        subject="Готово " * 30, text="Печатает.\n.\n\n", html="<p>Печатает</p>", headers={"References": "<a@x> <b@x>"}
    )
    assert outbox.send_due(lambda _: words, AT) == 1
    raw = sink.received[0].raw
    letter = letters.read(raw)
    assert [one.domain for one in dkim_check.signatures(letter.trace)] == ["firm.example"] * len(kinds)
    records = {f"TXT {key.selector}._domainkey.firm.example": [key.record] for key in keys}
    assert dkim_check.check(raw, {name.removeprefix("TXT "): one[0] for name, one in records.items()}) == [
        "pass"
    ] * len(kinds)
    found = own_checks.judge(
        raw, letter.trace, letter.from_email, trust.border(""), Zone(records), dkim_check.check_packed
    )
    assert (found.result, found.means) == ("pass", ("dkim",))
    for was, now in (
        (b"Reply-To: desk@", b"Reply-To: evil@"),
        (b"To: ivan@", b"To: kira@"),
        (b"\r\n\r\n", b"\r\nFrom: x@y.example\r\n\r\n"),
    ):
        changed = raw.replace(was, now, 1)
        assert changed != raw
        assert "pass" not in dkim_check.check(
            changed, {name.removeprefix("TXT "): one[0] for name, one in records.items()}
        )


def test_the_second_attempt_has_the_same_signature(sink: SmtpSink, settings: Settings, tmp_path: Path) -> None:
    settings.FIRSTLINE_HOME = tmp_path
    signed.key(tmp_path)
    put(account=mailbox(dkim_selector="s1", dkim_key="rsa.pem", plus_tags=True))
    sink.script.answers.extend(["data:450", "accept"])
    send()
    send(minutes=5)
    first, second = sink.received[-2:]
    assert b"DKIM-Signature" in first.raw
    assert (first.raw, first.sender) == (second.raw, second.sender)


def test_a_key_that_is_not_there_holds_the_letter_and_says_so(
    sink: SmtpSink, settings: Settings, tmp_path: Path
) -> None:
    settings.FIRSTLINE_HOME = tmp_path
    delivery = put(account=mailbox(dkim_selector="s1", dkim_key="gone.pem"))
    send()
    assert fresh(delivery).state == "waiting"
    assert "not signed: the key" in answers(delivery)[0]
    assert "gone.pem" in answers(delivery)[0]
    assert sink.received == []
    (tmp_path / "gone.pem").write_bytes(signed.pem())
    assert outbox.send_due(lambda _: Words(subject="x", text="y"), AT + timedelta(minutes=2)) == 1
    assert fresh(delivery).state == "sent"
    assert sink.received[0].raw.startswith(b"DKIM-Signature:")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no private key"), (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key")],
)
def test_what_is_no_key_is_named_without_its_content(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "k.pem").write_bytes(content)
    with pytest.raises(signing.CannotSign, match=said) as refused:
        signing.read_key("s1", tmp_path / "k.pem")
    assert "AAAA" not in str(refused.value)


def test_a_key_that_is_too_short_and_an_uneven_list_are_refused(tmp_path: Path) -> None:
    (tmp_path / "short.pem").write_bytes(signed.pem("rsa", 1024))
    signing.read_key("s1", tmp_path / "short.pem")
    with pytest.raises(signing.CannotSign, match="as many"):
        signing.keys("s1, s2", "short.pem", tmp_path)
    assert signing.keys("", "", tmp_path) == []


@pytest.mark.parametrize(
    "address",
    [
        "desk+t1042.7.{0}@support.example", "desk+b7.{0}@support.example", "desk@support.example",
        "desk+sales@support.example", "desk+t1042.7.@support.example", "desk+t1042.7@support.example", "", "@", "+@",
        "desk+t1042.7.{0}x@support.example",
    ],
)  # fmt: skip
def test_a_tag_that_we_did_not_sign_says_nothing(settings: Settings, address: str) -> None:
    assert tokens.read_address(settings.SECRET_KEY, address.format("a" * 26)) is None


def test_a_signature_of_one_kind_is_none_of_the_other(settings: Settings) -> None:
    key = settings.SECRET_KEY
    reply = tokens.reply_address(key, "desk@support.example", ticket=1042, delivery=7)
    back = tokens.return_address(key, "desk@support.example", delivery=7)
    assert tokens.read_address(key, reply.upper()) == tokens.OwnAddress(7, 1042)
    signature = reply.partition("@")[0].rpartition(".")[2]
    assert tokens.read_address(key, f"desk+b7.{signature}@support.example") is None
    assert tokens.read_address(key, reply.replace("t1042.", "t1043.")) is None
    assert tokens.read_address(key, reply.replace("1042.7.", "1042.8.")) is None
    assert tokens.read_address("another key", back) is None
    assert (tokens.untagged(reply), tokens.untagged(back)) == ("desk@support.example",) * 2
    assert tokens.untagged("desk+sales@support.example") == "desk+sales@support.example"
    long = f"{'d' * 40}@support.example"
    assert tokens.reply_address(key, long, ticket=1042, delivery=7) == long
    assert len(reply.partition("@")[0]) <= tokens.LONGEST_LOCAL


def test_a_requester_with_an_address_of_ours_is_never_written_to(sink: SmtpSink, settings: Settings) -> None:
    mailbox(sent_as="help@firm.example")
    tagged = tokens.reply_address(settings.SECRET_KEY, "desk@support.example", ticket=1042, delivery=7)
    for to in (tagged, "HELP@firm.example"):
        delivery = put(to=to)
        send()
        assert fresh(delivery).state == Delivery.State.FAILED
    assert sink.received == []
