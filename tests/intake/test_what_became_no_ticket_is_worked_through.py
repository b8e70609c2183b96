"""Triage: run again, add to a ticket, spam, ignore, and back again; one item or many, each in its own transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from firstline.audit.models import Row
from firstline.intake import again, decisions, joining, many, quarantine, registration, triage
from firstline.intake.models import Inbound
from firstline.lib import clock
from firstline.people.permissions import NotAllowed
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongStatus
from tests import cast
from tests.intake.mail import letter, mailbox, process

pytestmark = pytest.mark.django_db(transaction=True)

NO_SENDER = b"Subject: Printer\nContent-Type: text/plain; charset=utf-8\n\nIt burns, come soon\n"


@pytest.fixture
def stage() -> Any:
    return cast.stage()


def stuck(raw: bytes = b"", **fields: Any) -> Inbound:
    """A letter that the program of yesterday could not register, with a sender who is known."""
    row = process(raw or letter())
    Inbound.objects.filter(pk=row.pk).update(
        state="quarantine", outcome="quarantine", reason="registering it failed 2 times: KeyError", ticket=None,
        message=None, **fields,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def audited(row: Inbound) -> list[str]:
    return list(Row.objects.filter(target=f"inbound:{row.pk}").order_by("id").values_list("action", flat=True))


# ---- run again -------------------------------------------------------------------------------------


def test_what_the_program_can_read_now_becomes_the_ticket_it_should_have_been(stage: Any) -> None:
    row = stuck()
    before = Ticket.objects.count()
    again.run_again(row, by=stage.lev, at=clock.now())
    assert (row.state, row.outcome, row.reason, row.decided_by) == ("done", "ticket", "", None)
    assert (row.ticket.requester, row.ticket.created_at) == (stage.ivan, row.received_at)
    assert row.message == row.ticket.messages.get()
    assert Ticket.objects.count() == before + 1
    assert audited(row) == ["intake run again"]
    with pytest.raises(WrongStatus):
        again.run_again(row, by=stage.lev, at=clock.now())
    assert Ticket.objects.count() == before + 1


def test_what_still_cannot_be_read_stays_with_its_reason_and_can_be_decided(stage: Any) -> None:
    row = process(NO_SENDER)
    again.run_again(row, by=stage.lev, at=clock.now())
    assert (row.state, row.outcome, row.decided_at) == ("quarantine", "quarantine", None)
    assert row.reason.startswith("its sender cannot be read")
    assert row.preview == "It burns, come soon"
    assert quarantine.make_ticket(row, by=stage.lev, at=clock.now()).pk


def test_what_breaks_while_it_is_registered_again_undoes_itself_and_is_said(stage: Any, monkeypatch: Any) -> None:
    row, tickets = stuck(), Ticket.objects.count()
    whole = registration.register

    def breaks(*given: Any) -> Any:
        whole(*given)
        raise KeyError("a rule of yesterday")

    monkeypatch.setattr(registration, "register", breaks)
    again.run_again(row, by=stage.lev, at=clock.now())
    assert (row.outcome, row.reason) == ("quarantine", "registering it failed 1 times: KeyError")
    assert Ticket.objects.count() == tickets


def test_only_who_sees_the_journal_runs_again(stage: Any) -> None:
    row = stuck()
    for person in (stage.ivan, stage.anna):
        with pytest.raises(NotAllowed):
            again.run_again(row, by=person, at=clock.now())


# ---- add to a ticket -------------------------------------------------------------------------------


def test_it_becomes_a_word_of_its_sender_where_he_takes_part(stage: Any) -> None:
    ticket = cast.ticket(stage)
    row = stuck(letter(text="Вот номер принтера: 17"))
    joining.add_to_ticket(row, ticket.pk, by=stage.olga, at=clock.now())
    message = ticket.messages.order_by("-id").first()
    assert message is not None
    assert (message.author, message.public, message.by_agent) == (stage.ivan, True, False)
    assert message.reply_text.strip() == "Вот номер принтера: 17"
    assert {"from-quarantine", "added-by-agent"} <= set(message.flags)
    assert (row.outcome, row.ticket, row.message, row.decided_by) == ("reply", ticket, message, stage.olga)
    assert audited(row) == ["intake added to a ticket"]


def test_a_stranger_or_nobody_becomes_an_internal_note_that_moves_nothing(stage: Any) -> None:
    ticket = cast.ticket(stage)
    status = ticket.status
    for raw in (letter(sender="Eve <eve@east.example>", text="Тайна"), NO_SENDER):
        row = stuck(raw)
        joining.add_to_ticket(row, f"{ticket.pk}", by=stage.olga, at=clock.now())
        message = ticket.messages.order_by("-id").first()
        assert message is not None
        assert (message.public, message.by_agent, row.reason) == (False, False, joining.AS_NOTE)
        assert row.message == message
        assert ticket.events.filter(kind=Kind.MESSAGE).order_by("-id")[0].by == stage.olga
    ticket.refresh_from_db()
    assert ticket.status == status
    assert not ticket.participants.exists()


def test_a_ticket_that_he_does_not_see_is_not_there_and_nothing_changes(stage: Any) -> None:
    foreign = cast.ticket(stage, requester=stage.eve)
    row = stuck()
    for number in (foreign.pk, 99999, "x"):
        with pytest.raises(NotThere):
            joining.add_to_ticket(row, number, by=stage.olga, at=clock.now())
    row.refresh_from_db()
    assert (row.outcome, row.decided_at) == ("quarantine", None)


# ---- spam, ignore, and back ------------------------------------------------------------------------


def test_what_was_put_aside_comes_back_with_the_reason_it_had(stage: Any) -> None:
    row = process(NO_SENDER)
    why = row.reason
    quarantine.spam(row, by=stage.lev, at=clock.now())
    assert (row.outcome, row.reason, row.decided_by) == ("ignored", "spam", stage.lev)
    decisions.take_back(row, by=stage.maria, at=clock.now())
    assert (row.state, row.outcome, row.reason, row.decided_by) == ("quarantine", "quarantine", why, None)
    quarantine.ignore(row, by=stage.lev, at=clock.now(), why="учения")
    decisions.take_back(row, by=stage.lev, at=clock.now())
    assert row.reason == why
    assert audited(row) == ["intake called spam", "intake taken back", "intake ignored", "intake taken back"]


def test_a_decision_from_which_something_followed_is_not_taken_back(stage: Any) -> None:
    row = process(NO_SENDER)
    with pytest.raises(WrongStatus):
        decisions.take_back(row, by=stage.lev, at=clock.now())
    quarantine.make_ticket(row, by=stage.lev, at=clock.now())
    with pytest.raises(WrongStatus):
        decisions.take_back(row, by=stage.lev, at=clock.now())


# ---- many ------------------------------------------------------------------------------------------


def test_one_that_cannot_be_done_stops_no_other_and_says_why(stage: Any) -> None:
    first, second, third = process(NO_SENDER), process(NO_SENDER + b"2"), process(NO_SENDER + b"3")
    quarantine.ignore(second, by=stage.maria, at=clock.now(), why="была раньше")
    numbers = [str(first.pk), str(second.pk), "999999", "x", str(third.pk), str(first.pk)]
    made = many.each(stage.lev, numbers, lambda item: quarantine.spam(item, by=stage.lev, at=clock.now()))
    assert [one.pk for one in made.done] == [first.pk, third.pk]
    assert [(number, type(trouble).__name__) for number, trouble in made.refused] == [
        (str(second.pk), "WrongStatus"), ("999999", "NotThere"), ("x", "NotThere"),
    ]  # fmt: skip
    second.refresh_from_db()
    assert second.reason == "была раньше"


def test_nobody_touches_what_lies_in_anothers_mailbox(stage: Any) -> None:
    account = mailbox(team=stage.line2)
    row = process(NO_SENDER, account=account)
    made = many.each(stage.olga, [str(row.pk)], lambda item: quarantine.spam(item, by=stage.olga, at=clock.now()))
    assert (made.done, len(made.refused)) == ([], 1)


# ---- the lists -------------------------------------------------------------------------------------


def test_each_list_has_what_became_no_ticket_in_that_way(stage: Any) -> None:
    cast.ticket(stage)
    waiting = process(NO_SENDER)
    auto = process(letter(Auto_Submitted="auto-generated", subject="Диск"))
    twin = letter(subject="дважды")
    process(twin)
    double = process(twin)
    spam = process(NO_SENDER + b"x")
    quarantine.spam(spam, by=stage.lev, at=clock.now())
    found = {name: list(triage.listed(stage.lev, name)) for name in triage.LISTS}
    assert found == {"quarantine": [waiting], "auto": [auto], "ignored": [spam], "bounce": [], "duplicate": [double]}
    assert list(triage.listed(stage.lev, "quarantine", before=waiting.pk)) == []


@pytest.mark.parametrize("name", ["auto", "ignored", "bounce", "duplicate"])
def test_a_list_is_read_from_its_index_however_many_tickets_there_are(stage: Any, name: str) -> None:
    for number in range(300):
        Inbound.objects.create(
            source="x", source_key=str(number), sha256="0" * 64, size=1, raw=b"x", state="done", outcome="ticket",
            message=None, done_at=clock.now(),
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
    plan = triage.listed(stage.lev, name).values_list("id", flat=True)[:50].explain()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # what was counted here would mislead the plans of the tests that follow
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_schema")
    assert "inbound_aside" in plan, plan
