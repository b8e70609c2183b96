"""Templates for answers: whose, with which variables, and what stands in the answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from firstline.people.permissions import NotAllowed
from firstline.tickets import sharing, template_words, templates
from firstline.tickets.queries import NotThere
from firstline.tickets.refusals import WrongValue
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.MONDAY_NINE


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    stage.ticket = cast.ticket(stage)
    return stage


def test_variables_are_the_tickets_and_nothing_else_is_evaluated(s: SimpleNamespace) -> None:
    body = "{{ requester.first_name }}, #{{ticket.number}} «{{ ticket.subject }}» ({{ client.name }}). {{ agent.name }}"
    one = templates.save(s.olga, name="Ответ", body=body)
    s.ticket.subject = "{{ agent.name }} {% now %}"
    said = templates.words_for(one, s.ticket, s.olga)
    assert said == (f"Иван, #{s.ticket.pk} «{{{{ agent.name }}}} {{% now %}}» (Север-Логистик). Ольга Смирнова"), (
        "what people typed is filled in once, and stays words"
    )


def test_an_unknown_variable_is_refused_by_its_name(s: SimpleNamespace) -> None:
    with pytest.raises(WrongValue, match=r"unknown variable client\.password"):
        templates.save(s.olga, name="Ответ", body="{{ client.password }}")
    assert template_words.unknown("{{ ticket.number }} {{ x }} {{x}} {{ y.z }}") == ["x", "y.z"]


def test_every_variable_has_a_value(s: SimpleNamespace) -> None:
    assert set(templates.values_of(s.ticket, s.olga)) == set(template_words.VARIABLES)


def test_own_ones_the_teams_and_the_desks(s: SimpleNamespace) -> None:
    own = templates.save(s.olga, name="Моё", body="x")
    team = templates.save(s.olga, name="Наше", body="x", shared="team")
    everybody = templates.save(s.lev, name="Всех", body="x", shared="everybody")
    assert set(templates.visible_to(s.olga)) == {own, team, everybody}
    assert set(templates.visible_to(s.petra)) == {team, everybody}
    assert set(templates.visible_to(s.emil)) == {everybody}
    assert not templates.visible_to(s.ivan).exists()
    with pytest.raises(NotAllowed):
        templates.save(s.olga, name="Моё всем", body="x", shared="everybody")
    with pytest.raises(NotAllowed):
        templates.change(s.petra, team, name="Чужое", body="y")
    with pytest.raises(NotThere):
        templates.get_for(s.petra, own.pk)


def test_taken_away_it_can_come_back_unless_its_name_is_given_again(s: SimpleNamespace) -> None:
    one = templates.save(s.olga, name="Ответ", body="x")
    templates.remove(s.olga, one, at=AT)
    assert not templates.visible_to(s.olga).exists()
    with pytest.raises(NotThere):
        templates.bring_back(s.petra, one.pk)
    assert templates.bring_back(s.olga, one.pk) == one
    templates.remove(s.olga, one, at=AT)
    templates.save(s.olga, name="Ответ", body="y")
    with pytest.raises(WrongValue, match="name: there already"):
        templates.bring_back(s.olga, one.pk)


def test_what_fits_the_requesters_language_and_the_words_stands_in_the_list(s: SimpleNamespace) -> None:
    russian = templates.save(s.olga, name="Роутер", body="перезагрузите", language="ru")
    anybodys = templates.save(s.olga, name="Привет", body="роутер")
    templates.save(s.olga, name="Рутер", body="рестартирайте роутер", language="bg")
    assert templates.found_for(s.olga, s.ticket, "РОУТЕР") == [russian, anybodys], "its name goes before its text"
    sharing.used(anybodys)
    assert templates.found_for(s.olga, s.ticket)[0] == anybodys, "what is used most stands first"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"), ({"body": ""}, "body"), ({"name": "ж" * 61}, "name"),
        ({"body": "ж" * 20_001}, "body"), ({"language": "de"}, "language"), ({"shared": "world"}, "shared"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field(s: SimpleNamespace, given: dict[str, str], field: str) -> None:
    with pytest.raises(WrongValue) as refused:
        templates.save(s.olga, **{"name": "Ответ", "body": "x", **given})
    assert refused.value.field == field
