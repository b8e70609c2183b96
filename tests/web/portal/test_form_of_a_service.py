"""A service asks its own questions: at the portal, on the phone and by the API; the answers stay with the ticket."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firstline.contracts import forms
from firstline.tickets import findable
from firstline.tickets.answer_models import FormAnswers
from firstline.tickets.models import Ticket
from tests import cast

pytestmark = pytest.mark.django_db
FORM: list[dict[str, Any]] = [
    {"key": "name", "kind": "line", "names": {"ru": "Фамилия и имя", "bg": "Име"}, "required": True},
    {
        "key": "place", "kind": "choice", "names": {"ru": "Где работает"}, "required": True,
        "options": [
            {"key": "office", "names": {"ru": "В офисе", "bg": "В офиса"}}, {"key": "home", "names": {"ru": "Удалённо"}}
        ],
    },
    {
        "key": "address", "kind": "text", "names": {"ru": "Куда привезти"}, "required": True,
        "shown_when": {"field": "place", "is": ["home"]},
    },
    {"key": "head", "kind": "person", "names": {"ru": "Руководитель"}},
    {"key": "order", "kind": "file", "names": {"ru": "Приказ"}},
    {"key": "heard", "kind": "yes_no", "names": {"ru": "Руководитель знает?"}, "desk": True},
]  # fmt: skip
TYPED = {"subject": "Новый сотрудник", "urgency": "medium", "service": "printing", "key": "k1"}


@pytest.fixture
def s(client: Client) -> SimpleNamespace:
    stage = cast.stage()
    stage.form = forms.write(stage.printing, FORM, by=stage.maria, at=cast.MONDAY_NINE)
    client.force_login(stage.ivan)
    return stage


def test_the_form_asks_what_the_service_asks(client: Client, s: SimpleNamespace) -> None:
    page = client.get("/portal/new/", {"service": "printing"}).content.decode()
    assert 'name="f-name"' in page
    assert "Руководитель знает" not in page
    assert 'id="f-address-part" data-shown-when="f-place" data-shown-is="home" hidden disabled>' in page
    assert s.irina.email in page
    assert s.eve.email not in page
    assert 'name="f-name"' in client.get("/portal/new/fields/", {"service": "printing"}).content.decode()
    assert 'name="f-name"' not in client.get("/portal/new/fields/", {"service": "network"}).content.decode()


def test_without_scripts_the_answers_bring_what_hangs_on_them(client: Client, s: SimpleNamespace) -> None:
    page = client.post("/portal/new/", {**TYPED, "f-place": "home", "again": "1"}).content.decode()
    assert 'data-shown-is="home">' in page
    assert not Ticket.objects.exists()


def test_what_is_missing_is_marked_and_what_is_hidden_is_not_missed(client: Client, s: SimpleNamespace) -> None:
    response = client.post("/portal/new/", {**TYPED, "f-place": "office", "f-address": "улица", "f-head": "Eve Stone"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="f-name-problem"' in page
    assert 'id="f-head-problem"' in page
    assert 'id="f-address-problem"' not in page
    assert "Eve Stone" in page
    assert not Ticket.objects.exists()


def test_the_answers_stay_with_the_ticket_and_its_version_of_the_form(client: Client, s: SimpleNamespace) -> None:
    order = SimpleUploadedFile("приказ.pdf", b"%PDF-1.4", content_type="application/pdf")
    sent = {**TYPED, "f-name": "Петя Иванов", "f-place": "office", "f-address": "улица",
            "f-head": "irina@north.example", "f-heard": "yes", "f-order": [order]}  # fmt: skip
    client.post("/portal/new/", sent)
    ticket = Ticket.objects.get()
    kept = FormAnswers.objects.get(ticket=ticket)
    assert kept.values == {
        "name": "Петя Иванов", "place": "office", "head": {"id": "irina", "name": s.irina.name}, "order": ["приказ.pdf"]
    }  # fmt: skip
    assert ticket.messages.get().attachments.get().name == "приказ.pdf"
    assert ticket.events.get(kind="created").data["answers"] == kept.values
    forms.write(s.printing, [], by=s.maria, at=cast.MONDAY_NINE)
    for reader, path in ((s.ivan, f"/portal/requests/{ticket.pk}/"), (s.olga, f"/desk/tickets/{ticket.pk}/")):
        client.force_login(reader)
        page = client.get(path).content.decode()
        assert "Фамилия и имя" in page
        assert "В офисе" in page
        assert s.irina.name in page
    said = client.get(f"/api/v1/tickets/{ticket.pk}/answers").json()
    assert (said["service"], said["version"]) == ("printing", 1)
    assert [one["key"] for one in said["items"]] == ["name", "place", "head", "order"]


def test_sent_twice_it_is_one_request_with_answers(client: Client, s: SimpleNamespace) -> None:
    sent = {**TYPED, "f-name": "Петя", "f-place": "office"}
    assert client.post("/portal/new/", sent)["Location"] == client.post("/portal/new/", sent)["Location"]
    assert FormAnswers.objects.count() == 1


def test_a_ticket_is_found_by_its_answers(client: Client, s: SimpleNamespace) -> None:
    client.post("/portal/new/", {**TYPED, "f-name": "Кржижановский", "f-place": "office"})
    document = findable.read([Ticket.objects.get().pk])[0]
    assert {"кржижановский", "офисе"} <= set(document.words)


def test_the_first_line_sees_the_questions_and_need_not_ask_all(client: Client, s: SimpleNamespace) -> None:
    client.force_login(s.olga)
    page = client.get("/desk/calls/new/", {"who": "Иван", "service": "printing"}).content.decode()
    assert "Руководитель знает" in page
    assert s.irina.email in page
    call = {"who": "Иван", "subject": "Новый сотрудник", "service": "printing", "channel": "phone", "deed": "create",
            "f-heard": "yes", "f-head": "кто-то"}  # fmt: skip
    assert client.post("/desk/calls/new/", call).status_code == 302
    assert FormAnswers.objects.get().values == {"heard": True, "head": {"id": "", "name": "кто-то"}}
    client.force_login(s.ivan)
    assert "Руководитель знает" not in client.get(f"/portal/requests/{Ticket.objects.get().pk}/").content.decode()


def test_a_program_answers_by_the_same_rules(client: Client, s: SimpleNamespace) -> None:
    def send(**answers: Any) -> Any:
        body = {"subject": "Новый", "body": "сотрудник", "service": "printing", "answers": answers}
        return client.post("/api/v1/tickets", body, content_type="application/json")

    assert send(place="office").json()["errors"][0]["field"] == "answers.name"
    assert send(name="Петя", place="moon").status_code == 422
    assert send(name="Петя", place="office", colour="red").json()["errors"][0]["field"] == "answers.colour"
    made = send(name="Петя", place="office", head="irina")
    assert made.status_code == 201
    assert FormAnswers.objects.get().values["head"] == {"id": "irina", "name": s.irina.name}
    form = client.get("/api/v1/services/printing/form").json()
    assert [one["key"] for one in form["fields"]] == ["name", "place", "address", "head", "order"]


def test_a_form_of_two_hundred_fields_is_shown_and_sent(client: Client, s: SimpleNamespace) -> None:
    fields = [{"key": f"f{n}", "kind": "line", "names": {"ru": f"Вопрос {n}"}, "required": True} for n in range(200)]
    forms.write(s.printing, fields, by=s.maria, at=cast.MONDAY_NINE)
    assert client.get("/portal/new/", {"service": "printing"}).content.decode().count('class="plain ff ') == 200
    assert client.post("/portal/new/", TYPED).content.decode().count("aria-invalid") == 200
    client.post("/portal/new/", {**TYPED, **{f"f-f{n}": f"ответ {n}" for n in range(200)}})
    assert len(FormAnswers.objects.get().values) == 200
    client.force_login(s.olga)
    page = client.get(f"/desk/tickets/{Ticket.objects.get().pk}/").content.decode()
    assert "Вопрос 199" in page
    assert "<details><summary" in page


def test_services_are_offered_as_the_contract_says(client: Client, s: SimpleNamespace) -> None:
    s.version.excluded.add(s.network)
    s.network.advice = {"ru": "Попросите координатора"}
    s.network.save()
    home = client.get("/portal/").content.decode()
    assert "service=printing" in home
    assert "service=network" not in home
    catalogue = client.get("/portal/services/").content.decode()
    assert "Попросите координатора" in catalogue.split('id="not-covered"')[1]
    assert "Попросите координатора" in client.get("/portal/new/", {"service": "network"}).content.decode()
    s.version.excluded.clear()
    s.version.billable.add(s.network)
    assert "ff-money" in client.get("/portal/").content.decode()


def test_what_the_desk_alone_fills_in_is_unknown_to_the_program_of_somebody_who_asks(
    client: Client, s: SimpleNamespace
) -> None:
    def send(**more: Any) -> Any:
        body = {"subject": "Новый", "body": "сотрудник", "service": "printing", **more,
                "answers": {"name": "Петя", "place": "office", "heard": "yes"}}  # fmt: skip
        return client.post("/api/v1/tickets", body, content_type="application/json")

    assert send().json()["errors"][0]["field"] == "answers.heard"
    client.force_login(s.olga)
    assert send(requester={"email": s.ivan.email}).status_code == 201
