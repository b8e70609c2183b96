"""An agent's mail is his public answer only where it proves to be his and answers a notice that went to him."""

from __future__ import annotations

import uuid
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.conf import settings

from firstline.intake.models import Inbound
from firstline.lib import clock, tokens
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Channel, Message, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)
PROVEN = (
    b"Authentication-Results: mx.firm.example; dkim=pass header.d=desk.example; dmarc=pass header.from=desk.example\n"
)


@pytest.fixture
def stage() -> Any:
    stage = cast.stage()
    stage.mailbox = mailbox(authserv_id="mx.firm.example")
    stage.ticket = cast.ticket(stage)
    lifecycle.take(stage.ticket, by=stage.olga, at=clock.now())
    conversation.reply(
        stage.ticket, Words(text="Ну что там?"), by=stage.ivan, at=clock.now(), channel=Channel.EMAIL
    )  # fmt: skip
    return stage


def notice(ticket: Ticket, to: Person, kind: str = "client_answered") -> str:
    """The Message-ID of a notice about the ticket that went to somebody."""
    name = uuid.uuid4()
    identifier = tokens.message_id(settings.SECRET_KEY, delivery=name, ticket=ticket.pk, domain="firm.example")
    Delivery.objects.create(
        uuid=name, kind=kind, to=to.email, language="ru", ticket=ticket.pk, message_id=identifier, state="sent"
    )
    return identifier


def answered(
    stage: Any, *, head: bytes = PROVEN, sender: str = "Ольга Смирнова <olga@desk.example>", text: str = "Уже едем.",
    kind: str = "client_answered", to: Person | None = None, **headers: str,
) -> Inbound:  # fmt: skip
    reference = notice(stage.ticket, to or stage.olga, kind)
    given = {"In_Reply_To": reference, "Date": format_datetime(clock.now()), **headers}
    return process(head + letter(sender=sender, text=text, **given), account=stage.mailbox)


def public(ticket: Ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, public=True).values_list("text", flat=True))


def test_a_proven_answer_to_a_notice_goes_to_the_requester_in_his_name(stage: Any) -> None:
    row = answered(stage)
    assert (row.outcome, row.ticket, row.reason) == ("reply", stage.ticket, "an agent's answer, proven by dkim")
    message = row.message
    assert message is not None
    assert (message.author, message.by_agent, message.public) == (stage.olga, True, True)
    assert (message.channel, message.event.by, message.flags) == ("email", stage.olga, [])
    sent = Delivery.objects.get(kind="answer", event=message.event_id)
    assert sent.to == "ivan@north.example"


def test_what_he_quotes_of_our_notice_never_reaches_the_client(stage: Any) -> None:
    quoted = (
        "Уже едем.\n\nOn Mon, 2 Mar 2026 at 09:00, Service desk <desk@firm.example> wrote:\n> Ivan answered\n> secret\n"
    )
    row = answered(stage, text=quoted)
    assert row.message is not None
    assert row.message.public
    assert row.message.text.strip() == "Уже едем."
    # Where the quotation is not found, but our notice is in it, nothing goes out.
    link = f"{settings.FIRSTLINE_BASE_URL}/desk/tickets/{stage.ticket.pk}/"
    kept = answered(stage, text=f"Уже едем.\nOpen the ticket: {link}\nsecret")
    assert kept.message is not None
    assert (kept.message.public, kept.message.flags) == (False, ["kept-internal:quotation"])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        PROVEN.replace(b"mx.firm", b"mx.evil"),
        b"Authentication-Results: mx.firm.example; dmarc=none header.from=desk.example\n",
        b"Authentication-Results: mx.firm.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=a.example\n",
        b"Authentication-Results: mx.firm.example; dmarc=temperror\n" + PROVEN,
    ],
)
def test_who_only_says_that_he_is_an_agent_is_not_heard_by_the_client(stage: Any, head: bytes) -> None:
    before = public(stage.ticket)
    row = answered(stage, head=head)
    assert row.message is not None
    assert (row.message.public, row.message.by_agent, row.message.event.by) == (False, False, None)
    assert row.message.flags == ["unverified-agent"]
    assert public(stage.ticket) == before
    assert not Delivery.objects.filter(kind="answer").exists()


def test_who_is_tried_and_fails_is_not_even_on_the_ticket(stage: Any) -> None:
    failed = b"Authentication-Results: mx.firm.example; dmarc=fail (p=none) header.from=desk.example\n"
    row = answered(stage, head=failed)
    assert row.ticket != stage.ticket
    assert row.message is not None
    assert row.message.flags == [f"claims #{stage.ticket.pk}", "unverified-agent", "not-proven"]


@pytest.mark.parametrize(
    ("how", "flag"),
    [
        ({"kind": "handed_over"}, "internal-notice"),
        ({"kind": "sla_warning"}, "internal-notice"),
        ({"text": "   "}, "empty"),
        ({"Date": "Mon, 02 Feb 2026 09:00:00 +0300"}, "old"),
    ],
)
def test_a_proven_letter_that_is_no_answer_to_the_client_is_his_note(
    stage: Any, how: dict[str, str], flag: str
) -> None:
    row = answered(stage, **how)  # type: ignore[arg-type]
    assert row.message is not None
    assert (row.message.public, row.message.by_agent, row.message.event.by) == (False, True, stage.olga)
    assert row.message.flags[0] == f"kept-internal:{flag}"
    assert row.reason == "an agent's letter: kept as his internal note"


def test_a_notice_to_somebody_else_is_no_notice_to_him(stage: Any) -> None:
    row = answered(stage, to=stage.ivan, kind="answer")
    assert row.message is not None
    assert (row.message.public, row.message.flags) == (False, ["kept-internal:no-notice"])
    by_number = process(
        PROVEN + letter(sender="olga@desk.example", subject=f"Re: [#{stage.ticket.pk}]"), account=stage.mailbox
    )
    assert by_number.message is not None
    assert (by_number.message.public, by_number.message.flags) == (False, ["kept-internal:no-notice"])


def test_a_signed_letter_that_was_written_to_somebody_else_is_not_replayed_here(stage: Any) -> None:
    reference = notice(stage.ticket, stage.olga)
    raw = letter(
        sender="olga@desk.example", to="ivan@north.example", In_Reply_To=reference, Date=format_datetime(clock.now())
    )
    row = process(PROVEN + raw, account=stage.mailbox)
    assert row.message is not None
    assert (row.message.public, row.message.flags) == (False, ["kept-internal:not-to-us"])


def test_whose_scope_was_taken_away_answers_no_more(stage: Any) -> None:
    stage.olga.scope.set([])
    row = answered(stage)
    assert row.message is not None
    assert (row.message.public, row.message.flags) == (False, ["kept-internal:not-allowed"])


def test_the_desk_may_want_a_signature_or_no_mail_of_agents_at_all(stage: Any, settings: Any) -> None:
    by_spf = PROVEN.replace(b"dkim=pass header.d=desk.example", b"spf=pass smtp.mailfrom=desk.example")
    settings.FIRSTLINE_AGENTS_BY_MAIL = "dkim"
    assert answered(stage, head=by_spf).message.public is False  # type: ignore[union-attr]
    assert answered(stage, text="раз").message.public is True  # type: ignore[union-attr]
    settings.FIRSTLINE_AGENTS_BY_MAIL = "no"
    assert answered(stage, text="два").message.flags == ["unverified-agent"]  # type: ignore[union-attr]


def test_the_reply_address_names_the_notice_where_a_program_drops_references(stage: Any) -> None:
    notice(stage.ticket, stage.olga)
    sent = Delivery.objects.filter(kind="client_answered", to="olga@desk.example").latest("id")
    to = tokens.reply_address(settings.SECRET_KEY, "desk@firm.example", ticket=stage.ticket.pk, delivery=sent.pk)
    raw = letter(sender="olga@desk.example", to=to, subject="Re: x", Date=format_datetime(clock.now() + timedelta(0)))
    row = process(PROVEN + raw, account=stage.mailbox)
    assert (row.outcome, row.ticket, row.reason) == ("reply", stage.ticket, "an agent's answer, proven by dkim")


def test_a_proven_agent_who_asks_for_something_is_a_requester_without_a_flag(stage: Any) -> None:
    row = process(PROVEN + letter(sender="olga@desk.example"), account=stage.mailbox)
    assert (row.outcome, row.ticket.requester if row.ticket else None) == ("ticket", stage.olga)
    assert row.message is not None
    assert row.message.flags == []
