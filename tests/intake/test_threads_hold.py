"""A letter finds its thread: how it was found is said, merges and moves are followed, the order of arrival does not
matter, and nobody gets in without an agent's word."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings

from firstline.intake import in_copy, processing
from firstline.intake.models import Awaited, Inbound
from firstline.lib import clock, tokens
from firstline.people.models import Person
from firstline.post.models import Delivery
from firstline.tickets import conversation, lifecycle, merging, moving
from firstline.tickets.models import Kind, Message, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from tests import cast
from tests.intake.mail import letter, mailbox, process, take
from tests.intake.test_letters_become_tickets import sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Any:
    s = cast.stage()
    s.desk = mailbox()
    return s


def its(row: Inbound) -> Ticket:
    assert row.ticket is not None
    return row.ticket


def texts(ticket: Ticket) -> list[str]:
    return [one.text.strip() for one in Message.objects.filter(ticket=ticket).order_by("id")]


# ---- how ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["by our letter", "by the reply address", "by reference", "by subject number"])
def test_how_it_was_found_is_said(stage: Any, by: str) -> None:
    first = process(letter(Message_ID="<first@north.example>"))
    ticket = its(first)
    ours = sent(ticket, stage.ivan)
    number = Delivery.objects.get(message_id=ours).pk
    address = tokens.reply_address(settings.SECRET_KEY, "desk@firm.example", ticket=ticket.pk, delivery=number)
    headers = {
        "by our letter": {"In_Reply_To": ours},
        "by the reply address": {"to": address},
        "by reference": {"In_Reply_To": "<first@north.example>"},
        "by subject number": {"subject": f"Re: [#{ticket.pk}] x"},
    }[by]
    row = process(letter(text="HP в коридоре", **headers))
    assert (row.outcome, row.ticket, row.reason) == ("reply", ticket, by)


def test_a_merged_ticket_is_followed_to_the_end_of_its_chain(stage: Any) -> None:
    first, second = its(process(letter())), its(process(letter(sender="irina@north.example")))
    reference = sent(first, stage.ivan)
    merging.merge(first, second, by=stage.olga, at=clock.now())
    for headers in ({"In_Reply_To": reference}, {"subject": f"Re: [#{first.pk}] x"}):
        row = process(letter(text="Ещё", **headers))
        assert (row.outcome, row.ticket) == ("reply", second)


def test_a_moved_letter_takes_its_answers_along(stage: Any) -> None:
    here, there = its(process(letter())), its(process(letter(subject="Сканер")))
    moved = process(letter(subject=f"[#{here.pk}]", text="Про сканер", Message_ID="<scan@north.example>"))
    assert moved.message is not None
    moving.move(moved.message, there, by=stage.olga, at=clock.now())
    answer = process(letter(text="И ещё про него", In_Reply_To="<scan@north.example>"))
    assert answer.ticket == there


# ---- order ----------------------------------------------------------------------------------------


def test_an_answer_that_comes_before_its_original_is_one_ticket_with_it(stage: Any) -> None:
    answer = process(letter(
        sender="irina@north.example", to="desk@firm.example, ivan@north.example", text="Да, и у меня",
        In_Reply_To="<original@north.example>",
    ))  # fmt: skip
    original = process(letter(text="Не печатает", Message_ID="<original@north.example>"))
    assert (original.outcome, original.ticket) == ("reply", answer.ticket)
    assert original.reason == "answered before it came"
    assert texts(its(answer)) == ["Да, и у меня", "Не печатает"]
    assert Ticket.objects.count() == 1
    assert not Awaited.objects.exists()


def test_an_original_of_a_stranger_to_that_ticket_is_its_own_and_asked_about(stage: Any) -> None:
    answer = process(letter(sender="irina@north.example", In_Reply_To="<original@north.example>"))
    original = process(letter(sender="x@elsewhere.example", Message_ID="<original@north.example>"))
    assert original.ticket != answer.ticket
    assert original.message is not None
    assert merging.claimed_by(original.message) == its(answer).pk


def test_an_answer_is_joined_when_its_original_turns_out_to_belong_to_a_ticket(stage: Any) -> None:
    ticket = its(process(letter(text="Не печатает")))
    answer = process(letter(text="А, уже лучше", In_Reply_To="<second@north.example>"))
    early = its(answer)
    assert early != ticket
    process(letter(text="Второе", Message_ID="<second@north.example>", subject=f"[#{ticket.pk}]"))
    early.refresh_from_db()
    assert early.merged_into == ticket
    assert sorted(texts(ticket)) == sorted(["Не печатает", "А, уже лучше", "Второе"])
    assert early.events.get(kind=Kind.MERGED).by is None


def test_what_people_work_on_already_is_asked_about_and_not_joined(stage: Any) -> None:
    ticket = its(process(letter()))
    answer = process(letter(In_Reply_To="<second@north.example>"))
    early = its(answer)
    conversation.answer(early, Words(text="Смотрим"), by=stage.olga, at=clock.now())
    process(letter(Message_ID="<second@north.example>", subject=f"[#{ticket.pk}]"))
    early.refresh_from_db()
    assert early.merged_into is None
    assert answer.message is not None
    answer.message.refresh_from_db()
    assert merging.claimed_by(answer.message) == ticket.pk


# ---- the same letter twice ------------------------------------------------------------------------


def test_one_letter_to_two_mailboxes_is_one_ticket_whatever_was_added_on_its_way(stage: Any) -> None:
    sales = mailbox("sales@firm.example")
    plain = letter(to="desk@firm.example, sales@firm.example", Message_ID="<one@north.example>")
    first = process(b"Received: by mx1\r\n" + plain, account=stage.desk)
    copy = process(b"Received: by mx2\r\nDelivered-To: sales@firm.example\r\n" + plain, account=sales)
    assert (copy.outcome, copy.reason, copy.ticket) == ("reply", "copy", first.ticket)
    assert its(first).events.get(kind=Kind.COPY).data["also"] == "sales@firm.example"
    assert texts(its(first)) == ["Горит красная лампочка."]


def test_a_blind_copy_is_the_same_letter(stage: Any) -> None:
    hidden = mailbox("all@firm.example")
    plain = letter(to="boss@north.example", Message_ID="<bcc@north.example>")
    first = process(plain, account=stage.desk)
    assert process(b"X-Copy: 1\r\n" + plain, account=hidden).ticket == first.ticket


@pytest.mark.parametrize(
    ("below", "is_copy"),
    [
        ("\n_______________________________\nall mailing list\nhttp://lists.north.example", True),
        ("\n-- \nall@north.example", True),
        ("\nИ ещё не работает сканер.", False),
        ("\n----\n" + "длинно " * 500, False),
    ],
)
def test_the_lines_of_a_list_below_it_make_no_other_letter(stage: Any, below: str, is_copy: bool) -> None:
    other = mailbox("all@firm.example")
    text = "Горит красная лампочка."
    first = process(letter(text=text, Message_ID="<list@north.example>"), account=stage.desk)
    again = process(letter(text=text + below, Message_ID="<list@north.example>"), account=other)
    assert (again.ticket == first.ticket and again.reason == "copy") is is_copy


def test_a_copy_goes_where_the_first_one_is_shown_now(stage: Any) -> None:
    other = mailbox("all@firm.example")
    first = process(letter(Message_ID="<c@north.example>"), account=stage.desk)
    target = its(process(letter()))
    merging.merge(its(first), target, by=stage.olga, at=clock.now())
    copy = process(b"X-Copy: 1\r\n" + letter(Message_ID="<c@north.example>"), account=other)
    assert copy.ticket == target


# ---- who is in copy -------------------------------------------------------------------------------


def test_strangers_in_copy_are_named_and_take_part_only_by_an_agents_word(stage: Any) -> None:
    copy = "irina@north.example, vendor@supplier.example, stoyan@south.example, olga@desk.example"
    ticket = its(process(letter(Cc=copy)))
    assert ticket.events.get(kind=Kind.CREATED).data["in_copy"] == ["vendor@supplier.example"]
    assert not Person.objects.filter(email="vendor@supplier.example").exists()
    in_copy.add(ticket, "vendor@supplier.example", by=stage.olga, at=clock.now())
    answer = process(letter(sender="vendor@supplier.example", subject=f"[#{ticket.pk}]"))
    assert (answer.outcome, answer.ticket) == ("reply", ticket)
    joined = ticket.events.get(kind=Kind.JOINED)
    assert (joined.by, joined.data["email"]) == (stage.olga, "vendor@supplier.example")


def test_nobody_of_another_client_is_ever_added(stage: Any) -> None:
    ticket = its(process(letter()))
    for address in ("stoyan@south.example", "new@south.example", "desk@firm.example", "nonsense"):
        with pytest.raises(WrongValue):
            in_copy.add(ticket, address, by=stage.olga, at=clock.now())
    assert not ticket.participants.exists()


# ---- passed on by an agent ------------------------------------------------------------------------

FORWARD = (
    "Коллеги, он опять ничего не читает\n\n---------- Forwarded message ---------\n"
    "От: Иван Петров <ivan@north.example>\nDate: пн, 2 мар. 2026 г. в 9:00\nSubject: Не печатает\n"
    "To: Olga <olga@desk.example>\n\nГорит красная лампочка."
)


def test_what_an_agent_passes_on_is_the_ticket_of_its_first_writer_and_nobody_hears_of_it(stage: Any) -> None:
    row = process(letter(sender="olga@desk.example", subject="Fwd: Не печатает", text=FORWARD))
    ticket = its(row)
    assert (ticket.requester, ticket.client, ticket.subject) == (stage.ivan, stage.north, "Не печатает")
    said, note = Message.objects.filter(ticket=ticket).order_by("id")
    assert (said.text, said.author, said.public) == ("Горит красная лампочка.", stage.ivan, True)
    assert "passed-on" in said.flags
    assert "unverified-agent" in said.flags
    assert (note.text, note.public, note.by_agent) == ("Коллеги, он опять ничего не читает", False, False)
    created = ticket.events.get(kind=Kind.CREATED)
    assert created.data["passed_on_by"] == "olga"
    assert created.data["quiet"]  # not proven: nobody is written to because of it


def test_a_stranger_who_passes_something_on_asks_for_himself(stage: Any) -> None:
    row = process(letter(sender="irina@north.example", subject="Fwd: Не печатает", text=FORWARD))
    assert its(row).requester == stage.irina


def test_an_agent_who_passes_on_a_colleagues_or_our_own_letter_asks_himself(stage: Any) -> None:
    for address in ("emil@desk.example", "desk@firm.example"):
        text = FORWARD.replace("ivan@north.example", address)
        assert its(process(letter(sender="olga@desk.example", subject="Fwd: x", text=text))).requester == stage.olga


def test_a_letter_passed_on_as_a_file_is_its_writers(stage: Any) -> None:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "Иван <ivan@north.example>", "olga@desk.example", "Сканер"
    inner.set_content("Не сканирует")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "olga@desk.example", "desk@firm.example", "Fwd: Сканер"
    outer["Message-ID"] = "<outer@desk.example>"
    outer.set_content("см. вложение")
    outer.add_attachment(inner)
    ticket = its(process(outer.as_bytes()))
    assert (ticket.requester, ticket.subject) == (stage.ivan, "Сканер")
    said = ticket.messages.filter(public=True).get()
    assert (said.text, said.attachments.count()) == ("Не сканирует", 1)
    assert ticket.messages.get(public=False).text == "см. вложение"


# ---- machines --------------------------------------------------------------------------------------


def test_a_note_of_absence_never_reopens_and_never_stops_a_clock(stage: Any) -> None:
    ticket = its(process(letter()))
    lifecycle.wait(ticket, on="client", reason="?", by=stage.olga, at=clock.now())
    paused = {clock_.metric: clock_.state for clock_ in ticket.clocks.all()}
    for auto in ({"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}):
        row = process(letter(subject=f"Автоответ: Re: [#{ticket.pk}]", text="Я в отпуске", **auto))
        assert (row.outcome, row.ticket) == ("auto", ticket)
    ticket.refresh_from_db()
    assert ticket.status == "waiting_for_client"
    assert {clock_.metric: clock_.state for clock_ in ticket.clocks.all()} == paused
    lifecycle.resume(ticket, by=stage.olga, at=clock.now())
    lifecycle.resolve(ticket, how="Готово", remote=True, by=stage.olga, at=clock.now())
    process(letter(subject=f"Re: [#{ticket.pk}]", text="Я в отпуске", Auto_Submitted="auto-replied"))
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_who_writes_like_a_machine_is_not_answered_and_the_ticket_says_why(stage: Any) -> None:
    for number in range(5):
        row = process(letter(subject=f"тревога {number}"))
    created = its(row).events.get(kind=Kind.CREATED)
    assert created.data["quiet"]
    said = created.data["answers_paused"]
    assert (said["address"], said["letters"]) == ("ivan@north.example", 5)


def test_a_letter_keeps_its_thread_however_many_workers_read(stage: Any) -> None:
    take(letter(text="Ответ", sender="irina@north.example", to="desk@firm.example, ivan@north.example",
                In_Reply_To="<o@north.example>"))  # fmt: skip
    take(letter(text="Вопрос", Message_ID="<o@north.example>"))
    assert processing.drain() == 0
    assert Ticket.objects.filter(merged_into=None).count() == 1
