"""POST, GET and PATCH of tickets, as interfaces.md promises them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from firstline.tickets.models import Ticket
from tests import cast
from tests.api.callers import Caller, fields

pytestmark = pytest.mark.django_db

SHAPE = {
    "number", "subject", "status", "type", "impact", "urgency", "priority", "line", "team", "assignee", "client",
    "requester", "service", "category", "channel", "created_at", "updated_at", "resolved_at", "closed_at", "contract",
    "clocks", "url",
}  # fmt: skip
CLOCK = {"metric", "target_minutes", "calendar", "state", "due_at", "consumed_minutes", "verdict_at", "excused"}


def test_a_created_ticket_is_201_with_its_address_and_whole_shape():
    s = cast.stage()
    answer = Caller(s.olga).post(
        "/tickets",
        {"subject": "Нет сети", "body": "Не открывается почта", "requester": {"email": "ivan@north.example"},
         "service": "network",
         "impact": "high", "urgency": "medium", "type": "incident"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert set(said) >= SHAPE
    assert answer.headers["Location"] == f"/api/v1/tickets/{said['number']}"
    assert isinstance(said["number"], str)
    assert (said["client"], said["service"], said["priority"], said["channel"]) == ("north", "network", 2, "api")
    assert said["requester"] == {"email": "ivan@north.example", "name": "Иван Петров", "phone": "+7 921 555-01-42"}
    assert said["contract"] == "118-24"
    assert said["assignee"] is None
    assert said["resolved_at"] is None
    assert datetime.fromisoformat(said["created_at"]).utcoffset() is not None
    assert {clock["metric"] for clock in said["clocks"]} == {"first_response", "resolution"}
    assert all(set(clock) == CLOCK for clock in said["clocks"])
    assert Caller(s.olga).get(f"/tickets/{said['number']}").json()["subject"] == "Нет сети"


def test_the_answer_says_the_clocks_as_they_are_read_later_and_reads_none_again():
    s = cast.stage()
    asked = {
        "subject": "Нет сети",
        "body": "Совсем",
        "requester": {"email": "ivan@north.example"},
        "service": "network",
    }
    with CaptureQueriesContext(connection) as said_to_the_database:
        said = Caller(s.olga).post("/tickets", asked).json()
    assert not [one for one in said_to_the_database if one["sql"].startswith('SELECT "sla_clock"')]
    read = Caller(s.olga).get(f"/tickets/{said['number']}").json()
    for ours, later in zip(said["clocks"], read["clocks"], strict=True):
        assert {**ours, "consumed_minutes": 0} == {**later, "consumed_minutes": 0}
        assert 0 <= ours["consumed_minutes"] <= later["consumed_minutes"]


def test_a_requester_asks_for_himself_and_reads_his_ticket_in_the_portal():
    s = cast.stage()
    said = Caller(s.ivan).post("/tickets", {"subject": "Мышь", "body": "Сломалась"}).json()
    assert said["requester"]["email"] == "ivan@north.example"
    assert resolve(urlsplit(said["url"]).path).route == "portal/requests/<str:number>/"
    seen_by_the_desk = Caller(s.olga).get(f"/tickets/{said['number']}").json()["url"]
    assert resolve(urlsplit(seen_by_the_desk).path).route.startswith("desk/tickets/")


def test_a_foreign_ticket_is_not_there():
    s = cast.stage()
    number = cast.ticket(s).number
    for stranger in (s.stoyan, s.elena, s.petra, s.irina):
        for answer in (
            Caller(stranger).get(f"/tickets/{number}"),
            Caller(stranger).get(f"/tickets/{number}/timeline"),
            Caller(stranger).get(f"/tickets/{number}/deliveries"),
            Caller(stranger).patch(f"/tickets/{number}", {"subject": "x"}),
            Caller(stranger).post(f"/tickets/{number}/take"),
        ):
            assert answer.status_code == 404, answer.content
            assert fields(answer) == []


def test_lists_go_on_by_cursor_and_show_each_ticket_once():
    s = cast.stage()
    numbers = [cast.ticket(s, subject=f"Заявка {index}").number for index in range(7)]
    caller, seen, cursor = Caller(s.olga), [], ""
    for _ in range(4):
        page = caller.get(f"/tickets?limit=2&cursor={cursor}").json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == numbers[::-1]
    assert cursor is None


def test_lists_are_filtered_by_view_status_line_client_and_words():
    s = cast.stage()
    plain, network = cast.ticket(s, subject="Принтер"), cast.ticket(s, subject="Сеть упала", team=s.line2)
    south = cast.ticket(s, subject="Мрежа", requester=s.stoyan)
    caller = Caller(s.olga)
    caller.post(f"/tickets/{plain.number}/take")

    def found(query: str) -> set[str]:
        answer = caller.get(f"/tickets?{query}")
        assert answer.status_code == 200, answer.content
        return {item["number"] for item in answer.json()["items"]}

    assert found("") == {plain.number, network.number, south.number}
    assert found("view=mine") == {plain.number}
    assert found("view=unassigned") == {network.number, south.number}
    assert found("status=in_progress") == {plain.number}
    assert found("status=in_progress&status=new") == {plain.number, network.number, south.number}
    assert found("line=2") == {network.number}
    assert found("client=south") == {south.number}
    assert found("client=east") == set()
    assert found("q=сеть") == {network.number}
    assert found(f"q={south.number}") == {south.number}
    assert found("q=%00") == {plain.number, network.number, south.number}
    assert {item["number"] for item in Caller(s.ivan).get("/tickets").json()["items"]} == {plain.number, network.number}


@pytest.mark.parametrize(
    ("query", "field"),
    [("cursor=zzz", "cursor"), ("cursor=W10", "cursor"), ("cursor=" + "A" * 150, "cursor"), ("limit=0", "limit"),
     ("limit=1e9", "limit"), ("line=4", "line"), ("status=open", "status"), ("view=x", "view"),
     ("cursor=WyJ0aW1lbGluZSIsM10", "cursor"), ("q=" + "x" * 201, "q")],
)  # fmt: skip
def test_a_list_refuses_what_it_does_not_understand(query, field):
    s = cast.stage()
    answer = Caller(s.olga).get(f"/tickets?{query}")
    assert answer.status_code == 422
    assert fields(answer) == [field]


def test_a_list_costs_the_same_statements_however_many_tickets_it_has():
    s = cast.stage()
    caller = Caller(s.olga)
    counts = []
    for more in (2, 20):
        for _ in range(more):
            cast.ticket(s)
        caller.get("/tickets?limit=100")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert caller.get("/tickets?limit=100").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
    assert counts[1] <= 8


def test_a_patch_changes_what_it_names_and_nothing_else():
    s = cast.stage()
    ticket = cast.ticket(s)
    answer = Caller(s.olga).patch(
        f"/tickets/{ticket.number}", {"impact": "high", "urgency": "high", "service": "printing", "tags": ["vip"]}
    )
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["priority"], said["service"], said["tags"], said["subject"]) == (
        1,
        "printing",
        ["vip"],
        ticket.subject,
    )
    assert Caller(s.olga).patch(f"/tickets/{ticket.number}", {"service": None}).json()["service"] is None


@pytest.mark.parametrize("who", ["ivan", "kira", "anna", "emil"])
def test_a_patch_is_for_those_who_direct_the_ticket(who):
    s = cast.stage()
    assert Caller(getattr(s, who)).patch(f"/tickets/{cast.ticket(s).number}", {"priority": 1}).status_code == 403


def test_no_body_sets_what_it_does_not_name():
    s = cast.stage()
    ticket = cast.ticket(s)
    row_before = Ticket.objects.filter(pk=ticket.pk).values().get()
    every_column = {field.name: 1 for field in Ticket._meta.get_fields()} | {"is_staff": True, "team_id": 1}
    allowed = {"subject", "type", "impact", "urgency", "priority", "service", "category", "tags", "client", "requester"}
    for name in every_column.keys() - allowed:
        answer = Caller(s.maria).patch(f"/tickets/{ticket.number}", {name: 1})
        assert answer.status_code == 422, name
        assert fields(answer) == [name]
        answer = Caller(s.maria).post("/tickets", {"subject": "a", "body": "b", name: 1})
        if name not in {"channel"}:
            assert answer.status_code == 422, name
            assert fields(answer) == [name]
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == row_before


def test_who_changes_a_ticket_that_others_changed_since_is_told_what():
    s = cast.stage()
    ticket = cast.ticket(s)
    olga, nadia = Caller(s.olga), Caller(s.nadia)
    etag = olga.get(f"/tickets/{ticket.number}").headers["ETag"]
    assert nadia.post(f"/tickets/{ticket.number}/take").status_code == 200
    answer = olga.patch(f"/tickets/{ticket.number}", {"priority": 1}, If_Match=etag)
    assert answer.status_code == 409
    said = answer.json()
    assert said["type"].endswith("changed-since")
    assert [(change["kind"], change["by"]) for change in said["changes"]] == [("taken", "nadia")]
    assert olga.patch(f"/tickets/{ticket.number}", {"priority": 1}, If_Match=f'"{said["version"]}"').status_code == 200
    assert olga.patch(f"/tickets/{ticket.number}", {"priority": 1}, If_Match="yesterday").status_code == 400


def test_making_a_ticket_costs_few_statements():
    s = cast.stage()
    caller = Caller(s.olga)
    body = {"subject": "Нет сети", "body": "Совсем", "requester": {"email": "ivan@north.example"}}
    caller.post("/tickets", body)
    with CaptureQueriesContext(connection) as asked:
        assert caller.post("/tickets", body).status_code == 201
    statements = [query["sql"] for query in asked]
    assert len(statements) <= 28, "\n".join(statements)
