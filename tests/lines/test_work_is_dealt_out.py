"""What nobody could take is given to the first who can; who goes gives back what cannot wait for him."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from firstline.lib import clock
from firstline.lines import dealing, routing_rules
from firstline.lines.routing_models import Undealt
from firstline.post.models import Delivery
from firstline.roster.models import Absence, Pattern, Turn
from firstline.tickets import assignment, lifecycle
from firstline.tickets.models import Event, Kind, Ticket
from tests import cast
from tests.lines.rules_made import sends

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


def away(person: object, *, hours: int = 10) -> Absence:
    return Absence.objects.create(
        person=person, starts_at=NINE - timedelta(hours=1), ends_at=NINE + timedelta(hours=hours)
    )


def test_what_waited_is_given_to_whoever_comes() -> None:
    s = cast.stage()
    sends("all", team="line2", strategy="least_loaded")
    away(s.emil, hours=1)
    tickets = [cast.ticket(s) for _ in range(3)]
    assert dealing.deal_due(NINE + timedelta(minutes=30)) == 0
    assert dealing.deal_due(NINE + timedelta(hours=2)) == 3
    assert {Ticket.objects.get(pk=one.pk).assignee for one in tickets} == {s.emil}
    assert not Undealt.objects.exists()


def test_one_that_finds_nobody_speaks_for_all_that_ask_for_the_same(django_assert_max_num_queries: object) -> None:
    s = cast.stage()
    sends("all", team="line2", strategy="least_loaded")
    away(s.emil)
    for _ in range(10):
        cast.ticket(s)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert dealing.deal_due(NINE + timedelta(minutes=5)) == 0
    assert Undealt.objects.filter(try_at__gt=NINE + timedelta(minutes=5)).count() == 10


def test_what_somebody_took_by_himself_is_not_given_to_another() -> None:
    s = cast.stage()
    sends("all", team="line1", strategy="round_robin")
    for person in (s.olga, s.nadia, s.petra):
        away(person, hours=1)
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.lev, at=NINE + timedelta(minutes=1))
    assert dealing.deal_due(NINE + timedelta(hours=2)) == 0
    assert Ticket.objects.get(pk=ticket.pk).assignee == s.lev
    assert not Undealt.objects.exists()


def test_nobody_is_given_more_than_his_cap_and_a_cap_of_none_is_said_beside_the_rule() -> None:
    s = cast.stage()
    for person, most in ((s.olga, 2), (s.nadia, 0)):
        routing_rules.limit({person: most}, by="test", at=NINE)
    rule = sends("all", team="line1", strategy="round_robin")
    for _ in range(4):
        cast.ticket(s)
    held = Counter(Ticket.objects.values_list("assignee__login", flat=True))
    assert held == {"olga": 2, None: 2}, "Petra does not see North"
    routing_rules.limit({s.olga: 0}, by="test", at=NINE)
    routing_rules.limit({s.petra: 0}, by="test", at=NINE)
    assert [one.kind for one in routing_rules.oddities(rule, [])] == ["full"]


def test_only_who_is_on_duty_is_given_work_once_shifts_are_kept() -> None:
    s = cast.stage()
    Pattern.objects.create(slug="day", person=s.nadia, time_zone="Europe/Moscow", begins_on=NINE.date())
    Turn.objects.create(person=s.nadia, starts_at=NINE, ends_at=NINE + timedelta(hours=9))
    sends("all", team="line1", strategy="round_robin")
    assert {cast.ticket(s).assignee for _ in range(3)} == {s.nadia}


def test_who_goes_off_duty_gives_back_what_is_due_before_he_returns_and_the_lead_is_told() -> None:
    s = cast.stage()
    Pattern.objects.create(slug="day", team=s.line1, time_zone="Europe/Moscow", begins_on=NINE.date())
    end = NINE + timedelta(hours=9)
    for person in (s.olga, s.nadia):
        Turn.objects.create(person=person, starts_at=NINE, ends_at=end)
        Turn.objects.create(person=person, starts_at=NINE + timedelta(days=1), ends_at=end + timedelta(days=1))
    urgent, patient = cast.ticket(s), cast.ticket(s)
    waiting = cast.ticket(s)
    for ticket in (urgent, patient, waiting):
        lifecycle.take(ticket, by=s.olga, at=NINE + timedelta(minutes=1))
    lifecycle.wait(waiting, on="client", reason="?", by=s.olga, at=NINE + timedelta(minutes=2))
    Ticket.objects.filter(pk__in=[urgent.pk, waiting.pk]).update(due_at=end + timedelta(hours=1))
    Ticket.objects.filter(pk=patient.pk).update(due_at=end + timedelta(days=2))
    dealing.watch(end - timedelta(minutes=1))
    assert dealing.watch(end) == 1
    held = {one.pk: one.assignee for one in Ticket.objects.all()}
    assert held == {urgent.pk: None, patient.pk: s.olga, waiting.pk: s.olga}
    said = Event.objects.get(ticket=urgent, kind=Kind.GIVEN_BACK)
    assert said.data["person"] == "olga"
    assert Delivery.objects.filter(kind="given_back", person=s.lev.pk).count() == 1
    assert dealing.watch(end + timedelta(minutes=1)) == 0


def test_whoever_falls_ill_after_his_shift_keeps_nothing_that_cannot_wait() -> None:
    s = cast.stage()
    Pattern.objects.create(slug="day", team=s.line1, time_zone="Europe/Moscow", begins_on=NINE.date())
    end, tomorrow = NINE + timedelta(hours=9), NINE + timedelta(days=1)
    Turn.objects.create(person=s.olga, starts_at=NINE, ends_at=end)
    Turn.objects.create(person=s.olga, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=9))
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=NINE + timedelta(minutes=1))
    Ticket.objects.filter(pk=ticket.pk).update(due_at=tomorrow + timedelta(hours=4))
    dealing.watch(end - timedelta(minutes=1))
    assert dealing.watch(end) == 0, "he is here again before it is due"
    Absence.objects.create(person=s.olga, starts_at=end + timedelta(hours=2), ends_at=end + timedelta(days=7))
    Turn.objects.filter(starts_at__gt=end).delete()  # as the plan says then
    Turn.objects.create(person=s.olga, starts_at=end + timedelta(days=8), ends_at=end + timedelta(days=8, hours=9))

    assert dealing.watch(end + timedelta(hours=2)) == 1
    assert Ticket.objects.get(pk=ticket.pk).assignee is None


def test_one_ticket_that_cannot_be_dealt_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    absence = away(s.olga)
    away(s.nadia)
    sends("paper", team="line1", strategy="round_robin")
    first, second = cast.ticket(s), cast.ticket(s)
    assert Undealt.objects.count() == 2
    absence.delete()
    real = dealing.deal

    def broken(number: int, **how: Any) -> bool:
        if number == first.pk:
            raise KeyError("broken")
        return real(number, **how)

    monkeypatch.setattr(dealing, "deal", broken)
    dealing.deal_due(NINE + timedelta(minutes=5))
    assert Ticket.objects.get(pk=second.pk).assignee == s.olga
    assert Undealt.objects.get(pk=first.pk).try_at == NINE + timedelta(minutes=6)


def test_what_a_rule_dealt_out_is_dealt_out_again() -> None:
    s = cast.stage()
    sends("all", team="line1", strategy="round_robin")
    ticket = cast.ticket(s)
    first = ticket.assignee
    assert first is not None
    Ticket.objects.filter(pk=ticket.pk).update(due_at=NINE + timedelta(hours=1))
    dealing.watch(NINE)
    away(first)
    assert dealing.watch(NINE + timedelta(minutes=1)) == 1
    second = Ticket.objects.get(pk=ticket.pk).assignee
    assert second is not None
    assert second != first


def test_nobody_gives_back_what_is_another_s_by_now() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=NINE)
    assignment.assign(ticket, by=s.maria, at=NINE, assignee=s.nadia)
    assert not dealing.give_back(ticket, person=s.olga.pk, at=NINE, why="leaves", back=NINE + timedelta(hours=9))


def test_who_leaves_gives_back_what_cannot_wait_and_gets_nothing_more() -> None:
    s = cast.stage()
    ticket = cast.ticket(s)
    lifecycle.take(ticket, by=s.olga, at=NINE)
    Ticket.objects.update(due_at=NINE + timedelta(hours=3))
    sends("all", person="olga")
    browser = Client()
    browser.force_login(s.olga)
    assert browser.post("/desk/leaving/").status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).assignee is None
    assert Event.objects.get(ticket=ticket, kind=Kind.GIVEN_BACK).data["why"] == "leaves"
    assert cast.ticket(s, at=clock.now()).assignee is None, "nothing goes to the absent"
