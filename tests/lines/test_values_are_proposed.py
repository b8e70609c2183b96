"""Service and category are proposed from solved tickets; nothing is set without asking unless it is switched on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firstline.lines import learning, proposals
from firstline.lines.proposal_models import Learning
from firstline.lines.routing_models import RoutingRule
from firstline.tickets import properties
from firstline.tickets.models import Event, Kind, Ticket
from firstline.tickets.opening import Words
from tests import cast
from tests.lines import solved_before
from tests.lines.rules_made import asks, sends

pytestmark = pytest.mark.django_db
LATER = cast.MONDAY_NINE + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _home(settings: Settings, tmp_path: Path) -> None:
    settings.FIRSTLINE_HOME = str(tmp_path)


def best(ticket: Ticket) -> dict[str, str]:
    return {one.field: one.best.label for one in proposals.of(ticket).proposals}


def jammed(s: object, **given: object) -> Ticket:
    return cast.ticket(s, subject="Принтер зажевал лист", words=Words(text="Бумагу зажевал принтер"), **given)  # type: ignore[arg-type]


def test_a_new_ticket_gets_the_service_and_category_of_similar_ones() -> None:
    s = solved_before.desk()
    solved_before.learn()
    ticket = jammed(s)
    assert (ticket.service, ticket.category) == (None, None)
    assert best(ticket)["category"] == "paper-jam"
    assert best(ticket)["service"] == "printing"
    wifi = cast.ticket(s, subject="VPN", words=Words(text="Не подключается VPN из гостиницы"))
    assert best(wifi)["category"] == "wifi"


def test_a_new_desk_is_told_that_there_is_not_enough_yet() -> None:
    s = solved_before.desk(20)
    assert proposals.of(jammed(s)) == proposals.Proposed(enough=False)
    solved_before.learn()
    assert proposals.of(jammed(s)) == proposals.Proposed(enough=False)
    assert Learning.objects.get(field="category").said["examples"] == 20


def test_a_language_in_which_little_was_solved_gets_no_proposals() -> None:
    s = solved_before.desk()
    solved_before.learn()
    assert not proposals.of(jammed(s, requester=s.stoyan)).enough


def test_nothing_is_set_by_itself_until_a_threshold_is_set_and_then_only_what_is_sure() -> None:
    s = solved_before.desk()
    solved_before.learn()
    assert jammed(s).category is None
    Learning.objects.filter(field="category").update(sure_from=60)
    proposals.forget()
    sends("paper", asks("category", "paper-jam"), team="line2")
    ticket = jammed(s)
    assert ticket.category == s.jam
    assert ticket.team == s.line2, "rules see what was proposed"
    said = Event.objects.get(ticket=ticket, kind=Kind.CHANGED)
    assert said.by is None
    assert said.data["proposed"]["category"] >= 60
    vague = cast.ticket(s, subject="Здравствуйте", words=Words(text="Позвоните мне"))
    assert vague.category is None
    given = jammed(s, category=s.wifi)
    assert given.category == s.wifi, "what somebody said is not overruled"
    assert RoutingRule.objects.get().problem == ""


def test_whatever_a_model_does_the_ticket_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    s = solved_before.desk()
    solved_before.learn()
    Learning.objects.filter(field="category").update(sure_from=60)
    proposals.forget()

    def broken(*_rest: object) -> None:
        raise KeyError("a label of yesterday")

    monkeypatch.setattr(proposals, "value", broken)
    ticket = jammed(s)
    assert ticket.category is None
    assert Event.objects.get(ticket=ticket, kind=Kind.TROUBLE).data["what"] == "proposals"


def test_a_corrected_label_counts_at_the_next_learning() -> None:
    s = solved_before.desk()
    ticket = jammed(s)
    properties.change(ticket, by=s.olga, at=LATER, category=s.wifi)
    found, _languages = learning._examples("category")
    assert len(found) == 210 + 2


def test_a_proposal_costs_few_statements_and_models_are_read_from_a_file() -> None:
    s = solved_before.desk()
    solved_before.learn()
    ticket = Ticket.objects.select_related("requester", "client", "service", "category").get(pk=jammed(s).pk)
    proposals.of(ticket)
    with CaptureQueriesContext(connection) as asked:
        proposals.of(ticket)
    assert len(asked) <= 4


def test_it_is_learnt_once_a_night_and_at_once_where_nothing_was_learnt_yet() -> None:
    solved_before.desk()
    noon = cast.MONDAY_NINE.replace(hour=12)
    night = noon.replace(hour=2) + timedelta(days=2)
    assert learning.is_due(noon)
    solved_before.learn()
    assert not learning.is_due(noon)
    assert learning.is_due(night)
    Learning.objects.update(learnt_at=night - timedelta(hours=3))
    assert not learning.is_due(night)


def test_a_model_that_cannot_be_read_proposes_nothing() -> None:
    s = solved_before.desk()
    solved_before.learn()
    Learning.objects.update(model=b"other bytes", digest="0" * 64)
    proposals.forget()
    assert proposals.of(jammed(s)).proposals == ()
