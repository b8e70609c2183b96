"""Reinforcement: asked, accepted by a link, a role and a scope that end by themselves."""

from datetime import timedelta

import pytest

from firstline.audit.models import Row
from firstline.lib import clock
from firstline.notices import wording
from firstline.notices.audience import desk
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from firstline.people.roles import SOLVERS
from firstline.post.models import Delivery
from firstline.roster import duty, reinforcement, shifts
from firstline.roster.models import CallUp, Reinforcement, Turn
from firstline.roster.refusals import WrongRoster
from firstline.roster.reinforcement import Wanted
from firstline.tickets import assignment, lists, permissions, queries
from firstline.tickets.who_sees import people_who_see
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.MONDAY_NINE
HOUR = timedelta(hours=1)


@pytest.fixture
def moved(monkeypatch):
    """Moves the clock: `moved(3 * HOUR)` is Monday noon."""

    def to(after):
        monkeypatch.setattr(clock, "now", lambda: NOW + after)
        return NOW + after

    to(timedelta())
    return to


def stage():
    s = cast.stage()
    s.partner = cast.person("partner", "Пётр Партнёров", "requester")
    for person in (s.partner, s.petra):
        reinforcement.mark(person, in_reserve=True, by=s.maria, at=NOW)
    return s


def wanted(s, *people, **fields):
    given = {
        "reason": "Касса не работает в трёх магазинах", "starts_at": NOW + HOUR, "ends_at": NOW + 5 * HOUR,
        "role": "engineer", "clients": [s.north], "people": people,
    }  # fmt: skip
    return Wanted(**{**given, **fields})


def called(s, *people, **fields):
    row = reinforcement.call(wanted(s, *people, **fields), by=s.maria, at=NOW)
    return row, row.call_ups.select_related("person").first()


def again(person):
    return Person.objects.get(pk=person.pk)


def sees(person, ticket):
    person = again(person)
    found = queries.visible_to(person).filter(pk=ticket.pk).exists()
    assert lists.in_order(person).filter(pk=ticket.pk).exists() == found or not person.is_agent
    return found


def test_whoever_accepts_works_and_sees_only_between_from_and_until(moved):
    s = stage()
    ticket, other = cast.ticket(s), cast.ticket(s, requester=s.eve)
    _row, call_up = called(s, s.partner)
    assert not again(s.partner).is_agent
    reinforcement.answer(call_up, accepts=True, at=NOW)
    for after, works in ((0, False), (1, True), (4.99, True), (5, False)):
        moved(after * HOUR)
        person = again(s.partner)
        assert (person.is_agent, person.solves, permissions.may(person, "take", ticket)) == (works, works, works)
        assert sees(s.partner, ticket) == works
        assert (s.partner in people_who_see(ticket)) == works
        assert (s.partner in desk().who_see(ticket)) == works
        assert (s.partner in people_who_see(ticket, SOLVERS)) == works
        assert not sees(s.partner, other)
        assert (s.partner.pk in duty.on_duty(NOW + after * HOUR)) == works


def test_a_colleague_of_another_team_sees_more_clients_for_the_time(moved):
    s = stage()
    ticket = cast.ticket(s)
    _row, call_up = called(s, s.petra)
    assert not sees(s.petra, ticket)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    moved(2 * HOUR)
    assert sees(s.petra, ticket)
    assignment.assign(ticket, assignee=again(s.petra), by=s.maria, at=NOW + 2 * HOUR)
    moved(6 * HOUR)
    assert not sees(s.petra, ticket)
    with pytest.raises(queries.NotThere):
        queries.get_for(again(s.petra), ticket.pk)


def test_lines_and_a_project_narrow_it(moved):
    s = stage()
    first, project = cast.ticket(s), cast.ticket(s)
    project.line, project.tags = 2, ["Переезд"]
    project.save()
    _row, call_up = called(s, s.partner, lines="2", tag="Переезд")
    reinforcement.answer(call_up, accepts=True, at=NOW)
    moved(2 * HOUR)
    assert (sees(s.partner, first), sees(s.partner, project)) == (False, True)
    assert (s.partner in people_who_see(first), s.partner in people_who_see(project)) == (False, True)
    assert (s.partner in desk().who_see(first), s.partner in desk().who_see(project)) == (False, True)


def test_nobody_else_costs_a_statement(django_assert_num_queries):
    s = cast.stage()
    person = again(s.olga)
    with django_assert_num_queries(0):
        assert person.acts_as == "operator"
        assert person.solves
        assert not person.sees_all_clients


def test_he_may_say_otherwise_until_it_is_over(moved):
    s = stage()
    row, call_up = called(s, s.partner)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    moved(2 * HOUR)
    reinforcement.answer(call_up, accepts=False, at=NOW + 2 * HOUR)
    assert not again(s.partner).is_agent
    assert s.partner.pk not in duty.on_duty(NOW + 2 * HOUR)
    reinforcement.answer(call_up, accepts=True, at=NOW + 3 * HOUR)
    moved(3 * HOUR)
    assert again(s.partner).is_agent
    with pytest.raises(WrongRoster):
        reinforcement.answer(call_up, accepts=True, at=row.ends_at)


def test_the_manager_ends_it_early_and_whoever_came_is_told(moved):
    s = stage()
    row, call_up = called(s, s.partner, s.petra)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    moved(2 * HOUR)
    reinforcement.end(row, by=s.maria, at=NOW + 2 * HOUR)
    assert not again(s.partner).is_agent
    assert duty.on_duty(NOW + 2 * HOUR) == frozenset()
    assert list(Delivery.objects.filter(kind="called_off").values_list("to", flat=True)) == [s.partner.email]
    with pytest.raises(WrongRoster):
        reinforcement.answer(row.call_ups.get(person=s.petra), accepts=True, at=NOW + 2 * HOUR)
    with pytest.raises(WrongRoster):
        reinforcement.end(row, by=s.maria, at=NOW + 2 * HOUR)


def test_one_that_had_not_begun_never_does(moved):
    s = stage()
    row, call_up = called(s, s.partner)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    reinforcement.end(row, by=s.maria, at=NOW)
    moved(2 * HOUR)
    assert not again(s.partner).is_agent
    assert not Turn.objects.filter(kind="reinforcement").exists()


def test_an_absent_person_is_not_here_though_he_accepted(moved):
    s = stage()
    _row, call_up = called(s, s.petra)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    shifts.tell_absence(s.petra, why="illness", starts_at=NOW + 2 * HOUR, ends_at=None, by=s.petra, at=NOW)
    assert duty.on_duty(NOW + HOUR) == {s.petra.pk}
    assert duty.on_duty(NOW + 2 * HOUR) == frozenset()


def test_everything_is_in_the_audit_trail(moved):
    s = stage()
    row, call_up = called(s, s.partner)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    reinforcement.end(row, by=s.maria, at=NOW)
    said = list(Row.objects.order_by("pk").values_list("actor", "action", "target"))
    maria = f"person:{s.maria.pk}"
    assert said[-4:] == [
        (maria, "reinforcement_called", f"reinforcement:{row.pk}"),
        (maria, "called_up", f"person:{s.partner.pk}"),
        (f"person:{s.partner.pk}", "call_up_accepted", f"call_up:{call_up.pk}"),
        (maria, "reinforcement_ended", f"reinforcement:{row.pk}"),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"ends_at": NOW}, "ends_at"),
        ({"ends_at": NOW + timedelta(days=400)}, "ends_at"),
        ({"role": "manager"}, "role"),
        ({"lines": "21"}, "lines"),
        ({"lines": ""}, "lines"),
        ({"clients": []}, "clients"),
        ({"people": []}, "people"),
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_asked(fields, field):
    s = stage()
    with pytest.raises(WrongRoster) as wrong:
        reinforcement.call(wanted(s, s.partner, **fields), by=s.maria, at=NOW)
    assert wrong.value.field == field
    assert not CallUp.objects.exists()


def test_only_the_manager_calls_and_only_the_reserve_is_asked():
    s = stage()
    with pytest.raises(NotAllowed):
        reinforcement.call(wanted(s, s.partner), by=s.lev, at=NOW)
    with pytest.raises(WrongRoster):
        reinforcement.call(wanted(s, s.nadia), by=s.maria, at=NOW)
    with pytest.raises(WrongRoster):
        reinforcement.mark(s.ivan, in_reserve=True, by=s.maria, at=NOW)


def test_a_link_is_known_by_its_signature_only():
    s = stage()
    _row, call_up = called(s, s.partner)
    token = reinforcement.token_of(call_up)
    assert reinforcement.by_token(token).pk == call_up.pk
    assert reinforcement.by_token(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert reinforcement.by_token(f"{call_up.pk + 1}.{token.split('.')[1]}") is None


@pytest.mark.parametrize("language", ["ru", "bg", "en"])
def test_the_letters_say_what_is_needed(language):
    s = stage()
    Person.objects.filter(pk=s.partner.pk).update(language=language)
    _row, call_up = called(s, again(s.partner), tag="Переезд", lines="23")
    reinforcement.answer(call_up, accepts=True, at=NOW)
    for delivery in Delivery.objects.all():
        words = wording.render(delivery)
        assert reinforcement.url(call_up) in words.text
        assert "Переезд" in words.text
        assert "2, 3" in words.text


def test_how_strong_the_team_is():
    s = stage()
    row, call_up = called(s, s.partner, s.petra)
    for person in (s.olga, s.nadia, s.petra):
        Turn.objects.create(person=person, starts_at=NOW, ends_at=NOW + 9 * HOUR)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    assert reinforcement.strength_of([row], NOW)[row.pk] == (3, 1)


def test_how_strong_the_team_was_each_time_is_one_statement(django_assert_num_queries):
    s = stage()
    first, call_up = called(s, s.partner, s.petra)
    reinforcement.answer(call_up, accepts=True, at=NOW)
    Turn.objects.create(person=s.olga, starts_at=NOW, ends_at=NOW + 9 * HOUR)
    Turn.objects.create(person=s.nadia, starts_at=NOW, ends_at=first.ends_at)
    other = reinforcement.call(
        reinforcement.Wanted("Ночь", first.ends_at, first.ends_at + HOUR, "engineer", all_clients=True,
                             lines="1", people=[s.partner]),
        by=s.maria, at=NOW,
    )  # fmt: skip
    rows = list(Reinforcement.objects.prefetch_related("call_ups").order_by("pk"))
    with django_assert_num_queries(1):
        found = reinforcement.strength_of(rows, NOW)
    assert found == {first.pk: (2, 1), other.pk: (1, 0)}
