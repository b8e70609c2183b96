"""Each warning of the contract once, to whom it names; shares of the stages; excuses; one letter after an outage."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from firstline.contracts.models import InnerTerm, Target
from firstline.people.permissions import NotAllowed
from firstline.post import outbox
from firstline.post.models import Delivery
from firstline.sla import breaches, replay
from firstline.sla.models import Clock
from firstline.tickets import assignment, conversation, handover, lifecycle
from firstline.tickets.models import Kind, Ticket
from firstline.tickets.opening import Words
from firstline.tickets.refusals import WrongValue
from tests import cast
from tests.notices.told import deliver, letter, text_of

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE
CARD = {"symptom": "не печатает", "tried": "перезапуск", "impact": "low", "reason": "too_long"}


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def stage() -> SimpleNamespace:
    s = cast.stage()
    s.response = Target.objects.get(version=s.version, metric="first_response", priority=3)
    s.response.warnings = [
        {"share": "0.5", "tell": ["assignee"]},
        {"share": "0.9", "tell": ["assignee", "line_lead", "manager", "account_manager"]},
    ]
    s.response.save()
    return s


def settle(at: float) -> None:
    while breaches.record_due(at=NINE + minutes(at)):
        pass


def told(ticket: Ticket, kind: str) -> list[str]:
    rows = Delivery.objects.filter(ticket=ticket.pk, kind=kind).order_by("pk")
    return [row.to.split("@")[0] for row in rows]


def test_each_threshold_is_said_once_to_those_that_it_names(stage: SimpleNamespace) -> None:
    ticket = assignment.assign(cast.ticket(stage), assignee=stage.olga, by=stage.maria, at=NINE)
    for moment in (29, 30, 31, 40):
        settle(moment)
    assert told(ticket, "sla_warning") == ["olga"]
    for moment in (53, 54, 55):
        settle(moment)
    assert sorted(told(ticket, "sla_warning")) == ["anna", "lev", "maria", "olga", "olga"]
    assert [event.data["share"] for event in ticket.events.filter(kind=Kind.SLA_WARNING)] == ["0.5", "0.9"]


def test_of_several_that_are_due_at_once_the_last_is_said_to_all(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    settle(55)
    (warning,) = ticket.events.filter(kind=Kind.SLA_WARNING)
    assert (warning.data["share"], sorted(warning.data["tell"])) == (
        "0.9", ["account_manager", "assignee", "line_lead", "manager"],
    )  # fmt: skip


def test_a_contract_may_want_no_warning(stage: SimpleNamespace) -> None:
    stage.version.warnings = []
    stage.version.save()
    Target.objects.filter(pk=stage.response.pk).update(warnings=[], minutes=61)
    Target.objects.create(version=stage.version, metric="acknowledge", minutes=600)  # a new edition of the terms
    ticket = cast.ticket(stage)
    settle(60)
    assert not ticket.events.filter(kind=Kind.SLA_WARNING).exists()
    settle(62)
    assert ticket.events.filter(kind=Kind.SLA_BREACH).exists()


def test_a_warning_that_has_not_left_is_taken_back_when_the_promise_is_kept(stage: SimpleNamespace) -> None:
    ticket = assignment.assign(cast.ticket(stage), assignee=stage.olga, by=stage.maria, at=NINE)
    settle(31)
    conversation.answer(ticket, Words(text="Смотрю"), by=stage.olga, at=NINE + minutes(32))
    assert told(ticket, "sla_warning") == []


def test_after_an_outage_everybody_gets_one_letter_about_all_alarms(stage: SimpleNamespace) -> None:
    tickets = [cast.ticket(stage, subject=f"Заявка {n}") for n in range(4)]
    settle(300)
    assert not any(told(ticket, "sla_breach") for ticket in tickets)
    digests = Delivery.objects.filter(kind="late_alarms")
    assert sorted(row.to.split("@")[0] for row in digests) == ["lev", "maria", "nadia", "olga"]
    deliver(NINE + minutes(304))
    with translation.override("ru"):
        words = text_of(letter(digests.get(person=stage.olga.pk)))
    assert all(f"Заявка {n}" in words for n in range(4))
    assert Clock.objects.filter(recorded_at__isnull=False).count() == 4
    settle(310)
    assert digests.count() == 4


def test_an_alarm_in_time_is_no_part_of_a_digest(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    settle(61)
    assert told(ticket, "sla_breach")
    assert not Delivery.objects.filter(kind="late_alarms").exists()


def test_a_shorter_target_that_is_used_up_already_is_said_to_be_so(stage: SimpleNamespace) -> None:
    from firstline.tickets import properties  # noqa: PLC0415 - only here

    ticket = cast.ticket(stage)
    properties.change(ticket, priority=1, by=stage.olga, at=NINE + minutes(29))
    settle(29)
    (breach,) = ticket.events.filter(kind=Kind.SLA_BREACH)
    assert breach.data["at_once"] is True
    assert "late" not in breach.data


@pytest.fixture
def shares(stage: SimpleNamespace) -> SimpleNamespace:
    """960 minutes of resolution: 96 for intake, 384 for line 1."""
    for name, share in (("intake", 10), ("line1", 40), ("line2", 30), ("line3", 20)):
        InnerTerm.objects.create(version=stage.version, stage=name, share=share)
    Target.objects.create(version=stage.version, metric="acknowledge", minutes=6000)  # a new edition of the terms
    return stage


def inner(ticket: Ticket) -> list[str]:
    return [event.data["stage"] for event in ticket.events.filter(kind=Kind.INNER_TERM)]


def test_each_stage_is_warned_once_when_it_has_used_its_share(shares: SimpleNamespace) -> None:
    ticket = cast.ticket(shares)
    settle(95)
    assert inner(ticket) == []
    settle(97)
    assert inner(ticket) == ["intake"]
    assert sorted(told(ticket, "inner_term")) == ["lev", "nadia", "olga"]
    lifecycle.take(ticket, by=shares.olga, at=NINE + minutes(100))
    settle(483)
    settle(485)
    settle(486)
    assert inner(ticket) == ["intake", "line1"]
    ticket.refresh_from_db()
    assert replay.differences(ticket) == []


def test_who_has_it_no_more_is_not_warned_and_waiting_uses_nobodys_share(shares: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(shares), by=shares.olga, at=NINE)
    lifecycle.wait(ticket, on="client", reason="?", by=shares.olga, at=NINE + minutes(60))
    settle(400)
    lifecycle.resume(ticket, by=shares.olga, at=NINE + minutes(400))
    settle(530)
    assert inner(ticket) == []
    handover.hand_over(ticket, to_line=2, by=shares.olga, at=NINE + minutes(535), **CARD)
    settle(1440 + 282)
    assert inner(ticket) == []
    settle(1440 + 285)
    assert inner(ticket) == ["line2"]


def test_giving_it_to_a_person_ends_the_intake(shares: SimpleNamespace) -> None:
    ticket = assignment.assign(cast.ticket(shares), assignee=shares.olga, by=shares.maria, at=NINE + minutes(90))
    settle(100)
    assert inner(ticket) == []
    assert Clock.objects.get(ticket=ticket, metric="resolution").inner_stage == "line1"


def broken(stage: SimpleNamespace) -> tuple[Ticket, Clock]:
    ticket = cast.ticket(stage)
    settle(61)
    return ticket, Clock.objects.get(ticket=ticket, metric="first_response")


def test_a_breach_is_excused_with_reason_and_name_and_its_verdict_stays(stage: SimpleNamespace) -> None:
    ticket, clock = broken(stage)
    breaches.excuse(ticket, clock, reason="Электричества не было", by=stage.maria, at=NINE + minutes(70))
    clock.refresh_from_db()
    assert (clock.state, clock.verdict_at) == ("breached", NINE + minutes(60))
    assert (clock.excused["reason"], clock.excused["by"]) == ("Электричества не было", "maria")
    event = ticket.events.get(kind=Kind.SLA_EXCUSED)
    assert (event.by, event.data["reason"], event.public) == (stage.maria, "Электричества не было", False)
    with pytest.raises(WrongValue):
        breaches.excuse(ticket, clock, reason="ещё раз", by=stage.anna, at=NINE + minutes(71))


def test_only_manager_and_account_manager_excuse_and_never_without_a_reason(stage: SimpleNamespace) -> None:
    ticket, clock = broken(stage)
    for person in (stage.olga, stage.lev, stage.adam, stage.ivan):
        with pytest.raises(NotAllowed):
            breaches.excuse(ticket, clock, reason="x", by=person, at=NINE + minutes(70))
    with pytest.raises(WrongValue):
        breaches.excuse(ticket, clock, reason=" ", by=stage.anna, at=NINE + minutes(70))
    kept = Clock.objects.get(ticket=ticket, metric="resolution")
    with pytest.raises(WrongValue):
        breaches.excuse(ticket, kept, reason="x", by=stage.anna, at=NINE + minutes(70))


def test_withdrawing_some_leaves_the_others(stage: SimpleNamespace) -> None:
    ticket = cast.ticket(stage)
    for number in (1, 2):
        outbox.put(
            kind="sla_warning", to="olga@desk.example", language="ru", data={}, at=NINE, ticket=ticket.pk, event=number
        )
    assert outbox.withdraw(ticket=ticket.pk, kind="sla_warning", since=NINE, events=[2]) == 1
    assert Delivery.objects.get(ticket=ticket.pk, kind="sla_warning").event == 1
