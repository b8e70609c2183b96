"""What follows from a sender who is proven, who is not, and who pretends (docs/decisions/0006)."""

from __future__ import annotations

from typing import Any

import pytest

from firstline.intake import quarantine
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.people.models import Person
from firstline.post.models import Account
from firstline.tickets.models import Ticket
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)
NONE, REJECT = "p=none dis=none", "p=reject"


@pytest.fixture
def stage() -> Any:
    stage = cast.stage()
    stage.mailbox = mailbox(authserv_id="mx.firm.example")
    return stage


def failed(policy: str = NONE, domain: str = "north.example") -> bytes:
    return f"Authentication-Results: mx.firm.example; dmarc=fail ({policy}) header.from={domain}\n".encode()


def passed(domain: str = "north.example") -> bytes:
    return f"Authentication-Results: mx.firm.example; dkim=pass header.d={domain}; dmarc=pass\n".encode()


def came(head: bytes, account: Account, **how: str) -> Inbound:
    return process(head + letter(**how), account=account)


def test_a_letter_that_its_domain_disowns_waits_in_quarantine_with_the_reason(stage: Any) -> None:
    row = came(failed(REJECT), stage.mailbox)
    assert (row.state, row.outcome) == ("quarantine", "quarantine")
    assert row.reason.startswith("not proven to come from north.example, which asks not to take such letters")
    assert (row.trust["result"], row.trust["policy"], row.trust["by"]) == ("fail", "reject", "server")
    assert Ticket.objects.count() == 0
    ticket = quarantine.make_ticket(row, by=stage.olga, at=clock.now())
    assert "not-proven" in ticket.messages.get().flags


def test_the_desk_may_have_it_flagged_instead(stage: Any, settings: Any) -> None:
    settings.FIRSTLINE_DMARC_FAIL = "flag"
    row = came(failed(REJECT), stage.mailbox)
    assert row.outcome == "ticket"
    assert row.message is not None
    assert row.message.flags == ["not-proven"]


def test_a_failure_without_such_a_wish_is_a_flagged_ticket_and_opens_none_of_his(stage: Any) -> None:
    ticket = cast.ticket(stage)
    row = came(failed(), stage.mailbox, subject=f"Re: [#{ticket.pk}]", text="Отмените")
    assert (row.outcome, row.reason) == ("ticket", f"claims #{ticket.pk}, its sender is not proven")
    assert row.ticket != ticket
    assert row.message is not None
    assert row.message.flags == [f"claims #{ticket.pk}", "not-proven"]
    assert ticket.messages.count() == 1


def test_a_machine_that_is_not_proven_leaves_no_word_on_his_ticket(stage: Any) -> None:
    ticket = cast.ticket(stage)
    row = came(failed(), stage.mailbox, subject=f"Re: [#{ticket.pk}]", Auto_Submitted="auto-replied")
    assert (row.outcome, row.ticket) == ("auto", None)
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("head", [passed(), b"", b"Authentication-Results: mx.evil.example; dmarc=fail (p=reject)\n"])
def test_a_proven_sender_and_one_of_whom_nothing_is_known_are_what_they_were(stage: Any, head: bytes) -> None:
    ticket = cast.ticket(stage)
    row = came(head, stage.mailbox, subject=f"Re: [#{ticket.pk}]")
    assert (row.outcome, row.ticket) == ("reply", ticket)
    assert row.message is not None
    assert row.message.flags == []


def test_the_name_of_the_server_is_that_of_the_road_not_of_the_letter(stage: Any, settings: Any) -> None:
    other = mailbox("sales@firm.example", authserv_id="mx.sales.example")
    assert came(failed(REJECT), other, to="desk@firm.example").outcome == "ticket"
    settings.FIRSTLINE_AUTHSERV_ID = "mx.firm.example"
    assert came(failed(REJECT), other, text="ещё").outcome == "ticket"
    assert came(failed(REJECT), mailbox("third@firm.example"), text="и ещё").outcome == "quarantine"


def test_a_bounce_is_marked_whatever_its_sender_proves(stage: Any) -> None:
    head = failed(REJECT, "mx.example") + b"Return-Path: <>\nAuto-Submitted: auto-replied\n"
    text = "The mail system could not deliver your message.\n\n<ivan@north.example>: user unknown"
    row = came(head, stage.mailbox, sender="MAILER-DAEMON@mx.example", subject="Undelivered Mail", text=text)
    assert row.outcome == "bounce"


def test_a_new_person_with_a_name_of_the_desk_is_called_by_his_address(stage: Any) -> None:
    row = came(b"", stage.mailbox, sender="Ольга Смирнова <evil@evil.example>")
    assert row.ticket is not None
    assert (row.ticket.requester.name, row.ticket.requester.email) == ("evil@evil.example", "evil@evil.example")
    assert row.message is not None
    assert row.message.flags == ["name-of-the-desk"]
    assert row.trust == {
        "name": "Ольга Смирнова", "signs": [{"kind": "name-of-the-desk", "plays": "Ольга Смирнова"}],
    }  # fmt: skip


def test_a_namesake_among_a_clients_own_people_is_no_disguise(stage: Any) -> None:
    row = came(b"", stage.mailbox, sender="Ольга Смирнова <o.smirnova@north.example>")
    assert row.message is not None
    assert row.message.flags == []
    assert Person.objects.get(email="o.smirnova@north.example").name == "Ольга Смирнова"


def test_a_domain_that_looks_like_a_clients_is_flagged_and_is_not_his(stage: Any) -> None:
    row = came(b"", stage.mailbox, sender="Иван <ivan@n0rth.example>")
    assert row.ticket is not None
    assert row.message is not None
    assert (row.ticket.client, row.message.flags) == (None, ["looks-like"])
