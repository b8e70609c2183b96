"""Shifts, layers on call, cover and skills of an apply file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from firstline.imports import stage
from firstline.imports.apply_file import WrongFile
from firstline.people.models import Person, Team
from firstline.roster import duty, skills
from firstline.roster.models import Layer, Pattern

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[2] / "examples" / "desk.toml"
MONDAY_NOON = datetime(2026, 1, 5, 9, tzinfo=UTC)

PEOPLE = """
[[team]]
slug = "line1"
name = "Первая линия"
line = 1
[[skill]]
slug = "pos"
name = "Кассы"
[[person]]
login = "olga"
name = "Ольга"
role = "operator"
team = "line1"
skills = { pos = 3 }
speaks = ["bg"]
"""
LAYER = '[[on_call]]\nslug = "SLUG"\nteam = "line1"\nbegins_on = 2026-01-05\npeople = ["olga"]\n'
SHIFT = '[[shift]]\nslug = "days"\nteam = "line1"\nbegins_on = 2026-01-05\n'


def applied(text, **options):
    return stage.apply(text.encode(), at=MONDAY_NOON, actor="test", **options)


def test_the_example_sets_shifts_and_layers_and_a_second_time_changes_nothing():
    stage.apply(EXAMPLE.read_bytes(), at=MONDAY_NOON, actor="test")
    here = {person.login for person in Person.objects.filter(pk__in=duty.on_duty(MONDAY_NOON))}
    assert here == {"elena", "boris"}
    assert skills.of([Person.objects.get(login="elena").pk]) == {Person.objects.get(login="elena").pk: {"tills": 2}}
    assert duty.on_call(MONDAY_NOON, Team.objects.get(slug="engineers").pk) == [Person.objects.get(login="boris").pk]
    again = stage.apply(EXAMPLE.read_bytes(), at=MONDAY_NOON, actor="test")
    assert {one.result for one in again} == {"unchanged"}


def test_a_week_that_begins_on_a_wednesday_has_its_monday_five_days_later():
    applied(PEOPLE + SHIFT.replace("01-05", "01-07") + 'weekly = { mon = [["09:00", "18:00"]] }\n')
    assert Pattern.objects.get().days == [[5, "09:00", "18:00"]]
    assert duty.on_duty(datetime(2026, 1, 12, 9, tzinfo=UTC))
    assert not duty.on_duty(MONDAY_NOON)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (SHIFT, "shift[0]: one of weekly and cycle is needed"),
        (SHIFT + 'cycle = ["9 to 5"]\n', 'shift[0].cycle[0]: hours such as "08:00-20:00" are needed, or ""'),
        (SHIFT + 'weekly = { mo = [["09:00", "18:00"]] }\n', "shift[0].weekly.mo: is not one of"),
        (SHIFT + 'cycle = [""]\n', "shift[0].cycle: there is no hour in it"),
        (SHIFT + 'time_zone = "Mars"\ncycle = ["08:00-20:00"]\n', "shift[0].time_zone: unknown"),
        ('[[on_call]]\nslug = "x"\nteam = "line1"\nbegins_on = 2026-01-05\npeople = []\n', "on_call[0].people: nobody"),
        ('[[on_call]]\nslug = "x"\nteam = "line1"\nbegins_on = 2026-01-05\npeople = ["eve"]\n', "there is no person"),
        ('[[cover]]\nteam = "line1"\nleast = 0\nweekly = {}\n', "cover[0].least: 1 or more is needed"),
        ('[[cover]]\nteam = "line1"\ntime_zone = "Mars"\nweekly = {}\n', "cover[0].time_zone: unknown"),
        (LAYER.replace("SLUG", "x") + 'time_zone = "Mars"\n', "on_call[0].time_zone: unknown"),
        (LAYER.replace("SLUG", "x") + LAYER.replace("SLUG", "y"), "on_call[1].position: another layer of line1 stands"),
    ],
)
def test_a_slip_is_named_by_its_place_and_nothing_is_applied(more, problem):
    with pytest.raises(WrongFile) as wrong:
        applied(PEOPLE + more)
    assert problem in wrong.value.problems[0]
    assert not Pattern.objects.exists()
    assert not Layer.objects.exists()


def test_an_unknown_skill_or_a_fourth_level_is_refused():
    for skills_of, problem in (("{ cars = 1 }", "there is no skill 'cars'"), ("{ pos = 4 }", "from 1 to 3")):
        with pytest.raises(WrongFile) as wrong:
            applied(PEOPLE.replace("{ pos = 3 }", skills_of))
        assert problem in wrong.value.problems[0]
