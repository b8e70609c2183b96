"""A pause has a reason, the reason says whose time it is, and a silent client hears of it before he is let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from firstline.contracts.models import Duty, PauseReason
from firstline.post.models import Delivery
from firstline.sla import clocks, replay, standstills
from firstline.sla.models import Clock, Standstill
from firstline.tickets import conversation, lifecycle
from firstline.tickets.models import Channel, Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
DAY = timedelta(days=1)  # nine to six: nine working hours


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def stage() -> SimpleNamespace:
    s = cast.stage()
    s.approval = PauseReason.objects.create(
        version=s.version, slug="approval", name="Согласование", names={"bg": "Одобрение"}, whose="client",
        status="waiting_for_client", reminders=[540], warn_minutes=1080, close_minutes=1620,
    )  # fmt: skip
    PauseReason.objects.create(
        version=s.version, slug="busy", name="Нет свободных рук", whose="provider", status="on_hold", pauses=False
    )
    PauseReason.objects.create(version=s.version, slug="storm", name="Стихия", whose="force_majeure", status="on_hold")
    PauseReason.objects.create(
        version=s.version, slug="spare-part", name="Запчасть", whose="vendor", status="waiting_for_vendor"
    )
    Duty.objects.create(version=s.version, slug="approval", side="client", name="Согласовать", minutes=540)
    return s


def waiting(s: SimpleNamespace, pause: str = "approval", at: datetime = NINE) -> Ticket:
    ticket = cast.ticket(s, at=at)
    return lifecycle.wait(ticket, on="", reason="", pause=pause, by=s.olga, at=at)


def resolution(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, metric="resolution")


def test_the_reason_says_whom_to_wait_for_and_whose_time_it_is(stage: SimpleNamespace) -> None:
    ticket = waiting(stage)
    assert ticket.status == "waiting_for_client"
    data = ticket.events.get(kind=Kind.WAITING).data
    assert (data["for"], data["pause"], data["party"], data["reason"]) == (
        "client", "approval", "client", "Согласование",
    )  # fmt: skip
    assert resolution(ticket).state == "paused"


def test_a_vendor_pauses_by_the_reason_even_where_the_version_says_nothing(stage: SimpleNamespace) -> None:
    assert resolution(waiting(stage, "spare-part")).state == "paused"
    plain = lifecycle.wait(cast.ticket(stage), on="vendor", reason="ждём", by=stage.olga, at=NINE)
    assert resolution(plain).state == "running"


def test_the_providers_own_time_pauses_nothing(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    lifecycle.hold(ticket, until=NINE + DAY, reason="отпуск", pause="busy", by=stage.olga, at=NINE)
    assert resolution(ticket).state == "running"
    ticket = cast.ticket(stage)
    lifecycle.hold(ticket, until=NINE + DAY, reason="наводнение", pause="storm", by=stage.olga, at=NINE)
    assert resolution(ticket).state == "paused"


def test_words_alone_are_taken_as_before_and_a_slug_among_them_is_the_reason(stage: SimpleNamespace) -> None:
    plain = lifecycle.wait(cast.ticket(stage), on="client", reason="Какой принтер?", by=stage.olga, at=NINE)
    assert plain.events.get(kind=Kind.WAITING).data == {"for": "client", "reason": "Какой принтер?"}
    named = lifecycle.wait(cast.ticket(stage), on="client", reason="approval", by=stage.olga, at=NINE)
    assert named.events.get(kind=Kind.WAITING).data["reason"] == "Согласование"


@pytest.mark.parametrize("pause", ["nothing", "storm", "x" * 300])
def test_a_reason_that_the_contract_has_not_for_it_is_refused(stage: SimpleNamespace, pause: str) -> None:
    with pytest.raises(WrongValue):
        lifecycle.wait(cast.ticket(stage), on="client", reason="x", pause=pause, by=stage.olga, at=NINE)


def test_the_clients_duty_is_a_clock_too(stage: SimpleNamespace) -> None:
    row = standstills.now_of(waiting(stage))
    assert row is not None
    assert (row.duty.slug, row.duty_due_at) == ("approval", NINE + minutes(540))


def kinds(ticket: Ticket) -> list[str]:
    return [event.kind for event in ticket.events.exclude(kind__startswith="sla_")]


def test_a_silent_client_is_reminded_warned_and_let_go_each_once(stage: SimpleNamespace) -> None:
    ticket = waiting(stage)
    for days in (1, 1, 2, 2, 3, 3):
        standstills.remind_due(at=NINE + days * DAY + minutes(1))
    assert kinds(ticket) == ["created", "waiting", "reminded", "reminded", "closed"]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.events.last().data["why"]) == ("closed", "unanswered")
    letters = Delivery.objects.filter(ticket=ticket.pk, person=stage.ivan.pk).order_by("pk")
    assert [letter.kind for letter in letters] == [
        "received", "waiting", "reminder", "closing_soon", "closed_unanswered",
    ]  # fmt: skip
    assert resolution(ticket).state == "cancelled"
    assert replay.differences(ticket) == []


def test_an_answer_ends_the_plan_and_reopens_what_was_closed_for_want_of_it(stage: SimpleNamespace) -> None:
    ticket = waiting(stage)
    conversation.reply(ticket, Words(text="Да"), by=stage.ivan, at=NINE + minutes(30), channel=Channel.EMAIL)
    assert standstills.remind_due(at=NINE + 9 * DAY) == 0
    silent = waiting(stage)
    for days in (1, 2, 3):
        standstills.remind_due(at=NINE + days * DAY + minutes(1))
    conversation.reply(silent, Words(text="Да"), by=stage.ivan, at=NINE + 4 * DAY, channel=Channel.EMAIL)
    silent.refresh_from_db()
    assert silent.status == "in_progress"
    assert resolution(silent).state == "running"


def test_a_wait_that_cannot_be_read_holds_up_no_other(stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = waiting(stage), waiting(stage)
    whole = standstills._step

    def step(row: Standstill, at: datetime) -> None:
        if row.ticket_id == broken.pk:
            raise RuntimeError("broken")
        whole(row, at)

    monkeypatch.setattr(standstills, "_step", step)
    assert standstills.remind_due(at=NINE + DAY + minutes(1)) == 1
    assert Kind.REMINDED in kinds(fine)
    assert Kind.REMINDED not in kinds(broken)


def test_pauses_just_before_the_deadline_often_or_long_are_worth_a_look(stage: SimpleNamespace) -> None:
    plain = waiting(stage)
    late = cast.ticket(stage)
    lifecycle.wait(late, on="client", reason="?", by=stage.olga, at=NINE + minutes(7 * 60 + 9 * 60 + 14 * 60 + 50))
    often = cast.ticket(stage)
    for step in range(3):
        lifecycle.wait(often, on="client", reason="?", by=stage.olga, at=NINE + minutes(2 * step))
        lifecycle.resume(often, by=stage.olga, at=NINE + minutes(2 * step + 1))
    sample = standstills.sample_for(stage.maria, at=NINE + DAY)
    assert [row.ticket_id for row in sample] == [late.pk, often.pk]
    assert plain.pk in [row.ticket_id for row in standstills.sample_for(stage.maria, at=NINE + 6 * DAY)]
    assert not standstills.sample_for(stage.petra, at=NINE + DAY).exists()


def test_clocks_of_a_ticket_that_was_let_go_say_so(stage: SimpleNamespace) -> None:
    ticket = waiting(stage)
    for days in (1, 2, 3):
        standstills.remind_due(at=NINE + days * DAY + minutes(1))
    assert {row.metric: row.state for row in clocks.of(ticket)}["resolution"] == "cancelled"
