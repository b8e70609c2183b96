"""A list of people as a file: every usual encoding and separator is read, wrong columns are one message, a row is
created, changed or refused with a reason, and the same list twice changes nothing."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from firstline.audit.models import Row
from firstline.imports import people_import, sheet
from firstline.imports.sheet import WrongSheet
from firstline.lib import clock
from firstline.people.models import Person
from firstline.tickets import lifecycle
from tests import cast
from tests.api.callers import Caller

RU = "ФИО;Эл. почта;Телефон;Роль;Клиент\nПётр Ильин;petr@north.example;8 921 555-77-88;заявитель;Север-Логистик\n"
BG = "Име,Имейл,Мобилен телефон,Роля,Фирма\nПетър Илиев,petar@south.example,+359 2 555 0310,координатор,south\n"
EN = "name\temail\trole\tclient\nPeter Stone\tpeter@east.example\trequester\teast\n"


@pytest.fixture
def s(db: None) -> SimpleNamespace:
    return cast.stage()


def results(s: SimpleNamespace, text: str | bytes, client: object = None) -> list[tuple[str, str]]:
    content = text.encode() if isinstance(text, str) else text
    plan = people_import.plan(content, client=client, by=s.anna)  # type: ignore[arg-type]
    return [(row.result, "; ".join(f"{field}: {problem}" for field, problem in row.wish.problems)) for row in plan.rows]


def take(s: SimpleNamespace, text: str | bytes, client: object = None) -> people_import.Plan:
    content = text.encode() if isinstance(text, str) else text
    return people_import.take(content, client=client, by=s.anna, at=clock.now(), source="list:t")  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("text", [RU, BG, EN])
def test_every_usual_way_of_saving_a_table_is_read(encoding: str, text: str) -> None:
    line = sheet.read(text.encode(encoding))[0]
    assert line.number == 2
    assert line.cells["name"] in {"Пётр Ильин", "Петър Илиев", "Peter Stone"}
    assert line.cells["email"].endswith(".example")


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("Имя;Почта;Отдел;Зарплата\nx;y@z.example;1;2\n", "columns", ("Отдел", "Зарплата")),
        ("Имя;Name;Почта\nx;y;z@z.example\n", "twice", ("Name",)),
        ("Почта;Телефон\nx@y.example;1\n", "missing", ("name",)),
        ("Имя;Телефон\nx;1\n", "missing", ("email",)),
        ("", "empty", ()),
        ("Имя;Почта\n;\n", "empty", ()),
        ("PK\x03\x04\x00\x00", "unreadable", ()),
    ],
)
def test_wrong_columns_are_named_all_at_once(text: str, kind: str, names: tuple[str, ...]) -> None:
    with pytest.raises(WrongSheet) as refused:
        sheet.read(text.encode())
    assert (refused.value.kind, refused.value.names) == (kind, names)


def test_too_many_rows_are_refused_whole() -> None:
    with pytest.raises(WrongSheet, match="too large"):
        sheet.read(b"name;email\n" + b"x;y@z.example\n" * (sheet.MOST_ROWS + 1))


def test_people_are_made_once_and_the_same_list_again_changes_nothing(s: SimpleNamespace) -> None:
    for text in (RU, BG, EN):
        assert results(s, text) == [("created", "")]
        take(s, text)
        assert results(s, text) == [("unchanged", "")]
    petr = Person.objects.get(login="petr@north.example")
    assert (petr.client, petr.phone_e164, petr.role, petr.language) == (s.north, "+79215557788", "requester", "ru")
    assert not petr.has_usable_password()
    assert Person.objects.get(login="petar@south.example").role == "coordinator"
    changed = RU.replace("Пётр Ильин", "Пётр Ильич")
    assert results(s, changed) == [("changed", "")]
    take(s, changed)
    petr.refresh_from_db()
    assert petr.name == "Пётр Ильич"
    assert Row.objects.filter(action="people imported").count() == 4


def test_what_a_list_does_not_say_stays(s: SimpleNamespace) -> None:
    text = "name;email\nИван Петрович;ivan@north.example\n"
    take(s, text)
    ivan = Person.objects.get(pk=s.ivan.pk)
    assert (ivan.name, ivan.login, ivan.phone, ivan.client) == ("Иван Петрович", "ivan", "+7 921 555-01-42", s.north)


def test_each_row_that_cannot_be_says_why_and_the_others_are_taken(s: SimpleNamespace) -> None:
    head = "name;email;role;client;language\n"
    rows = {
        "Ok;ok@north.example;;north;": "",
        ";noname@north.example;;north;": "name: empty",
        "Bad;bad;;north;": "email: no address",
        "Nowhere;nowhere@x.example;;west;": "client: no such client",
        "Nobody;nobody@x.example;;;": "client: a requester belongs to a client",
        "Boss;boss@north.example;director;north;": "role: no such role",
        "Olga;olga@desk.example;;north;": "role: of the desk",
        "Again;ok@north.example;;north;": "login: stands twice",
        "Fr;fr@north.example;;north;fr": "language: no such language",
    }
    text = head + "\n".join(rows)
    assert [problem for _result, problem in results(s, text)] == list(rows.values())
    take(s, text)
    assert Person.objects.filter(email="ok@north.example").count() == 1
    assert not Person.objects.filter(email__in=["bad", "boss@north.example", "nobody@x.example"]).exists()


def test_a_further_address_finds_its_person_and_stays_further(s: SimpleNamespace) -> None:
    s.ivan.other_addresses.create(kind="email", value="ivan@home.example")
    take(s, "name;email\nИван П.;IVAN@home.example\n")
    ivan = Person.objects.get(pk=s.ivan.pk)
    assert (ivan.name, ivan.email) == ("Иван П.", "ivan@north.example")


def test_ten_thousand_people_cost_a_few_statements_for_each_few_hundred(s: SimpleNamespace) -> None:
    text = "name;email\n" + "".join(f"Человек {n};p{n}@north.example\n" for n in range(2_000))
    with CaptureQueriesContext(connection) as spoken:
        assert take(s, text, s.north).count("created") == 2_000
    assert len(spoken) < 120
    assert people_import.plan(text.encode(), client=s.north, by=s.anna).count("unchanged") == 2_000


def test_a_file_is_looked_at_then_taken_in_one_piece(s: SimpleNamespace) -> None:
    browser = Browser()
    s.anna.language = "en"
    s.anna.save()
    browser.force_login(s.anna)
    wrong = browser.post("/desk/people/list/", {"file": SimpleUploadedFile("l.csv", "Имя;Отдел\nx;1\n".encode())})
    assert wrong.status_code == 422
    assert "These columns are not known: “Отдел”." in wrong.content.decode()
    page = browser.post("/desk/people/list/", {"file": SimpleUploadedFile("l.csv", RU.encode("cp1251")), "client": ""})
    assert ("new: 1" in page.content.decode(), Person.objects.filter(name="Пётр Ильин").exists()) == (True, False)
    ticket = page.context["ticket"]
    done = browser.post("/desk/people/list/taking/", {"ticket": ticket}, follow=True).content.decode()
    assert "1 person added." in done
    other = Browser()
    other.force_login(s.maria)
    assert other.post("/desk/people/list/taking/", {"ticket": ticket}).status_code == 422, "another's look"


def test_a_table_that_is_too_wide_is_a_refusal() -> None:
    with pytest.raises(WrongSheet, match="unreadable"):
        sheet.read((";".join(["имя", "почта"] * 100) + "\n").encode())


def test_a_login_in_cyrillic_is_known_again(s: SimpleNamespace) -> None:
    cast.person("Иван Иванов", "Иван", "requester", client=s.north, email="")
    text = "Имя;Логин;Клиент\nИван;Иван Иванов;north\nИрина;ИРИНА;north\n"
    assert [one[0] for one in results(s, text)] == ["unchanged", "created"]
    take(s, text)
    assert Person.objects.filter(login="Иван Иванов").count() == 1


def said(response: HttpResponse) -> Any:
    return json.loads(response.content)


def test_a_list_comes_in_by_the_api_too(s: SimpleNamespace) -> None:
    door = Caller(s.anna)
    tried = said(door.post("/people/list/taking", {"csv": RU, "dry_run": True}))
    assert (tried["created"], tried["rows"][0]["result"]) == (1, "created")
    assert not Person.objects.filter(email="petr@north.example").exists()

    taken = said(door.post("/people/list/taking", {"csv": EN.replace("requester", "king"), "client": "north"}))
    assert (taken["created"], taken["refused"]) == (0, 1)
    assert taken["rows"][0]["problems"] == {"role": "no such role"}
    assert said(door.post("/people/list/taking", {"csv": RU}))["created"] == 1
    again = said(door.post("/people/list/taking", {"csv": RU}))
    assert (again["unchanged"], again["rows"]) == (1, [])

    wrong = door.post("/people/list/taking", {"csv": "Имя;Почта;Отдел\nx;y@z.example;1\n"})
    assert (wrong.status_code, said(wrong)["errors"]) == (422, [{"field": "csv", "problem": "columns: Отдел"}])


def test_what_somebody_holds_who_solves_no_more_is_given_back_by_the_api(s: SimpleNamespace) -> None:
    ticket = lifecycle.take(cast.ticket(s), by=s.olga, at=clock.now())
    door = Caller(s.adam)
    assert door.post("/people/olga/tickets").status_code == 422  # she works here: she hands over herself

    Person.objects.filter(pk=s.olga.pk).update(role="account_manager")
    assert door.post("/people/olga/tickets").content == b'{"given_back":1}'
    ticket.refresh_from_db()
    assert ticket.assignee is None
