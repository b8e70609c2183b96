"""A ticket goes where the first rule that holds sends it; a broken rule leaves it where it came in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firstline.lines import routing
from firstline.lines.routing_models import RoutingRule, SkillNeed, Undealt
from firstline.ops import health
from firstline.post.models import Delivery
from firstline.roster.models import Absence, Level, Skill
from firstline.tickets import lifecycle, properties
from firstline.tickets.models import Event, Kind
from firstline.tickets.opening import Words
from tests import cast
from tests.lines.rules_made import asks, sends

pytestmark = pytest.mark.django_db
LATER = cast.MONDAY_NINE + timedelta(hours=1)


def routed(ticket: object) -> Event:
    return Event.objects.get(ticket=ticket, kind=Kind.ROUTED)


def test_the_first_rule_that_holds_says_line_and_team_and_the_event_says_why() -> None:
    s = cast.stage()
    sends("everything of East", asks("client", "east"), team="line3")
    sends("networks of North", asks("service", "network"), asks("client", "north"), team="line3")
    sends("networks", asks("service", "network"), team="line2")
    ticket = cast.ticket(s, service=s.network)
    ticket.refresh_from_db()
    assert (ticket.line, ticket.team, ticket.assignee) == (3, s.line3, None)
    said = routed(ticket).data
    assert (said["place"], said["rule"], said["line"], said["team"]) == (2, "networks of North", 3, "line3")


def test_without_a_rule_that_holds_it_stays_where_it_came_in() -> None:
    s = cast.stage()
    sends("East", asks("client", "east"), team="line3")
    ticket = cast.ticket(s)
    assert (ticket.line, ticket.team) == (1, None)
    assert not Event.objects.filter(ticket=ticket, kind=Kind.ROUTED).exists()


def test_rules_that_do_not_hold_cost_one_statement_however_many() -> None:
    s = cast.stage()
    cast.ticket(s)
    with CaptureQueriesContext(connection) as without:
        cast.ticket(s)
    for number in range(5):
        sends(f"East {number}", asks("client", "east"), team="line3")
    cast.ticket(s)
    with CaptureQueriesContext(connection) as asked:
        cast.ticket(s)
    assert len(asked) == len(without), "no savepoint, and nothing looked up of what they name"


def test_words_vip_hours_and_skills_are_facts() -> None:
    s = cast.stage()
    skill = Skill.objects.create(slug="printers", name="Принтеры")
    SkillNeed.objects.create(category=s.jam, skill=skill, level=2)
    sends("Bulgarian", asks("language", "bg"), team="line2")
    sends("VIP outside hours", asks("vip", "yes"), asks("calendar", "weekdays", negated=True), team="line3")
    sends("VIP", asks("vip", "yes"), asks("time", "08:00-20:00"), asks("day", "mon"), team="line2")
    sends("printers", asks("skill", "printers"), line=3)
    words = Words(text="Здравейте, принтерът не печата и моля за помощ, това е спешно за нас. " * 4)
    assert cast.ticket(s, words=words, subject="Принтер").team == s.line2
    assert cast.ticket(s, requester=s.stoyan, words=Words(text="Не печата."), subject="Принтер").team == s.line2
    s.ivan.is_vip = True
    assert cast.ticket(s).team == s.line2
    night = cast.MONDAY_NINE - timedelta(hours=4)
    assert cast.ticket(s, at=night).team == s.line3
    s.ivan.is_vip = False
    needing = cast.ticket(s, category=s.jam)
    assert (needing.line, needing.team) == (3, None)


def test_a_broken_rule_is_named_and_the_ticket_arrives_all_the_same() -> None:
    s = cast.stage()
    broken = sends("broken", asks("client", "north"), team="line3")
    RoutingRule.objects.filter(pk=broken.pk).update(conditions=[{"field": "moon", "values": ["full"]}])
    ticket = cast.ticket(s)
    assert (ticket.line, ticket.team) == (1, None)
    said = Event.objects.get(ticket=ticket, kind=Kind.TROUBLE)
    assert "moon" in said.data["error"]
    named = [problem for problem in health.problems(LATER) if problem.name == "routing rule broken"]
    assert named
    assert not named[0].stops


def test_what_fails_while_it_is_applied_undoes_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    s = cast.stage()
    rule = sends("all", team="line3", strategy="least_loaded")

    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(routing.choose, "order_for", fails)
    ticket = cast.ticket(s)
    ticket.refresh_from_db()
    assert (ticket.line, ticket.team, ticket.assignee) == (1, None, None)
    assert not Event.objects.filter(ticket=ticket, kind=Kind.ROUTED).exists()
    assert ticket.version == Event.objects.filter(ticket=ticket).latest("id").pk
    rule.refresh_from_db()
    assert "no such luck" in rule.problem


def test_a_new_category_sends_it_on_until_somebody_took_it() -> None:
    s = cast.stage()
    sends("printing", asks("service", "printing"), team="line2")
    ticket = cast.ticket(s)
    changed = properties.change(ticket, by=s.maria, at=LATER, service=s.printing, category=s.jam)
    assert changed.team == s.line2
    other = cast.ticket(s)
    lifecycle.take(other, by=s.olga, at=LATER)
    kept = properties.change(other, by=s.maria, at=LATER, service=s.printing, category=s.jam)
    assert kept.assignee == s.olga
    assert not Event.objects.filter(ticket=other, kind=Kind.ROUTED).exists()


def test_a_person_is_told_that_it_is_his() -> None:
    s = cast.stage()
    sends("all", person="emil")
    ticket = cast.ticket(s)
    assert (ticket.assignee, ticket.team, ticket.line) == (s.emil, s.line2, 2)
    assert Delivery.objects.filter(ticket=ticket.pk, kind="routed", person=s.emil.pk).exists()


def test_nothing_goes_to_the_absent_and_the_manager_is_told_once_an_hour() -> None:
    s = cast.stage()
    sends("all", team="line2", strategy="least_loaded")
    Absence.objects.create(person=s.emil, starts_at=cast.MONDAY_NINE - timedelta(days=1))
    tickets = [cast.ticket(s) for _ in range(3)]
    assert {ticket.assignee for ticket in tickets} == {None}
    assert routed(tickets[0]).data["nobody"] == "absent"
    assert Undealt.objects.count() == 3
    assert Delivery.objects.filter(kind="nobody_takes", person=s.maria.pk).count() == 1


def test_the_skill_that_a_category_needs_decides_who_is_asked() -> None:
    s = cast.stage()
    skill = Skill.objects.create(slug="printers", name="Принтеры")
    SkillNeed.objects.create(category=s.jam, skill=skill, level=2)
    Level.objects.create(person=s.nadia, skill=skill, level=2)
    Level.objects.create(person=s.olga, skill=skill, level=1)
    sends("all", team="line1", strategy="skill")
    assert cast.ticket(s, category=s.jam).assignee == s.nadia


def test_the_requester_comes_to_whom_he_knows() -> None:
    s = cast.stage()
    sends("all", team="line1", strategy="round_robin", sticks=True)
    first = cast.ticket(s)
    assert first.assignee is not None
    second = cast.ticket(s)
    assert second.assignee == first.assignee
    assert cast.ticket(s, requester=s.irina).assignee != first.assignee


def test_a_decision_costs_the_same_however_many_rules_people_and_tickets_there_are() -> None:
    s = cast.stage()
    sends("all", team="line1", strategy="least_loaded")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            cast.ticket(s)
        return len(asked)

    cost()
    few = cost()
    for number in range(20):
        sends(f"rule {number}", asks("client", "east"), team="line3")
        cast.person(f"op{number}", f"Оператор {number}", "operator", team=s.line1, scope_all=True)
        cast.ticket(s, requester=s.irina)
    RoutingRule.objects.filter(name="all").update(position=99)
    assert cost() == few
