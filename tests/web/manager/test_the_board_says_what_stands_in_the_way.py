"""What cannot do what it says is said on the board: rules, ladders, on call, limits; and what waits for nobody."""

from __future__ import annotations

import html
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from firstline.lib import clock
from firstline.lines import dealing, ladder_rules, routing_rules
from firstline.lines.ladder import Rung
from firstline.lines.rules import Condition
from firstline.people.models import Person
from firstline.reports import hindrances
from firstline.roster.models import Absence, Layer
from firstline.tickets import lifecycle
from firstline.tickets.models import Ticket
from firstline.web.manager import hindrance_words
from tests import cast
from tests.api.callers import Caller
from tests.lines.rules_made import asks, sends

pytestmark = pytest.mark.django_db
NINE = cast.MONDAY_NINE


@pytest.fixture
def s(client: Client, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    stage = cast.stage()
    monkeypatch.setattr(clock, "now", lambda: NINE)
    stage.maria.language = "en"
    stage.maria.save()
    client.force_login(stage.maria)
    return stage


def part(client: Client, path: str = "/desk/board/hindrances/") -> str:
    answer = client.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def test_a_desk_whose_rules_can_be_kept_says_nothing(client: Client, s: SimpleNamespace) -> None:
    sends("paper", asks("service", "printing"), team="line1", strategy="round_robin")
    assert part(client).strip() == ""
    assert "Nothing stands in the way" in client.get("/desk/board/hindrances/").content.decode()
    assert 'hx-get="/desk/board/hindrances/"' in client.get("/desk/board/").content.decode()


def test_rules_that_never_hold_and_give_to_nobody_are_named_with_their_page(client: Client, s: SimpleNamespace) -> None:
    every = sends("everything", team="line2")
    never = sends("below it", asks("client", "north"), team="line1")
    closed = sends("nobody has room", asks("client", "south"), person="emil")
    routing_rules.limit({s.emil: 0}, by="test", at=NINE)

    page = part(client)

    assert (
        f'<a class="fw5" href="/desk/routing/#rule{never.pk}">Rule “below it”</a>: It never comes to its turn' in page
    )
    assert f"#rule{closed.pk}" in page
    assert "the limit of open tickets is 0 (Емил Петров)" in page
    assert f"#rule{every.pk}" not in page
    on_wall = part(client, "/desk/board/hindrances/?tv=1")
    assert "<a " not in on_wall
    assert "Rule “below it”" in on_wall


def test_one_person_whose_limit_is_0_is_named_though_the_others_of_the_rule_have_room(
    client: Client, s: SimpleNamespace
) -> None:
    sends("paper", asks("service", "printing"), team="line1", strategy="round_robin")
    routing_rules.limit({s.emil: 0, s.olga: 5}, by="test", at=NINE)

    assert (
        '<a class="fw5" href="/desk/routing/#limits">Limit of open tickets 0</a>: rules give nothing to: Емил Петров<'
        in part(client)
    )
    routing_rules.limit({s.emil: None}, by="test", at=NINE)
    assert part(client).strip() == ""


def test_of_many_with_a_limit_of_0_the_first_are_named_and_the_rest_counted() -> None:
    names = [f"p{n}" for n in range(hindrance_words.NAMED + 3)]
    with translation.override("en"):
        assert hindrance_words.named(names) == "p0, p1, p2, p3, p4, p5 and 3 more"
        assert hindrance_words.named(names[:2]) == "p0, p1"


def test_a_ladder_without_people_and_an_empty_layer_are_named(client: Client, s: SimpleNamespace) -> None:
    Person.objects.filter(pk=s.lev.pk).update(is_active=False)
    rung = Rung("clock", 100, "", ("line_lead",), ("mail",))
    kept = ladder_rules.keep(ladder_rules.Wanted("leads", (), [rung]), by="test", at=NINE)
    Layer.objects.create(slug="empty", team=s.line2, time_zone="Europe/Moscow", begins_on=NINE.date())

    page = part(client)

    assert f"#ladder{kept.pk}" in page
    assert "No line has a lead who could be told." in page
    assert page.count('href="/desk/roster/"') >= 1
    assert "Инженеры" in page


def test_what_waits_for_nobody_stands_on_the_board_until_somebody_comes(client: Client, s: SimpleNamespace) -> None:
    sends("all", team="line2", strategy="least_loaded")
    Absence.objects.create(person=s.emil, starts_at=NINE - timedelta(hours=1), ends_at=NINE + timedelta(hours=1))
    tickets = [cast.ticket(s) for _ in range(3)]

    page = part(client, "/desk/board/")

    assert "3 tickets wait for somebody" in page
    assert "nobody of them is here now" in page
    address = "/desk/queue/?line=2&assignee=none&team=line2"
    assert f'href="{address}"' in page
    assert client.get(address).content.decode().count('<tr class="t"') == 3
    said = Caller(s.maria).get("/board").json()["waiting"]
    assert [(one["line"], one["team"], one["why"], one["tickets"]) for one in said] == [(2, "line2", "absent", 3)]
    lifecycle.take(tickets[0], by=s.maria, at=NINE)
    dealing.deal_due(NINE + timedelta(hours=2))
    assert set(Ticket.objects.filter(assignee=s.emil)) == set(tickets[1:])
    assert "wait for somebody" not in part(client, "/desk/board/")


def test_a_lead_hears_only_of_his_line_and_of_tickets_that_he_sees(s: SimpleNamespace) -> None:
    sends("all", team="line3", strategy="least_loaded")
    Absence.objects.create(person=s.lev, starts_at=NINE - timedelta(hours=1))
    cast.ticket(s)
    cast.ticket(s, requester=s.eve)

    assert [one.tickets for one in hindrances.waiting(None, (1, 2, 3))] == [2]
    assert hindrances.waiting(None, (1, 2)) == []
    said = Caller(s.lev).get("/board").json()["waiting"]
    assert [one["tickets"] for one in said] == [1], "East is not his"


def test_more_rules_ask_the_database_no_more(s: SimpleNamespace) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as asked:
            hindrances.odd()
        return len(asked)

    sends("one", asks("client", "north"), team="line1", strategy="round_robin")
    before = counted()
    for n in range(10):
        sends(f"more {n}", Condition("priority", (str(n % 4 + 1),)), asks("client", "south"), person="emil")
    assert counted() == before
