"""Escalation ladders: the manager writes them and sees what they would say now; on a ticket one sees what was said."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.test import Client

from firstline.lines.ladder_models import Escalation, Ladder
from firstline.people.models import Person
from tests import cast
from tests.lines.ladders_made import clock, ladder, looks

pytestmark = pytest.mark.django_db
HOME = "/desk/ladders/"
GIVEN = {
    "name": "Руководство", "c0": "client=north", "r0": "clock:resolution:50", "r0-tell": ["line_lead", "on_call"],
    "r0-more": ["person:anna", ""], "r0-by": ["mail"], "r0-priority": "1", "r1": "handed_over::3",
    "r1-tell": ["manager"], "r1-by": ["mail", "in_app"], "r1-watch": "1", "r2": "", "hours": "weekdays", "wait": "10",
    "is_on": "1", "do": "keep",
}  # fmt: skip


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_ladder_is_made_of_its_rungs_and_read_again_as_it_was_made() -> None:
    s = cast.stage()
    client = signed_in(s.maria)
    assert client.post(f"{HOME}new/", GIVEN)["Location"] == HOME
    row = Ladder.objects.get()
    assert (row.hours, row.wait, row.conditions[0]["values"]) == (s.calendar, 10, ["north"])
    assert [(one["what"], one["mark"], one["tell"], one["priority"], one["watch"]) for one in row.rungs] == [
        ("clock", 50, ["line_lead", "on_call", "person:anna"], 1, False),
        ("handed_over", 3, ["manager"], 0, True),
    ]
    page = client.get(f"{HOME}{row.pk}/").content.decode()
    assert '<option value="person:anna" selected>' in page
    assert '<option value="clock:resolution:50" selected>' in page
    listed = client.get(HOME).content.decode()
    assert "Анна Белова" in listed
    assert "дежурств нет" in listed.lower(), "nobody is ever on call: said before it is needed"
    assert f'href="{HOME}new/"' not in signed_in(s.lev).get(HOME).content.decode(), "the lead reads"


def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost() -> None:
    s = cast.stage()
    answer = signed_in(s.maria).post(f"{HOME}new/", {**GIVEN, "r0-tell": [], "r0-more": []})
    assert answer.status_code == 422
    assert "кому сообщать" in answer.content.decode()
    assert "Руководство" in answer.content.decode()
    assert not Ladder.objects.exists()


def test_a_preview_names_the_open_tickets_that_are_past_a_mark_now() -> None:
    s = cast.stage()
    ticket = cast.ticket(s, priority=1)
    page = signed_in(s.maria).post(f"{HOME}new/", {**GIVEN, "do": "preview"}).content.decode()
    assert f"#{ticket.pk}" in page
    assert not Ladder.objects.exists()


def test_on_the_ticket_one_sees_what_was_said_to_whom_and_what_comes_next_and_acknowledges() -> None:
    s = cast.stage()
    ladder(clock(50), clock(75, "line_lead", "person:anna"))
    ticket = cast.ticket(s, priority=1)
    looks(121)
    client = signed_in(s.olga)
    path = f"/desk/tickets/{ticket.pk}/escalations/"
    page = client.get(path).content.decode()
    assert "Израсходовано 50 % времени на решение" in page
    assert "Мария Волкова" in page
    row = Escalation.objects.get()
    client.post(f"{path}{row.pk}/acknowledgement/")
    page = client.get(path).content.decode()
    assert "Ольга Смирнова берёт под контроль" in page
    assert "Сообщено: <b>Мария Волкова</b>" in client.get(f"/desk/tickets/{ticket.pk}/").content.decode()


def test_a_ladder_that_is_younger_than_the_mark_says_why_nobody_was_told() -> None:
    s = cast.stage()
    why = "о том, что произошло раньше, никому не сообщалось"
    ticket, young = cast.ticket(s, priority=1), cast.MONDAY_NINE + timedelta(minutes=180)
    ladder(clock(50), clock(75), at=young)
    looks(181)
    path = f"/desk/tickets/{ticket.pk}/escalations/"
    assert why in html.unescape(signed_in(s.olga).get(path).content.decode())
    Ladder.objects.update(since=cast.MONDAY_NINE)
    assert why not in html.unescape(signed_in(s.olga).get(path).content.decode())


def test_what_waits_for_me_stands_first_and_only_what_i_see_is_there() -> None:
    s = cast.stage()
    ladder(clock(50))
    ticket = cast.ticket(s, priority=1)
    looks(121)
    page = signed_in(s.maria).get("/desk/escalations/").content.decode()
    assert f"#{ticket.pk}" in page
    assert "ждёт вас" in page
    assert f"#{ticket.pk}" not in signed_in(s.petra).get("/desk/escalations/").content.decode()
