"""What is over its box now, and how boxes were kept: by category, never by person; each number opens its tickets."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from firstline.lines import box_report
from firstline.lines.box_models import BoxStay
from firstline.people.models import Person
from firstline.people.permissions import NotAllowed
from tests import cast

pytestmark = pytest.mark.django_db


def stay(s: SimpleNamespace, minutes: int, **fields: object) -> BoxStay:
    given = {"line": 1, "category": s.jam, "since": cast.MONDAY_NINE, "minutes": 20, "touched": minutes * 60}
    return BoxStay.objects.create(ticket=cast.ticket(s), **{**given, **fields})


def after(minutes: int) -> datetime:
    return cast.MONDAY_NINE + timedelta(minutes=minutes)


@pytest.fixture
def s() -> SimpleNamespace:
    stage = cast.stage()
    ended = {"left_at": after(60)}
    stay(stage, 10, outcome="solved", **ended)
    stay(stage, 24, outcome="solved", extensions=1, **ended)
    stay(stage, 40, outcome="handed_over", **ended)
    stay(stage, 5, outcome="solved", line=2, **ended)
    stay(stage, 5, outcome="solved", left_at=after(10_000))
    stage.full = stay(stage, 22, full_at=after(20))
    stay(stage, 3)
    return stage


def test_the_figures_of_a_period_are_counted_by_category_and_line(s: SimpleNamespace) -> None:
    first, second = box_report.figures(s.maria, after(0), after(90))
    assert (first.line, first.category, first.stays) == (1, "paper-jam", 3)
    assert (first.kept, first.extended, first.over, first.solved, first.handed_over) == (1, 1, 1, 2, 1)
    assert (second.line, second.stays) == (2, 1)
    listed = box_report.stays(s.maria, after(0), after(90), line=1, category="paper-jam", what="over")
    assert [one.touched for one in listed] == [40 * 60]


def test_a_lead_sees_his_line_and_below_and_nobody_else_is_let_in(s: SimpleNamespace) -> None:
    s.emil.role = "lead"
    s.emil.save()
    assert [one.ticket_id for one in box_report.over_now(s.emil)] == [s.full.ticket_id]
    s.emil.team = s.line1
    assert {one.line for one in box_report.figures(s.emil, after(0), after(90))} == {1}
    with pytest.raises(NotAllowed):
        box_report.over_now(s.olga)


def test_the_page_names_the_tickets_and_its_numbers_lead_to_them(s: SimpleNamespace) -> None:
    BoxStay.objects.filter(left_at__isnull=False).update(left_at=cast.MONDAY_NINE)
    browser = Client()
    browser.force_login(s.maria)
    html = browser.get("/desk/box/?days=365").content.decode()
    assert f"#{s.full.ticket_id}" in html
    kept = html[html.rindex("<table") : html.rindex("</table>")]  # the figures: by category, never by person
    assert "what=over" in kept
    assert not [person.name for person in Person.objects.all() if person.name in kept]
    assert "what=over" in html
    listed = browser.get("/desk/box/tickets/?line=1&category=paper-jam&what=handed_over&days=365").content.decode()
    assert listed.count("/desk/tickets/") == 1
    assert browser.post("/desk/box/limits/", {"line": "1", "minutes": "12", "policy": "tell_lead"}).status_code == 302
    assert "12" in browser.get("/desk/box/limits/").content.decode()
