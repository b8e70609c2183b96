"""From which mailbox, and after which mail: References name what the reader has, and only that."""

from __future__ import annotations

import pytest

from firstline.intake.models import Desk, Inbound
from firstline.notices import envelope
from firstline.post.models import Account, Delivery
from firstline.tickets import conversation
from firstline.tickets.models import Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import deliver, later, letter

pytestmark = pytest.mark.django_db


def came_in(ticket: Ticket, sender: str, mail_id: str, account: Account | None = None, minutes: float = 0) -> None:
    Inbound.objects.create(
        source="imap", source_key=f"1:{Inbound.objects.count()}", sha256="0" * 64, size=1, raw=b"x", state="done",
        outcome="ticket", mail_id=mail_id, sender=sender, ticket=ticket, account=account, received_at=later(minutes),
    )  # fmt: skip


def test_an_answer_follows_the_letters_and_our_own_mails_in_order() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    came_in(ticket, "Ivan@north.example", "<first@north.example>", minutes=-1)
    deliver()
    receipt = Delivery.objects.get(kind="received")
    assert letter(receipt)["In-Reply-To"] == "<first@north.example>"
    came_in(ticket, "ivan@north.example", "<second@north.example>", minutes=1)
    conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(2))
    deliver(later(2))
    answer = letter(Delivery.objects.get(kind="answer"))
    assert answer["In-Reply-To"] == "<second@north.example>"
    receipt.refresh_from_db()
    expected = ["<first@north.example>", receipt.message_id, "<second@north.example>"]
    assert answer["References"].split() == expected


def test_what_another_wrote_is_not_named_to_this_reader() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, participants=[s.irina])
    came_in(ticket, "ivan@north.example", "<first@north.example>")
    conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(2))
    deliver(later(2))
    assert letter(Delivery.objects.get(kind="answer", person=s.irina.pk))["References"] is None


def test_c5_a_message_id_that_is_none_is_not_repeated() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    for evil in ("<a@b>\r\nBcc: eve@evil.example", "<[x]", "no", "<a b@c>", f"<{'a' * 900}@b>"):
        came_in(ticket, "ivan@north.example", evil)
    deliver()
    receipt = letter(Delivery.objects.get(kind="received"))
    assert (receipt["References"], receipt["In-Reply-To"], receipt["Bcc"]) == (None, None, None)


def test_a_long_thread_names_its_first_mail_and_its_newest() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    for n in range(40):
        came_in(ticket, "ivan@north.example", f"<{n}@north.example>", minutes=n)
    deliver(later(60))
    ids = letter(Delivery.objects.get(kind="received"))["References"].split()
    assert len(ids) <= envelope.LONGEST_THREAD
    assert ids[-1] == "<39@north.example>"


def test_the_mailbox_is_that_of_the_letter_then_of_the_client_then_of_the_team() -> None:
    s = cast.stage()
    boxes = {name: Account.objects.create(address=f"{name}@desk.example") for name in ("all", "team", "north", "south")}
    Desk.objects.create(account=boxes["all"])
    Desk.objects.create(account=boxes["team"], team=s.line1)
    Desk.objects.create(account=boxes["north"], client=s.north)
    Desk.objects.create(account=boxes["south"], client=s.south)
    by_mail = cast.ticket(s)
    came_in(by_mail, "ivan@north.example", "<a@b>", account=boxes["all"])
    assert envelope.mailbox_of(by_mail) == boxes["all"]
    assert envelope.mailbox_of(cast.ticket(s)) == boxes["north"]
    assert envelope.mailbox_of(cast.ticket(s, requester=s.eve, service=s.printing)) == boxes["team"]
    assert envelope.mailbox_of(cast.ticket(s, requester=s.eve)) == boxes["all"]
    assert envelope.mailbox_of(None) == boxes["all"]
    Account.objects.exclude(address="south@desk.example").update(is_active=False)
    assert envelope.mailbox_of(by_mail) is None, "never the mailbox of another client"
