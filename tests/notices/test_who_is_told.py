"""Event → people: each rule of notices.recipients, with the cast's people."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.people.models import Person
from firstline.post.limits import TO_THE_DESK
from firstline.post.models import Delivery
from firstline.tickets import assignment, conversation, handover, history, lifecycle
from firstline.tickets.models import Channel, Kind, Participant, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.notices.told import Since, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def s() -> SimpleNamespace:
    return cast.stage()


def handed_over(ticket: Ticket, by: Person, minutes: float = 30) -> Ticket:
    return handover.hand_over(
        ticket,
        to_line=2,
        symptom="Горит лампочка",
        tried="Перезапуск",
        impact="low",
        reason="too_long",
        by=by,
        at=later(minutes),
    )


@pytest.mark.parametrize("channel", list(Channel))
def test_the_requester_is_told_that_his_request_arrived_whichever_way(s: SimpleNamespace, channel: Channel) -> None:
    with Since() as told:
        cast.ticket(s, channel=channel)
    assert told.of == {("received", "ivan")}


def test_those_named_in_a_letter_get_no_acknowledgement(s: SimpleNamespace) -> None:
    with Since() as told:
        cast.ticket(s, participants=[s.irina, s.kira])
    assert told.of == {("received", "ivan")}


def test_history_from_elsewhere_tells_nobody(s: SimpleNamespace) -> None:
    with Since() as told, history.quietly():
        ticket = cast.ticket(s)
        lifecycle.take(ticket, by=s.olga, at=later(5))
        conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(6))
    assert told.count == 0


def test_who_has_no_address_is_not_written_to(s: SimpleNamespace) -> None:
    Person.objects.filter(pk=s.ivan.pk).update(email="")
    s.ivan.refresh_from_db()
    with Since() as told:
        cast.ticket(s)
    assert told.count == 0


def test_the_requester_is_told_once_that_an_engineer_has_his_request(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    with Since() as told:
        lifecycle.take(ticket, by=s.olga, at=later(5))
        lifecycle.take(ticket, by=s.nadia, at=later(6))
    assert told.of == {("taken", "ivan")}
    assert told.count == 1


def test_an_answer_on_a_new_ticket_is_one_mail_although_it_takes_the_ticket_too(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    with Since() as told:
        conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(5))
    assert told.of == {("answer", "ivan")}


def test_a_call_that_is_kept_is_acknowledged_and_not_announced_as_taken(s: SimpleNamespace) -> None:
    with Since() as told:
        ticket = cast.ticket(s, channel=Channel.PHONE, by=s.olga, answered=True)
        lifecycle.take(ticket, by=s.olga, at=cast.MONDAY_NINE)
    assert told.of == {("received", "ivan")}


def test_a_call_solved_at_once_is_one_mail(s: SimpleNamespace) -> None:
    with Since() as told:
        ticket = cast.ticket(s, channel=Channel.PHONE, by=s.olga, answered=True)
        ticket = lifecycle.take(ticket, by=s.olga, at=cast.MONDAY_NINE)
        lifecycle.resolve(ticket, how="Перезапустили", remote=True, by=s.olga, at=cast.MONDAY_NINE)
    assert told.of == {("solved", "ivan")}


def test_everybody_on_the_clients_side_who_takes_part_reads_an_answer(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, participants=[s.irina])
    with Since() as told:
        conversation.answer(ticket, Words(text="Смотрим"), by=s.olga, at=later(5))
    assert told.of == {("answer", "ivan"), ("answer", "irina")}


def test_an_internal_note_tells_nobody(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    with Since() as told:
        conversation.note(ticket, Words(text="Он всегда так"), by=s.nadia, at=later(6))
    assert told.count == 0


def test_waiting_for_the_vendor_is_not_the_requesters_business(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    with Since() as told:
        ticket = lifecycle.wait(ticket, on="vendor", reason="запчасть", by=s.olga, at=later(6))
    assert told.count == 0
    ticket = lifecycle.resume(ticket, by=s.olga, at=later(7))
    with Since() as told:
        lifecycle.wait(ticket, on="client", reason="Какая модель?", by=s.olga, at=later(8))
    assert told.of == {("waiting", "ivan")}


def test_the_requesters_answer_reaches_whoever_has_the_ticket_and_wakes_it_in_one_mail(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    ticket = lifecycle.wait(ticket, on="client", reason="Какая модель?", by=s.olga, at=later(6))
    with Since() as told:
        conversation.reply(ticket, Words(text="HP"), by=s.ivan, at=later(7), channel=Channel.EMAIL)
    assert told.of == {("client_answered", "olga")}
    assert told.count == 1


def test_a_hand_over_reaches_the_receiving_team_and_the_manager_and_not_the_requester(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    with Since() as told:
        handed_over(ticket, s.olga)
    assert told.of == {("handed_over", "emil"), ("handed_over", "maria")}


def test_who_handed_over_is_told_at_each_answer_and_at_the_solution(s: SimpleNamespace) -> None:
    ticket = handed_over(lifecycle.take(cast.ticket(s), by=s.olga, at=later(5)), s.olga)
    ticket = lifecycle.take(ticket, by=s.emil, at=later(31))
    with Since() as told:
        ticket = conversation.answer(ticket, Words(text="Еду"), by=s.emil, at=later(32))
        ticket = conversation.reply(ticket, Words(text="Жду"), by=s.ivan, at=later(33), channel=Channel.PORTAL)
        lifecycle.resolve(ticket, how="Заменил", remote=False, by=s.emil, at=later(40))
    assert told.of == {
        ("answer", "ivan"), ("colleague_answered", "olga"),
        ("client_answered", "emil"), ("client_answered", "olga"),
        ("solved", "ivan"), ("colleague_solved", "olga"),
    }  # fmt: skip


def test_nobody_is_told_what_he_did_himself(s: SimpleNamespace) -> None:
    ticket = handed_over(lifecycle.take(cast.ticket(s), by=s.maria, at=later(5)), s.maria)
    assert not Delivery.objects.filter(person=s.maria.pk).exists()
    ticket, _ = lifecycle.resolve(ticket, how="Заменил", remote=False, by=s.maria, at=later(40))
    lifecycle.confirm(ticket, by=s.ivan, at=later(50))
    assert not Delivery.objects.filter(person=s.maria.pk).exists()
    assert not Delivery.objects.filter(person=s.ivan.pk, kind="closed").exists()


def test_closing_by_itself_or_by_the_coordinator_is_told_to_the_requester(s: SimpleNamespace) -> None:
    for close in (
        lambda one: lifecycle.close(one, at=later(90)),
        lambda one: lifecycle.confirm(one, by=s.kira, at=later(90)),
    ):
        ticket, _ = lifecycle.resolve(cast.ticket(s), how="Заменил", remote=False, by=s.olga, at=later(40))
        with Since() as told:
            close(ticket)
        assert told.of == {("closed", "ivan")}


def test_cancelled_by_the_desk_or_by_the_client_the_other_side_is_told(s: SimpleNamespace) -> None:
    with Since() as told:
        lifecycle.cancel(lifecycle.take(cast.ticket(s), by=s.olga, at=later(1)), why="Дубль", by=s.nadia, at=later(5))
    assert ("cancelled", "ivan") in told.of
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    with Since() as told:
        lifecycle.cancel(ticket, why="Уже не надо", by=s.ivan, at=later(6))
    assert told.of == {("cancelled_by_client", "olga")}


def test_a_reopening_is_told_once_by_word_or_by_answer(s: SimpleNamespace) -> None:
    solved, _ = lifecycle.resolve(cast.ticket(s), how="Заменил", remote=False, by=s.olga, at=later(40))
    with Since() as told:
        reopened = lifecycle.reopen(solved, why="Не печатает", by=s.ivan, at=later(50))
    assert told.of == {("reopened", "olga")}
    solved, _ = lifecycle.resolve(reopened, how="Ещё раз", remote=False, by=s.olga, at=later(60))
    with Since() as told:
        conversation.reply(solved, Words(text="Опять"), by=s.ivan, at=later(70), channel=Channel.EMAIL)
    assert told.of == {("client_answered", "olga")}


def test_an_assignment_is_told_to_whom_it_is_given(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    with Since() as told:
        assignment.assign(ticket, assignee=s.nadia, by=s.maria, at=later(5))
    assert told.of == {("assigned", "nadia")}
    with Since() as told:
        assignment.assign(ticket, assignee=s.maria, by=s.maria, at=later(6))
    assert told.count == 0


def test_a_warning_goes_to_the_assignee_or_else_to_the_team(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s, service=s.printing)
    with Since() as told:
        warn(ticket)
    assert told.of == {("sla_warning", "olga"), ("sla_warning", "nadia")}, "Petra does not see this client"
    ticket = lifecycle.take(ticket, by=s.olga, at=later(5))
    with Since() as told:
        warn(ticket)
    assert told.of == {("sla_warning", "olga")}


def test_a_breach_goes_to_the_assignee_the_leads_and_the_managers(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(5))
    with Since() as told:
        history.record(
            ticket, Kind.SLA_BREACH, by=None, at=later(60), metric="resolution", due_at=later(60).isoformat()
        )
    assert told.of == {("sla_breach", "olga"), ("sla_breach", "lev"), ("sla_breach", "maria")}


def test_who_left_is_told_nothing(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s, participants=[s.irina]), by=s.olga, at=later(5))
    Person.objects.filter(pk__in=[s.olga.pk, s.irina.pk]).update(is_active=False)
    with Since() as told:
        conversation.reply(ticket, Words(text="HP"), by=s.ivan, at=later(7), channel=Channel.EMAIL)
        conversation.answer(ticket, Words(text="Ясно"), by=s.nadia, at=later(8))
    assert told.of == {("answer", "ivan")}


def test_a_participant_of_the_desk_is_not_written_to_as_a_client(s: SimpleNamespace) -> None:
    ticket = cast.ticket(s)
    Participant.objects.create(ticket=ticket, person=s.petra)
    with Since() as told:
        conversation.answer(ticket, Words(text="Ясно"), by=s.olga, at=later(8))
    assert told.of == {("answer", "ivan")}


def warn(ticket: Ticket) -> None:
    history.record(ticket, Kind.SLA_WARNING, by=None, at=later(45), metric="resolution", due_at=later(60).isoformat())


def test_what_tells_the_desk_is_marked_so_that_no_limit_swallows_it(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=later(10))
    handed_over(ticket, s.olga)
    conversation.reply(ticket, Words(text="Всё ещё"), by=s.ivan, at=later(40), channel=Channel.EMAIL)
    conversation.answer(ticket, Words(text="Смотрю."), by=s.emil, at=later(50))
    rows = list(Delivery.objects.all())
    assert {bool(row.data.get(TO_THE_DESK)) for row in rows} == {True, False}
    for row in rows:
        assert bool(row.data.get(TO_THE_DESK)) == Person.objects.get(pk=row.person).is_agent, row.kind
